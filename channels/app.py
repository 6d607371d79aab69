"""The mobile app's channel: the web's JSON under the app's own name."""

from __future__ import annotations

from channels import web
from channels.channel import Channel

CODE = "app"
CHANNEL = Channel(CODE, web.parser(CODE), samples=web.CHANNEL.samples)
