"""The command `gateway`: reads the arguments and the settings, runs one command, turns refusals into one line.

Exit codes: 0 done, 1 refused or failed (one line on standard error), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import SQLAlchemyError

from gateway.commands import (
    check,
    demo,
    letter,
    link_businesses,
    members,
    migrate,
    normalize,
    push_keys,
    replay,
    serve,
    simulate,
    staff,
    train,
)
from gateway.commands.command import CommandError, declare_config
from gateway.config import ConfigError, hidden_of, load_settings
from gateway.logs import configure_logs
from ticketing.errors import Invalid, Refused
from ticketing.vault import VaultError
from ticketing.writer import Unavailable

COMMANDS = (
    serve.COMMAND,
    check.COMMAND,
    migrate.COMMAND,
    demo.COMMAND,
    link_businesses.COMMAND,
    members.COMMAND,
    letter.COMMAND,
    staff.COMMAND,
    push_keys.COMMAND,
    normalize.COMMAND,
    simulate.COMMAND,
    replay.COMMAND,
    train.COMMAND,
)


def main(argv: Sequence[str] | None = None, stdin: TextIO | None = None) -> int:
    """Run one command and return its exit code. `stdin` is where passwords are read from; the process's own if None."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # Persian comes and goes, whatever the machine's own encoding
            stream.reconfigure(encoding="utf-8")
    arguments = _parser().parse_args(argv)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gateway", description="The contact centre 124.")
    declare_config(parser, Path("config.toml"))
    added = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        own = added.add_parser(command.name, help=command.help, description=command.help)
        command.declare(own)
        declare_config(own)
        own.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
