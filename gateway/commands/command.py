"""What every command of `gateway` is made of."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from gateway.config import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `declare` adds its arguments, `run` does it, telling people by `say`, and raises if it cannot."""

    name: str
    help: str
    declare: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Settings, argparse.Namespace, Say], None]


class CommandError(Exception):
    """The command cannot be done; the message is one line."""
