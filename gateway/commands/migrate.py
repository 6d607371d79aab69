"""`gateway migrate`: bring the database to the schema this program needs."""

from __future__ import annotations

import argparse
import asyncio

from gateway import migrations
from gateway.commands.command import Command, Say
from gateway.config import Settings


def _declare(parser: argparse.ArgumentParser) -> None:
    """It takes nothing of its own."""


def _run(settings: Settings, _arguments: argparse.Namespace, say: Say) -> None:
    before, now = asyncio.run(_migrate(settings.database.url.get_secret_value()))
    if before == now:
        say(f"The database is at {now} already.")
    else:
        say(f"The database went from {before or 'empty'} to {now}.")


async def _migrate(url: str) -> tuple[str | None, str | None]:
    before = await migrations.revision_of(url)
    await migrations.upgrade(url)
    return before, await migrations.revision_of(url)


COMMAND = Command(_declare, _run)
