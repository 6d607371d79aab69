"""The style sheet's colours keep WCAG 2.2's contrast, in the light and in the dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[3] / "gateway" / "static" / "gateway.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\n *\}", SHEET, re.DOTALL)[:2]
)
TEXT = (
    ("ink", "paper"),
    ("ink", "ground"),
    ("ink", "brand-soft"),
    ("ink", "wrong-soft"),
    ("quiet", "paper"),
    ("quiet", "ground"),
    ("wrong", "paper"),
    ("wrong", "ground"),
    ("wrong", "wrong-soft"),
    ("link", "paper"),
    ("link", "ground"),
    ("on-brand", "brand"),
    ("brand", "ground"),
)
SHAPES = (("edge", "paper"), ("brand", "paper"), ("wrong", "paper"))


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, {**LIGHT, **DARK}], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"), [*((*pair, 4.5) for pair in TEXT), *((*pair, 3.0) for pair in SHAPES)]
)
def test_colours_can_be_read(palette: dict[str, str], front: str, back: str, least: float) -> None:
    assert contrast(palette[front], palette[back]) >= least
