"""`gateway simulate`: a line in, what became of it out, in order; scenarios share nothing; a wrong line is named."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.commands.command import CommandError
from gateway.commands.simulate import simulated
from gateway.config import load_settings

DAIRY = "سوپرمارکت رضا در تهران شیر کم چرب را ده هزار تومان گران‌تر از قیمت جلد فروخت"


def line(text: str, *, day: int = 1, scenario: str = "a", **more: Any) -> str:
    given = {"scenario": scenario, "at": f"2026-11-{day:02}T11:30:00+03:30", "channel": "sms", "text": text}
    return json.dumps({**given, "phone": "+989121234567", **more}, ensure_ascii=False)


async def outcomes(*lines: str, **joining: float) -> list[dict[str, Any]]:
    settings = load_settings(Path("config.toml"))
    bounds = settings.joining.model_copy(update=joining)
    settings = settings.model_copy(update={"joining": bounds})
    return [each async for each in simulated(settings, io.StringIO("\n".join(lines)))]


async def test_one_matter_by_four_channels_is_one_ticket() -> None:
    shop = {"business_name": "سوپرمارکت رضا", "province": "23", "category": "overcharging"}
    found = await outcomes(
        line(f"شهروند اظهار داشت {DAIRY}", channel="phone", name="مریم احمدی", **shop),
        line("همون سوپری رضا که زنگ زدم رسید هم نداد", day=2),
        line(
            "پیرو تماس تلفنی، رسید شیر کم چرب سوپرمارکت رضا پیوست است. شماره من 09121234567",
            day=3,
            channel="email",
            phone=None,
            email="m@example.org",
        ),
        line("سوپر رضا هنوز شیر را گران می‌دهد", day=4, channel="telegram", chat="501"),
        line("قصابی کوثر در کرج گوشت یخ زده فروخت", day=5),
    )
    assert [each["result"] for each in found] == ["opened", "joined", "joined", "joined", "opened"]
    assert len({each["tracking_code"] for each in found[:4]}) == 1
    assert found[4]["tracking_code"] != found[0]["tracking_code"]
    assert all(each["reasons"] for each in found[1:4])
    assert [each["index"] for each in found] == [0, 1, 2, 3, 4]


async def test_scenarios_share_nothing() -> None:
    one, other = await outcomes(line(DAIRY), line(DAIRY, scenario="b"))
    assert (one["result"], other["result"], other["index"]) == ("opened", "opened", 0)


async def test_code_of_an_earlier_arrival_stands_where_the_text_says() -> None:
    first, second = await outcomes(line(DAIRY), line("{code} فاکتور هم نداد", day=20, refers=0))
    assert (second["result"], second["tracking_code"]) == ("joined", first["tracking_code"])
    assert second["reasons"] == ("code in the text",)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{", "line 2: not_json"),
        ("7", "line 2: not_an_object"),
        (line("x", channel="pigeon"), "line 2: channel: unknown"),
        (line("x", category="noise"), "line 2: category: unknown"),
        (line("x", refers=3), "line 2: refers: no_such_arrival"),
        (line("x", at="2026-11-21"), "line 2: at: needs_zone"),
        (line("x", phone=9), "line 2: phone: wrong_type"),
    ],
)
async def test_a_wrong_line_is_named(wrong: str, said: str) -> None:
    with pytest.raises(CommandError) as error:
        await outcomes(line("سلام"), wrong)
    assert str(error.value) == said


async def test_what_is_not_sure_is_asked_and_the_answer_is_followed() -> None:
    first, asked, answer, filed = await outcomes(
        line(DAIRY),
        line("سوپری رضا باز هم شیر را گران داد", day=2),
        line("۱", day=3),
        line("سوپری رضا باز هم شیر را گران داد", day=4, channel="phone"),
        upper=1.0,
        lower=0.0,
    )
    assert (asked["result"], asked["candidate"]) == ("asked", first["tracking_code"])
    assert asked["tracking_code"] != first["tracking_code"]
    assert 0 < asked["score"] < 1
    assert asked["reasons"][0] == "same_person"
    assert (answer["result"], answer["tracking_code"]) == ("answered", first["tracking_code"])
    assert (filed["result"], filed["candidate"]) == ("opened", first["tracking_code"]), "staff are not asked"
