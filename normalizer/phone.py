"""Phone numbers: from any usual spelling to E.164, Iranian mobiles and landlines only.

The number plan is that of `phonenumbers`, whose own patterns are compiled here once, because its parser alone would
eat a third of the time a message may take. Short codes (124) and SMS lines (30002225) are no phones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import phonenumbers

from normalizer.numbers import Run, take_runs
from normalizer.text import fold

Kind = Literal["mobile", "landline"]
Code = Literal["invalid_phone", "foreign_phone"]


@dataclass(frozen=True, slots=True)
class Phone:
    """An Iranian number: `e164` as +98…, `kind` mobile (takes SMS) or landline, landlines with their `area_code`."""

    e164: str
    kind: Kind

    @property
    def area_code(self) -> str | None:
        """The landline's area code with its 0 ("021"), None for a mobile."""
        return "0" + self.e164[3:5] if self.kind == "landline" else None


@dataclass(frozen=True, slots=True)
class PhoneProblem:
    """Why a text is no phone we keep; `code` is stable."""

    code: Code


INVALID: Final = PhoneProblem("invalid_phone")
FOREIGN: Final = PhoneProblem("foreign_phone")


def _pattern(kind: str) -> re.Pattern[str]:
    plan = phonenumbers.PhoneMetadata.metadata_for_region("IR")
    return re.compile(getattr(plan, kind).national_number_pattern)


_MOBILE: Final = _pattern("mobile")
_LANDLINE: Final = _pattern("fixed_line")
_SEPARATORS: Final = str.maketrans("", "", " \n\t-_.()/")
_NO_PHONE: Final = ("card", "national", "legal", "postal", "guild", "invoice")
_LONGEST_TEXT: Final = 40
_WHOLE: Final = len("+982188776655")
"""The plan has shorter landlines too, but in a text «9802192331» is rather anything else than 021-92331."""
_IN_TEXT: Final = re.compile(r"(?:98|0098|0)?9[0-9]{9}|(?:98|0098|0)0?[1-8][0-9]{9}")


def parse_phone(text: str) -> Phone | PhoneProblem:
    """Reads a text that is a phone number and nothing else: 09…, 9…, 98…, +98…, 0098…, any script and grouping."""
    if len(text) > _LONGEST_TEXT:
        return INVALID
    written = fold(text).translate(_SEPARATORS)
    plus = written.startswith("+")
    digits = written[1:] if plus else written
    if not (digits.isascii() and digits.isdecimal()):
        return INVALID
    return _read(digits, plus=plus)


def find_phones(text: str) -> tuple[Phone, ...]:
    """Gives the Iranian phones a text mentions, in order, each once. A landline counts with its area code only."""
    return tuple(dict.fromkeys(take_runs(fold(text), read_phone)))


def read_phone(run: Run) -> Phone | None:
    """Takes a run of digits for a phone unless the text calls it something else."""
    if not _IN_TEXT.fullmatch(run.digits):
        return None
    if not run.digits.startswith("0") and (run.label in _NO_PHONE or not run.opens_with_a_prefix):
        return None
    phone = _read(run.digits, plus=run.plus)
    return phone if isinstance(phone, Phone) and len(phone.e164) == _WHOLE else None


def _read(digits: str, *, plus: bool) -> Phone | PhoneProblem:
    if not plus and digits.startswith("00"):
        plus, digits = True, digits[2:]
    if plus:
        return _read_international(digits)
    phone = _national(digits.removeprefix("0"))
    if phone is None and digits.startswith("98"):
        phone = _national(digits[2:].removeprefix("0"))
    return phone or INVALID


def _read_international(digits: str) -> Phone | PhoneProblem:
    if digits.startswith("98"):
        return _national(digits[2:].removeprefix("0")) or INVALID
    return _foreign(digits)


def _national(digits: str) -> Phone | None:
    if _MOBILE.fullmatch(digits):
        return Phone("+98" + digits, "mobile")
    if _LANDLINE.fullmatch(digits):
        return Phone("+98" + digits, "landline")
    return None


@lru_cache(maxsize=1024)
def _foreign(digits: str) -> PhoneProblem:
    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        return INVALID
    return FOREIGN if phonenumbers.is_valid_number(number) else INVALID
