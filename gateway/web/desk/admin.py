"""The administrator's routes, gathered from the pages."""

from __future__ import annotations

from typing import Final

from gateway.web.desk import admin_failed, admin_health, admin_quarantine, admin_staff

ROUTES: Final = (*admin_health.ROUTES, *admin_failed.ROUTES, *admin_quarantine.ROUTES, *admin_staff.ROUTES)
