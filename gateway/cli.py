"""The command `gateway`: reads the arguments and the settings, runs one command, turns refusals into one line.

Exit codes: 0 done, 1 refused or failed (one line on standard error), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from sqlalchemy.exc import SQLAlchemyError

from gateway.commands.command import Command, CommandError, declare_config
from gateway.config import ConfigError, hidden_of, load_settings
from gateway.logs import configure_logs
from ticketing.errors import Invalid, Refused
from ticketing.vault import VaultError
from ticketing.writer import Unavailable

COMMANDS: Final = {
    "serve": "run the gateway",
    "check": "check settings, texts, rules and procedures; the first wrong key is named",
    "migrate": "bring the database to the schema this program needs",
    "demo": "make up the complaints of the letters of 1399 in an empty database",
    "link-businesses": "find the businesses of tickets that came before businesses were known",
    "members": "the membership file of a guild",
    "letter": "the circular about how complaints were answered in a period",
    "staff": "staff accounts: add, change, list, disable, reset-password, reset-totp",
    "push-keys": "write a fresh key for Web Push into FILE",
    "normalize": "understand messages from standard input, one JSON object a line",
    "simulate": "try arrivals out in a scratch database, one JSON object a line",
    "replay": "read stored reports again by today's rules, and tell what would change",
    "train": "learn intents and categories from labelled messages",
}
"""Every command, and what it is for. What it does is in the module of its name, loaded where somebody gives it."""


def main(argv: Sequence[str] | None = None, stdin: TextIO | None = None) -> int:
    """Run one command and return its exit code. `stdin` is where passwords are read from; the process's own if None."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # Persian comes and goes, whatever the machine's own encoding
            stream.reconfigure(encoding="utf-8")
    arguments = _arguments(argv)
    arguments.stdin = stdin or sys.stdin
    try:
        settings = load_settings(arguments.config)
        configure_logs(level="warning", form=settings.logs.format, secrets=hidden_of(settings))
        arguments.run(settings, arguments, _say)
    except Invalid as error:
        return _fail("; ".join(f"{wrong.field}: {wrong.code}" for wrong in error.errors))
    except SQLAlchemyError as error:
        return _fail(f"database.url: {getattr(error, 'orig', None) or type(error).__name__}")
    except OSError as error:
        return _fail(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
    except (CommandError, ConfigError, VaultError, Unavailable, Refused) as error:
        return _fail(str(error))
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _fail(message: str) -> int:
    print(f"gateway: {' '.join(message.split())}", file=sys.stderr)
    return 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """What was given, the command's own arguments with it, and its `run`."""
    parser = argparse.ArgumentParser(prog="gateway", description="The contact centre 124.")
    declare_config(parser, Path("config.toml"))
    added = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for name, purpose in COMMANDS.items():
        added.add_parser(name, help=purpose, add_help=False)
    given, rest = parser.parse_known_args(argv)
    command: Command = import_module(f"gateway.commands.{given.command.replace('-', '_')}").COMMAND
    own = argparse.ArgumentParser(prog=f"gateway {given.command}", description=COMMANDS[given.command])
    command.declare(own)
    declare_config(own)
    own.set_defaults(run=command.run)
    return own.parse_args(rest, given)


if __name__ == "__main__":
    sys.exit(main())
