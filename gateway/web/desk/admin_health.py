"""`/desk/admin`: are all ways in and out open? Channels, outbox, provider and readiness at a glance."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from channels.registry import CHANNELS
from gateway.web.desk.admin_frame import ADMIN, admin_page
from gateway.web.render import page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES, Services
from sms.outbox import MEDIA, fetch_backlog
from ticketing.channel_health import LOOK_BACK, fetch_channel_health


async def get_health(request: web.Request) -> web.Response:
    """Everything that may stand still, with the moment it was looked at."""
    services = request.app[SERVICES]
    values = {
        "at": services.now().isoformat(),
        "reasons": await _reasons(request, services),
        "channels": await fetch_channel_health(services.database, tuple(CHANNELS), services.now()),
        "enabled": {code: _is_enabled(services, code) for code in CHANNELS},
        "look_back": LOOK_BACK.days,
        "outbox": await fetch_backlog(services.database.read),
        "provider": services.provider.code,
        "paused": [medium for medium in MEDIA if _is_paused(services, medium)],
    }
    return admin_page(request, "admin_health.html", "health", values=values)


def _is_paused(services: Services, medium: str) -> bool:
    """As the dispatcher of this process said last, by its figure (gateway/figures.py)."""
    return bool(services.metrics.get_sample_value("gateway_dispatcher_paused", {"medium": medium}))


def _is_enabled(services: Services, code: str) -> bool | None:
    """None for a channel that has no switch: it is open as long as people file by hand."""
    section: Any = getattr(services.settings.channels, code, None)
    return section.enabled if section is not None else None


async def _reasons(request: web.Request, services: Services) -> list[str]:
    say, language = services.catalogue.say, page_language(request)
    found = await services.readiness()
    return [
        say(language, f"admin.ready.{code}") if services.catalogue.has(f"admin.ready.{code}") else code
        for code in found
    ]


ROUTES: Final = (Route("GET", "/desk/admin", get_health, ADMIN),)
