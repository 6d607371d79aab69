"""`gateway members import FILE`: take a guild's membership file in, for looking up who cannot be reached otherwise."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from gateway.app import require_schema
from gateway.commands.command import Command, CommandError, Say, declare_config
from gateway.config import Settings
from ticketing.database import Database
from ticketing.membership import COLUMNS, Membership, import_memberships, read_csv
from ticketing.vault import load_vault


def _declare(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    told = "take a membership file in: whoever is in it is known as it says, all others stay"
    adding = actions.add_parser("import", help=told, description=told)
    columns = ", ".join(f"{name} ({persian})" for persian, name in COLUMNS.items())
    adding.add_argument("file", type=Path, metavar="FILE", help=f"CSV in UTF-8; its header names {columns}")
    declare_config(adding)


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    try:
        lines = arguments.file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise CommandError(f"{arguments.file}: is not written in UTF-8") from None
    known = asyncio.run(_import(settings, list(read_csv(lines))))
    say(f"{known} members are known as {arguments.file} says.")


async def _import(settings: Settings, members: list[Membership]) -> int:
    await require_schema(settings)
    vault = load_vault(settings.security.keys_file)
    async with Database(settings.database.url.get_secret_value()) as database:
        return await import_memberships(database, vault, members, datetime.now(UTC))


COMMAND = Command(_declare, _run)
