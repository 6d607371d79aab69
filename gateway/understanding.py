"""Which learned classifiers guess in this process: those that come along, or a file's of the operator's own."""

from __future__ import annotations

from pathlib import Path

from gateway.config import ConfigError
from normalizer.guessing import read_classifiers, use

_KEY = "understanding.classifiers"


def use_classifiers(path: Path | None) -> None:
    """Let the classifiers of the file guess from now on; those that come along if None. Raises `ConfigError`."""
    if path is None:
        return
    try:
        use(read_classifiers(path))
    except OSError as error:
        raise ConfigError(f"{_KEY}: {path}: {error.strerror or 'cannot be read'}") from None
    except ValueError as error:
        raise ConfigError(f"{_KEY}: {path}: {' '.join(str(error).split())[:80]}") from None
