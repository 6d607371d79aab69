"""Stored files are sealed, open as what they are and in no other's place, from anywhere; older ones are read too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from ticketing.attachments import AttachmentStore, Missing
from ticketing.sealed_files import PART_BYTES
from ticketing.vault import Vault, VaultError

LARGE = bytes(range(256)) * (PART_BYTES // 256 * 2) + b"and some more"
VAULT = Vault({1: b"k" * 32}, b"i" * 32)


@pytest.fixture
def store(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore(tmp_path, VAULT)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def saved(store: AttachmentStore, content: bytes) -> str:
    return (await store.save(content, "a.jpg", "image/jpeg")).sha256


def in_the_clear(folder: Path, content: bytes, *, called: bytes | None = None) -> str:
    """A file as it was stored before files were sealed."""
    digest = hashlib.sha256(called or content).hexdigest()
    path = folder / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return digest


@pytest.mark.parametrize("content", [b"", b"a photo", LARGE], ids=["empty", "small", "large"])
async def test_file_is_sealed_on_disk_and_opens_whole(store: AttachmentStore, tmp_path: Path, content: bytes) -> None:
    digest = await saved(store, content)
    assert digest == hashlib.sha256(content).hexdigest()
    assert await store.read(digest) == content
    (kept,) = files_in(tmp_path)
    assert content[:64] == b"" or content[:64] not in kept.read_bytes()


async def test_any_stretch_of_a_file_is_read_alone(store: AttachmentStore) -> None:
    digest = await saved(store, LARGE)
    async with store.open(digest) as content:
        for start, end in ((0, 1), (PART_BYTES - 3, PART_BYTES + 5), (len(LARGE) - 2, len(LARGE)), (5, 5)):
            assert b"".join([piece async for piece in content.pieces(start, end)]) == LARGE[start:end]


def _cut(path: Path, _other: Path) -> None:
    path.write_bytes(path.read_bytes()[: -PART_BYTES // 2])


def _change(path: Path, _other: Path) -> None:
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes((sealed[-1] ^ 1,)))


def _swap(path: Path, other: Path) -> None:
    path.write_bytes(other.read_bytes())


def _resize(path: Path, _other: Path) -> None:
    sealed = path.read_bytes()
    path.write_bytes(sealed[:21] + (5).to_bytes(8, "big") + sealed[29:])


@pytest.mark.parametrize("harm", [_cut, _change, _swap, _resize])
async def test_file_that_was_touched_or_moved_does_not_open(
    store: AttachmentStore, harm: Callable[[Path, Path], None]
) -> None:
    digest, other = await saved(store, LARGE), await saved(store, LARGE[::-1])
    harm(store.path(digest), store.path(other))
    with pytest.raises(VaultError):
        await store.read(digest)


async def test_file_sealed_by_an_older_key_opens(store: AttachmentStore, tmp_path: Path) -> None:
    digest = await saved(store, b"a photo")
    newer = AttachmentStore(tmp_path, Vault({1: b"k" * 32, 2: b"n" * 32}, b"i" * 32))
    assert await newer.read(digest) == b"a photo"
    with pytest.raises(VaultError):
        await AttachmentStore(tmp_path, Vault({2: b"n" * 32}, b"i" * 32)).read(digest)


async def test_file_stored_in_the_clear_is_read_and_sealed_in_time(store: AttachmentStore, tmp_path: Path) -> None:
    first, second = in_the_clear(tmp_path, b"a photo"), in_the_clear(tmp_path, LARGE)
    assert [await store.read(first), await store.read(second)] == [b"a photo", LARGE]
    assert await saved(store, b"a photo") == first
    assert await store.seal_the_rest(most=5) == 1
    assert await store.seal_the_rest(most=5) == 0
    assert [await store.read(first), await store.read(second)] == [b"a photo", LARGE]
    assert {path.suffix for path in files_in(tmp_path)} == {".sealed"}


async def test_file_in_the_clear_that_is_another_does_not_open(store: AttachmentStore, tmp_path: Path) -> None:
    digest = in_the_clear(tmp_path, b"another photo", called=b"a photo")
    with pytest.raises(VaultError):
        await store.read(digest)
    assert await store.seal_the_rest(most=5) == 0
    with pytest.raises(Missing):
        await store.read("0" * 64)
