"""A tracking code in a report: whose it is, what it proves, and what is said to a stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.reports import AT, chat_message, shipped_rules, text_message, web_report
from tests.support.stored import only_ticket, said
from ticketing.database import Database
from ticketing.intake import take_in

RULES = shipped_rules()


async def test_a_code_asks_for_the_status_and_a_stranger_gets_a_neutral_answer(database: Database) -> None:
    opened = await take_in(database, RULES, web_report())
    mine = await take_in(database, RULES, text_message(opened.tracking_code or ""))
    assert mine.result == "status"
    told = (await said(database))[-1][3]
    assert RULES.procedures["consumer"].step(2).title["fa"] in told
    assert "مهلت این مرحله: \u2066۱۴۰۵/۰۹/۰۳\u2069" in told
    stranger = await take_in(database, RULES, text_message(opened.tracking_code or "", phone="09351112233"))
    assert (stranger.result, stranger.tracking_code) == ("status", None)
    assert (await said(database))[-1][3] == RULES.texts.render("unknown_code", "fa")
    proved = await take_in(database, RULES, text_message(f"{opened.tracking_code} 4567", phone="09351112233"))
    assert proved.tracking_code == opened.tracking_code


async def test_threat_51_digits_texted_beside_a_code_are_guesses_and_run_out(database: Database) -> None:
    opened = await take_in(database, RULES, web_report())
    code = opened.tracking_code or ""
    fours = [f"{four:04d}" for four in range(60)]
    all_at_once = await take_in(database, RULES, chat_message(f"{code} {' '.join(fours)} 4567"))
    assert all_at_once.tracking_code != code
    for start in range(0, len(fours), 3):
        tried = await take_in(database, RULES, chat_message(f"{code} {' '.join(fours[start : start + 3])}"))
        assert tried.tracking_code is None
    too_late = await take_in(database, RULES, chat_message(f"{code} 4567"))
    assert too_late.tracking_code is None, "as on the tracking page: twenty a day"
    tomorrow = chat_message(f"{code} 4567", received_at=AT + timedelta(days=1, minutes=1))
    assert (await take_in(database, RULES, tomorrow)).tracking_code == code


@pytest.mark.parametrize("between", ["", " "])
async def test_digits_prove_a_stranger_however_the_code_is_written(database: Database, between: str) -> None:
    code = (await take_in(database, RULES, web_report())).tracking_code or ""
    written = between.join((code[:4], code[4:8], code[8:]))
    for words in ("4567", "4567 در سال 1405", "۴۵۶۷ وضعیت"):
        proved = await take_in(database, RULES, chat_message(f"{written} {words}"))
        assert proved.tracking_code == code


async def test_words_with_a_code_are_an_addition(database: Database) -> None:
    opened = await take_in(database, RULES, web_report())
    more = await take_in(database, RULES, text_message(f"{opened.tracking_code} فاکتور هم به من نداد"))
    assert (more.result, more.created, more.tracking_code) == ("joined", False, opened.tracking_code)
    assert "فاکتور هم به من نداد" in (await only_ticket(database)).text


async def test_a_code_with_a_slip_in_it_is_said_to_be_unknown(database: Database) -> None:
    await take_in(database, RULES, text_message("123456789012"))
    assert (await said(database))[-1][3] == RULES.texts.render("unknown_code", "fa")
