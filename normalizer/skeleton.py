"""What is left of a word without its vowels, in Persian and in Latin letters alike: «قاچاق» and "ghachagh" are one.

Vowels are what people drop or spell as they like, and و and ی are vowels as often as not: all of them go.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_PAIRS: Final = {"kh": "خ", "gh": "غ", "sh": "ش", "ch": "چ", "zh": "ژ", "ph": "f", "th": "t", "ck": "k"}
_PAIR: Final = re.compile("|".join(_PAIRS))
_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("ا آوویئءعaeiouyvw'’", ""),
        **dict.fromkeys("ثسصs", "s"),
        **dict.fromkeys("زذضظژz", "z"),
        **dict.fromkeys("تطt", "t"),
        **dict.fromkeys("هحh", "h"),
        **dict.fromkeys("قغq", "q"),
        **dict.fromkeys("چج", "j"),
        **dict.fromkeys("گ", "g"),
        **dict.fromkeys("کkc", "k"),
        "ش": "c",
        "خ": "x",
        "ب": "b",
        "پ": "p",
        "د": "d",
        "ر": "r",
        "ف": "f",
        "ل": "l",
        "م": "m",
        "ن": "n",
    }
)
_TWICE: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=20_000)
def skeleton(word: str) -> str:
    """The consonants of a folded word, each run of one letter once; a Persian and a Latin spelling give the same."""
    if word.isascii():
        word = _PAIR.sub(lambda pair: _PAIRS[pair[0]], word)
    return _TWICE.sub(r"\1", word.translate(_SAME).removesuffix("h"))
