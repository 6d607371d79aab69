"""Files one report for the API, the form and operators alike: parsed by its channel, taken in, committed.

An Idempotency-Key makes the arrival's identity, so that a replay, whenever it comes, is the same report.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from channels.channel import Arrival, Channel, Malformed
from gateway.web.problems import Problem
from gateway.web.services import Services
from normalizer.report import Attachment, Report
from ticketing.accepted import Accepted
from ticketing.errors import FieldError, Invalid
from ticketing.filing import checked_filing
from ticketing.intake import take_in
from ticketing.replaying import find_first_answer

_KEY: Final = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")


@dataclass(frozen=True, slots=True)
class Filing:
    """One report as it came: where (`account`), as what (`external_id`), what it says, and its files.

    `body_hash` is given where the sender chose the identity, to tell a replay from a reused one. `channels` are those
    that share the endpoint's keys, where there are several.
    """

    account: str
    external_id: str
    payload: Mapping[str, Any]
    raw: bytes
    files: tuple[Attachment, ...] = ()
    body_hash: bytes | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    channels: Collection[str] = ()


async def file_report(services: Services, channel: Channel, filing: Filing) -> Accepted:
    """Take it in; durable on return. Raises KeyReused, Problem 422, Unavailable."""
    context = {
        **filing.context,
        "external_id": filing.external_id,
        "attachments": filing.files,
        "fresh": filing.body_hash is None,
    }
    arrival = Arrival(filing.account, filing.payload, filing.raw, services.now(), context)
    parsed = channel.parse(arrival)
    if filing.body_hash is not None and (filing.channels or not isinstance(parsed, Report)):
        first = await _first_answer(services, filing.channels or (channel.code,), filing)
        if first is not None:
            return first
    if isinstance(parsed, Malformed):
        raise Problem(422, errors=[FieldError(name, code) for name, code in parsed.errors])
    if not isinstance(parsed, Report):
        raise Problem(422)
    try:
        report = checked_filing(services.rules, parsed, services.now())
    except Invalid as error:
        raise Problem(422, errors=list(error.errors)) from None
    accepted = await take_in(
        services.database, services.rules, report, files=services.attachments, body_hash=filing.body_hash
    )
    if accepted.tracking_code is None:
        raise Problem(500, "report_quarantined")
    return accepted


async def refuse_known_key(services: Services, channels: Collection[str], account: str, key: str | None) -> None:
    """For a body nobody could read. Raises KeyReused where the key came before, for that was another body."""
    if key is not None:
        await find_first_answer(services.database, services.rules, channels, account, identity_of(key), None)


async def _first_answer(services: Services, channels: Collection[str], filing: Filing) -> Accepted | None:
    account, external_id = filing.account, filing.external_id
    return await find_first_answer(services.database, services.rules, channels, account, external_id, filing.body_hash)


def idempotency_key(request: web.Request) -> str | None:
    """The request's Idempotency-Key, or None. Raises Problem 400 for one that is no key."""
    keys = request.headers.getall("Idempotency-Key", [])
    if not keys:
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        raise Problem(400, "invalid_idempotency_key")
    return keys[0]


def identity_of(key: str | None) -> str:
    """The arrival's identity: of a key its digest (a key may say who somebody is), else a fresh one."""
    return f"key-{hashlib.sha256(key.encode()).hexdigest()}" if key is not None else f"once-{uuid4().hex}"


def canonical(said: Any) -> bytes:
    """JSON in its one canonical form."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def hash_of(said: Any, files: Sequence[Attachment] = ()) -> bytes:
    """A digest of what was said and sent, the same however the JSON was laid out."""
    digest = hashlib.sha256(canonical(said))
    for file in files:
        digest.update(b"\0" + file.name.encode("utf-8", "surrogatepass") + b"\0")
        digest.update(hashlib.sha256(file.content or b"").digest())
    return digest.digest()
