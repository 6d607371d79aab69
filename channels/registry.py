"""Every channel there is, by code. A new one costs its file, a line here, a settings block and its tests."""

from __future__ import annotations

from typing import Final

from channels import app, bale, email, fax, phone, sister, sms, telegram, voicemail, web
from channels.bot_account import Messenger
from channels.channel import Channel

CHANNELS: Final[dict[str, Channel]] = {
    **phone.CHANNELS,
    fax.CHANNEL.code: fax.CHANNEL,
    voicemail.CHANNEL.code: voicemail.CHANNEL,
    sms.CHANNEL.code: sms.CHANNEL,
    email.CHANNEL.code: email.CHANNEL,
    telegram.CHANNEL.code: telegram.CHANNEL,
    bale.CHANNEL.code: bale.CHANNEL,
    web.CHANNEL.code: web.CHANNEL,
    app.CHANNEL.code: app.CHANNEL,
    sister.CHANNEL.code: sister.CHANNEL,
}
BOTS: Final[dict[str, Messenger]] = {each.code: each for each in (telegram.MESSENGER, bale.MESSENGER)}
