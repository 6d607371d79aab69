"""One case before a disciplinary council, and what is done about it by a moving clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from sms.sender import OutgoingNotice
from sms.tables import notices
from tests.support.council import CHAIR, SECRETARY
from tests.support.reports import AT, text_message
from tests.support.staging import act
from ticketing import desk
from ticketing.appointments import free_slots
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.sweep import sweep


class Case:
    """One case, and what is done about it by a moving clock."""

    def __init__(self, database: Database, rules: Rules, code: str) -> None:
        self.database, self.rules, self.code, self.at = database, rules, code, AT

    async def does(self, action: str, by: Staff = SECRETARY, files: Any = (), **body: Any) -> None:
        await act(self.database, self.rules, by, self.code, action, at=self.at, files=files, **body)

    async def hears(self, text: str) -> str:
        return (await take_in(self.database, self.rules, text_message(text, received_at=self.at))).result

    async def waits(self, days: float) -> None:
        self.at += timedelta(days=days)
        await sweep(self.database, self.rules, self.at)

    async def seen(self, by: Staff = CHAIR) -> dict[str, Any]:
        return await desk.get_ticket(self.database, self.rules, by, self.code, self.at)

    async def stands(self) -> tuple[str, str | None, str | None]:
        ticket = await self.seen()
        return ticket["step"], ticket["waiting_for"], ticket["outcome"]

    async def admitted(self, *, urgent: bool = False) -> None:
        """Paid, laid before the chair, and put on the council's docket."""
        await self.hears("۱۴۰۵۰۸۳۰۱۲۳۴")
        await self.does("submit")
        await self.does("rank", CHAIR, urgent=urgent)

    async def scheduled(self) -> None:
        slot = (await free_slots(self.database.read, SECRETARY, self.at))[0]
        await self.does("schedule", slot=str(slot["id"]), reason="ادای توضیح")

    async def sent(self, medium: str, kind: str = "formal") -> list[OutgoingNotice]:
        """What the outbox holds of a kind and medium, opened, in order."""
        wanted = (notices.c.kind == kind) & (notices.c.medium == medium)
        rows = await self.database.read(select(notices).where(wanted).order_by(notices.c.id))
        opened = [
            {
                name: self.rules.vault.unseal(f"notices.{name}", row["id"], row[name])
                for name in ("recipient", "body", "calendar")
                if row[name]
            }
            for row in rows
        ]
        return [
            OutgoingNotice(
                id=row["id"],
                account="",
                recipient=said["recipient"],
                text=said["body"],
                headers=row["headers"],
                calendar=said.get("calendar"),
            )
            for row, said in zip(rows, opened, strict=True)
        ]
