"""What a letter finds, sentence by sentence, from the figures of a review.

Every number in a sentence is the review's; what is not the case is not said. Which organisations are named follows
from the figures alone: most complaints, a share answered that rose, the least answered, and those without complaints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.catalogue import sort_key
from gateway.letters.writing import Writing, percent_of
from ticketing.body_register import Kind
from ticketing.performance import Performance, Review
from ticketing.title import Title, titled


@dataclass(frozen=True, slots=True)
class Naming:
    """How many organisations are named with the most complaints, and with the fewest answers."""

    most: int
    least: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Makes the sentences of one review in one language."""

    review: Review
    kinds: Mapping[str, Kind]
    outcomes: Mapping[str, Title]
    naming: Naming
    writing: Writing

    def all(self) -> list[str]:
        """The findings, in a letter's order."""
        total = self.review.total()
        if not total.registered:
            return [self.writing.say("none_registered")]
        found = [self._registered(total), self._unanswered(total), *self._by_kind()]
        found += [self._withdrawn(total), self._outcomes(total), self._time(total), self._satisfaction(total)]
        found += [self._trend(total), self._most(), self._improved(), self._least(), self._without()]
        return [each for each in found if each]

    def _registered(self, total: Performance) -> str:
        parts = [
            self.writing.say(
                "of_kind",
                count=each.registered,
                percent=percent_of(each.registered / total.registered),
                kind=self._many(kind),
            )
            for kind, each in self._kinds()
        ]
        return self.writing.say("registered", count=total.registered, kinds=self.writing.listed(parts))

    def _unanswered(self, total: Performance) -> str:
        if not total.unanswered:
            return self.writing.say("none_unanswered")
        counts = {"count": total.unanswered, "progress": total.in_progress, "delayed": total.delayed}
        shares = {f"{name}_percent": percent_of(count / total.registered) for name, count in counts.items()}
        return self.writing.say("unanswered", **counts, **shares)

    def _by_kind(self) -> Iterator[str]:
        for kind, each in self._kinds():
            answered = percent_of(each.answered / each.registered)
            rest = percent_of(each.unanswered / each.registered) if each.otherwise else 100 - answered
            yield self.writing.say("kind_answered", kind=self._many(kind), answered=answered, rest=rest)

    def _withdrawn(self, total: Performance) -> str:
        return self.writing.say("otherwise", count=total.otherwise) if total.otherwise else ""

    def _outcomes(self, total: Performance) -> str:
        if not total.answered:
            return ""
        parts = [
            self.writing.say(
                "outcome",
                count=total.outcomes[code],
                percent=percent_of(total.outcomes[code] / total.answered),
                outcome=titled(title, self.writing.language),
            )
            for code, title in self.outcomes.items()
            if total.outcomes[code]
        ]
        return self.writing.say("outcomes", count=total.answered, outcomes=self.writing.listed(parts))

    def _time(self, total: Performance) -> str:
        median, ninetieth, on_time = total.median_days, total.ninetieth_days, total.on_time_share
        if median is None or ninetieth is None or on_time is None:
            return ""
        days = {"median": self.writing.decimal(median), "ninetieth": ninetieth}
        return self.writing.say("time", percent=percent_of(on_time), **days)

    def _satisfaction(self, total: Performance) -> str:
        mean = total.satisfaction
        if mean is None:
            return ""
        return self.writing.say("satisfaction", mean=self.writing.decimal(mean), count=total.ratings)

    def _trend(self, total: Performance) -> str:
        earlier = self.review.total(self.review.before)
        if earlier.answered_share is None or total.answered_share is None:
            return ""
        shares = {"now": percent_of(total.answered_share), "before": percent_of(earlier.answered_share)}
        return self.writing.say("trend", count=earlier.registered, **shares)

    def _most(self) -> str:
        ranked = self._ordered(lambda each: -each.registered, lambda each: each.registered > 0)
        names = [
            self.writing.say("with_count", name=self.writing.organisation(code), count=each.registered)
            for code, each in ranked[: self.naming.most]
        ]
        return self.writing.say("most", names=self.writing.listed(names))

    def _improved(self) -> str:
        rose = sorted((code for code, change in self.review.trends().items() if change > 0), key=self._place)
        names = [self.writing.organisation(code) for code in rose]
        return self.writing.say("improved", names=self.writing.listed(names)) if names else ""

    def _least(self) -> str:
        def key(each: Performance) -> tuple[float, int]:
            return (each.answered_share or 0, -each.unanswered)

        ranked = self._ordered(key, lambda each: each.unanswered > 0)
        names = [
            self.writing.say(
                "with_percent", name=self.writing.organisation(code), percent=percent_of(each.answered_share or 0)
            )
            for code, each in ranked[: self.naming.least]
        ]
        return self.writing.say("least", names=self.writing.listed(names)) if names else ""

    def _without(self) -> str:
        found = [code for code, each in self.review.of_organisations().items() if not each.registered]
        names = [self.writing.organisation(code) for code in sorted(found, key=self._place)]
        return self.writing.say("without", names=self.writing.listed(names)) if names else ""

    def _kinds(self) -> list[tuple[str, Performance]]:
        """Kinds with complaints, in the register's order."""
        found = self.review.of_kinds()
        return [(kind, found[kind]) for kind in self.kinds if kind in found]

    def _many(self, kind: str) -> str:
        return titled(self.kinds[kind].many, self.writing.language)

    def _ordered(
        self, key: Callable[[Performance], Any], wanted: Callable[[Performance], bool]
    ) -> list[tuple[str, Performance]]:
        """Organisations by `key`, equals by name."""
        found = [(code, each) for code, each in self.review.of_organisations().items() if wanted(each)]
        return sorted(found, key=lambda named: (key(named[1]), self._place(named[0])))

    def _place(self, code: str) -> list[int]:
        """Where its name stands in a dictionary."""
        return sort_key(self.writing.organisation(code))
