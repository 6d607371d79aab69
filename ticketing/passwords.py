"""Passwords: what one must be, and hashing with argon2 off the event loop, two at a time.

One hash takes 64 MiB and a fifth of a second, so a crowd at the login page waits in line here instead of
taking the machine down.
"""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 8
_LETTERS: Final = 4
LONGEST: Final = 1024
_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
_THREADS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")
# Nobody's: verified for unknown names, with the same parameters, so that they take the same time.
NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$FHqmJ7hZlIke0VYNBMH11Q$EJOYN2HJH+YAnkaPtKoNnHREvhYjcMiXhpUzG7HgX7c"
)


_TEMPORARY: Final = "temporary$"
"""What the hash of a password begins with that somebody else chose, to be changed before anything else."""
_LETTERS_TO_SAY: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def make_password() -> str:
    """A password to hand over: 79 bits in groups of four, without letters that look alike."""
    groups = ("".join(secrets.choice(_LETTERS_TO_SAY) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def as_temporary(encoded: str) -> str:
    """The hash of a password that must be changed before anything else."""
    return _TEMPORARY + encoded


def is_temporary(encoded: str) -> bool:
    """True for what `as_temporary` made."""
    return encoded.startswith(_TEMPORARY)


def problem_of(password: str, username: str, *, demonstration: bool = False) -> str | None:
    """Why a password cannot be taken (a code), or None. Demonstration staff may have a short one."""
    if len(password) > LONGEST:
        return "too_long"
    if not password or (len(password) < SHORTEST and not demonstration):
        return "too_short"
    if not demonstration and (password.casefold() == username or len(set(password)) < _LETTERS):
        return "too_easy"
    return None


async def hash_password(password: str) -> str:
    """The encoded argon2id hash."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, _bytes(password))


async def is_password(encoded: str, password: str) -> bool:
    """True where `password` is the one `encoded` was made from. Takes the same time either way."""
    return await asyncio.get_running_loop().run_in_executor(
        _THREADS, _verify, encoded.removeprefix(_TEMPORARY), _bytes(password)
    )


def _verify(encoded: str, password: bytes) -> bool:
    try:
        return _HASHER.verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
