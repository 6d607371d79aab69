"""What was understood of a report, kept sealed with it, to tell later what would be understood otherwise.

Owns which facts are kept and how two readings of one report differ. Whoever complains is not among them: identity is
the ticket's, and no rule of reading changes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from normalizer.complaint import Complaint
from ticketing.told_facts import facts_of
from ticketing.vault import Vault

Understood = Mapping[str, Any]
"""Facts by name, in plain JSON: null, an empty list or false where nothing was said."""
_OF_A_TICKET: Final = (
    "category",
    "province",
    "county",
    "business_name",
    "business_guild_id",
    "business_address",
    "business_phone",
)
FIELDS: Final = (
    "intent",
    *_OF_A_TICKET,
    "phones",
    "national_ids",
    "guild_ids",
    "tracking_codes",
    "emails",
    "amounts_rial",
    "happened_on",
    "urgent",
    "language",
    "missing",
    "text",
)
"""Every name there is, in the order in which differences are told. `text` stands in the report's own column."""
_COLUMN: Final = "reports.understood"


def understood_of(complaint: Complaint) -> dict[str, Any]:
    """The facts of a complaint that are kept with its report, all but its text."""
    told = facts_of(complaint)
    return {
        **{name: told[name] for name in _OF_A_TICKET},
        "intent": complaint.intent,
        "phones": list(complaint.phones),
        "national_ids": list(complaint.national_ids),
        "guild_ids": list(complaint.guild_ids),
        "tracking_codes": list(complaint.tracking_codes),
        "emails": list(complaint.emails),
        "amounts_rial": list(complaint.amounts_rial),
        "happened_on": complaint.happened_on.isoformat() if complaint.happened_on else None,
        "urgent": complaint.urgent,
        "language": complaint.language,
        "missing": list(complaint.missing),
    }


def seal_understood(vault: Vault, report_id: int, understood: Understood) -> bytes:
    """As it is kept in the report's row."""
    return vault.seal(_COLUMN, report_id, json.dumps(understood, ensure_ascii=False, separators=(",", ":")))


def open_understood(vault: Vault, report_id: int, sealed: bytes) -> dict[str, Any]:
    """What `seal_understood` sealed. Raises `VaultError`."""
    understood: dict[str, Any] = json.loads(vault.unseal(_COLUMN, report_id, sealed))
    return understood


def changed_fields(before: Understood, today: Understood) -> list[str]:
    """The facts that differ, in the order of `FIELDS`; one that was not kept before is not compared."""
    return [name for name in FIELDS if name in before and name in today and before[name] != today[name]]
