"""A few hundred inputs of the fuzz campaign (`make fuzz`), and everything a campaign ever found, in its least form."""

from __future__ import annotations

import pytest

from tests.normalizer.fuzz.campaign import Chunk, chunks, try_chunk
from tests.normalizer.fuzz.generators import GENERATORS, SHARES, text_of
from tests.normalizer.fuzz.properties import also_wrong_with, report_on, wrong_with
from tests.normalizer.fuzz.shrinking import shrunk

INPUTS = {"mutated": 100, "spelled": 100, "noise": 100, "junk": 50, "long": 2}
FOUND = {
    "ten digits beginning with 98 taken for a short landline of Tehran": "98021\u06f9\u06f2\u06f173",
}


@pytest.mark.parametrize("name", GENERATORS)
def test_nothing_is_wrong_with_what_is_made_of_any_text(name: str) -> None:
    assert [
        finding for finding in try_chunk(Chunk(name, 124, 0, INPUTS[name])).findings if "took" not in finding.wrong
    ] == []


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND.keys())
def test_what_was_found_once_is_right_now(text: str) -> None:
    report = report_on(text)
    assert (wrong_with(report), also_wrong_with(report)) == ([], [])


def test_a_campaign_tries_each_kind_in_its_share_and_no_input_twice() -> None:
    planned = list(chunks(1, 10_000))
    numbers = [(chunk.name, number) for chunk in planned for number in range(chunk.start, chunk.stop)]
    assert len(set(numbers)) == len(numbers) == 10_000
    assert {name: sum(each == name for each, _ in numbers) for name in SHARES} == SHARES


def test_a_number_always_gives_the_same_text() -> None:
    assert text_of("spelled", 1, 7) == text_of("spelled", 1, 7) != text_of("spelled", 2, 7)


def test_a_finding_is_shrunk_to_what_shows_it() -> None:
    assert shrunk("many words around 42 and after it", lambda text: "42" in text) == "42"
