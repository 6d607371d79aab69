"""Attachments on disk: named by their content, whole and synced before any row speaks of them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from ticketing.writer import Unavailable


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is on disk; `name` is what its sender called it."""

    sha256: str
    size: int
    name: str
    media_type: str


class AttachmentStore:
    """Content-addressed files under one folder: the same content is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, content: bytes, name: str, media_type: str) -> StoredFile:
        """Store `content` durably and say what it is called. Raises `Unavailable` where the disk does not take it."""
        try:
            digest = await asyncio.to_thread(self._write, content)
        except OSError as error:
            raise Unavailable("an attachment could not be stored") from error
        return StoredFile(digest, len(content), name, media_type)

    def path(self, sha256: str) -> Path:
        """Where the file with this digest is."""
        return self._folder / sha256[:2] / sha256

    def _write(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        target = self.path(digest)
        if target.exists():
            return digest
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{digest}.{secrets.token_hex(4)}.part")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(target.parent)
        return digest


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
