"""`gateway train`: labelled messages in, a file of classifiers out; what is wrong with them is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.cli import main
from normalizer.guessing import read_classifiers


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored_logs: None) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    return tmp_path


def labelled(house: Path, *lines: object) -> str:
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
    assert main(["train", labelled(house, *GOOD), "--out", "learned.json"]) == 0
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
    assert main(["train", labelled(house, *lines), "--out", "learned.json"]) == 1
    assert said in capsys.readouterr().err
    assert not (house / "learned.json").exists()
