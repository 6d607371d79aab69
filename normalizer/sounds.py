"""When two words are the same word: endings taken off, a slip of the finger, Persian against Latin letters.

Owns spelling only. What a word means, and whether it tells anything, is for others to say.
"""

from __future__ import annotations

from typing import Final

_ENDINGS: Final = (
    "هایشان",
    "هاشون",
    "هامون",
    "هایی",
    "هاشو",
    "هامو",
    "های",
    "هاش",
    "هام",
    "ها",
    "شون",
    "مون",
    "تون",
    "شان",
    "مان",
    "ترین",
    "تر",
    "مو",
    "شو",
    "تو",
    "ام",
    "اش",
    "ات",
    "ای",
    "ی",
    "ه",
    "م",
    "ش",
    "و",
    "ن",
    "رو",
    "ست",
)
_MOST_ENDINGS: Final = 2
_SHORTEST: Final = 3
_STEM: Final = 6
_SLIP_FROM: Final = 5
"""From how many letters on one wrong letter may be a slip: ترنم and ترنج are two names."""
_LONGEST_ENDING: Final = 3
_LATIN: Final = (("sh", "ش"), ("ch", "چ"), ("kh", "خ"), ("gh", "ق"), ("zh", "ژ"), ("x", "کس"), ("ck", "ک"))
_LETTERS: Final = {"b": "ب", "p": "پ", "t": "ت", "s": "س", "j": "ج", "d": "د", "r": "ر", "z": "ز", "f": "ف", "q": "ق"}
_LETTERS_TOO: Final = {"k": "ک", "c": "ک", "g": "گ", "l": "ل", "m": "م", "n": "ن"}
_ALIKE: Final = {"ث": "س", "ص": "س", "ذ": "ز", "ض": "ز", "ظ": "ز", "ط": "ت", "غ": "ق"}
_SPELLINGS: Final = str.maketrans(_ALIKE)
_UNHEARD: Final = dict.fromkeys("اآأعوهحیئءؤ", "")
_SOUNDS: Final = str.maketrans(_LETTERS | _LETTERS_TOO | _ALIKE | _UNHEARD | dict.fromkeys("aeiouywvh'", ""))


def stem(word: str) -> str:
    """Gives a folded word without its endings, and no more than its beginning: «کارتن‌ها» and «کارتنش» are one."""
    for _ in range(_MOST_ENDINGS):
        ending = next((each for each in _ENDINGS if word.endswith(each) and len(word) - len(each) >= _SHORTEST), "")
        word = word[: len(word) - len(ending)]
    return word[:_STEM]


def skeleton(word: str) -> str:
    """Gives the consonants of a folded word in Persian letters, whichever script it is in: negin and نگین are one."""
    if word.isascii():
        for written, heard in _LATIN:
            word = word.replace(written, heard)
    return word.translate(_SOUNDS)


def is_same_name(name: str, word: str) -> bool:
    """Says whether `word` is the proper name `name`: with an ending, with one slip, or in the other script."""
    if name == word:
        return True
    if name.isascii() != word.isascii():
        heard = skeleton(name)
        return len(heard) > 1 and heard == skeleton(word)
    if is_one_sound(name, word):
        return True
    shorter, longer = sorted((name, word), key=len)
    if len(shorter) >= _SHORTEST and longer.startswith(shorter):
        return len(longer) - len(shorter) <= (_LONGEST_ENDING if len(shorter) > _SHORTEST else 1)
    return len(shorter) >= _SLIP_FROM - 1 and len(longer) >= _SLIP_FROM and is_one_slip(name, word)


def is_one_sound(left: str, right: str) -> bool:
    """Says whether two spellings of three consonants or more are heard alike but for one vowel: بلوط and بلوت."""
    heard = skeleton(left)
    return (
        len(heard) >= _SHORTEST and heard == skeleton(right) and is_one_slip(*(_spelt(each) for each in (left, right)))
    )


def _spelt(word: str) -> str:
    """A word with one letter for each sound."""
    return word.translate(_SPELLINGS)


def is_one_slip(left: str, right: str) -> bool:
    """Says whether one letter put in, left out or mistaken makes one of the other."""
    if abs(len(left) - len(right)) > 1:
        return False
    at = next((place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), -1)
    if at < 0:
        return True
    return left[at + 1 :] == right[at + 1 :] or left[at:] == right[at + 1 :] or left[at + 1 :] == right[at:]
