"""`gateway replay`: every stored report is read again as it came, differences are told, and kept only where asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from channels.channel import Arrival
from channels.registry import CHANNELS
from gateway.cli import main
from gateway.commands.replay import Asked, Outcome, replay
from gateway.config import Settings, settings_from
from gateway.replay.printing import in_json, in_lines
from gateway.replay.tally import Page
from gateway.rules import build_rules
from gateway.web.desk import call_filing, call_form
from gateway.web.filing import canonical
from gateway.web.pages import report as report_page
from gateway.web.pages import steps
from normalizer.report import Report
from tests.support.reports import AT
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.tables import reports, tickets
from ticketing.transaction import UnitTransaction
from ticketing.understood import open_understood, seal_understood
from ticketing.vault import load_vault

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])
PHONE = "09121234567"
TYPED = {
    "text": "سوپرمارکت شیر را گران فروخت",
    "phone": PHONE,
    "business.name": "لبنیات بهار",
    "place.province": "23",
    "category": "overcharging",
    "channel": "counter",
    "where": "خیابان ری",
}


def _json(channel: str, account: str, payload: Mapping[str, Any], kept: Mapping[str, Any] | None = None) -> Report:
    raw = canonical(payload if kept is None else kept)
    context = {"external_id": f"{channel}-{account}", "filed_by": 1 if channel == "counter" else None}
    parsed = CHANNELS[channel].parse(Arrival(account, payload, raw, AT, context))
    assert isinstance(parsed, Report)
    return parsed


def _mail() -> Report:
    sample = CHANNELS["email"].samples[0]
    parsed = CHANNELS["email"].parse(sample)
    assert isinstance(parsed, Report)
    return parsed


def _addition() -> Report:
    said = {"text": "شماره‌ی مغازه ۰۲۱۸۸۰۰۱۱۲۲ است"}
    return Report("web", "additions", "more-1", AT, canonical(said), text=said["text"])


TOLD = {
    "sms": _json("sms", "sandbox", {"sender": PHONE, "line": "1", "message_id": "7", "text": "قصابی در کرج گران داد"}),
    "bot": _json("telegram", "7001", CHANNELS["telegram"].samples[1].payload),  # type: ignore[arg-type]
    "API": _json("web", "reports", CHANNELS["web"].samples[0].payload),  # type: ignore[arg-type]
    "form": _json("web", report_page.ACCOUNT, steps.payload_of(TYPED), TYPED),
    "operator's form": _json("counter", call_filing.ACCOUNT, call_form.payload_of(TYPED), TYPED),
    "mail": _mail(),
    "addition": _addition(),
}
NOT_KEPT = replace(_addition(), external_id="told", raw=b'"a story"')
BROKEN = replace(_addition(), external_id="broken")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_from({"database": {"url": database_url}, "security": {"keys_file": str(tmp_path / "keys")}})


async def take(database: Database, settings: Settings, *told: Report) -> None:
    rules = build_rules(settings, load_vault(settings.security.keys_file))
    for report in told:
        await take_in(database, rules, report)


async def content(database: Database) -> list[Any]:
    return [list(await database.read(select(table).order_by(table.c.id))) for table in (reports, tickets)]


async def once_read(database: Database, settings: Settings, **facts: Any) -> None:
    """As if every report had been read so by an older rule."""
    vault = load_vault(settings.security.keys_file)

    async def work(tx: UnitTransaction) -> None:
        for row in await tx.rows(select(reports.c.id, reports.c.understood)):
            understood = {**open_understood(vault, row["id"], row["understood"]), **facts}
            sealed = seal_understood(vault, row["id"], understood)
            await tx.execute(update(reports).where(reports.c.id == row["id"]).values(understood=sealed))

    await database.write(work)


def told(outcome: Outcome) -> dict[str, Any]:
    return in_json(outcome.tally, outcome.codes, outcome.kept)


async def test_every_way_in_is_read_again_as_it_came(database: Database, settings: Settings) -> None:
    await take(database, settings, *TOLD.values(), NOT_KEPT, BROKEN)
    broken = update(reports).where(reports.c.external_id == BROKEN.external_id).values(raw=b"opens nowhere")
    await database.write(lambda tx: tx.execute(broken))
    found = told(await replay(settings, Asked()))
    assert (found["compared"], found["unread"]) == (len(TOLD), 2)
    assert (found["fields"], found["differences"], found["applied"]) == ({}, [], None)


async def test_differences_are_counted_and_shown_a_page_at_a_time_and_nothing_is_written(
    database: Database, settings: Settings
) -> None:
    await take(database, settings, *TOLD.values())
    await once_read(database, settings, phones=["+989121112233"], urgent=True)
    before = await content(database)
    page = Page(number=2, limit=3, field="phones")
    outcome = await replay(settings, Asked(page=page, jobs=2))
    found = told(outcome)
    assert found["fields"] == {"phones": len(TOLD), "urgent": len(TOLD)}
    assert (found["listed"], found["pages"], len(found["differences"])) == (len(TOLD), 3, 3)
    assert {each["field"] for each in found["differences"]} == {"phones"}
    assert found["differences"][0]["before"] == ["+98912***2233"]
    assert any(line.startswith("Differences of phones 4–6 of 7 (page 2 of 3)") for line in in_lines(*shown(outcome)))
    assert await content(database) == before


def shown(outcome: Outcome) -> tuple[Any, Any, Any]:
    return outcome.tally, outcome.codes, outcome.kept


async def test_what_was_kept_differs_no_more_and_older_reports_are_compared_by_what_there_is(
    database: Database, settings: Settings
) -> None:
    await take(database, settings, *TOLD.values())
    await once_read(database, settings, category="fraud")
    older = update(reports).where(reports.c.channel == "sms").values(understood=None, intent="thanks")
    await database.write(lambda tx: tx.execute(older))
    found = told(await replay(settings, Asked(apply=True)))
    assert (found["unkept"], found["fields"]["intent"]) == (1, 1)
    assert found["applied"] == {"reports": len(TOLD), "tickets": 0, "left": 0}
    again = told(await replay(settings, Asked(apply=True)))
    assert (again["unkept"], again["differing"]) == (0, 0)
    assert again["applied"] == {"reports": 0, "tickets": 0, "left": 0}


WRONG = {
    "a day that is none": (("--since", "1405-13-01"), 1, "since: wrong_date"),
    "page nought": (("--page", "0"), 2, "should be a number from 1"),
    "a field there is not": (("--field", "colour"), 2, "invalid choice"),
}


@pytest.mark.parametrize(("given", "code", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_is_told(
    dialect: str,
    given: tuple[str, ...],
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    restored_logs: None,
) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    try:
        ended = main(["--config", str(tmp_path / "config.toml"), "replay", *given])
    except SystemExit as ending:
        ended = int(str(ending.code))
    assert ended == code
    assert said in capsys.readouterr().err
