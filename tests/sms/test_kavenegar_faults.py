"""The whole way from the outbox to a loopback Kavenegar having a bad day: every text is sent once in the end."""

from __future__ import annotations

import logging
import traceback

import pytest

from sms.outcome import Outcome, SendOutcome
from sms.providers.kavenegar import Kavenegar
from sms.providers.kavenegar_api import KavenegarError
from sms.receipts import record_receipts
from sms.sender import OutgoingNotice
from tests.sms.conftest import LINE, MOBILE, Post, provider_for
from tests.support.clock import ManualClock
from tests.support.fakes.kavenegar import FakeKavenegar

AFTER_TAKING = ("hang", "html", "truncated", "wrong_count", "drip", "drop", "huge")
BEFORE_TAKING = ("http_500", "redirect", "code:409", "code:451", "code:402", "code:500")


async def _put_tickets(post: Post, count: int = 3) -> list[int]:
    return await post.put(
        *(
            post.notice(ticket_id=ticket, text=f"متن {ticket}", recipient=f"+98912000000{ticket}")
            for ticket in range(count)
        )
    )


@pytest.mark.parametrize("fault", AFTER_TAKING)
async def test_threat_19_taken_but_unanswered_text_is_asked_about_and_sent_once(
    post: Post, fake: FakeKavenegar, impatient: Kavenegar, fault: str
) -> None:
    ids = await _put_tickets(post)
    fake.fail("sendarray", fault)
    dispatcher = post.dispatcher(impatient)
    await dispatcher.drain()
    assert set(await post.states()) == {"ambiguous"}, "never called sent on such an answer"
    await post.drain_patiently(dispatcher, seconds=5)
    assert await post.states() == ["accepted"] * 3
    assert fake.really_sent == {str(i): 1 for i in ids}
    assert len(fake.calls("sendarray")) == 1
    assert len(fake.calls("statuslocalmessageid")) == 1


@pytest.mark.parametrize("fault", BEFORE_TAKING)
async def test_threat_18_untaken_text_is_sent_again_under_the_same_id(
    post: Post, fake: FakeKavenegar, kavenegar: Kavenegar, fault: str
) -> None:
    ids = await _put_tickets(post)
    fake.fail("sendarray", fault, fault)
    await post.drain_patiently(post.dispatcher(kavenegar), seconds=5)
    assert await post.states() == ["accepted"] * 3
    assert fake.really_sent == {str(i): 1 for i in ids}
    sent_ids = {call["localmessageids"] for call in fake.calls("sendarray")}
    assert sent_ids == {str(ids)}


@pytest.mark.parametrize("fault", ["hang", "drip", "html"])
async def test_text_is_sent_once_even_when_asking_fails_too(
    post: Post, fake: FakeKavenegar, impatient: Kavenegar, fault: str
) -> None:
    ids = await _put_tickets(post)
    fake.fail("sendarray", fault)
    fake.fail("statuslocalmessageid", fault, "code:404", "http_500")
    await post.drain_patiently(post.dispatcher(impatient), seconds=20)
    assert await post.states() == ["accepted"] * 3
    assert fake.really_sent == {str(i): 1 for i in ids}
    assert len(fake.calls("sendarray")) == 2


async def test_unreachable_provider_is_certain_not_to_have_taken_it(post: Post, fake: FakeKavenegar) -> None:
    nowhere = provider_for(fake, ManualClock(), base_url="http://127.0.0.1:9")
    notice_id = await post.put_one()
    await post.dispatcher(nowhere).drain()
    row = await post.row(notice_id)
    assert (row["state"], row["reason"], row["attempts"]) == ("pending", "unreachable", 1)
    await nowhere.close()


async def test_threat_21_dripping_answer_ends_at_the_total_deadline(
    post: Post, fake: FakeKavenegar, impatient: Kavenegar
) -> None:
    await post.put_one()
    fake.fail("sendarray", "drip")
    await post.dispatcher(impatient).drain()
    assert await post.states() == ["ambiguous"]


async def test_threat_20_answer_of_another_length_is_believed_for_none(
    fake: FakeKavenegar, kavenegar: Kavenegar
) -> None:
    fake.fail("sendarray", "wrong_count")
    outcomes = await kavenegar.send([OutgoingNotice(n, "", MOBILE, "س") for n in (1, 2)])
    assert outcomes == [SendOutcome(Outcome.AMBIGUOUS, reason="wrong_count")] * 2


async def test_threat_20_endless_answer_is_not_read_to_its_end(fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    fake.fail("status", "huge")
    with pytest.raises(Exception, match="garbage"):
        await kavenegar.fetch_receipts(["850000001"])


@pytest.mark.parametrize(("code", "reason"), [(418, "no_credit"), (403, "bad_key"), (401, "account_disabled")])
async def test_threat_26_account_trouble_pauses_until_it_is_mended(
    post: Post, fake: FakeKavenegar, kavenegar: Kavenegar, code: int, reason: str
) -> None:
    ids = await _put_tickets(post)
    fake.fail("sendarray", f"code:{code}", always=True)
    dispatcher = post.dispatcher(kavenegar)
    await dispatcher.drain()
    assert dispatcher.paused() == {"sms": reason}
    fake.heal()
    await post.drain_patiently(dispatcher)
    assert {(await post.row(i))["attempts"] for i in ids} == {0}
    assert dispatcher.paused() == {}


async def test_threat_27_key_appears_in_no_error_log_or_repr(
    post: Post, fake: FakeKavenegar, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    provider = provider_for(fake, ManualClock(), timeout_s=1)
    said = [repr(provider), repr(vars(provider)["_api"]), str(vars(provider)["_api"])]
    api = vars(provider)["_api"]
    for fault in ("redirect", "hang", "drop", "html", "code:418", "http_500"):
        fake.fail("sendarray", fault)
        with pytest.raises(KavenegarError) as failure:
            await api.sms_sendarray({"receptor": "[]"})
        said += traceback.format_exception(failure.value)
        assert failure.value.__context__ is None
    await post.put_one()
    fake.fail("sendarray", "redirect", "code:403")
    await post.drain_patiently(post.dispatcher(provider))
    await provider.close()
    printed = capsys.readouterr()
    everything = "\n".join([*said, caplog.text, printed.out, printed.err])
    assert fake.api_key not in everything
    assert not fake.calls("elsewhere"), "a redirect would carry the key away"


@pytest.mark.parametrize("base_url", ["http://[", "nonsense", "ftp://host", "http://no.such.host.invalid"])
async def test_threat_27_unusable_address_gives_the_key_away_neither(fake: FakeKavenegar, base_url: str) -> None:
    provider = provider_for(fake, ManualClock(), base_url=base_url)
    with pytest.raises(KavenegarError) as failure:
        await vars(provider)["_api"].sms_status({"messageid": "1"})
    assert fake.api_key not in "".join(traceback.format_exception(failure.value))
    await provider.close()


async def test_one_bad_number_fails_alone(post: Post, fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    numbers = [f"+98912000{last:04d}" for last in range(20)]
    ids = await post.put(*(post.notice(ticket_id=n, recipient=number) for n, number in enumerate(numbers)))
    fake.bad_receptors = {"09120000007", "09120000013"}
    await post.dispatcher(kavenegar).drain()
    states = await post.states()
    assert [n for n, state in enumerate(states) if state == "failed"] == [7, 13]
    assert states.count("accepted") == 18
    assert (await post.row(ids[7]))["reason"] == "bad_receptor"
    assert set(fake.really_sent.values()) == {1}


async def test_threat_24_receipt_that_overtakes_the_answer_is_kept(
    post: Post, fake: FakeKavenegar, impatient: Kavenegar
) -> None:
    await post.put_one()
    fake.fail("sendarray", "hang")
    dispatcher = post.dispatcher(impatient)
    await dispatcher.drain()
    reports = await impatient.fetch_receipts([str(i) for i in fake.messages])
    assert [report.state for report in reports] == ["accepted"]
    for message in fake.messages.values():
        message.status = 10
    early = await impatient.fetch_receipts([str(i) for i in fake.messages])
    now = post.clock.now()
    await post.database.write(lambda tx: record_receipts(tx, impatient.code, early, now))
    for message in fake.messages.values():
        message.status = 4
    post.clock.advance(seconds=5)
    await dispatcher.drain()
    assert await post.states() == ["delivered"]


async def test_batch_goes_out_as_the_provider_wants_it(post: Post, fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    notice_id = await post.put_one(text="سلام «۱۲۴»\n+= &")
    await post.put_one(ticket_id=2, account="20001240", recipient="+989350000000", text="دوم")
    await post.dispatcher(kavenegar).drain()
    (form,) = fake.calls("sendarray")
    assert form == {
        "receptor": '["09121234567", "09350000000"]',
        "sender": f'["{LINE}", "20001240"]',
        "message": '["سلام «۱۲۴»\\n+= &", "دوم"]',
        "localmessageids": f"[{notice_id}, {notice_id + 1}]",
    }


async def test_without_a_line_a_refused_call_is_the_settings_fault(post: Post, fake: FakeKavenegar) -> None:
    provider = provider_for(fake, ManualClock(), sender="")
    await _put_tickets(post)
    fake.fail("sendarray", "code:406")
    dispatcher = post.dispatcher(provider)
    await dispatcher.drain()
    assert dispatcher.paused() == {"sms": "no_sender"}
    assert set(await post.states()) == {"pending"}
    await provider.close()
