"""What the exchange reports of a call, told to the one operator at whose telephone it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gateway.web.calls import CallEvent
from gateway.web.hub import CALL, News
from gateway.web.services import Services
from ticketing.extensions import extension_of, operator_at


async def tell(services: Services, events: Iterable[CallEvent]) -> None:
    """Tell each event to the operator who sits at its extension, where somebody does."""
    for event in events:
        staff_id = await operator_at(services.database, event.extension)
        if staff_id is not None:
            services.hub.tell(staff_id, News(CALL, said_of(event, services.now())))


async def call_now(services: Services, staff_id: int) -> dict[str, Any] | None:
    """The call at this member's telephone as `said_of` tells it, or None while it is silent."""
    extension = await extension_of(services.database, staff_id)
    event = services.calls.now_at(extension, services.now()) if extension else None
    return said_of(event, services.now()) if event else None


def said_of(event: CallEvent, at: datetime) -> dict[str, Any]:
    """The call for the page: the caller as people write numbers, and how long it has been spoken, in seconds."""
    spoken_s = int((at - event.answered_at).total_seconds()) if event.answered_at else None
    caller = national(event.caller) if event.caller else ""
    return {"call_id": event.call_id, "moment": event.moment, "caller": caller, "spoken_s": spoken_s}


def national(e164: str) -> str:
    """An Iranian number as it is dialled here: +98912… is 0912…."""
    return f"0{e164.removeprefix('+98')}"
