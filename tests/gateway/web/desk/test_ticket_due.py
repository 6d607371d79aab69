"""Why a ticket is due when it is, in words: how long from when, which days off lie between, by what law."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from gateway.catalogue import load_catalogue
from gateway.web.desk.ticket_due import due_because, due_of
from gateway.web.desk.ticket_words import Words
from tests.support.reports import shipped_rules
from tests.support.staging import a_ticket
from ticketing.clocks import go_on, stopped_clock, wait
from ticketing.lengths import parse_length
from ticketing.rules import Rules
from ticketing.ticket import Ticket
from ticketing.view import clock_picture

SHIPPED = shipped_rules()
BEFORE_NOWRUZ = datetime.fromisoformat("2021-03-17T12:00+03:30")  # Wednesday 27 Esfand 1399


def rules_with(length: str) -> Rules:
    return replace(SHIPPED, deadlines=replace(SHIPPED.deadlines, overruled={"decide": parse_length(length)}))


def waiting(rules: Rules, term: str = "decide") -> Ticket:
    ticket = a_ticket(rules, opened_at=BEFORE_NOWRUZ)
    wait(rules, ticket, BEFORE_NOWRUZ, waits_for="evaluator", timer=None, term=term)
    return ticket


def said(rules: Rules, ticket: Ticket, language: str = "fa") -> str:
    words = Words(language, load_catalogue(), rules, rules.procedures["consumer"])
    return due_because(words, clock_picture(rules, ticket))


DAYS_OFF = {
    "fa": "۲ روز کاری از ۲۷ اسفند ۱۳۹۹؛ ۹ روز تعطیل در میان: پنجشنبه ۲۸ اسفند، "
    "جمعه ۲۹ اسفند (روز ملی شدن صنعت نفت ایران)، شنبه ۳۰ اسفند (آخرین روز سال)، "
    "یکشنبه ۱ فروردین (جشن نوروز)، دوشنبه ۲ فروردین (عیدنوروز)، سه‌شنبه ۳ فروردین (عیدنوروز)، "
    "چهارشنبه ۴ فروردین (عیدنوروز)، پنجشنبه ۵ فروردین، جمعه ۶ فروردین؛ به تعیین تنظیمات سامانه",
    "en": "2 working days from 17 March 2021; 9 days off between: Thursday 18 March, "
    "Friday 19 March (Iranian Oil Industry Nationalization Day), Saturday 20 March (Last Day of Year), "
    "Sunday 21 March (Nowruz), Monday 22 March (Nowruz Holiday), Tuesday 23 March (Nowruz Holiday), "
    "Wednesday 24 March (Nowruz Holiday), Thursday 25 March, Friday 26 March; set in the settings",
}


@pytest.mark.parametrize("language", DAYS_OFF)
def test_working_days_name_the_days_off_between(language: str) -> None:
    rules = rules_with("2wd")
    assert said(rules, waiting(rules), language) == DAYS_OFF[language]


def test_plain_terms_name_their_law_and_hours_their_moment() -> None:
    assert said(SHIPPED, waiting(SHIPPED, "verdict")) == "۱۴ روز از ۲۷ اسفند ۱۳۹۹؛ مادهٔ ۷۲ قانون نظام صنفی"
    assert said(SHIPPED, waiting(SHIPPED, "dispatch"), "en") == "2 days from 17 March 2021; set by 124 itself"
    hours = rules_with("1wh")
    assert said(hours, waiting(hours)) == "یک ساعت کاری از ۲۷ اسفند ۱۳۹۹، ساعت ۱۲:۰۰؛ به تعیین تنظیمات سامانه"


def test_what_was_left_is_said_to_be() -> None:
    ticket, later = waiting(SHIPPED, "verdict"), BEFORE_NOWRUZ + timedelta(days=13)
    go_on(SHIPPED, ticket, later, stopped_clock(SHIPPED, ticket, later) or {})
    found = said(SHIPPED, ticket)  # an hour less than a day: the clocks went forward on 2 Farvardin
    assert found == "۲۳ ساعت که از مهلت مانده بود، از ۱۰ فروردین ۱۴۰۰، ساعت ۱۳:۰۰؛ مادهٔ ۷۲ قانون نظام صنفی"


def test_a_clock_from_before_clocks_were_kept_is_due_without_reasons() -> None:
    picture: dict[str, Any] = {"due_at": BEFORE_NOWRUZ.isoformat(), "status": "open", "clock": None}
    words = Words("fa", load_catalogue(), SHIPPED, SHIPPED.procedures["consumer"])
    due = due_of(words, picture, BEFORE_NOWRUZ)
    assert due is not None
    assert (due.why, due.because) == ((), "")


@pytest.mark.parametrize(("hours", "verb"), [(-1, "آغاز می‌شود"), (0, "آغاز شده است")])
def test_a_clock_that_runs_from_an_appointment_on_has_not_begun_before_it(hours: int, verb: str) -> None:
    ticket = waiting(SHIPPED, "verdict")
    clock = clock_picture(SHIPPED, ticket)
    picture = {"due_at": (BEFORE_NOWRUZ + timedelta(days=14)).isoformat(), "status": "open", "clock": clock}
    words = Words("fa", load_catalogue(), SHIPPED, SHIPPED.procedures["consumer"])
    due = due_of(words, picture, BEFORE_NOWRUZ + timedelta(hours=hours))
    assert due is not None
    assert verb in due.why[0]
