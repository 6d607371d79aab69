"""A tracking code in words, for whoever has it read out: digit by digit, with a pause after each four."""

from __future__ import annotations

from collections.abc import Callable

from gateway.web.render import in_fours


def spelled(code: str, language: str, say: Callable[..., str]) -> str:
    """«سه یک چهار یک، پنج نه دو شش، …»: the digits' own words, groups apart."""
    comma = say(language, "page.comma") + " "
    return comma.join(" ".join(say(language, f"digit.{digit}") for digit in group) for group in in_fours(code))
