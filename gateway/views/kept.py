"""Pictures that were drawn, kept beside their originals and sealed like them; drawn again where they are gone."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from ticketing.attachments import AttachmentStore
from ticketing.sealed_files import read_sealed, write_sealed
from ticketing.vault import Vault, VaultError

log = structlog.get_logger()
_ENDING: Final = ".view"


class KeptViews:
    """The views of the files in `files`, by the digest of the file and the `kind` of view."""

    def __init__(self, files: AttachmentStore, vault: Vault) -> None:
        self._files, self._vault = files, vault

    async def load(self, sha256: str, kind: str) -> bytes | None:
        """The view; None where it has to be drawn (again)."""
        return await asyncio.to_thread(self._load, sha256, kind)

    async def keep(self, sha256: str, kind: str, view: bytes, at: datetime) -> None:
        """Keep a view drawn at `at`. Where the disk does not take it, it is drawn again next time."""
        await asyncio.to_thread(self._keep, sha256, kind, view, at)

    async def drop(self, before: datetime) -> int:
        """Drop what was drawn before a moment, and what has no original any more; how many. Raises OSError."""
        return await asyncio.to_thread(self._drop, before.timestamp())

    def _path(self, sha256: str, kind: str) -> Path:
        return self._files.path(sha256).with_name(f"{sha256}.{kind}{_ENDING}")

    def _load(self, sha256: str, kind: str) -> bytes | None:
        try:
            return read_sealed(self._path(sha256, kind), self._vault, _name(sha256, kind))
        except FileNotFoundError:
            return None
        except (OSError, VaultError) as error:
            log.warning("a view does not open", kind=kind, error=type(error).__name__)
            return None

    def _keep(self, sha256: str, kind: str, view: bytes, at: datetime) -> None:
        path = self._path(sha256, kind)
        try:
            write_sealed(path, self._vault, _name(sha256, kind), view)
            os.utime(path, (at.timestamp(), at.timestamp()))
        except OSError as error:
            log.warning("a view could not be kept", kind=kind, error=type(error).__name__)

    def _drop(self, before: float) -> int:
        dropped = 0
        for path in self._files.folder.glob(f"??/*{_ENDING}"):
            if path.stat().st_mtime < before or not self._files.has(path.name.partition(".")[0]):
                path.unlink(missing_ok=True)
                dropped += 1
        return dropped


def _name(sha256: str, kind: str) -> str:
    return f"views/{sha256}.{kind}"
