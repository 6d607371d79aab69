"""The contract of every provider in the registry."""

from __future__ import annotations

from typing import Any

import pytest

from sms.outcome import Outcome
from sms.providers.provider import MalformedPayloadError
from sms.providers.registry import PROVIDERS
from sms.sender import OutgoingNotice
from tests.sms.conftest import LINE, MOBILE
from tests.support.clock import ManualClock
from tests.support.fakes.kavenegar import FakeKavenegar

SETTINGS: dict[str, Any] = {"api_key": "SECRET", "base_url": "http://127.0.0.1:9", "sender": LINE, "timeout_s": 0.2}


@pytest.mark.parametrize("code", PROVIDERS)
async def test_provider_answers_for_every_notice_and_knows_its_code(code: str, fake: FakeKavenegar) -> None:
    settings = SETTINGS | {"base_url": fake.url, "api_key": fake.api_key}
    provider = PROVIDERS[code].create(settings, ManualClock())
    notices = [OutgoingNotice(n, "", MOBILE, "سلام") for n in range(1, 4)]
    assert provider.code == code
    assert [outcome.outcome for outcome in await provider.ask(notices)] == [Outcome.RETRY] * 3
    outcomes = await provider.send(notices)
    assert [outcome.outcome for outcome in outcomes] == [Outcome.ACCEPTED] * 3
    assert len({outcome.provider_id for outcome in outcomes}) == 3
    await provider.fetch_receipts([str(outcome.provider_id) for outcome in outcomes])
    assert list(await provider.fetch_inbox()) == list(await provider.fetch_read_inbox()) == []
    await provider.close()


@pytest.mark.parametrize("code", PROVIDERS)
async def test_provider_shows_no_secret_and_closes_unused(code: str) -> None:
    provider = PROVIDERS[code].create(SETTINGS, ManualClock())
    assert "SECRET" not in f"{provider!r} {provider} {vars(provider)!r}"
    await provider.close()


@pytest.mark.parametrize("code", PROVIDERS)
@pytest.mark.parametrize("payload", [{}, {"": ""}, {"from": [], "messageid": {}, "status": None}, {"messageid": 1.5}])
def test_hooks_refuse_what_they_cannot_read(code: str, payload: dict[str, Any]) -> None:
    for parse in (PROVIDERS[code].parse_inbound, PROVIDERS[code].parse_receipt):
        if parse is not None:
            with pytest.raises(MalformedPayloadError):
                parse(payload)
