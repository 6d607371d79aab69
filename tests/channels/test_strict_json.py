"""JSON from strangers: one meaning or none."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.strict_json import MAX_DEPTH, MalformedJson, loads


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"{'a': 1}", "malformed"),
        (b'{"a": 1} x', "malformed"),
        (b"\xff\xfe{\x00}\x00", "not_utf8"),
        (b'{"a": "\xff"}', "not_utf8"),
        (b"\xef\xbb\xbf{}", "malformed"),
        (b'{"a": NaN}', "not_finite"),
        (b'{"a": -Infinity}', "not_finite"),
        (b'{"a": 1e999}', "not_finite"),
        (b'{"a": 1, "a": 2}', "doubled_key"),
        (b'{"a": {"b": 1, "b": 1}}', "doubled_key"),
        (b'{"a": ' + b"9" * 33 + b"}", "number_too_long"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "number_too_long"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "too_deep"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_threat_45_what_has_two_meanings_or_no_end_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(MalformedJson) as refused:
        loads(raw)
    assert refused.value.code == code


def test_wide_but_flat_is_fine() -> None:
    assert len(loads(json.dumps([{"a": []}] * 1000).encode())) == 1000


SANE = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(SANE)
def test_what_is_plain_comes_back_as_it_was(value: object) -> None:
    assert loads(json.dumps(value).encode()) == value


GRAMMAR = st.text(st.sampled_from('{}[]",:0123456789.eENaIinfty -tru\\'), max_size=60)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | GRAMMAR.map(str.encode))
def test_threat_45_no_bytes_raise_anything_else(raw: bytes) -> None:
    with suppress(MalformedJson):
        loads(raw)
