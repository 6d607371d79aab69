"""The screens there are. A screen that is not in this table is not photographed, and a test says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its name, its address (`{ticket}` and `{dispatch}` are codes), and the account in front of it."""

    name: str
    path: str
    username: str = ""


SCREENS: Final = (
    Screen("report", "/"),
    Screen("report-whole", "/report/whole"),
    Screen("track", "/track"),
    Screen("sandbox", "/sandbox"),
    Screen("sign-in", "/desk"),
    Screen("account", "/desk/account", "operator"),
    Screen("calls", "/desk/calls", "operator"),
    Screen("queue", "/desk/queue", "evaluator"),
    Screen("ticket", "/desk/tickets/{ticket}", "evaluator"),
    Screen("dispatches", "/desk/dispatches", "inspector"),
    Screen("dispatch", "/desk/dispatches/{dispatch}", "inspector"),
    Screen("dashboard", "/desk/dashboard", "supervisor"),
    Screen("failed-texts", "/desk/failed-texts", "supervisor"),
    Screen("admin", "/desk/admin", "admin"),
    Screen("admin-staff", "/desk/admin/staff", "admin"),
    Screen("admin-member", "/desk/admin/staff/of/union", "admin"),
    Screen("admin-organisations", "/desk/admin/organisations", "admin"),
    Screen("admin-texts", "/desk/admin/texts", "admin"),
    Screen("admin-text", "/desk/admin/texts/steps/contacted", "admin"),
    Screen("admin-routing", "/desk/admin/routing", "admin"),
    Screen("quarantine", "/desk/quarantine", "admin"),
    Screen("admin-staff", "/desk/admin/staff", "admin"),
    Screen("admin-new-account", "/desk/admin/staff/new", "admin"),
    Screen("admin-account", "/desk/admin/staff/of/inspector", "admin"),
    Screen("admin-organisations", "/desk/admin/organisations", "admin"),
    Screen("admin-texts", "/desk/admin/texts", "admin"),
    Screen("admin-text", "/desk/admin/texts/steps/contacted", "admin"),
    Screen("admin-routing", "/desk/admin/routing", "admin"),
    Screen("failed-texts", "/desk/failed-texts", "supervisor"),
    Screen("quarantine", "/desk/quarantine", "admin"),
)
