"""`gateway staff …`: the administrator's commands over staff accounts. Passwords come by standard input only."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from gateway.app import require_schema
from gateway.commands.command import Command, CommandError, Say, declare_config
from gateway.config import Settings
from ticketing import accounts
from ticketing.database import Database
from ticketing.errors import Conflict, NotFound
from ticketing.roles import ROLES
from ticketing.vault import Vault, load_vault

_Do = Callable[[Database, Vault, argparse.Namespace, Say], Awaitable[None]]


def _declare(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = _action(actions, "add", "make an account", _add, named=True)
    add.add_argument("--role", required=True, choices=ROLES, metavar="ROLE", help=", ".join(ROLES))
    add.add_argument(
        "--organisation", default="", metavar="CODE", help="two digits of the province, or 08S; national if left out"
    )
    add.add_argument("--body", metavar="CODE", help="the union or company of a self-regulation officer")
    add.add_argument("--phone", metavar="N", help="a mobile; inspectors are texted there")
    add.add_argument("--extension", metavar="N", help="the telephone on an operator's desk; calls pop up there")
    _password(add)
    _action(actions, "list", "every account", _list)
    _action(actions, "disable", "close an account; its sessions end", _disable, named=True)
    _password(_action(actions, "reset-password", "set a new password", _reset_password, named=True))
    _action(actions, "reset-totp", "set up a new one-time-code secret and show it once", _reset_totp, named=True)


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, told: str, do: _Do, *, named: bool = False
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=told, description=told)
    action.set_defaults(do=do)
    declare_config(action)
    if named:
        action.add_argument("name", metavar="NAME", help="the name they sign in by")
    return action


def _password(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--password-stdin",
        required=True,
        action="store_true",
        help="read the password from the first line of standard input",
    )


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    if getattr(arguments, "password_stdin", False):
        arguments.password = sys.stdin.readline().rstrip("\r\n")
    asyncio.run(_do(settings, arguments, say))


async def _do(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    await require_schema(settings)
    vault = load_vault(settings.security.keys_file)
    async with Database(settings.database.url.get_secret_value()) as database:
        try:
            await arguments.do(database, vault, arguments, say)
        except NotFound:
            raise CommandError(f"there is no account {arguments.name}") from None
        except Conflict:
            raise CommandError(f"{arguments.name} is the last administrator") from None


async def _add(database: Database, vault: Vault, given: argparse.Namespace, say: Say) -> None:
    member = await accounts.add_staff(
        database,
        vault,
        username=given.name,
        role=given.role,
        organisation=given.organisation,
        body=given.body,
        phone=given.phone,
        extension=given.extension,
        password=given.password,
        at=datetime.now(UTC),
    )
    say(f"{member.username} may sign in as {member.role}.")


async def _list(database: Database, _vault: Vault, _given: argparse.Namespace, say: Say) -> None:
    for member in await accounts.list_staff(database):
        notes = [name for name in ("disabled", "demonstration", "totp") if member[name]]
        columns = (member["username"], member["role"], member["organisation"] or "national", member["body"] or "-")
        say("\t".join((*columns, " ".join(notes) or "-")))


async def _disable(database: Database, _vault: Vault, given: argparse.Namespace, say: Say) -> None:
    await accounts.disable_staff(database, given.name)
    say(f"{given.name} can no longer sign in.")


async def _reset_password(database: Database, vault: Vault, given: argparse.Namespace, say: Say) -> None:
    await accounts.reset_password(database, vault, given.name, given.password, datetime.now(UTC))
    say(f"{given.name} has a new password.")


async def _reset_totp(database: Database, vault: Vault, given: argparse.Namespace, say: Say) -> None:
    say(await accounts.reset_totp(database, vault, given.name, datetime.now(UTC)))


COMMAND = Command("staff", "staff accounts: add, list, disable, reset-password, reset-totp", _declare, _run)
