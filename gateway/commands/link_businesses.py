"""`gateway link-businesses`: find the businesses of tickets that came before businesses were known."""

from __future__ import annotations

import argparse
import asyncio

from gateway.app import require_schema
from gateway.commands.command import Command, Say
from gateway.config import Settings
from ticketing.database import Database
from ticketing.linking import link_tickets


def _declare(parser: argparse.ArgumentParser) -> None:
    """It takes nothing of its own."""


def _run(settings: Settings, _arguments: argparse.Namespace, say: Say) -> None:
    linked = asyncio.run(_link(settings))
    say(f"{linked} tickets were linked to their businesses.")


async def _link(settings: Settings) -> int:
    await require_schema(settings)
    async with Database(settings.database.url.get_secret_value()) as database:
        return sum([linked async for linked in link_tickets(database)])


COMMAND = Command(_declare, _run)
