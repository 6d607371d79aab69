"""A queue's tickets and filters as its page shows them: titles for codes, what is due in words, what may be done.

It asks the database nothing and decides nothing that a use case does not check again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from persiantools.jdatetime import JalaliDate

from channels.registry import CHANNELS
from gateway.catalogue import persian_digits, sort_key
from gateway.web.render import page_url
from gateway.web.services import Services
from ticketing.assigning import ASSIGNERS
from ticketing.deadlines import TEHRAN
from ticketing.organisations import NATIONAL, ORGANISATIONS, PROVINCE_CODES
from ticketing.staff import Staff
from ticketing.title import titled

Choices = Sequence[tuple[str, str]]
_NOBODYS_TO_GIVE: Final = (None, "citizen", "inspector")
_TOMORROW: Final = 1


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in a word: `tone` is late, soon, calm or none; `code` and `days` make the sentence."""

    tone: str
    code: str
    days: int = 0
    written: str = ""


@dataclass(frozen=True, slots=True)
class Shower:
    """Shows tickets to one member of staff in one language, as of one moment. `query` leads back to the queue."""

    services: Services
    member: Staff
    language: str
    at: datetime
    query: Mapping[str, str]

    def row(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """One ticket for the template."""
        code = item["tracking_code"]
        place = {"place": item["place"]} if "place" in item else {}
        return {
            **item,
            "url": page_url(f"/desk/tickets/{code}", self.language, **self.query, **place),
            "subject": self._subject(item),
            "stage": self._stage(item),
            "province_title": self._province(item["province"]),
            "channel_code": f"queue.channel.{item['channel']}",
            "due": self.due(item),
            **self.doable(item),
        }

    def doable(self, item: Mapping[str, Any]) -> dict[str, bool]:
        """Which of take, give back and assign to offer."""
        is_open, mine = item["status"] == "open", item["assignee"] == self.member.username
        assigns = self.member.role in ASSIGNERS
        return {
            "mine": mine,
            "may_take": is_open and item["assignee"] is None and item["waiting_for"] == self.member.role,
            "may_give_back": item["assignee"] is not None and (mine or assigns),
            "may_assign": is_open and assigns and item["waiting_for"] not in _NOBODYS_TO_GIVE,
        }

    def due(self, item: Mapping[str, Any]) -> Due:
        """The deadline of an item, by whole days in Tehran."""
        if item["due_on"] is None:
            return Due("none", "queue.due_none" if item["status"] == "open" else "queue.due_closed")
        day = date.fromisoformat(item["due_on"])
        days, written = (day - self.at.astimezone(TEHRAN).date()).days, self._written(day)
        if item["overdue"]:
            return Due("late", "queue.due_late" if days else "queue.due_late_today", -days, written)
        if days > _TOMORROW:
            return Due("calm", "queue.due_in", days, written)
        return Due("soon", "queue.due_tomorrow" if days else "queue.due_today", days, written)

    def choices(self) -> dict[str, Choices]:
        """What each filter of the form may be, in the order shown."""
        rules, say = self.services.rules, self.services.catalogue.say
        steps = {step.code: step.title for procedure in rules.procedures.values() for step in procedure.steps}
        shown: dict[str, Choices] = {
            "step": [(code, titled(title, self.language)) for code, title in steps.items()],
            "category": [(code, titled(each.title, self.language)) for code, each in rules.categories.items()],
            "channel": [(code, say(self.language, f"queue.channel.{code}")) for code in CHANNELS],
        }
        if self.member.organisation == NATIONAL:
            provinces = [(code, self._province(code)) for code in PROVINCE_CODES]
            shown["province"] = sorted(provinces, key=lambda choice: sort_key(choice[1]))
        return shown

    def _subject(self, item: Mapping[str, Any]) -> str:
        category = self.services.rules.categories.get(item["category"] or "")
        if category is None:
            return self.services.catalogue.say(self.language, "queue.no_category")
        return titled(category.title, self.language)

    def _stage(self, item: Mapping[str, Any]) -> str:
        procedure = self.services.rules.procedures[item["procedure"]]
        return titled(procedure.step(item["step_number"]).title, self.language)

    def _province(self, code: str | None) -> str:
        return titled(ORGANISATIONS[code], self.language) if code and code in ORGANISATIONS else ""

    def _written(self, day: date) -> str:
        """The day as tables have it: year, month, day in figures."""
        if self.language != "fa":
            return day.isoformat()
        jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
        return persian_digits(f"{jalali.year}/{jalali.month:02d}/{jalali.day:02d}")
