"""The screens there are. A screen that is not in this table is not photographed, and a test says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Page

from tests.screens.walks import (
    add_rule,
    ask_wrongly,
    change_role,
    find_report,
    open_new_message,
    open_outcomes,
    open_times,
    press_withdraw,
    send_nothing,
    think_of_withdrawing,
)


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its name, its address (`{ticket}` and such are codes), who is in front of it, and their way there.

    `seat` is an account of the demonstration, a citizen of `visit.CITIZENS`, or empty for somebody who comes anew.
    """

    name: str
    path: str
    seat: str = ""
    walk: Callable[[Page], Awaitable[None]] | None = None


SCREENS: Final = (
    Screen("report", "/"),
    Screen("report-whole", "/report/whole"),
    Screen("report-licence", "/report/licence", "answering"),
    Screen("report-shop", "/report/shop", "answering"),
    Screen("report-what", "/report/what", "answering"),
    Screen("report-photos", "/report/photos", "answering"),
    Screen("report-contact", "/report/contact", "answering"),
    Screen("report-contact-wrong", "/report/contact", "answering", ask_wrongly),
    Screen("report-check", "/report/check", "answering"),
    Screen("file", "/file/guild_body"),
    Screen("file-wrong", "/file/guild_body", "", send_nothing),
    Screen("file-council", "/file/council"),
    Screen("file-request", "/file/request"),
    Screen("reported", "/reported", "reporter"),
    Screen("track", "/track"),
    Screen("tracked", "/track", "reporter", find_report),
    Screen("tracked-withdrawing", "/track", "reporter", think_of_withdrawing),
    Screen("statistics", "/statistics"),
    Screen("nowhere", "/nowhere"),
    Screen("sandbox", "/sandbox"),
    Screen("sign-in", "/desk"),
    Screen("account", "/desk/account", "operator"),
    Screen("calls", "/desk/calls", "operator"),
    Screen("calls-outcomes", "/desk/calls", "operator", open_outcomes),
    Screen("queue", "/desk/queue", "evaluator"),
    Screen("ticket", "/desk/tickets/{ticket}", "evaluator"),
    Screen("ticket-confirm", "/desk/tickets/{ticket}", "evaluator", press_withdraw),
    Screen("queue-body", "/desk/queue", "chamber"),
    Screen("ticket-body", "/desk/tickets/{answered_by_body}", "chamber"),
    Screen("ticket-verify", "/desk/tickets/{verified_by_body}", "commission"),
    Screen("queue-liaison", "/desk/queue?tab=all", "liaison-sari"),
    Screen("businesses", "/desk/businesses", "evaluator"),
    Screen("business", "/desk/businesses/{business}", "evaluator"),
    Screen("parent-case", "/desk/parent-cases/{case}", "evaluator"),
    Screen("dispatches", "/desk/dispatches", "inspector"),
    Screen("dispatch", "/desk/dispatches/{dispatch}", "inspector"),
    Screen("board", "/desk/board", "supervisor", open_new_message),
    Screen("conversation", "/desk/board/{conversation}", "liaison"),
    Screen("calendar", "/desk/calendar", "office", open_times),
    Screen("calendar-council", "/desk/calendar", "secretary"),
    Screen("ticket-hearing", "/desk/tickets/{hearing}", "secretary"),
    Screen("queue-low-ratings", "/desk/queue?tab=dissatisfied", "evaluator"),
    Screen("ticket-offer", "/desk/tickets/{request}", "service-desk"),
    Screen("dashboard", "/desk/dashboard", "supervisor"),
    Screen("letter", "/desk/letter?first=1399/03&last=1399/06", "supervisor"),
    Screen("letter-issued", "/desk/letter/{letter}", "supervisor"),
    Screen("failed-texts", "/desk/failed-texts", "supervisor"),
    Screen("admin", "/desk/admin", "admin"),
    Screen("admin-staff", "/desk/admin/staff", "admin"),
    Screen("admin-new-account", "/desk/admin/staff/new", "admin"),
    Screen("admin-account", "/desk/admin/staff/of/inspector", "admin"),
    Screen("admin-change", "/desk/admin/staff/of/inspector/change", "admin", change_role),
    Screen("admin-organisations", "/desk/admin/organisations", "admin"),
    Screen("admin-organisation", "/desk/admin/organisations/07", "admin"),
    Screen("admin-texts", "/desk/admin/texts", "admin"),
    Screen("admin-text", "/desk/admin/texts/steps/contacted", "admin"),
    Screen("admin-routing", "/desk/admin/routing", "admin"),
    Screen("admin-routing-row", "/desk/admin/routing", "admin", add_rule),
    Screen("quarantine", "/desk/quarantine", "admin"),
)
