"""A hint outlives the process: what was committed before a stop leaves after the start, once, beside the one text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import select

from gateway.app import Gateway, open_gateway
from sms.tables import notices
from tests.support.fakes.pushservice import FakeBrowser, FakePushService
from tests.support.gateway import settings_for, until
from tests.support.pushing import push_table
from tests.support.reports import REPORT
from tests.support.staging import act, hire, member
from ticketing.database import Database


async def ask_to_be_told(gateway: Gateway, browser: FakeBrowser) -> str:
    """File a report and subscribe to its ticket; the code."""
    async with aiohttp.ClientSession(gateway.url, headers={"Sec-Fetch-Site": "same-origin"}) as http:
        async with http.post("/api/v1/reports", json=REPORT) as answer:
            code = str((await answer.json())["tracking_code"])
        its = {"code": code, "phone_last4": "4567", "wish": "on", "subscription": browser.to_json()}
        async with http.post("/track/device", json=its) as answer:
            assert answer.status == 200
    return code


async def test_a_step_committed_before_a_stop_is_told_once_after_it(database_url: str, tmp_path: Path) -> None:
    async with FakePushService() as service:
        settings = settings_for(database_url, tmp_path, {"push": push_table(service)})
        browser = service.browser()
        async with open_gateway(settings) as gateway:
            code = await ask_to_be_told(gateway, browser)
            rules = gateway.parts.rules
        evaluator = member("evaluator")
        async with Database(database_url) as database:
            await hire(database, rules.vault, evaluator)
            await act(database, rules, evaluator, code, "evaluate", route="self_regulation")
        assert service.received == []
        for _ in range(2):  # and a second start finds nothing left to say
            async with open_gateway(settings) as gateway:
                await until(gateway, lambda gateway=gateway: all_sent(gateway))
        assert len(service.messages_to(browser)) == 1
        async with Database(database_url) as database:
            said = await database.read(select(notices.c.medium, notices.c.step))
        assert Counter((row["medium"], row["step"]) for row in said) == {
            ("sms", 1): 1,
            ("sms", 2): 1,
            ("sms", 3): 1,
            ("push", 3): 1,
        }


async def all_sent(gateway: Gateway) -> bool:
    """True once nothing waits in the outbox."""
    rows: Any = await gateway.parts.database.read(
        select(notices.c.id).where(notices.c.state.in_(("pending", "sending")))
    )
    return not rows
