"""What the API and the pages hand to use cases that are done once for a key: who asks, when, by which key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel

from gateway.web.api.citizen import read_body
from gateway.web.body import as_mapping
from gateway.web.filing import hash_of
from gateway.web.schemas import checked
from gateway.web.services import Services
from ticketing.asked import Asked
from ticketing.idempotency import keyed
from ticketing.staff import Staff

Given = TypeVar("Given", bound=BaseModel)


def asked_of(services: Services, member: Staff, endpoint: str, key: str | None, said: Mapping[str, Any]) -> Asked:
    """Who asks for what, now; with a key it is done once, however often it is sent."""
    vault = services.rules.vault
    request = keyed(vault, f"{endpoint}/{member.id}", key, hash_of(dict(said), ())) if key is not None else None
    return Asked(services.rules, member, services.now(), request)


async def read_said(request: web.Request, model: type[Given]) -> tuple[Mapping[str, Any], Given]:
    """The JSON of a request as it was sent, and as the model. Raises Problem."""
    said = as_mapping((await read_body(request, "body")).value)
    return said, checked(model, said)
