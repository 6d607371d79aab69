"""Who acts on tickets: the eight roles of staff, and those who are no staff but move tickets too."""

from __future__ import annotations

from typing import Final

ROLES: Final = (
    "operator",
    "evaluator",
    "self_regulator",
    "dispatcher",
    "inspector",
    "penalties_clerk",
    "supervisor",
    "admin",
)
OTHERS: Final = ("citizen", "gateway", "rule")  # so no staff member may be called one of these
