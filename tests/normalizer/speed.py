"""Prints how long a message takes, by length and stage: `python -m tests.normalizer.speed`. Asserts nothing."""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Final

from normalizer.business import find_trader_in
from normalizer.category import Category, said_outright
from normalizer.contact import contact_of
from normalizer.features import features_of
from normalizer.guessing import Guessing
from normalizer.happened import find_day_fact
from normalizer.identifiers import find_identifiers
from normalizer.intent import answer_of, intent_of
from normalizer.language import language_of
from normalizer.money import find_amounts_in
from normalizer.normalize import normalize
from normalizer.own_words import own_words
from normalizer.place import find_place_in
from normalizer.reading import read
from normalizer.report import Business, Report
from normalizer.telling import business_facts, category_facts, place_facts
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
_PASSES: Final = 30
_REST: Final = "rest"
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


def stages(report: Report, *, asks: bool) -> Iterator[str]:
    """Does to a report what `normalize` does, part by part, and says after each part which it was; `asks` says
    whether intent and category are not given, so that the classifiers are asked."""
    reading = read(own_words(report.text))
    yield "reading"
    numbers = find_identifiers(reading.key)
    yield "numbers"
    contact_of(report, numbers)
    find_amounts_in(reading)
    answer = answer_of(reading)
    yield "contact, amounts, answer"
    category = Category("overcharging", 1.0, None)
    if asks:
        guessing = Guessing(reading)
        guessing.intents()
        yield "features, guess of intent"
        features_of(reading)
        yield "  of it features"
        guessing.categories()
        yield "guess of category"
        intent_of(reading, guessing, codes=numbers.tracking_codes, category_weight=0.0, answer=answer)
        category = said_outright(reading)
        yield "intent, category"
    business = Business(*find_trader_in(reading))
    yield "shop and address"
    place = find_place_in(reading)
    yield "place"
    find_day_fact(reading, report.received_at)
    yield "day"
    find_urgency_in(reading)
    language_of(reading)
    yield "urgency, language"
    facts = (category_facts(reading, category), place_facts(reading, place), business_facts(reading, business))
    sorted(chain.from_iterable(facts))
    yield "facts"


def microseconds_by_stage(report: Report, *, asks: bool) -> dict[str, float]:
    """Gives the time of each stage, the least of several passes through all: in a loop of its own a stage takes up to a
    third less than it does among the others."""
    least: dict[str, int] = {}
    for _ in range(_PASSES):
        start = time.perf_counter_ns()
        for stage in stages(report, asks=asks):
            taken = time.perf_counter_ns() - start
            least[stage] = min(taken, least.get(stage, taken))
            start = time.perf_counter_ns()
    return {stage: taken / 1_000 for stage, taken in least.items()}


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
    """The times of each stage for messages of a length, and of the whole: once of a form that gives intent and
    category, so that no classifier is asked, and once of a text alone."""
    taken: dict[str, list[float]] = {}
    for text in islice(told_at_length(length), most):
        report, form = report_of(text), report_of(text, category="overcharging", always_complaint=True)
        times = microseconds_by_stage(report, asks=False)
        given = microseconds(partial(normalize, form))
        times |= {_REST: given - sum(times.values()), _GIVEN: given}
        asked = microseconds_by_stage(report, asks=True)
        times |= {stage: each for stage, each in asked.items() if stage not in times}
        times[_ASKED] = microseconds(partial(normalize, report))
        for name, each in times.items():
            taken.setdefault(name, []).append(each)
    return taken


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


if __name__ == "__main__":
    main()
