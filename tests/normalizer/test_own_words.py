"""Of a message only what its sender wrote is understood; where that is nothing, what they pass on is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.own_words import own_words

HEAD = "On Mon, 18 May 2026 at 9:03 AM مرکز تماس <poll@example.org> wrote:"
CUT = {
    "an operator's footer": ("نان گران است لغو۱۱", "نان گران است"),
    "a footer on a line of its own": ("نان گران است\nلغو 11\n", "نان گران است"),
    "an answered mail": (f"عدد ۲\n\n{HEAD}\n> راضی هستید؟\n> ۱ یا ۲", "عدد ۲"),
    "a mail answered in Persian": ("بله\nدر ۳ آبان ۱۴۰۵ مرکز تماس نوشت:\n> راضی هستید؟", "بله"),
    "quoted lines": ("> راضی هستید؟\nنه", "نه"),
    "a telephone's signature": ("گران فروخت\nSent from my iPhone", "گران فروخت"),
    "a telephone's signature in Persian": ("گران فروخت\nارسال شده از گوشی سامسونگ", "گران فروخت"),
    "the mail one passes on": (
        "همین را ببینید\n---------- Forwarded message ---------\nFrom: a\n\nمتن",
        "همین را ببینید",
    ),
    "the head of what is passed on": (
        "---------- Forwarded message ---------\nFrom: ali <a@example.org>\nDate: Mon\nSubject: شکایت\n\nنان گران است",
        "نان گران است",
    ),
}
KEPT = ("نان گران است", "لغو۱۱", "کد ۱۱", "قیمت < ۵۰ > ۱۰\nگران", "On time wrote: nothing", "> فقط همین\n> و همین")


@pytest.mark.parametrize(("text", "said"), CUT.values(), ids=CUT.keys())
def test_what_somebody_else_wrote_is_cut(text: str, said: str) -> None:
    assert own_words(text) == said


@pytest.mark.parametrize("text", KEPT)
def test_what_is_all_there_is_stays(text: str) -> None:
    assert own_words(text) == text


@given(st.text(alphabet=" \n>-_:abOnwrote۱1لغو", max_size=200))
def test_cutting_again_cuts_no_more_of_what_is_left_and_never_leaves_nothing(text: str) -> None:
    said = own_words(text)
    assert bool(said.strip()) == bool(text.strip())


@pytest.mark.parametrize(
    "piece", ["\n", ">", "> \n", "-", "_", " ", "On ", "لغو 11 ", "در \n", "From: \n", "Sent from \n"]
)
def test_64_kb_of_anything_take_no_time(piece: str) -> None:
    text = piece * (65_536 // len(piece))
    began = time.perf_counter()
    own_words(text)
    assert time.perf_counter() - began < 1  # a quadratic pattern would take minutes
