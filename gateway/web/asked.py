"""What the API and the pages hand to use cases that are done once for a key: who asks, when, by which key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.web.filing import hash_of
from gateway.web.services import Services
from ticketing.asked import Asked
from ticketing.idempotency import keyed
from ticketing.staff import Staff


def asked_of(services: Services, member: Staff, endpoint: str, key: str | None, said: Mapping[str, Any]) -> Asked:
    """Who asks for what, now; with a key it is done once, however often it is sent."""
    vault = services.rules.vault
    request = keyed(vault, f"{endpoint}/{member.id}", key, hash_of(dict(said), ())) if key is not None else None
    return Asked(services.rules, member, services.now(), request)
