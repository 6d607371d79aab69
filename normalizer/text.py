"""Text as people read it and text as rules search it: one clean form and one folded key, both total functions.

Owns every character table (FACTS: NFKC alone leaves Arabic letters, harakat, tatweel, joiners and bidi marks
standing). It keeps the raw text out of its reach: what was said word for word is stored by others. A key has exactly as
many characters as the clean text it was folded from, so a place found in one is the same place in the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

ZWNJ: Final = "\u200c"

_ARABIC_DIGITS: Final = "".join(chr(0x0660 + n) for n in range(10))
_PERSIAN_DIGITS: Final = "".join(chr(0x06F0 + n) for n in range(10))
_FULLWIDTH_DIGITS: Final = "".join(chr(0xFF10 + n) for n in range(10))
_DIGITS: Final = {
    ord(digit): str(value)
    for script in (_ARABIC_DIGITS, _PERSIAN_DIGITS, _FULLWIDTH_DIGITS)
    for value, digit in enumerate(script)
}

# One letter, many code points: Arabic, Urdu, Kurdish, Pashto and Uighur keyboards all reach Persian phones.
_SAME_LETTER: Final = {
    "ی": "يىےېۍێۑ",
    "ک": "كڪګڬڮ",
    "ه": "ةہھەۃۿ",
    "ا": "أإٱٲٳٵ",
    "و": "ۆۇۈۋۏ",
    "گ": "ڱڳ",
}
# A letter and the hamza written above it apart, as many phones do; dropped as a mark, «خانهٔ» would become «خانه».
_HAMZA_ABOVE: Final = "\u0654"
_WITH_HAMZA: Final = {
    letter + _HAMZA_ABOVE: whole for letters, whole in (("هەہھ", "ۀ"), ("و", "ؤ"), ("یيى", "ئ")) for letter in letters
}
# For the search key only: these letters matter to readers.
_SEARCHED_AS: Final = {"ا": "آ", "و": "ؤ", "ی": "ئ", "ه": "ۀۂ"}
# Cyrillic and Greek letters that pass for Latin ones.
_LOOKS_LATIN: Final = dict(
    zip("аеорсухіјѕԁһӏԛԝвкмнт" + "αορνικτυχγεη", "aeopcyxijsdhlqwbkmht" + "aopviktuxyen", strict=True)
)
# Characters drawn as nothing that are no format characters by their category.
_BLANK: Final = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFFA0)
_SPACES: Final = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_LINE_BREAKS: Final = "\u0085\u2028\u2029\x0b\x0c"
_BMP_END: Final = 0x10000
_MANY: Final = 100


def _is_dropped(point: int) -> bool:
    """Says whether a code point carries nothing for a reader: controls, marks of direction, harakat, half pairs."""
    category = unicodedata.category(chr(point))
    if category in ("Cc", "Cf", "Cs"):
        return chr(point) != ZWNJ
    return category in ("Mn", "Me") or point in _BLANK or point & 0xFFFE == 0xFFFE


def _clean_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {point: None for point in range(_BMP_END) if _is_dropped(point)}
    table |= dict.fromkeys((*range(0xE0000, 0xE0200), 0x0640))  # tags, supplementary selectors; tatweel
    table |= {ord(mark): "\n" for mark in _LINE_BREAKS}
    table |= {0xFDFA: "(ص)"}  # «ﷺ», eighteen letters by NFKC, as Persian writes it short
    table |= {ord(space): " " for space in _SPACES}
    table |= {ord("\n"): "\n", ord("\t"): " ", ord("\r"): "\n", ord(ZWNJ): ZWNJ}
    table |= {ord(variant): letter for letter, variants in _SAME_LETTER.items() for variant in variants}
    return table


def _key_table() -> dict[int, str]:
    table = {point: chr(point).lower() for point in (*range(0x250), *range(0x370, 0x530))}
    table = {point: letter for point, letter in table.items() if letter != chr(point) and len(letter) == 1}
    table |= {ord(variant): letter for letter, variants in _SEARCHED_AS.items() for variant in variants}
    for letter, latin in _LOOKS_LATIN.items():
        table |= {ord(letter): latin, ord(letter.upper()): latin}
    table |= _DIGITS
    table |= {0x130: "i", ord("\n"): " ", ord(ZWNJ): " ", 0x066B: ".", 0x066C: ",", 0x066A: "%", 0x060C: ","}
    table |= {ord(dash): "-" for dash in "‐‑‒–—−"}
    return table


class _Fold:
    """A character table applied in the time its rare characters take.

    `translate` looks up every character; here the `common` ones are replaced straight away, and one search passes over
    the `plain` ones, which the table leaves alone. No replacement is itself in the table, so the order is free.
    """

    __slots__ = ("_common", "_odd", "_table")

    def __init__(self, table: Mapping[int, str | None], plain: str, common: str = "") -> None:
        self._table = {point: into or "" for point, into in table.items() if into != chr(point)}
        self._common = tuple((letter, self._table[ord(letter)]) for letter in common)
        left_alone = "".join(re.escape(letter) for letter in plain if ord(letter) not in self._table)
        self._odd = re.compile(f"[^{left_alone}][^{left_alone}]*")

    def __call__(self, text: str) -> str:
        """Gives the text with every character of the table replaced."""
        for letter, into in self._common:
            if letter in text:
                text = text.replace(letter, into)
        if not self._odd.search(text):
            return text
        rare = [letter for letter in set("".join(set(self._odd.findall(text)))) if ord(letter) in self._table]
        if len(rare) > _MANY:
            return text.translate(self._table)
        for letter in rare:
            text = text.replace(letter, self._table[ord(letter)])
        return text


_PLAIN: Final = (
    "".join(map(chr, range(0x20, 0x7F))) + f"\n{ZWNJ}«»،؛؟٪٫٬آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیؤئۀ{_PERSIAN_DIGITS}"
)
_to_clean: Final = _Fold(_clean_table(), _PLAIN, "يك\u064b")
_to_key: Final = _Fold(_key_table(), _PLAIN, f"آئؤ{ZWNJ}\n،{_PERSIAN_DIGITS}")
_to_ascii_digits: Final = _Fold(_DIGITS, _PLAIN)
_LOOSE: Final = (
    (" ", "  "),
    ("\n", " \n", "\n ", "\n\n"),
    (ZWNJ, ZWNJ + " ", " " + ZWNJ, ZWNJ + "\n", "\n" + ZWNJ, ZWNJ * 2),
)
"""By each sign that may stand loose, the pairs it does so in: to look for one sign is faster than for two."""
_EDGES: Final = " \n" + ZWNJ
_GAP: Final = re.compile(r"[ \n\u200c]{2,}")


def digits(text: str) -> str:
    """Folds Persian, Arabic and full-width digits to ASCII by an explicit table; leaves everything else."""
    return text if text.isascii() else _to_ascii_digits(text)


def clean(text: str) -> str:
    """Gives the text for people: Persian letters unified, invisible marks gone, whitespace tidied, lines kept.

    ZWNJ stays where it separates letters. Never raises, is idempotent and loses no digit.
    """
    if _HAMZA_ABOVE in text:
        text = _with_hamza(text)
    text = _to_clean(text)
    while not unicodedata.is_normalized("NFKC", text):
        text = _to_clean(unicodedata.normalize("NFKC", text))
    return _tidy(text)


def _with_hamza(text: str) -> str:
    for apart, whole in _WITH_HAMZA.items():
        text = text.replace(apart, whole)
    return text


def _tidy(text: str) -> str:
    text = text.strip(_EDGES)
    for sign, *pairs in _LOOSE:
        if sign in text:
            for pair in pairs:
                if pair in text:
                    return _GAP.sub(_one_space, text).strip(_EDGES)
    return text


def _one_space(match: re.Match[str]) -> str:
    """A run of spaces, breaks and stray ZWNJ is one break if it holds one, else one space, else one ZWNJ."""
    return "\n" if "\n" in match[0] else " " if " " in match[0] else ZWNJ


def key_of(cleaned: str) -> str:
    """Folds a text that `clean` gave into its search key, position for position."""
    return _to_key(cleaned)


def fold(text: str) -> str:
    """Gives the search key: cleaned, ASCII digits, ZWNJ spaced, lower case, look-alike letters unified.

    Never raises, is idempotent and loses no digit.
    """
    return key_of(clean(text))
