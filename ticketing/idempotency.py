"""Keyed requests: the first answer given to a key is kept, sealed, and given again to the same body."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ticketing.attempt_tables import answers
from ticketing.database import Database
from ticketing.errors import Conflict, KeyReused
from ticketing.ids import new_id
from ticketing.retrying import retried
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.vault import Vault
from ticketing.writer import Work

_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Keyed:
    """One key at one endpoint (of one member of staff), both as blind indexes."""

    endpoint: str
    key_index: bytes
    body_hash: bytes

    @property
    def look_up(self) -> LookUp:
        """The first answer's row, should there be one."""
        return LookUp(answers, ("endpoint", "key_index"), (self.endpoint, self.key_index))


def keyed(vault: Vault, endpoint: str, key: str, body_hash: bytes) -> Keyed:
    """The key as it is stored; neither it nor the endpoint (which names a tracking code) is kept in the open."""
    return Keyed(vault.index("endpoint", endpoint).hex(), vault.index("key", key), body_hash)


async def once(
    database: Database,
    vault: Vault,
    request: Keyed | None,
    at: datetime,
    work: Work[dict[str, Any]],
) -> dict[str, Any]:
    """What `work` answers, done once for a keyed request, however often it comes. Raises `KeyReused`, and as `work`."""
    if request is None:
        return await retried(database, work)
    unit = answering(vault, request, at, work)
    try:
        return await retried(database, unit, [request.look_up])
    except Conflict:  # by another process's doing, perhaps, with this very key: then its answer is there now
        return await database.write(unit, [request.look_up])


def answering(vault: Vault, request: Keyed, at: datetime, work: Work[dict[str, Any]]) -> Work[dict[str, Any]]:
    """The unit of a keyed request: its first answer where there is one, else `work`, its answer kept.

    It raises `KeyReused`, and as `work`; whoever runs it looks up `request.look_up` first.
    """

    async def unit(tx: UnitTransaction) -> dict[str, Any]:
        known = await first_answer(tx, vault, request)
        if known is not None:
            return known
        answer = await work(tx)
        remember(tx, vault, request, answer, at)
        return answer

    return unit


async def first_answer(tx: UnitTransaction, vault: Vault, request: Keyed) -> dict[str, Any] | None:
    """What this key was answered first, or None. Raises `KeyReused` for another body."""
    rows = await tx.find(request.look_up)
    if not rows:
        return None
    if rows[0]["body_hash"] != request.body_hash:
        raise KeyReused
    answer: dict[str, Any] = json.loads(vault.unseal("answers.answer", rows[0]["row_id"], rows[0]["answer"]))
    return answer


def remember(tx: UnitTransaction, vault: Vault, request: Keyed, answer: dict[str, Any], at: datetime) -> None:
    """Keep the answer for whoever asks again with the same key."""
    row_id = new_id()
    row = {"endpoint": request.endpoint, "key_index": request.key_index, "body_hash": request.body_hash}
    sealed = vault.seal("answers.answer", row_id, json.dumps(answer, ensure_ascii=False))
    tx.add(answers, {**row, "status": _OK, "answer": sealed, "row_id": row_id, "created_at": at})
