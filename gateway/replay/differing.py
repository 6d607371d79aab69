"""One stored report looked at: what was understood of it, what would be today, and where the two differ.

Pure but for the keys: done in processes beside one another, each with a vault of its own. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog

from gateway.logs import configure_logs
from gateway.replay.rereading import reread
from gateway.understanding import use_classifiers
from normalizer.complaint import Complaint
from normalizer.normalize import normalize
from ticketing.rereading import kept_of
from ticketing.understood import changed_fields, open_understood, understood_of
from ticketing.vault import Vault, load_vault

log = structlog.get_logger()
COLUMNS: Final = (
    "id",
    "channel",
    "account",
    "external_id",
    "ticket_id",
    "result",
    "intent",
    "text",
    "raw",
    "context",
    "staff_id",
    "received_at",
    "understood",
)
"""What is read of a report's row."""
_KIND_OF: Final = {
    "business_name": "business",
    "business_guild_id": "guild_id",
    "phones": "phone",
    "business_phone": "phone",
    "national_ids": "national_id",
    "guild_ids": "guild_id",
    "tracking_codes": "tracking_code",
    "emails": "email",
    "amounts_rial": "amount",
    "happened_on": "day",
}
"""The kind of fact a field is read as, where it is not called the same."""
_LEARNED: Final = "learned"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one report; `rule` and `confidence` are of today's reading, None where no rule says it."""

    field: str
    before: Any
    after: Any
    rule: str | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Looked:
    """One report; `today` is all that is understood now, `sealed` what was kept before (None: nothing was)."""

    report_id: int
    ticket_id: int | None
    channel: str
    differences: tuple[Difference, ...]
    today: Mapping[str, Any]
    before: Mapping[str, Any]
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some reports: how many were compared, how many could not be read again, and those with something to tell.

    These differ, or come from before it was kept what was understood (`unkept` counts them).
    """

    compared: int
    unread: int
    unkept: int
    told: tuple[Looked, ...]


class Differ:
    """Looks at reports with these keys."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def look(self, rows: Sequence[Mapping[str, Any]]) -> Batch:
        """The reports of these rows (`COLUMNS`)."""
        looked = [self._look_or_leave(row) for row in rows]
        read = [each for each in looked if each is not None]
        told = tuple(each for each in read if each.differences or each.sealed is None)
        unkept = sum(1 for each in read if each.sealed is None)
        return Batch(len(read), len(looked) - len(read), unkept, told)

    def _look_or_leave(self, row: Mapping[str, Any]) -> Looked | None:
        try:
            return self._look(row)
        except Exception as error:  # one that does not open, or trips its reader, must not hold up the others
            log.warning("a report could not be read again", report=row["id"], error=type(error).__name__)
            return None

    def _look(self, row: Mapping[str, Any]) -> Looked | None:
        report = reread(kept_of(self._vault, row))
        if report is None:
            return None
        complaint = normalize(report)
        today = {**understood_of(complaint), "text": complaint.text}
        before = self._before(row)
        differences = tuple(_difference(name, before, today, complaint) for name in changed_fields(before, today))
        return Looked(row["id"], row["ticket_id"], row["channel"], differences, today, before, row["understood"])

    def _before(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What was kept; of older reports their intent and text, and what was missing where one opened a ticket."""
        stated = {"intent": row["intent"], "text": row["text"]}
        if row["understood"] is not None:
            return {**open_understood(self._vault, row["id"], row["understood"]), **stated}
        opened = row["result"] is not None and row["result"].get("created")
        return {**stated, "missing": row["result"]["missing"]} if opened else stated


def _difference(name: str, before: Mapping[str, Any], today: Mapping[str, Any], complaint: Complaint) -> Difference:
    return Difference(name, before[name], today[name], *(_reason(name, complaint) if today[name] else (None, None)))


def _reason(name: str, complaint: Complaint) -> tuple[str | None, float | None]:
    """The rule of the first fact of this kind, and how sure it is; a category no words tell of was learned."""
    kind = _KIND_OF.get(name, name)
    fact = next((each for each in complaint.facts if each.kind == kind), None)
    if fact is not None:
        return fact.rule, fact.confidence
    return (_LEARNED, complaint.category_confidence) if name == "category" else (None, None)


_at_work: list[Differ] = []


def prepare(keys_file: Path, classifiers: Path | None) -> None:
    """Make this process ready for `look`: it has set up nothing of its own yet. Raises `VaultError`, `ConfigError`."""
    configure_logs(level="warning", form="auto", secrets=())
    use_classifiers(classifiers)
    _at_work[:] = [Differ(load_vault(keys_file))]


def look(rows: Sequence[Mapping[str, Any]]) -> Batch:
    """`Differ.look` in a process that was made ready."""
    return _at_work[0].look(rows)
