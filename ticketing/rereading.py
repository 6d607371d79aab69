"""What was kept of an arrival, and the means to read it once more: how, only channels know, so it is handed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from normalizer.report import Report
from ticketing.vault import Vault


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of an arrival: the columns of its row, opened."""

    channel: str
    account: str
    external_id: str
    raw: bytes
    received_at: datetime
    filed_by: int | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


Reread = Callable[[Kept], Report | None]
"""The report as its channel would hand it to intake today; None where it cannot be read from what was kept."""


def unread(_kept: Kept) -> Report | None:
    """Reads nothing: for use cases that have nothing to read again."""
    return None


def kept_of(vault: Vault, row: Mapping[str, Any]) -> Kept:
    """What is kept in a row of `reports`. Raises `VaultError`."""
    context = json.loads(vault.unseal("reports.context", row["id"], row["context"])) if row["context"] else {}
    return Kept(
        channel=row["channel"],
        account=row["account"],
        external_id=row["external_id"],
        raw=vault.unseal_bytes("reports.raw", row["id"], row["raw"]),
        received_at=row["received_at"],
        filed_by=row["staff_id"],
        context=context,
    )
