"""Numbers that stand for a person or a business: national id, legal id, postal code, guild id.

Owns their check digits and how they are found in a text. National and legal ids have check digits; a postal code has a
usual form and a guild id only a length, so those two are checked softly: a doubt, never a refusal.
"""

from __future__ import annotations

import re
from typing import Final

from normalizer.fact import Fact, fact
from normalizer.licence import find_licences, guild_id_in
from normalizer.numbers import Run, announced_before, take_runs
from normalizer.text import digits as ascii_digits
from normalizer.text import fold

_WEIGHTS: Final = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
_POSTAL: Final = re.compile(r"(?!([0-9])\1{3})[13-9]{4}[1346-9][013-9]{5}")
_MOBILE: Final = re.compile(r"9[0-9]{9}")
_ID_LENGTH: Final = 10
_LEGAL_LENGTH: Final = 11
_LEGAL_BEGINNINGS: Final = ("10", "14")
_UNNAMED: Final = frozenset(("other", "own", "shop", "person", "contact"))
_SPACING: Final = str.maketrans("", "", " -")


def _plain(text: str) -> str:
    written = ascii_digits(text.strip()).translate(_SPACING)
    return written if written.isascii() and written.isdecimal() else ""


def parse_national_id(text: str) -> str | None:
    """Gives a national id as ten ASCII digits, left-padded from eight or nine; None if its check digit is wrong."""
    digits = _plain(text)
    if not 8 <= len(digits) <= _ID_LENGTH:
        return None
    digits = digits.zfill(_ID_LENGTH)
    if len(set(digits)) == 1 or digits[3:9] == "000000":
        return None
    rest = sum(int(digit) * (_ID_LENGTH - place) for place, digit in enumerate(digits[:9])) % 11
    return digits if int(digits[9]) == (rest if rest < 2 else 11 - rest) else None


def national_id_ok(text: str) -> bool:
    """Says whether a text is a national id with the right check digit (any script; eight digits and up)."""
    return parse_national_id(text) is not None


def legal_id_ok(text: str) -> bool:
    """Says whether a text is a legal person's national id: eleven digits, right check digit."""
    digits = _plain(text)
    if len(digits) != _LEGAL_LENGTH or len(set(digits)) == 1:
        return False
    shift = int(digits[9]) + 2
    total = sum((shift + int(digit)) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return total % 11 % 10 == int(digits[10])


def postal_code_ok(text: str) -> bool:
    """Says whether a text has the usual form of a postal code. Real ones fall outside it: warn, never refuse."""
    return _POSTAL.fullmatch(_plain(text)) is not None


def guild_id_ok(text: str) -> bool:
    """Says whether a text has the form of a guild id, ten digits. No public check digit is known."""
    return parse_guild_id(text) is not None


def parse_guild_id(text: str) -> str | None:
    """Gives a guild id as ten ASCII digits, or None: also from the licence URL a QR code holds."""
    digits = _plain(text)
    if len(digits) == _ID_LENGTH:
        return digits
    return guild_id_in(fold(text))


def guild_id_in_code(text: str) -> str | None:
    """Gives the guild id a QR code or barcode on a licence holds, or None.

    It is ten digits alone, called a guild id, or in a licence's address. A mobile number without its zero is none.
    """
    if _MOBILE.fullmatch(_plain(text)):
        return None
    return parse_guild_id(text) or next(iter(find_guild_ids(text)), None)


def find_national_ids(text: str) -> tuple[str, ...]:
    """Gives the national ids a text mentions, check digits right, in order, each once."""
    return tuple(dict.fromkeys(found.value for found in take_runs(fold(text), read_national_id)))


def find_guild_ids(text: str) -> tuple[str, ...]:
    """Gives the guild ids a text calls so, or shows as a licence URL, in order, each once."""
    key = fold(text)
    licences = (found for found in find_licences(key) if found.kind == "guild_id")
    called = take_runs(key, lambda run: read_guild_id(run) or read_announced_guild_id(run))
    return tuple(dict.fromkeys(found.value for found in (*called, *licences)))


def read_national_id(run: Run) -> Fact | None:
    """Takes a run of digits for a national id: called one, or ten digits that nothing calls anything else."""
    found = parse_national_id(run.digits)
    if found is None:
        return None
    label = run.label
    if label == "national":
        return fact("national_id", found, run.span, "called")
    bare = len(run.digits) == _ID_LENGTH and not run.plus and label in _UNNAMED
    return fact("national_id", found, run.span, "checked") if bare else None


def read_legal_id(run: Run) -> Fact | None:
    """Takes eleven digits with the right check digit: called a legal id, or of its usual beginnings and unnamed."""
    if len(run.digits) != _LEGAL_LENGTH or run.plus or not legal_id_ok(run.digits):
        return None
    label = run.label
    if label == "legal":
        return fact("legal_id", run.digits, run.span, "called")
    usual = run.digits.startswith(_LEGAL_BEGINNINGS) and label in (*_UNNAMED, "national")
    return fact("legal_id", run.digits, run.span, "checked") if usual else None


def read_postal_code(run: Run) -> Fact | None:
    """Takes ten digits for a postal code where the text calls them one; an unusual form is a doubt, no refusal."""
    if len(run.digits) != _ID_LENGTH or run.label != "postal":
        return None
    return fact("postal_code", run.digits, run.span, "called" if postal_code_ok(run.digits) else "unusual")


def read_guild_id(run: Run) -> Fact | None:
    """Takes a run of ten digits for a guild id where the words just before call it one."""
    called = len(run.digits) == _ID_LENGTH and run.label == "guild"
    return fact("guild_id", run.digits, run.span, "called") if called else None


def read_announced_guild_id(run: Run) -> Fact | None:
    """Takes unnamed ten digits for the guild id spoken of before: «شناسه صنفی‌اش را پیدا کردم، روی قبض بود، …»."""
    if len(run.digits) != _ID_LENGTH or run.plus or run.label not in _UNNAMED:
        return None
    announced = announced_before(run.key, run.start) == "guild"
    return fact("guild_id", run.digits, run.span, "announced") if announced else None
