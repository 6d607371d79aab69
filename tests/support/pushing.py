"""Settings of Web Push for tests: a fresh key, and the fake service as the only one allowed."""

from __future__ import annotations

from typing import Any

from gateway.push.keys import new_key
from tests.support.fakes.pushservice import FakePushService

CONTACT = "mailto:somebody@124.example"


def push_table(service: FakePushService) -> dict[str, Any]:
    """The table `[push]`."""
    return {"keys": new_key().decode(), "contact": CONTACT, "services": [service.host]}
