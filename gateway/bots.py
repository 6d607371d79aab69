"""The bot accounts that the settings switch on, each with the channel that reads its updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from channels.bot_account import BotAccount, Messenger
from channels.channel import Channel
from channels.registry import BOTS, CHANNELS
from gateway.config import ConfigError, Settings
from gateway.settings import Bot


@dataclass(frozen=True, slots=True)
class EnabledBot:
    """One account; `hook_url` is where its updates come by hook, empty where it is polled."""

    code: str
    account: BotAccount
    channel: Channel
    hook_url: str


def enabled_bots(settings: Settings) -> list[EnabledBot]:
    """Every bot that is on. Raises `ConfigError` for settings that cannot work together."""
    found: list[EnabledBot] = []
    owners: dict[str, str] = {}
    for code, messenger in BOTS.items():
        table = getattr(settings.channels, code)
        if not table.enabled:
            continue
        account = _account(messenger, table)
        if owners.setdefault(account.account, code) != code:
            raise ConfigError(f"channels.{code}.token: this account is {owners[account.account]}'s already")
        found.append(EnabledBot(code, account, CHANNELS[code], _hook_url(settings, code, table)))
    return found


def _account(messenger: Messenger, table: Bot) -> BotAccount:
    token, secret = table.token.get_secret_value(), table.secret.get_secret_value()
    return BotAccount(messenger, token, base_url=table.base_url, secret=secret)


def _hook_url(settings: Settings, code: str, table: Bot) -> str:
    if table.mode != "webhook":
        return ""
    if not settings.http.public_url:
        raise ConfigError(f"http.public_url: is needed while channels.{code}.mode is webhook")
    return f"{settings.http.public_url}/hooks/{code}/{table.secret.get_secret_value()}"


def by_account(bots: list[EnabledBot]) -> Mapping[str, BotAccount]:
    """The accounts by the name that reports and notices know them by."""
    return {bot.account.account: bot.account for bot in bots}
