"""The Telegram channel: account data only; reading and talking are shared by all that speak its Bot API."""

from __future__ import annotations

from channels.bot import SAMPLES, parser
from channels.bot_account import Messenger
from channels.channel import Channel

MESSENGER = Messenger("telegram", "https://api.telegram.org/bot", "X-Telegram-Bot-Api-Secret-Token")
CHANNEL = Channel(MESSENGER.code, parser(MESSENGER.code), medium="bot", converses=True, samples=SAMPLES)
