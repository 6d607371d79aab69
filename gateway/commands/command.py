"""What every command of `gateway` is made of."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.config import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `declare` adds its arguments, `run` does it, telling people by `say`, and raises if it cannot."""

    declare: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Settings, argparse.Namespace, Say], None]


class CommandError(Exception):
    """The command cannot be done; the message is one line."""


def declare_config(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    """Let `--config FILE` stand among this parser's arguments; without a default, one given further left holds."""
    parser.add_argument("--config", type=Path, default=default, metavar="FILE", help="default: ./config.toml")
