"""`gateway normalize`: a line in, a line out, in order; a wrong line is named and ends it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.commands.command import CommandError
from gateway.commands.normalize import normalized
from tests.support.process import run_gateway

FIELDS = [
    "intent",
    "category",
    "category_confidence",
    "category_second",
    "language",
    "province",
    "county",
    "business_name",
    "phones",
    "national_ids",
    "guild_ids",
    "tracking_codes",
    "emails",
    "amounts_rial",
    "happened_on",
    "urgent",
    "missing",
    "text",
    "key",
]


def line(said: str, **more: Any) -> str:
    given = {"channel": "sms", "sender": "+989121234567", "text": said, "received_at": "2026-11-21T11:30:00+03:30"}
    return json.dumps(given | more, ensure_ascii=False)


def answers(*lines: str) -> list[dict[str, Any]]:
    return [json.loads(each) for each in normalized(io.StringIO("\n".join(lines)))]


def test_facts_come_out_by_the_names_of_the_contract_in_order() -> None:
    overcharged, thanked = answers(
        line("سوپرمارکت رضا در کرج دیروز شیر را ۵۰ هزار تومان گران فروخت"), line("ممنون از شما")
    )
    assert [name for name in FIELDS if name not in overcharged] == []
    assert overcharged["intent"] == "complaint"
    assert overcharged["category"] == "overcharging"
    assert (overcharged["province"], overcharged["county"]) == ("30", "کرج")
    assert overcharged["business_name"] == "سوپرمارکت رضا"
    assert overcharged["amounts_rial"] == [500_000]
    assert overcharged["happened_on"] == "2026-11-20"
    assert overcharged["missing"] == []
    assert thanked["intent"] == "thanks"
    assert (thanked["province"], thanked["business_name"], thanked["phones"], thanked["happened_on"]) == (
        None,
        None,
        [],
        None,
    )


def test_a_sender_nobody_knows_leaves_the_phone_missing() -> None:
    [answer] = answers(line("گران‌فروشی می‌کند", sender=None))
    assert "phone" in answer["missing"]


def test_what_is_not_asked_for_is_passed_over_and_so_are_blank_lines() -> None:
    assert len(answers(line("سلام", id=7), "", line("", channel="web"))) == 2


def test_half_a_character_is_no_reason_to_stop() -> None:
    [answer] = answers('{"channel":"sms","sender":null,"text":"\\ud800 گران","received_at":"2026-11-21T08:00:00Z"}')
    assert answer["text"] == "گران"


WRONG = {
    "not json": ("{", "line 2: not_json"),
    "a number": ("7", "line 2: not_an_object"),
    "no text": (json.dumps({"channel": "sms"}), "line 2: text: required"),
    "a text that is none": (line("x", text=7), "line 2: text: wrong_type"),
    "a sender that is none": (line("x", sender=7), "line 2: sender: wrong_type"),
    "no date": (line("x", received_at="yesterday"), "line 2: received_at: wrong_date"),
    "no such year": (line("x", received_at="9999-12-31T23:59:59Z"), "line 2: received_at: wrong_date"),
    "no zone": (line("x", received_at="2026-11-21T08:00:00"), "line 2: received_at: needs_zone"),
    "deep": ("[" * 100_000, "line 2: not_json"),
}


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_line_is_named(wrong: str, said: str) -> None:
    lines = normalized(io.StringIO(f"{line('سلام')}\n{wrong}\n"))
    next(lines)
    with pytest.raises(CommandError) as error:
        next(lines)
    assert str(error.value) == said


def test_bytes_that_are_no_text_are_named() -> None:
    lines = normalized(io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n"), encoding="utf-8"))
    with pytest.raises(CommandError, match="line 1: not_utf8"):
        next(lines)


async def test_command_speaks_utf8_whatever_the_machine_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    code, out, err = await run_gateway(tmp_path, "normalize", typed=line("نانوایی سنگک امید"))
    assert (code, err) == (0, "")
    assert json.loads(out)["text"] == "نانوایی سنگک امید"
