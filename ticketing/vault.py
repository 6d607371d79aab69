"""Identity at rest: sealed with AES-GCM bound to its column and row, found again by a keyed blind index."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class VaultError(Exception):
    """A key file that cannot be used, or a sealed value that does not open where it stands."""


class Vault:
    """Seals, opens and indexes. Sealing keys are numbered, the newest seals; the index key never rotates alone."""

    def __init__(self, sealing_keys: dict[int, bytes], index_key: bytes) -> None:
        self._sealing_keys = sealing_keys
        self._sealers = {version: AESGCM(key) for version, key in sealing_keys.items()}
        self._current = max(sealing_keys)
        self._index_key = index_key

    def seal(self, column: str, row_id: int, value: str) -> bytes:
        """Seal `value` for `column` (as `table.column`) of row `row_id`; it opens nowhere else."""
        return self.seal_bytes(column, row_id, value.encode("utf-8", "surrogatepass"))

    def seal_bytes(self, column: str, row_id: int, value: bytes) -> bytes:
        """The same for bytes."""
        nonce = os.urandom(_NONCE_BYTES)
        bound = f"{column}:{row_id}:{self._current}".encode()
        return bytes((self._current,)) + nonce + self._sealers[self._current].encrypt(nonce, value, bound)

    def unseal(self, column: str, row_id: int, sealed: bytes) -> str:
        """Open what `seal` made for the same column and row; `VaultError` if it was moved, changed or cut."""
        return self.unseal_bytes(column, row_id, sealed).decode("utf-8", "surrogatepass")

    def unseal_bytes(self, column: str, row_id: int, sealed: bytes) -> bytes:
        """The same for bytes."""
        try:
            version, nonce, body = sealed[0], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
            return self._sealers[version].decrypt(nonce, body, f"{column}:{row_id}:{version}".encode())
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            raise VaultError(f"{column} of row {row_id} does not open") from error

    def file_cipher(self, salt: bytes, version: int | None = None) -> tuple[int, AESGCM]:
        """The cipher of the one file with this `salt`, and the key version it is made from, the newest by default.

        Raises `VaultError` for a version there is no key of.
        """
        known = self._current if version is None else version
        if known not in self._sealing_keys:
            raise VaultError(f"there is no key {known}")
        derived = HKDF(SHA256(), length=32, salt=salt, info=b"file").derive(self._sealing_keys[known])
        return known, AESGCM(derived)

    def index(self, kind: str, value: str) -> bytes:
        """A keyed fingerprint of `value` (16 bytes) to look it up by; `kind` keeps phones apart from codes."""
        return hmac.digest(self._index_key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256)[:16]


def address_index(vault: Vault, medium: str, account: str, address: str) -> bytes:
    """The blind index of an address: a phone is the same phone whoever asks, a chat belongs to its bot."""
    if medium == "sms":
        return vault.index("phone", address)
    return vault.index(medium, f"{account}/{address}" if medium == "bot" else address)


def load_vault(keys_file: Path) -> Vault:
    """The vault of `keys_file`, which is made with fresh keys and mode 600 when it does not exist."""
    if not keys_file.exists():
        _create(keys_file)
    try:
        stored = json.loads(keys_file.read_text(encoding="ascii"))
        sealing = {int(version): bytes.fromhex(key) for version, key in stored["sealing"].items()}
        return Vault(sealing, bytes.fromhex(stored["index"]))
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise VaultError(f"{keys_file} is not a readable keys file") from error


def _create(keys_file: Path) -> None:
    keys_file.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"sealing": {"1": secrets.token_hex(32)}, "index": secrets.token_hex(32)})
    try:
        descriptor = os.open(keys_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
