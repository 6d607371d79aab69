"""The bot accounts that the settings switch on, each with the channel that reads its updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from channels.bot_account import BotAccount, Messenger
from channels.channel import Channel
from channels.registry import BOTS, CHANNELS
from gateway.config import Settings
from gateway.settings import Bot


@dataclass(frozen=True, slots=True)
class EnabledBot:
    """One account. `is_polled`: we ask for its updates; `takes_hooks`: they may come by hook; the messenger is told of
    `hook_url` unless it is empty."""

    code: str
    account: BotAccount
    channel: Channel
    is_polled: bool
    takes_hooks: bool
    hook_url: str


def enabled_bots(settings: Settings) -> list[EnabledBot]:
    """Every bot that is on."""
    found: list[EnabledBot] = []
    for code, messenger in BOTS.items():
        table = getattr(settings.channels, code)
        if not table.enabled:
            continue
        account = _account(messenger, table)
        found.append(
            EnabledBot(
                code,
                account,
                CHANNELS[code],
                is_polled=table.mode == "polling",
                takes_hooks=bool(table.secret.get_secret_value()),
                hook_url=_hook_url(settings, code, table),
            )
        )
    return found


def _account(messenger: Messenger, table: Bot) -> BotAccount:
    token, secret = table.token.get_secret_value(), table.secret.get_secret_value()
    account = BotAccount(messenger, token, base_url=table.base_url, secret=secret)
    account.account = f"{messenger.code}:{account.account}"  # two messengers may give out the same number
    return account


def _hook_url(settings: Settings, code: str, table: Bot) -> str:
    if table.mode == "polling" or not settings.http.public_url:
        return ""
    return f"{settings.http.public_url}/hooks/{code}/{table.secret.get_secret_value()}"


def by_account(bots: list[EnabledBot]) -> Mapping[str, BotAccount]:
    """The accounts by the name that reports and notices know them by."""
    return {bot.account.account: bot.account for bot in bots}
