"""Cases handed over by a sister system: the web's JSON under a name of their own, identified by their case number."""

from __future__ import annotations

from channels import web
from channels.channel import Channel

CODE = "sister"
CHANNEL = Channel(CODE, web.parser(CODE), samples=web.CHANNEL.samples)
