"""What must hold of whatever the normalizer makes of any text at all. Each property says in words what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from gateway.commands.normalize import facts_of
from normalizer.complaint import CATEGORIES, INTENTS, MISSING, Complaint
from normalizer.day import tehran_day
from normalizer.fact import Fact
from normalizer.identity import legal_id_ok, national_id_ok
from normalizer.normalize import normalize
from normalizer.own_words import own_words
from normalizer.place import PROVINCES, canonical_county
from normalizer.report import Report
from normalizer.text import clean, digits, fold
from normalizer.tracking_code import is_code
from tests.normalizer.messages import report_of

Property = Callable[[Report, Complaint], Iterator[str]]
_ASCII_DIGIT: Final = re.compile("[0-9]")
_E164: Final = re.compile(r"\+98[1-9][0-9]{9}")
_TEN_DIGITS: Final = re.compile("[0-9]{10}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,24}")
_MOST_RIAL: Final = 10**15
_EARLIEST: Final = date(1900, 1, 1)
_LANGUAGES: Final = ("fa", "finglish", "en", "other")
_ANSWERS: Final = (None, "yes", "no", "1", "2", "3", "4", "5")


def wrong_with(report: Report) -> list[str]:
    """Everything that does not hold of what is made of a report; what was raised, if something was."""
    try:
        complaint = normalize(report)
    except Exception as error:
        return [f"raised {type(error).__name__}: {error}"]
    return [f"{check.__name__}: {wrong}" for check in ALWAYS for wrong in check(report, complaint)]


def also_wrong_with(report: Report) -> list[str]:
    """What takes longer to see: that it can be written, comes out the same again, and loses nothing to what follows."""
    complaint = normalize(report)
    return [f"{check.__name__}: {wrong}" for check in SOMETIMES for wrong in check(report, complaint)]


def text_is_in_its_last_form(report: Report, complaint: Complaint) -> Iterator[str]:
    """Clean text stays as it is when cleaned again, its key when folded again, and they are of one length."""
    if clean(complaint.text) != complaint.text:
        yield "clean text changes when cleaned again"
    if fold(complaint.key) != complaint.key:
        yield "key changes when folded again"
    if len(complaint.key) != len(complaint.text):
        yield "key and text differ in length"


def digits_stay(report: Report, complaint: Complaint) -> Iterator[str]:
    """Every digit of what was said is in the clean text, in its order, and the key has the same as that."""
    said, kept = _digits_of(own_words(report.text)), _digits_of(complaint.text)
    if _digits_of(complaint.key) != kept:
        yield "clean text and key differ in their digits"
    rest = iter(kept)
    if said != kept and not all(digit in rest for digit in said):
        yield f"said {said}, kept {kept}"


def _digits_of(text: str) -> str:
    return "".join(_ASCII_DIGIT.findall(digits(text)))


def facts_stand_where_they_say(report: Report, complaint: Complaint) -> Iterator[str]:
    """Every fact lies in the text, in order, and those of digits are read off their words."""
    before = 0
    for each in complaint.facts:
        if not before <= each.start < each.end <= len(complaint.text) or not 0 <= each.confidence <= 1:
            yield f"{each} out of place"
        before = each.start
        if (says := _SAYS.get(each.kind)) and not says(each, complaint.key[each.start : each.end]):
            yield f"{each} is not said by {complaint.text[each.start : each.end]!r}"
        if each.kind == "business" and complaint.text[each.start : each.end] != each.value:
            yield f"{each} is not what is written"


def _ends(each: Fact, said: str) -> bool:
    return _digits_of(said).lstrip("0").endswith(each.value[-10:].lstrip("0"))


def _same(each: Fact, said: str) -> bool:
    return each.value == said


def _address(each: Fact, said: str) -> bool:
    """As written, but for blanks around the @; of one that is spelled out, at least who it is at."""
    name, _, _ = each.value.partition("@")
    return each.value == said.replace(" ", "") or (each.rule == "spelled" and said.startswith(name))


def _mixed(each: Fact, said: str) -> bool:
    return sorted(_digits_of(each.value)) == sorted(_digits_of(said))


_SAYS: Final[dict[str, Callable[[Fact, str], bool]]] = {
    **dict.fromkeys(("phone", "national_id"), _ends),
    **dict.fromkeys(
        ("tracking_code", "guild_id", "legal_id", "postal_code"), lambda each, said: each.value == _digits_of(said)
    ),
    "email": _address,
    "licence_url": _same,
    "plate": _mixed,
}


def values_are_well_formed(report: Report, complaint: Complaint) -> Iterator[str]:
    """Numbers have the form and check digits they should, sums and days are possible, codes are those there are."""
    kinds: dict[str, tuple[tuple[object, ...], Callable[..., object]]] = {
        "phones": (complaint.phones, _E164.fullmatch),
        "national_ids": (complaint.national_ids, national_id_ok),
        "guild_ids": (complaint.guild_ids, _TEN_DIGITS.fullmatch),
        "tracking_codes": (complaint.tracking_codes, is_code),
        "emails": (complaint.emails, _EMAIL.fullmatch),
        "amounts_rial": (complaint.amounts_rial, lambda rial: 0 < rial <= _MOST_RIAL),
        "legal ids": (tuple({each.value for each in complaint.facts if each.kind == "legal_id"}), legal_id_ok),
        "happened_on": (
            tuple(filter(None, (complaint.happened_on,))),
            lambda on: _EARLIEST <= on <= tehran_day(report.received_at),
        ),
    }
    for kind, (values, is_right) in kinds.items():
        wrong = [value for value in values if not is_right(value)]
        if wrong or len(set(values)) != len(values):
            yield f"{kind} {wrong or values}"


def codes_are_known(report: Report, complaint: Complaint) -> Iterator[str]:
    """Intent, category, language, place and what is missing are of the lists there are."""
    if complaint.intent not in INTENTS or complaint.language not in _LANGUAGES or complaint.answer not in _ANSWERS:
        yield f"{complaint.intent}, {complaint.language}, {complaint.answer}"
    if (
        not {complaint.category, complaint.category_second} <= {None, *CATEGORIES}
        or not 0 <= complaint.category_confidence <= 1
    ):
        yield f"{complaint.category} {complaint.category_confidence} {complaint.category_second}"
    where = complaint.place
    if where.province not in (None, *PROVINCES) or (
        where.county and not canonical_county(where.province or "", where.county)
    ):
        yield f"{where}"
    if complaint.missing != tuple(kind for kind in MISSING if kind in complaint.missing):
        yield f"missing {complaint.missing}"


def can_be_written(report: Report, complaint: Complaint) -> Iterator[str]:
    """The result goes out as a line of JSON in UTF-8 and comes back the same."""
    line = json.dumps(facts_of(complaint), ensure_ascii=False)
    if "\n" in line or json.loads(line.encode())["text"] != complaint.text:
        yield "does not come back from JSON"


def comes_out_the_same(report: Report, complaint: Complaint) -> Iterator[str]:
    """The same report gives the same complaint."""
    if normalize(report) != complaint:
        yield "another complaint the second time"


def nothing_is_lost_to_what_follows(report: Report, complaint: Complaint) -> Iterator[str]:
    """Phones and codes of a text stay when a paragraph of plain words follows it."""
    more = replace(report, text=f"{report.text}\n\nو بقیه ماجرا را هم بعدا تعریف می‌کنم")
    if not own_words(more.text).startswith(own_words(report.text)):
        return  # what is quoted is all there is of one text, and not of the other
    whole = normalize(more)
    lost = {*complaint.phones, *complaint.tracking_codes} - {*whole.phones, *whole.tracking_codes}
    if lost:
        yield f"{sorted(lost)} lost"


ALWAYS: Final[tuple[Property, ...]] = (
    text_is_in_its_last_form,
    digits_stay,
    facts_stand_where_they_say,
    values_are_well_formed,
    codes_are_known,
)
SOMETIMES: Final[tuple[Property, ...]] = (can_be_written, comes_out_the_same, nothing_is_lost_to_what_follows)


def report_on(text: str) -> Report:
    """A text as an SMS of nobody in particular."""
    return report_of(text)
