"""Everything a use case is governed by, in one value: keys, texts, procedures, categories, routes and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sms.texts import Texts
from ticketing.categories import Category
from ticketing.deadlines import Deadlines
from ticketing.procedure import Procedure
from ticketing.routing import Routing
from ticketing.vault import Vault


@dataclass(frozen=True, slots=True)
class Rules:
    """Built once at start from settings and data files, checked, and never changed while running."""

    vault: Vault
    texts: Texts
    procedures: Mapping[str, Procedure]
    categories: Mapping[str, Category]
    routing: Routing
    deadlines: Deadlines
