"""Attachments on disk: named by their content, sealed, whole and synced before any row speaks of them.

Files that were stored in the clear, before they were sealed, are read as they are, if their content is still what
their name says, and sealed by `seal_the_rest`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from ticketing.sealed_files import PART_BYTES, SealedFile, write_sealed
from ticketing.vault import Vault, VaultError
from ticketing.writer import Unavailable

SEALED: Final = ".sealed"
_DIGEST_CHARS: Final = 64


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is on disk; `name` is what its sender called it."""

    sha256: str
    size: int
    name: str
    media_type: str


class Missing(LookupError):
    """There is no file of this digest."""


class Content:
    """What a stored file holds, read piece by piece; never all of it in memory unless asked for."""

    def __init__(self, file: SealedFile | _ClearFile) -> None:
        self._file = file
        self.size = file.size

    async def pieces(self, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`. Raises `VaultError` where they are not as they were stored."""
        last = self.size if end is None else end
        while start < last:
            piece = await asyncio.to_thread(self._file.read, start, min(PART_BYTES - start % PART_BYTES, last - start))
            if not piece:
                raise VaultError("the file ends too early")
            yield piece
            start += len(piece)


class AttachmentStore:
    """Content-addressed files under one folder, sealed by `vault`: the same content is kept once."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self.folder, self._vault = folder, vault

    async def save(self, content: bytes, name: str, media_type: str) -> StoredFile:
        """Store `content` durably and say what it is called. Raises `Unavailable` where the disk does not take it."""
        try:
            digest = await asyncio.to_thread(self._write, content)
        except OSError as error:
            raise Unavailable("an attachment could not be stored") from error
        return StoredFile(digest, len(content), name, media_type)

    @asynccontextmanager
    async def open(self, sha256: str) -> AsyncIterator[Content]:
        """The content of the file with this digest. Raises `Missing`, `VaultError`."""
        file = await asyncio.to_thread(self._open, sha256)
        try:
            yield Content(file)
        finally:
            file.close()

    async def read(self, sha256: str) -> bytes:
        """The whole content at once. Raises as `open` does."""
        async with self.open(sha256) as content:
            return b"".join([piece async for piece in content.pieces()])

    async def seal_the_rest(self, most: int) -> int:
        """Seal at most so many of the files that lie in the clear; how many were. Raises OSError."""
        return await asyncio.to_thread(self._seal_the_rest, most)

    def has(self, sha256: str) -> bool:
        """Whether there is a file with this digest."""
        return self.path(sha256).exists() or self._clear_path(sha256).exists()

    def path(self, sha256: str) -> Path:
        """Where the sealed file with this digest is."""
        return self._clear_path(sha256).with_name(sha256 + SEALED)

    def _clear_path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def _write(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        if not self.path(digest).exists():
            write_sealed(self.path(digest), self._vault, _name(digest), content)
        self._clear_path(digest).unlink(missing_ok=True)
        return digest

    def _open(self, digest: str) -> SealedFile | _ClearFile:
        for _ in range(2):  # the one in the clear may be sealed between the two looks
            for path, reader in ((self.path(digest), self._sealed), (self._clear_path(digest), _ClearFile)):
                try:
                    file = path.open("rb")
                except FileNotFoundError:
                    continue
                try:
                    return reader(file, digest)
                except BaseException:
                    file.close()
                    raise
        raise Missing(digest)

    def _sealed(self, file: BufferedReader, digest: str) -> SealedFile:
        return SealedFile(file, self._vault, _name(digest))

    def _seal_the_rest(self, most: int) -> int:
        clear = (path for path in self.folder.glob("??/*") if len(path.name) == _DIGEST_CHARS)
        sealed = 0
        for path in clear:
            if sealed >= most:
                break
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == path.name:  # what is not what it says is left for people to see
                self._write(content)
                sealed += 1
        return sealed


class _ClearFile:
    """A file stored before files were sealed."""

    def __init__(self, file: BufferedReader, digest: str) -> None:
        """Raises `VaultError` where its content is not the one it is named by."""
        self._file = file
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            raise VaultError(f"the file {digest} is not what was stored")
        self.size = file.tell()

    def read(self, start: int, length: int) -> bytes:
        """At most `length` bytes from `start` on."""
        self._file.seek(start)
        return self._file.read(length)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _name(digest: str) -> str:
    return f"attachments/{digest}"
