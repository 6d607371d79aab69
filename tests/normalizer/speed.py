"""Prints how long a message takes, by length and stage: `python -m tests.normalizer.speed`. Asserts nothing."""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from normalizer.business import find_trader_in
from normalizer.features import features_of
from normalizer.guessing import Guessing
from normalizer.happened import find_day_fact
from normalizer.identifiers import find_identifiers
from normalizer.language import language_of
from normalizer.money import find_amounts_in
from normalizer.normalize import normalize
from normalizer.own_words import own_words
from normalizer.place import find_place_in
from normalizer.reading import read
from normalizer.urgency import find_urgency_in
from tests.normalizer.messages import load_messages, report_of

# What people write around the facts, told at length. None of it is in messages.jsonl.
TALK = (
    "سلام و عرض ادب خدمت شما مسئولان محترم. ",
    "من مدتهاست مشتری این مغازه هستم و تا امروز مشکلی پیش نیامده بود، ولی این بار واقعاً ناراحت شدم. ",
    "وقتی هم اعتراض کردم با لحن بد جواب داد و گفت برو هرجا می‌خواهی شکایت کن، هیچ کاری نمی‌توانی بکنی. ",
    "همسایه‌ها هم همین مشکل را دارند و چند نفر دیگر حاضرند شهادت بدهند. ",
    "خواهش می‌کنم یک بازرس بفرستید تا از نزدیک ببیند، چون حق مردم ضایع می‌شود. ",
    "لطفاً نتیجه را به همین شماره پیامک کنید. با تشکر. ",
)
LENGTHS: Final = (40, 140, 300, 1_000, 10_000, 64_000)
MESSAGES: Final = 100
_LEAST_NS, _WINDOW_NS = 10_000_000, 2_000_000
_GIVEN: Final = "all, category given"
_ASKED: Final = "all"


def told_at_length(length: int) -> Iterator[str]:
    """Gives each hand-written message with talk around it, cut to a length."""
    for place, message in enumerate(load_messages()):
        text = message.text + ". "
        while len(text) < length:
            text += TALK[place % len(TALK)]
            place += 1
        yield text[:length]


def stages_of(text: str) -> dict[str, Callable[[], object]]:
    """What is done to a message, part by part, and the whole: once of a form that gives intent and category, so that
    no classifier is asked, and once of a text alone."""
    said = own_words(text)
    reading, report = read(said), report_of(text)
    form = report_of(text, category="overcharging", always_complaint=True)
    return {
        "own words": lambda: own_words(text),
        "reading": lambda: read(said),
        "numbers": lambda: find_identifiers(reading.key),
        "amounts": lambda: find_amounts_in(reading),
        "day": lambda: find_day_fact(reading, report.received_at),
        "shop and address": lambda: find_trader_in(reading),
        "place": lambda: find_place_in(reading),
        "urgency": lambda: find_urgency_in(reading),
        "language": lambda: language_of(reading),
        "features": lambda: features_of(reading),
        "features, guesses": lambda: _guesses(Guessing(reading)),
        _GIVEN: lambda: normalize(form),
        _ASKED: lambda: normalize(report),
    }


def _guesses(guessing: Guessing) -> tuple[object, object]:
    return guessing.intents(), guessing.categories()


def microseconds(stage: Callable[[], object]) -> float:
    """Gives the processor's time a stage takes, the least of several: what it takes, not what else ran."""
    stage()
    best, spent, runs = float("inf"), 0, 1
    while spent < _LEAST_NS:
        start = time.thread_time_ns()
        for _ in range(runs):
            stage()
        taken = time.thread_time_ns() - start
        best, spent = min(best, taken / runs), spent + taken
        runs = max(1, int(_WINDOW_NS / best))
    return best / 1_000


def main() -> None:
    """Prints the median of each stage by length, and of the whole also the p99 and the longest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES, help="how many messages of each length")
    most = parser.parse_args().messages
    gc.disable()
    print(f"{'µs, median of characters':26}" + "".join(f"{length:>9,}" for length in LENGTHS))
    taken = {length: _taken(length, most) for length in LENGTHS}
    for stage in taken[LENGTHS[0]]:
        print(f"{stage:26}" + "".join(f"{statistics.median(taken[length][stage]):>9.0f}" for length in LENGTHS))
        if stage in (_GIVEN, _ASKED):
            for name, share in (("p99", 0.99), ("longest", 1.0)):
                print(f"{'  ' + name:26}" + "".join(f"{_at(taken[length][stage], share):>9.0f}" for length in LENGTHS))


def _taken(length: int, most: int) -> dict[str, list[float]]:
    """The times of each stage for messages of a length."""
    taken: dict[str, list[float]] = {}
    for text in islice(told_at_length(length), most):
        for name, stage in stages_of(text).items():
            taken.setdefault(name, []).append(microseconds(stage))
    return taken


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


if __name__ == "__main__":
    main()
