"""`gateway staff …`: the administrator's commands over staff accounts. Passwords come by standard input only."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from gateway.app import require_schema
from gateway.commands.command import Command, CommandError, Say, declare_config
from gateway.config import Settings
from gateway.rules import build_rules
from ticketing import accounts, resetting
from ticketing.database import Database
from ticketing.errors import Conflict, NotFound
from ticketing.letting_go import LetGo
from ticketing.profiles import read_profile
from ticketing.roles import ROLES
from ticketing.rules import Rules
from ticketing.vault import load_vault

_Do = Callable[[Database, Rules, argparse.Namespace, Say], Awaitable[None]]
_PROFILE = ("role", "organisation", "body", "phone", "extension")


def _declare(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = _action(actions, "add", "make an account", _add, named=True)
    _profile(add, is_new=True)
    _password(add)
    told = "change an account: what is left out stays, '' is none; what is not theirs to work on any more goes back"
    _profile(_action(actions, "change", told, _change, named=True), is_new=False)
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


def _profile(action: argparse.ArgumentParser, *, is_new: bool) -> None:
    action.add_argument("--role", required=is_new, choices=ROLES, metavar="ROLE", help=", ".join(ROLES))
    action.add_argument("--organisation", metavar="CODE", help="two digits of the province, or 08S; '' is national")
    action.add_argument(
        "--body",
        metavar="CODE",
        help="the body they work for, such as 02-07-chamber, or the union or company of a self-regulation officer",
    )
    action.add_argument("--phone", metavar="N", help="a mobile; inspectors are texted there")
    action.add_argument("--extension", metavar="N", help="the telephone on an operator's desk; calls pop up there")


def _password(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--password-stdin",
        required=True,
        action="store_true",
        help="read the password from the first line of standard input",
    )


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    if getattr(arguments, "password_stdin", False):
        arguments.password = arguments.stdin.readline().rstrip("\r\n")
    asyncio.run(_do(settings, arguments, say))


async def _do(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    await require_schema(settings)
    rules = build_rules(settings, load_vault(settings.security.keys_file))
    async with Database(settings.database.url.get_secret_value()) as database:
        try:
            await arguments.do(database, rules, arguments, say)
        except NotFound:
            raise CommandError(f"there is no account {arguments.name}") from None
        except Conflict as conflict:
            raise CommandError(_CONFLICTS.get(conflict.code, conflict.code).format(arguments.name)) from None


_CONFLICTS = {
    "last_admin": "{} is the last administrator",
    "stale_version": "{} or a ticket of theirs was changed at this moment; say it again",
}


async def _add(database: Database, rules: Rules, given: argparse.Namespace, say: Say) -> None:
    member = await accounts.add_staff(
        database,
        rules.vault,
        username=given.name,
        role=given.role,
        organisation=given.organisation or "",
        body=given.body,
        phone=given.phone,
        extension=given.extension,
        password=given.password,
        at=datetime.now(UTC),
    )
    say(f"{member.username} may sign in as {member.role}.")


async def _change(database: Database, rules: Rules, given: argparse.Namespace, say: Say) -> None:
    known = await accounts.get_account(database, rules.vault, given.name)
    typed = {name: getattr(given, name) for name in _PROFILE if getattr(given, name) is not None}
    wanted = read_profile({**{name: known[name] for name in _PROFILE}, **typed})
    went = await accounts.change_staff(database, rules, given.name, wanted, datetime.now(UTC))
    say(f"{given.name} is {wanted.role} of {wanted.organisation or 'the nation'}.")
    _tell(went, say)


async def _list(database: Database, _rules: Rules, _given: argparse.Namespace, say: Say) -> None:
    for member in await accounts.list_staff(database):
        notes = [name for name in ("disabled", "demonstration", "totp") if member[name]]
        columns = (member["username"], member["role"], member["organisation"] or "national", member["body"] or "-")
        say("\t".join((*columns, " ".join(notes) or "-")))


async def _disable(database: Database, rules: Rules, given: argparse.Namespace, say: Say) -> None:
    went = await accounts.disable_staff(database, rules, given.name, datetime.now(UTC))
    say(f"{given.name} can no longer sign in.")
    _tell(went, say)


async def _reset_password(database: Database, rules: Rules, given: argparse.Namespace, say: Say) -> None:
    await resetting.reset_password(database, rules.vault, given.name, given.password, datetime.now(UTC))
    say(f"{given.name} has a new password.")


async def _reset_totp(database: Database, rules: Rules, given: argparse.Namespace, say: Say) -> None:
    say(await resetting.reset_totp(database, rules.vault, given.name, datetime.now(UTC)))


def _tell(went: LetGo, say: Say) -> None:
    if went.freed:
        say(f"Nobody's again: {' '.join(went.freed)}")
    if went.returned:
        say(f"Back with the dispatchers: {' '.join(went.returned)}")


COMMAND = Command(_declare, _run)
