"""`gateway train`: labelled messages in, a file of classifiers out; what is wrong with them is named.

With what people settled on: what that changes is told, and a file that would be worse is not written.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.classifier_training import corrections, is_held_out, judge, labelled
from gateway.cli import main
from gateway.config import settings_from
from gateway.rules import build_rules
from normalizer.guessing import read_classifiers, use
from tests.support.database import SqliteCopies
from tests.support.reports import AT, text_message
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.settled import Settled
from ticketing.ticket import load, save
from ticketing.transaction import UnitTransaction
from ticketing.vault import load_vault


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored_logs: None) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    return tmp_path


def label_file(house: Path, *lines: object) -> str:
    path = house / "labelled.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return str(path)


TAUGHT = (("فاکتور", "complaint", "no_invoice"), ("جواب", "status", None), ("وزن", "complaint", "fraud"))
GOOD = [
    {"text": f"{word} نداد {number}", "gold": {"intent": intent, "category": category}}
    for number in range(4)
    for word, intent, category in (
        ("فاکتور", "complaint", "no_invoice"),
        ("جواب", "status", None),
        ("وزن", "complaint", "fraud"),
    )
]


def test_what_was_learned_can_be_read_again(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", label_file(house, *GOOD), "--out", "learned.json"]) == 0
    assert set(read_classifiers(house / "learned.json")["intent"].labels) == {"complaint", "status"}
    assert "intent: " in capsys.readouterr().out


WRONG = {
    "no text": ([{"gold": {}}], "text: required"),
    "an unknown intent": ([{"text": "x", "intent": "dance"}], "intent: unknown (dance)"),
    "an unknown category": ([{"text": "x", "category": "dance"}], "category: unknown (dance)"),
    "no object": ([7], "line 1: not_an_object"),
    "nothing": ([], "nothing to learn from"),
}


@pytest.mark.parametrize(("lines", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_labels_are_named_and_nothing_is_written(
    house: Path, capsys: pytest.CaptureFixture[str], lines: list[object], said: str
) -> None:
    assert main(["train", label_file(house, *lines), "--out", "learned.json"]) == 1
    assert said in capsys.readouterr().err
    assert not (house / "learned.json").exists()


@pytest.fixture
def restored_classifiers() -> Iterator[None]:
    """For tests that let others guess: afterwards those guess that come along."""
    yield
    use(read_classifiers())


def test_a_file_that_settings_name_guesses(
    house: Path, restored_classifiers: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", label_file(house, *GOOD), "--out", "learned.json"]) == 0
    (house / "config.toml").write_text('[understanding]\nclassifiers = "learned.json"', encoding="utf-8")
    said = {"channel": "sms", "sender": None, "text": "به من جواب نداد هنوز", "received_at": AT.isoformat()}
    capsys.readouterr()
    assert main(["normalize"], io.StringIO(json.dumps(said))) == 0
    assert json.loads(capsys.readouterr().out)["intent"] == "status"


async def fill(url: str, keys: Path) -> None:
    """Reports of which an evaluator says that not what they say outright is the matter."""
    rules = build_rules(settings_from({}), load_vault(keys))
    async with Database(url) as database:
        for number in range(8):
            text = f"قصابی رضا در کرج ترازویش دست خورده بود {number} شماره من 09121234567"
            accepted = await take_in(database, rules, text_message(text, phone=f"0912000000{number}"))

            async def work(tx: UnitTransaction, ticket_id: int = accepted.ticket_id or 0) -> None:
                ticket = await load(tx, rules.vault, ticket_id)
                ticket.category = "short_measure"
                ticket.record("complete", "sara", AT, fields=["category"])
                await save(tx, rules.vault, ticket, AT)

            await database.write(work)


def test_what_evaluators_settled_on_is_learned_too(
    house: Path, sqlite_copies: SqliteCopies, capsys: pytest.CaptureFixture[str]
) -> None:
    url = asyncio.run(sqlite_copies.make(house))
    asyncio.run(fill(url, house / "keys"))
    settings = f'[database]\nurl = "{url}"\n[security]\nkeys_file = "{house / "keys"}"\n'
    (house / "config.toml").write_text(settings, encoding="utf-8")
    given = label_file(house, *GOOD, *({**each, "text": f"{each['text']} {each['text']}"} for each in GOOD))
    assert main(["train", given, "--out", "learned.json", "--from-database"]) == 0
    said = capsys.readouterr().out
    assert "8 of them settled by people" in said
    assert "without the corrections" in said
    learned = read_classifiers(house / "learned.json")["category"]
    assert learned.rank(["ترازویش"])[0].label == "short_measure"
    assert not any("0912" in feature for feature in learned.weights)


def test_corrections_that_do_harm_are_seen() -> None:
    kinds = ("no_invoice", "fraud")
    texts = [(f"{'فاکتور' if number % 2 else 'وزن'} نداد {number} بار", kinds[number % 2]) for number in range(80)]
    given = labelled({"text": text, "category": kind} for text, kind in texts)
    wrong = {kinds[0]: kinds[1], kinds[1]: kinds[0]}
    settled = [Settled(f"باز {text}", kind) for text, kind in texts * 3]
    harmful = [each if is_held_out(each.text) else Settled(each.text, wrong[str(each.category)]) for each in settled]
    assert not judge("category", given, corrections(settled)).is_worse
    assert judge("category", given, corrections(harmful)).is_worse
