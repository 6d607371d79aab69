"""What the web face works with, handed over whole by the program that wires everything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from aiohttp import web
from prometheus_client import CollectorRegistry

from channels.bot_account import BotAccount
from channels.channel import Channel
from gateway.catalogue import Catalogue
from gateway.config import Settings
from gateway.glancing import Glancing
from gateway.push.keys import Push
from gateway.reception import Reception
from gateway.views.viewer import Viewer
from gateway.web.calls import CallBoard
from gateway.web.hub import Hub
from sms.providers.provider import Provider
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.guesses import Guesses
from ticketing.rules import Rules
from ticketing.staff import Staff


@dataclass(frozen=True, slots=True)
class BotHook:
    """A bot that takes its updates by hook: its account, and the channel that reads them."""

    account: BotAccount
    channel: Channel


async def _ready() -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a handler may need.

    `now` gives aware UTC. `readiness` gives the codes of what is not ready, none when all is well. `provider` is the
    SMS provider in use, `bots` the enabled bots by their code, `push` is None while the settings hold no key for it.
    """

    settings: Settings
    database: Database
    rules: Rules
    now: Callable[[], datetime]
    attachments: AttachmentStore
    viewer: Viewer
    catalogue: Catalogue
    guesses: Guesses
    provider: Provider
    reception: Reception
    bots: Mapping[str, BotHook] = field(default_factory=dict)
    readiness: Callable[[], Awaitable[Sequence[str]]] = _ready
    push: Push | None = None
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
    calls: CallBoard = field(default_factory=CallBoard)
    hub: Hub = field(default_factory=Hub)
    glancing: Glancing = field(default_factory=Glancing)


SERVICES: Final = web.AppKey("services", Services)
DOCUMENT: Final = web.AppKey("openapi", dict[str, Any])
STAFF: Final = web.RequestKey("staff", Staff)
UNREAD: Final = web.RequestKey("unread", int)
"""How many messages on the board the signed-in member of staff has not read; on pages only."""
CLIENT: Final = web.RequestKey("client", str)
"""The caller's address, which budgets are counted by."""
