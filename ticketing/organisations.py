"""The organisations tickets belong to: provinces, the south of Kerman, and the nation while the place is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from normalizer.gazetteer import PROVINCES, organisation_of
from ticketing.title import Title

__all__ = ["NATIONAL", "ORGANISATIONS", "PROVINCE_CODES", "organisation_of"]

NATIONAL: Final = ""
PROVINCE_CODES: Final = tuple(sorted(PROVINCES))
ORGANISATIONS: Final[Mapping[str, Title]] = {
    NATIONAL: Title(fa="ستاد ملی", en="National"),
    **{code: Title(fa=PROVINCES[code].name, en=PROVINCES[code].english) for code in PROVINCE_CODES},
    "08S": Title(fa="جنوب کرمان", en="South of Kerman"),
}
