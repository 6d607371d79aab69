"""The administrator's routes, gathered from the pages."""

from __future__ import annotations

from typing import Final

from gateway.web.desk import (
    admin_failed,
    admin_health,
    admin_member,
    admin_organisations,
    admin_quarantine,
    admin_routing,
    admin_staff,
    admin_texts,
)

ROUTES: Final = (
    *admin_health.ROUTES,
    *admin_failed.ROUTES,
    *admin_quarantine.ROUTES,
    *admin_staff.ROUTES,
    *admin_member.ROUTES,
    *admin_organisations.ROUTES,
    *admin_texts.ROUTES,
    *admin_routing.ROUTES,
)
