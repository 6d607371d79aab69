"""The table of routes: method, path, handler, who may call it, and what it takes and answers.

The application, the OpenAPI document and the test that every route has somebody who may call it are read off this.
"""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from channels.phone import StaffReportBody
from channels.report_body import ReportBody
from gateway.web import health, hooks, openapi, sandbox, sister, statics, worker
from gateway.web.api import board as board_api
from gateway.web.api import businesses, citizen, parent_cases, staff
from gateway.web.api import calendar as calendar_api
from gateway.web.desk import (
    account,
    admin,
    board,
    business,
    calendar,
    calls,
    dashboard,
    dispatches,
    evidence,
    letter,
    live,
    parent_case,
    queue,
    queue_taking,
    sign_in,
    ticket,
)
from gateway.web.pages import ask, device, file, report, reported, statistics, track
from gateway.web.route import PUBLIC, SECRET, STAFF_ANY, Access, Handler, Route
from gateway.web.schemas import (
    ActionIn,
    AdditionIn,
    AnswerIn,
    FiledOut,
    LoginIn,
    LoginOut,
    ObjectionIn,
    ReportOut,
    TicketOut,
    TicketsOut,
    TicketsQuery,
    TrackedOut,
    TrackQuery,
    WithdrawalIn,
)
from ticketing.roles import at_desk

OPERATORS: Final[Access] = at_desk("calls")


def _on_ticket(resource: str, handler: Handler, summary: str, body: type[BaseModel], files: str = "") -> Route:
    """What a citizen has to say about a ticket of theirs; it is answered with where the ticket stands then."""
    return Route(
        "POST",
        f"/api/v1/tickets/{{code}}/{resource}",
        handler,
        PUBLIC,
        summary,
        body=body,
        answer=TrackedOut,
        statuses=(200, 404, 409, 429),
        keyed=True,
        files=files,
    )


CITIZEN: Final = (
    Route(
        "POST",
        "/api/v1/reports",
        citizen.post_report,
        PUBLIC,
        "File a report; 201 opens a ticket, 200 joins one or repeats the first answer",
        body=ReportBody,
        answer=ReportOut,
        statuses=(200, 201),
        budgeted=True,
        keyed=True,
        files=citizen.REPORT_PART,
    ),
    Route(
        "GET",
        "/api/v1/tickets/{code}",
        citizen.get_ticket,
        PUBLIC,
        "Track a ticket by its code and the last four digits of the phone",
        query=TrackQuery,
        answer=TrackedOut,
        statuses=(200, 404, 429),
    ),
    _on_ticket("answers", citizen.post_answer, "Answer what the ticket asks", AnswerIn),
    _on_ticket(
        "additions", citizen.post_addition, "Add words or files to a ticket", AdditionIn, files=citizen.ADDITION_PART
    ),
    _on_ticket(
        "objections",
        citizen.post_objection,
        "Object to how a ticket was closed: it is opened again and reviewed",
        ObjectionIn,
    ),
    _on_ticket("withdrawals", citizen.post_withdrawal, "Take a complaint back: its ticket is closed", WithdrawalIn),
    Route("GET", "/api/v1/openapi.json", openapi.openapi, PUBLIC),
)

STAFF: Final = (
    Route(
        "POST",
        "/api/v1/staff/login",
        staff.login,
        PUBLIC,
        "Sign in",
        body=LoginIn,
        answer=LoginOut,
        statuses=(200, 401, 429),
    ),
    Route("POST", "/api/v1/staff/logout", staff.logout, STAFF_ANY, "Sign out", statuses=(204,), settling=True),
    Route(
        "POST",
        "/api/v1/staff/reports",
        staff.post_report,
        OPERATORS,
        "File a report for a citizen",
        body=StaffReportBody,
        answer=FiledOut,
        statuses=(200, 201),
        keyed=True,
        files=citizen.REPORT_PART,
    ),
    Route(
        "GET",
        "/api/v1/staff/tickets",
        staff.list_tickets,
        STAFF_ANY,
        "The tickets one may see",
        query=TicketsQuery,
        answer=TicketsOut,
    ),
    Route(
        "GET",
        "/api/v1/staff/tickets/{code}",
        staff.get_ticket,
        STAFF_ANY,
        "One ticket, whole",
        answer=TicketOut,
        statuses=(200, 404),
    ),
    Route(
        "POST",
        "/api/v1/staff/tickets/{code}/actions/{action}",
        staff.post_action,
        STAFF_ANY,
        "Do something to a ticket",
        body=ActionIn,
        answer=TicketOut,
        statuses=(200, 404, 409),
        keyed=True,
        files="action",
    ),
)

HOOKS: Final = (
    Route("POST", "/hooks/sister/{system}/{secret}", sister.post, SECRET),
    Route("GET", "/hooks/{provider}/{secret}/inbound", hooks.inbound, SECRET),
    Route("POST", "/hooks/{provider}/{secret}/inbound", hooks.inbound, SECRET),
    Route("GET", "/hooks/{provider}/{secret}/receipt", hooks.receipt, SECRET),
    Route("POST", "/hooks/{provider}/{secret}/receipt", hooks.receipt, SECRET),
    Route("POST", "/hooks/pbx/{secret}/{moment}", hooks.call, SECRET),
    Route("POST", "/hooks/{bot}/{secret}", hooks.update, SECRET),
)

SERVERS: Final = (
    Route("GET", "/healthz", health.healthz, PUBLIC),
    Route("GET", "/readyz", health.readyz, PUBLIC),
    Route("GET", "/metrics", health.metrics, PUBLIC),
    Route("GET", "/sandbox", sandbox.get_page, PUBLIC),
    Route("GET", "/sandbox/messages", sandbox.get_messages, PUBLIC),
    Route("POST", "/sandbox/messages", sandbox.post_message, PUBLIC),
)

PAGES: Final = (
    *report.ROUTES,
    *ask.ROUTES,
    *file.ROUTES,
    *reported.ROUTES,
    *device.ROUTES,
    *track.ROUTES,
    *statistics.ROUTES,
    Route("GET", "/static/{name}", statics.static, PUBLIC),
)

DESK: Final = (
    Route("GET", "/desk", sign_in.get_sign_in, PUBLIC),
    Route("POST", "/desk", sign_in.post_sign_in, PUBLIC, same_origin=True),
    Route("POST", "/desk/sign-out", sign_in.post_sign_out, PUBLIC, same_origin=True),
)
"""Signing in. Each screen has a table of its own beside its handlers."""

ROUTES: Final = (
    *CITIZEN,
    *STAFF,
    *businesses.ROUTES,
    *parent_cases.ROUTES,
    *board_api.ROUTES,
    *calendar_api.ROUTES,
    *HOOKS,
    *SERVERS,
    *PAGES,
    *DESK,
    *account.ROUTES,
    *worker.ROUTES,
    *dispatches.ROUTES,
    *admin.ROUTES,
    *calls.ROUTES,
    *board.ROUTES,
    *calendar.ROUTES,
    *dashboard.ROUTES,
    *letter.ROUTES,
    *live.ROUTES,
    *queue.ROUTES,
    *queue_taking.ROUTES,
    *ticket.ROUTES,
    *business.ROUTES,
    *parent_case.ROUTES,
    *evidence.ROUTES,
)
