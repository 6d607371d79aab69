"""`make evaluate`: how well messages are understood. `--split dev --misses FIELD` shows what to work on."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter

from tests.normalizer.evaluation.messages import compare
from tests.normalizer.evaluation.pairs import compare_pairs
from tests.normalizer.evaluation.timing import time_messages
from tests.normalizer.labelled import load_labelled, load_pairs


def main() -> None:
    """Print the whole report."""
    parser = argparse.ArgumentParser(description="compare what is understood with the labelled set")
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--misses", metavar="FIELD", help="of dev: list the messages whose FIELD was wrong")
    arguments = parser.parse_args()
    if arguments.misses == "joining" and arguments.split == "dev":
        print("\n".join(asyncio.run(compare_pairs(load_pairs("dev"))).wrong))
        return
    messages = load_labelled(arguments.split)
    outcome = compare(messages)
    if arguments.misses and arguments.split == "dev":
        texts = {message.id: message.report.text for message in messages}
        for id_, gold, found in outcome.misses[arguments.misses]:
            print(f"{id_} gold={gold!r} found={found!r}\n    {' / '.join(texts[id_].split(chr(10)))}")
        return
    channels = Counter(message.report.channel for message in messages)
    by_channel = ", ".join(f"{count} {name}" for name, count in channels.most_common())
    print(f"{len(messages)} messages of {arguments.split}: {by_channel}")
    print("\n".join(outcome.lines()))
    joining = asyncio.run(compare_pairs(load_pairs(arguments.split)))
    print("\n".join(joining.lines()))
    print(time_messages(message.report for message in messages))


if __name__ == "__main__":
    main()
