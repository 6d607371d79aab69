"""A letter as one document: the figures, and every word in both languages. What is shown or printed is read off this.

So a letter that was issued is kept as its document, and its reprints depend on nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.catalogue import LANGUAGES, Catalogue
from gateway.letter_settings import Letter
from gateway.letters.findings import Findings, Naming
from gateway.letters.tables import LetterTables
from gateway.letters.writing import Writing
from gateway.settings import Words
from gateway.web.render import digits_of
from ticketing.body_register import body_register
from ticketing.letters import Reference
from ticketing.performance import Performance, Review
from ticketing.rules import Rules

Document = dict[str, Any]
_MEASURES: Final = (
    "registered",
    "answered",
    "in_progress",
    "delayed",
    "otherwise",
    "on_time",
    "answered_share",
    "on_time_share",
    "median_days",
    "ninetieth_days",
    "satisfaction",
    "ratings",
)


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes letters by the settings."""

    settings: Letter
    rules: Rules
    catalogue: Catalogue

    def compose(
        self, review: Review, *, reference: Reference | None = None, follows: Reference | None = None
    ) -> Document:
        """The letter about a review; a draft without a reference. `follows` is the letter issued before it."""
        return {
            "number": reference.number if reference else None,
            "date": reference.day.isoformat() if reference else None,
            "procedure": review.procedure,
            "period": {"first": review.period.first.isoformat(), "last": review.period.last.isoformat()},
            "at": review.at.isoformat(),
            "figures": figures_of(review),
            "words": {
                language: self._words(Writing(language, self.catalogue), review, reference, follows)
                for language in LANGUAGES
            },
        }

    def _words(
        self, writing: Writing, review: Review, reference: Reference | None, follows: Reference | None
    ) -> dict[str, Any]:
        said, language = self.settings, writing.language
        kinds, tables = body_register().kinds, LetterTables(review, writing)
        naming = Naming(said.most_named, said.least_named)
        outcomes = self.rules.procedures[review.procedure].outcomes
        answers = {code: outcomes[code] for code in self.rules.procedures[review.procedure].answered}
        signed = [said.signed_by] if said.signed_by else []
        return {
            "invocation": writing.say("invocation"),
            "head": _each(said.head, language),
            "marks": _marks(writing, reference),
            "to": _in(said.to, language),
            "subject_label": writing.say("subject"),
            "subject": _in(said.subject, language),
            "greeting": writing.say("greeting"),
            "opening": _opening(writing, review, follows),
            "findings": Findings(review, kinds, answers, naming, writing).all(),
            "tables": [tables.kinds(kinds), tables.organisations()],
            "advice": writing.say("advice") if said.recommendations else "",
            "recommendations": _each(said.recommendations, language),
            "signature": [*signed, *_each(said.signed_as, language)],
            "copies_label": writing.say("copies"),
            "copies": _each(said.copies, language),
        }


def figures_of(review: Review) -> dict[str, Any]:
    """The figures of a review as data: in total, by kind and by organisation, with those of the period before."""
    kinds, kinds_before = review.of_kinds(), review.of_kinds(review.before)
    before, ranks, trends = review.of_organisations(review.before), review.ranks(), review.trends()
    return {
        "total": {**_measured(review.total()), "before": _measured(review.total(review.before))},
        "by_kind": [
            {"kind": code, **_measured(each), "before": _measured(kinds_before.get(code, Performance()))}
            for code, each in sorted(kinds.items())
        ],
        "by_organisation": [
            {
                "organisation": code,
                "rank": ranks.get(code),
                "trend": _rounded(trends.get(code)),
                **_measured(each),
                "before": _measured(before[code]),
            }
            for code, each in review.of_organisations().items()
        ],
    }


def written(document: Mapping[str, Any]) -> str:
    """The document as JSON; the same one is the same text, byte for byte."""
    return json.dumps(document, ensure_ascii=False, indent=1)


def _measured(each: Performance) -> dict[str, Any]:
    outcomes = {code: each.outcomes[code] for code in sorted(each.outcomes)}
    return {**{name: _rounded(getattr(each, name)) for name in _MEASURES}, "outcomes": outcomes}


def _rounded(value: float | None) -> float | None:
    return round(value, 4) if isinstance(value, float) else value


def _opening(writing: Writing, review: Review, follows: Reference | None) -> str:
    days = {"first": writing.day(review.period.first), "last": writing.day(review.period.last)}
    opening = writing.say("opening", **days, at=writing.moment(review.at))
    if follows is None:
        return opening
    number = digits_of(follows.number, writing.language)
    return writing.say("follows", number=f"\u2068{number}\u2069", date=writing.day(follows.day), opening=opening)


def _marks(writing: Writing, reference: Reference | None) -> list[dict[str, str]]:
    number = digits_of(reference.number, writing.language) if reference else writing.say("draft")
    day = writing.day(reference.day) if reference else writing.say("nothing")
    named = {"number": number, "date": day, "enclosed": writing.say("enclosed.none")}
    return [{"label": writing.say(f"mark.{name}"), "text": text} for name, text in named.items()]


def _in(words: Words, language: str) -> str:
    return words.en if language == "en" else words.fa


def _each(several: list[Words], language: str) -> list[str]:
    return [_in(words, language) for words in several]
