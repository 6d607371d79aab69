"""Files at rest, sealed under the vault's keys: whole and synced before they have their name, opened from any place on.

Each file has a key of its own, made from the vault's and a salt. Its content lies in parts, each authenticated with
the file's name, its size and the part's place: what was changed, cut, moved or renamed does not open. What a file is
and who may read it is others' to say.
"""

from __future__ import annotations

import os
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag

from ticketing.vault import Vault, VaultError

PART_BYTES: Final = 256 * 1024
_TAG_BYTES: Final = 16
_SALT_BYTES: Final = 16
_HEAD: Final = struct.Struct(f">4sB{_SALT_BYTES}sQ")
_MARK: Final = b"124\x01"


def write_sealed(path: Path, vault: Vault, name: str, content: bytes) -> None:
    """Write `content` to `path`, sealed; it opens as `name` only. When this returns it is durable. Raises OSError."""
    salt = secrets.token_bytes(_SALT_BYTES)
    version, cipher = vault.file_cipher(salt)
    bound = _bound(name, version, len(content))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("wb") as file:
            file.write(_HEAD.pack(_MARK, version, salt, len(content)))
            for place in range(_parts(len(content))):
                piece = content[place * PART_BYTES : (place + 1) * PART_BYTES]
                file.write(cipher.encrypt(_nonce(place), piece, bound))
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


class SealedFile:
    """A sealed file, open for reading; whoever opens it closes it."""

    def __init__(self, file: BinaryIO, vault: Vault, name: str) -> None:
        """Raises `VaultError` where it is none, or not the one of this name."""
        self._file, self._name = file, name
        head = file.read(_HEAD.size)
        if len(head) != _HEAD.size or not head.startswith(_MARK):
            raise VaultError(f"{name} is no sealed file")
        _, self._version, salt, self.size = _HEAD.unpack(head)
        _, self._cipher = vault.file_cipher(salt, self._version)
        self._open_part(0)

    def read(self, start: int, length: int) -> bytes:
        """At most `length` bytes from `start` on. Raises `VaultError` where they are not as they were written."""
        end = min(start + length, self.size)
        return b"".join(self._pieces(start, end)) if start < end else b""

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _pieces(self, start: int, end: int) -> Iterator[bytes]:
        for place in range(start // PART_BYTES, (end - 1) // PART_BYTES + 1):
            begins = place * PART_BYTES
            yield self._open_part(place)[max(start - begins, 0) : end - begins]

    def _open_part(self, place: int) -> bytes:
        self._file.seek(_HEAD.size + place * (PART_BYTES + _TAG_BYTES))
        sealed = self._file.read(min(PART_BYTES, self.size - place * PART_BYTES) + _TAG_BYTES)
        try:
            return self._cipher.decrypt(_nonce(place), sealed, _bound(self._name, self._version, self.size))
        except (InvalidTag, ValueError) as error:
            raise VaultError(f"{self._name} does not open") from error


def read_sealed(path: Path, vault: Vault, name: str) -> bytes:
    """The whole of a sealed file. Raises `FileNotFoundError`, `VaultError`."""
    with path.open("rb") as file:
        sealed = SealedFile(file, vault, name)
        return sealed.read(0, sealed.size)


def _parts(size: int) -> int:
    return max(1, -(-size // PART_BYTES))  # what is empty is sealed too, or its size could be forged


def _nonce(place: int) -> bytes:
    return place.to_bytes(12, "big")  # the key is this file's alone


def _bound(name: str, version: int, size: int) -> bytes:
    return f"{name}:{version}:{size}".encode()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
