"""A queue's tickets as its page shows them: titles for codes, what is due in words, what may be done.

It asks the database nothing and decides nothing that a use case does not check again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from gateway.web.desk.titles import Titles
from gateway.web.render import page_url, table_date
from gateway.web.services import Services
from normalizer.day import TEHRAN
from ticketing.assigning import may_assign, may_give_back, may_take
from ticketing.staff import Staff

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
        code, titles = item["tracking_code"], self._titles
        place = {"place": item["place"]} if "place" in item else {}
        return {
            **item,
            "url": page_url(f"/desk/tickets/{code}", self.language, **self.query, **place),
            "subject": self._subject(item),
            "stage": titles.step(item["procedure"], item["step_number"]),
            "lacks_business": "business" in self.services.rules.procedures[item["procedure"]].needs,
            "about": item["business_name"] or (titles.body(item["addressee"]) if item["addressee"] else ""),
            "province_title": titles.of("province", item["province"]) if item["province"] else "",
            "channel_title": titles.of("channel", item["channel"]),
            "due": self.due(item),
            **self.doable(item),
        }

    def doable(self, item: Mapping[str, Any]) -> dict[str, bool]:
        """Which of take, give back and assign to offer."""
        return {
            "mine": item["assignee"] == self.member.username,
            "may_take": may_take(self.member, item),
            "may_give_back": may_give_back(self.member, item),
            "may_assign": may_assign(self.member, item),
        }

    def due(self, item: Mapping[str, Any]) -> Due:
        """The deadline of an item, by whole days in Tehran."""
        if item["due_on"] is None:
            return Due("none", "queue.due_none" if item["status"] == "open" else "queue.due_closed")
        day = date.fromisoformat(item["due_on"])
        days, written = (day - self.at.astimezone(TEHRAN).date()).days, table_date(day, self.language)
        if item["overdue"]:
            return Due("late", "queue.due_late" if days else "queue.due_late_today", -days, written)
        if days > _TOMORROW:
            return Due("soon" if item["warned"] else "calm", "queue.due_in", days, written)
        return Due("soon", "queue.due_tomorrow" if days else "queue.due_today", days, written)

    def _subject(self, item: Mapping[str, Any]) -> str:
        category = item["category"]
        if "category" not in self.services.rules.procedures[item["procedure"]].needs:
            return self._titles.procedure(item["procedure"])
        if category is None:
            return self.services.catalogue.say(self.language, "queue.no_category")
        return self._titles.of("category", category)

    @property
    def _titles(self) -> Titles:
        return Titles(self.language, self.services.catalogue, self.services.rules)
