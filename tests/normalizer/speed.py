"""Prints how long a message takes by length: `python -m tests.normalizer.speed`. Measures; asserts nothing."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator

from normalizer.normalize import normalize
from normalizer.report import Report
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
LENGTHS = (70, 150, 300, 1_000, 10_000, 64_000)
WINDOWS, RUNS = 60, 5


def told_at_length(length: int) -> Iterator[str]:
    """Gives each hand-written message with talk around it, cut to a length."""
    for place, message in enumerate(load_messages()):
        text = message.text + ". "
        while len(text) < length:
            text += TALK[place % len(TALK)]
            place += 1
        yield text[:length]


def microseconds(report: Report, windows: int = WINDOWS) -> float:
    """Gives the time of one normalisation, the least of many short windows: what it takes, not what else ran."""
    normalize(report)
    best = float("inf")
    for _ in range(windows):
        start = time.perf_counter_ns()
        for _ in range(RUNS):
            normalize(report)
        best = min(best, (time.perf_counter_ns() - start) / RUNS / 1_000)
    return best


def main() -> None:
    """Prints a line for each length."""
    gc.disable()
    print(f"{'characters':>10} {'median µs':>10} {'p99 µs':>10} {'worst µs':>10}")
    for length in LENGTHS:
        windows = WINDOWS if length <= 1_000 else 3
        times = sorted(microseconds(report_of(text), windows) for text in told_at_length(length))
        p99 = times[int(len(times) * 0.99)]
        print(f"{length:>10} {statistics.median(times):>10.0f} {p99:>10.0f} {times[-1]:>10.0f}")


if __name__ == "__main__":
    main()
