"""`gateway push-keys`: make the key that Web Push needs, once."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from gateway.commands.command import Command, CommandError, Say
from gateway.config import Settings
from gateway.push.keys import new_key


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write it; an existing file is left alone")


def _run(_settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    path: Path = arguments.file
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandError(f"{path} exists; browsers that subscribed under its key would be lost with it") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(new_key())
        file.flush()
        os.fsync(file.fileno())
    say(f'{path} holds a new key. Name it in the settings: [push] keys_file = "{path}", and say who answers: contact.')


COMMAND = Command(_declare, _run)
