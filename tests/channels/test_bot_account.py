"""A bot account against a real Bot API server on loopback: polling, talking, files, and everything that goes wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from channels.bale import MESSENGER as BALE
from channels.bot_account import BotAccount, FileRefused
from channels.bot_api import BotFault, file_url
from channels.telegram import MESSENGER as TELEGRAM
from tests.support.fakes.botapi import TOKEN, FakeBotApi


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as running:
        yield running


@pytest.fixture
async def account(api: FakeBotApi) -> AsyncIterator[BotAccount]:
    bot = BotAccount(TELEGRAM, TOKEN, base_url=api.base_url, secret="s3cret", timeout_s=5, poll_s=0)
    yield bot
    await bot.stop()


async def test_updates_are_kept_raw_and_in_order(api: FakeBotApi, account: BotAccount) -> None:
    pushed = [api.push_text("یک"), api.push_update({"from_the_future": {"x": 1}}), api.push_button("category:fraud")]
    kept: list[dict[str, Any]] = []

    async def keep(update: dict[str, Any]) -> None:
        kept.append(update)

    assert await account.poll_once(keep) == 3
    assert kept == pushed
    assert await account.poll_once(keep) == 0


async def test_threat_34_an_update_is_confirmed_only_after_it_is_kept(api: FakeBotApi, account: BotAccount) -> None:
    api.push_text("اول")
    api.push_text("دوم")
    kept: list[int] = []

    async def crash_on_second(update: dict[str, Any]) -> None:
        if len(kept) == 1:
            raise OSError("disk full")
        kept.append(update["update_id"])

    with pytest.raises(OSError, match="disk full"):
        await account.poll_once(crash_on_second)
    assert (kept, account.offset) == ([1], 2)

    again = BotAccount(TELEGRAM, TOKEN, base_url=api.base_url, poll_s=0)
    again.offset = account.offset

    async def keep(update: dict[str, Any]) -> None:
        kept.append(update["update_id"])

    await again.poll_once(keep)
    await again.stop()
    assert kept == [1, 2]


async def test_pressed_button_is_answered_after_it_is_kept(api: FakeBotApi, account: BotAccount) -> None:
    api.push_button("answer:1")
    before: list[str] = []

    async def keep(_update: dict[str, Any]) -> None:
        before.extend(call.method for call in api.received)

    await account.poll_once(keep)
    await account.stop()
    assert "answerCallbackQuery" not in before
    assert [call.fields for call in api.received if call.method == "answerCallbackQuery"] == [
        {"callback_query_id": "q1"}
    ]


async def test_failing_button_answer_harms_nobody(api: FakeBotApi, account: BotAccount) -> None:
    api.fail_next("500", method="answerCallbackQuery")
    account.acknowledge({"callback_query": {"id": "q9"}})
    account.acknowledge({"callback_query": {"id": 5}})
    account.acknowledge({"callback_query": None})
    await account.stop()


async def test_message_is_sent_and_its_handle_returned(api: FakeBotApi, account: BotAccount) -> None:
    delivery = await account.send("501", "کد شما ۱۲۳۴")
    assert (delivery.outcome, delivery.provider_id) == ("accepted", "501/101")
    assert api.sent == [{"chat_id": "501", "text": "کد شما ۱۲۳۴"}]


async def test_choices_become_buttons_that_come_back_with_their_question(api: FakeBotApi, account: BotAccount) -> None:
    await account.send("501", "چه شده؟", [("fraud", "تقلب"), ("no_invoice", "فاکتور نداد")], "category")
    assert api.buttons() == [("category:fraud", "تقلب"), ("category:no_invoice", "فاکتور نداد")]


async def test_contact_and_location_are_asked_by_keyboard(api: FakeBotApi, account: BotAccount) -> None:
    await account.send("501", "شماره؟", [("contact", "ارسال شماره"), ("cancel", "لغو")], "phone")
    await account.send("501", "کجا؟", [("location", "ارسال مکان")], "place")
    first, second = (sent["reply_markup"]["keyboard"] for sent in api.sent)
    assert first[0][0]["request_contact"] is True
    assert "request_contact" not in first[1][0] or not first[1][0]["request_contact"]
    assert second[0][0]["request_location"] is True


@pytest.mark.parametrize(
    ("text", "choices", "reason"),
    [("😀" * 2049, [], "text_too_long"), ("چه؟", [("v" * 60, "x")], "button_too_long")],
)
async def test_what_the_api_could_not_take_is_refused_unsent(
    api: FakeBotApi, account: BotAccount, text: str, choices: list[tuple[str, str]], reason: str
) -> None:
    delivery = await account.send("501", text, choices, "category")
    assert (delivery.outcome, delivery.reason, api.sent) == ("refused", reason, [])


@pytest.mark.parametrize(
    ("mode", "outcome", "reason"),
    [
        ("429", "retry", "busy"),
        ("500", "retry", "server_error"),
        ("html", "retry", "server_error"),
        ("not_ok", "retry", "server_error"),
        ("403", "refused", "blocked"),
        ("400", "refused", "bad_request"),
        ("401", "paused", "bad_token"),
        ("409", "retry", "conflict"),
        ("garbage", "ambiguous", "garbage"),
        ("drop", "ambiguous", "broken_off"),
    ],
)
async def test_every_failure_has_one_outcome(
    api: FakeBotApi, account: BotAccount, mode: str, outcome: str, reason: str
) -> None:
    api.fail_next(mode, retry_after=9)
    delivery = await account.send("501", "سلام")
    assert (delivery.outcome, delivery.reason) == (outcome, reason)
    assert delivery.retry_after_s == (9 if mode == "429" else None)


async def test_threat_19_answer_that_never_comes_is_ambiguous(api: FakeBotApi) -> None:
    hasty = BotAccount(TELEGRAM, TOKEN, base_url=api.base_url, timeout_s=0.3)
    api.fail_next("hang")
    delivery = await hasty.send("501", "سلام")
    assert (delivery.outcome, delivery.reason) == ("ambiguous", "timeout")
    await hasty.stop()


async def test_unreachable_api_is_retried_and_a_failing_poll_is_a_fault() -> None:
    nowhere = BotAccount(TELEGRAM, TOKEN, base_url="http://127.0.0.1:9/bot", timeout_s=0.5, poll_s=0)
    assert (await nowhere.send("1", "x")).outcome == "retry"
    for call in (nowhere.start(), nowhere.poll_once(_never)):
        with pytest.raises(BotFault) as fault:
            await call
        assert fault.value.code == "unreachable"
    await nowhere.stop()


@pytest.mark.parametrize("mode", ["500", "html", "garbage", "401", "409", "drop"])
async def test_threat_27_no_failure_shows_the_token(
    api: FakeBotApi, account: BotAccount, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api.fail_next(mode, method="getUpdates")
    with pytest.raises(BotFault) as fault:
        await account.poll_once(_never)
    api.fail_next(mode)
    delivery = await account.send("1", "x")
    seen = f"{fault.value!r} {fault.value.__cause__!r} {delivery!r} {account!r} {vars(account)!r} {caplog.text}"
    assert TOKEN.partition(":")[2] not in seen


async def test_start_tells_the_api_how_updates_come(api: FakeBotApi, account: BotAccount) -> None:
    await account.start("https://124.example/hooks/x")
    assert api.webhook == "https://124.example/hooks/x"
    assert api.received[-1].fields["secret_token"] == "s3cret"
    await account.start()
    assert api.webhook == ""


async def test_file_is_fetched_from_the_same_server(api: FakeBotApi, account: BotAccount) -> None:
    api.push_photo(b"\xff\xd8\xff" + b"x" * 100_000)
    assert await account.fetch("photo-1") == api.files["photo-1"]


@pytest.mark.parametrize(("source", "code"), [("photo-1", "file_too_big"), ("photo-2", "file_gone")])
async def test_file_that_cannot_be_had_is_refused(api: FakeBotApi, account: BotAccount, source: str, code: str) -> None:
    api.push_photo(b"x" * 100_000)
    with pytest.raises(FileRefused, match=code):
        await account.fetch(source, max_bytes=1000)


async def test_unreachable_file_may_be_tried_again(api: FakeBotApi, account: BotAccount) -> None:
    api.fail_next("500", method="getFile")
    with pytest.raises(BotFault):
        await account.fetch("photo-1")
    api.fail_next("400", method="getFile")
    with pytest.raises(FileRefused, match="file_gone"):
        await account.fetch("photo-1")


@pytest.mark.parametrize(
    ("headers", "path", "admitted"),
    [
        ({}, "s3cret", True),
        ({"X-Telegram-Bot-Api-Secret-Token": "s3cret"}, "s3cret", True),
        ({"X-Telegram-Bot-Api-Secret-Token": "forged"}, "s3cret", False),
        ({"X-Telegram-Bot-Api-Secret-Token": "s3cret"}, "wrong", False),
        ({}, "", False),
        ({}, "رمز", False),
    ],
)
async def test_threat_25_hook_secret_is_checked(
    account: BotAccount, headers: dict[str, str], path: str, admitted: bool
) -> None:
    assert account.admits(headers, path) is admitted


async def test_bot_without_a_secret_admits_no_hook() -> None:
    bot = BotAccount(BALE, TOKEN)
    assert not bot.admits({}, "")
    await bot.stop()


async def test_long_poll_waits_for_the_first_update(api: FakeBotApi) -> None:
    bot = BotAccount(BALE, TOKEN, base_url=api.base_url, timeout_s=2, poll_s=10)
    kept: list[dict[str, Any]] = []

    async def keep(update: dict[str, Any]) -> None:
        kept.append(update)

    polling = asyncio.create_task(bot.poll_once(keep))
    await api.called.wait()
    api.push_text("سلام")
    assert await polling == 1
    await bot.stop()


@pytest.mark.parametrize(
    ("base", "files"),
    [
        ("https://api.example/bot", "https://api.example/file/bot"),
        ("http://127.0.0.1:8081/x/bot", "http://127.0.0.1:8081/x/file/bot"),
        ("http://h/bot{token}", "http://h/file/bot{token}"),
    ],
)
def test_file_address_follows_from_the_base_address(base: str, files: str) -> None:
    assert file_url(base) == files


async def _never(_update: dict[str, Any]) -> None:
    raise AssertionError("nothing was to be kept")
