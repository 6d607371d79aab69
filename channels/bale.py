"""The Bale channel: account data only. Bale speaks the same Bot API; its hooks carry no secret header: the
secret is in the path)."""

from __future__ import annotations

from channels.bot import SAMPLES, parser
from channels.bot_account import Messenger
from channels.channel import Channel

MESSENGER = Messenger("bale", "https://tapi.bale.ai/bot", None)
CHANNEL = Channel(MESSENGER.code, parser(MESSENGER.code), medium="bot", converses=True, samples=SAMPLES)
