"""Learns the weights of likeness.toml from the pairs of development: `python -m tests.normalizer.train_likeness`.

Only pairs that something ties to one person are learned from: others are never compared. A logistic regression by plain
gradient steps, pulled towards what is expected of each sign; none may say the contrary of what a reader expects of it.
Deterministic. `--hold pb,pc` leaves the pairs of one writer out and says how well theirs are then told, by bound.
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import normalizer.data as data
from gateway.commands.simulate import report_of
from normalizer.complaint import Complaint
from normalizer.likeness_signs import signs_of
from normalizer.normalize import normalize
from normalizer.shared_story import shared_by
from normalizer.told import Telling
from tests.normalizer.evaluation.measures import Share
from tests.normalizer.labelled import load_pairs
from ticketing.joining_bounds import JoiningBounds

TABLE: Final = Path(str(data.__file__)).with_name("likeness.toml")
WINDOW: Final = JoiningBounds().window
_START: Final = "start"
FIXED: Final = {
    "other_guild_id": -6.0,
    "other_branch": -6.0,
    "another_matter": -7.0,
    "another_person": -8.0,
    "no_grievance": -4.0,
}
"""Too rare to be learned, and too plain to be outweighed."""
EXPECTED: Final = {
    "same_guild_id": 3.0,
    "same_shop": 1.5,
    "same_shop_soon": 0.7,
    "close_text": 1.0,
    "unnamed": 0.8,
    "same_trade": 0.3,
    "same_field": 0.7,
    "the_shop": 0.8,
    "same_category": 0.5,
    "same_words": 1.0,
    "same_numbers": 0.5,
    "refers_back": 2.0,
    "waits": 2.0,
    "told_before": 2.0,
    "goes_on": 2.0,
    "evidence": 1.5,
    "its_detail": 1.5,
    "sequel": 0.7,
    "nothing_against": 0.8,
    "corrects": 2.0,
    "gives_place": 1.0,
    "pardon": 0.7,
    "to_the_office": 1.0,
    "opens_within": 0.7,
    "the_trader": 0.7,
    "about_a_ticket": 1.0,
    "told_so": 0.5,
    "at_once": 1.0,
    "within_a_day": 1.0,
    "other_place": -3.0,
    "other_shop": -2.5,
    "other_trade": -2.5,
    "other_spot": -3.0,
    "only_shop": -0.7,
    "strange_good": -2.0,
    "other_field": -1.0,
    "name_differs": -1.5,
    "behind_differs": -1.5,
    "another_shop": -2.0,
    "beside_it": -3.0,
    "denied": -3.0,
    "introduces": -2.5,
    "begins_anew": -2.0,
    "opens_anew": -0.7,
    "advertises": -2.5,
    "another_of_it": -1.0,
    "other_kind": -2.5,
    "of_others": -2.0,
    "also_there": -1.0,
    "new_event": -1.5,
    "says_nothing": -2.0,
    "asks": -3.5,
    "thanks": -3.5,
    "other_category": -0.5,
    "weeks_later": -0.7,
    "months_later": -0.7,
    "fresh_weeks_later": -1.0,
}
EITHER: Final = frozenset(("no_verb",))
_ROUNDS, _STEP, _PULL = 600, 0.3, 8.0
"""Pulled so hard, the weights learned without one writer are nearly those learned without another."""

Example = tuple[Mapping[str, float], bool]


def examples_of(pairs: Sequence[Mapping[str, Any]]) -> list[Example]:
    """The signs of every pair that is tied to one person, and whether it is one matter."""
    found = []
    for pair in pairs:
        first, second = (normalize(report_of(pair[name], [], name)) for name in ("first", "second"))
        earlier, later = (_told(each, pair[name]) for each, name in ((first, "first"), (second, "second")))
        if _own(first) & _contacts(second) and later.told_at - earlier.told_at <= WINDOW:
            found.append((signs_of(earlier, later, shared_by(earlier, later)), bool(pair["same"])))
    return found


def _own(said: Complaint) -> set[str]:
    return {each for each in (said.phone, said.email, said.chat) if each}


def _contacts(said: Complaint) -> set[str]:
    return _own(said) | {each for each in said.phones if each != said.business.phone} | set(said.emails)


def _told(said: Complaint, arrival: Mapping[str, Any]) -> Telling:
    at = report_of(arrival, [], "").received_at
    name, guild_id, place = said.business.name, said.business.guild_id, said.place
    shop = name, guild_id, place.province, place.county
    return Telling(said.text, at, *shop, said.category, said.intent, arrival["channel"])


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """The weights, `start` first."""
    weights = {_START: 0.0} | {sign: FIXED.get(sign, EXPECTED.get(sign, 0.0)) for sign in examples[0][0]}
    learned = [sign for sign in weights if sign not in FIXED]
    rows = [
        ({sign: degree for sign, degree in signs.items() if degree} | {_START: 1.0}, same) for signs, same in examples
    ]
    steps = dict.fromkeys(learned, 1.0)
    for _ in range(_ROUNDS):
        wrong = {sign: _PULL * (weights[sign] - EXPECTED.get(sign, 0.0)) for sign in learned}
        wrong[_START] *= 0.1
        for signs, same in rows:
            off = _score(weights, signs) - same
            for sign, degree in signs.items():
                if sign in wrong:
                    wrong[sign] += off * degree
        for sign, slope in wrong.items():
            steps[sign] += slope * slope
            weights[sign] = _allowed(sign, weights[sign] - _STEP * slope / math.sqrt(steps[sign]))
    return {sign: round(weight, 2) + 0.0 for sign, weight in weights.items()}


def _allowed(sign: str, weight: float) -> float:
    if sign in EITHER or sign == _START:
        return weight
    is_against = EXPECTED.get(sign, 0.0) < 0
    return min(weight, 0.0) if is_against else max(weight, 0.0)


def _score(weights: Mapping[str, float], signs: Mapping[str, float]) -> float:
    return 1 / (1 + math.exp(-sum(weights[sign] * degree for sign, degree in signs.items())))


def report(weights: Mapping[str, float], examples: Sequence[Example]) -> list[str]:
    """Precision and recall of joining by the score alone, at some bounds."""
    scored = [(_score(weights, signs | {_START: 1.0}), same) for signs, same in examples]
    lines = []
    for bound in (0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
        joined = [same for score, same in scored if score >= bound]
        right, all_same = sum(joined), sum(same for _, same in scored)
        lines.append(f"from {bound}: precision {Share(right, len(joined))}  recall {Share(right, all_same)}")
    return lines


def main() -> None:
    """Fit, and rewrite the weights, or with `--hold` say how well it does for a writer it has not seen."""
    parser = argparse.ArgumentParser(description="learn how much each sign of one matter weighs")
    parser.add_argument(
        "--hold", metavar="PREFIXES", help="leave these pairs out (pd or pb,pc or d), and measure on them"
    )
    held = tuple((parser.parse_args().hold or "").split(","))
    pairs = load_pairs("dev")
    if held != ("",):
        weights = fit(examples_of([pair for pair in pairs if not pair["id"].startswith(held)]))
        print("\n".join(report(weights, examples_of([pair for pair in pairs if pair["id"].startswith(held)]))))
        return
    examples = examples_of(pairs)
    weights = fit(examples)
    print("\n".join(report(weights, examples)))
    lines = "\n".join(f"{sign} = {weight}" for sign, weight in weights.items())
    before = TABLE.read_text(encoding="utf-8")
    TABLE.write_text(re.sub(r"(?<=\[weights\]\n)[^\n]+(\n[^\n]+)*", lines, before, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
