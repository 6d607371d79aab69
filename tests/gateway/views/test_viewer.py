"""Views are drawn by a process that may die of any file, kept sealed beside the original, and dropped in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.views.frame import Caps, NoView
from gateway.views.kept import KeptViews
from gateway.views.viewer import Viewer
from tests.support.clock import ManualClock
from tests.support.files import a_fax, a_photo, opened
from ticketing.attachments import AttachmentStore
from ticketing.vault import Vault

VAULT = Vault({1: b"k" * 32}, b"i" * 32)
CAPS = Caps(megapixels=20, pages=2, seconds=20, memory_mb=1024)
POSIX = {"LC_CTYPE", "PATH", "PYTHONPATH", "PYTHONUTF8"}


@pytest.fixture
def store(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore(tmp_path, VAULT)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def viewer_of(store: AttachmentStore, clock: ManualClock, caps: Caps = CAPS, **more: str) -> Viewer:
    return Viewer(store, KeptViews(store, VAULT), caps, clock.now, **more)


async def saved(store: AttachmentStore, content: bytes, media_type: str = "image/jpeg") -> str:
    return (await store.save(content, "a", media_type)).sha256


def views_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.view"))


async def test_view_is_drawn_once_and_kept_sealed(store: AttachmentStore, clock: ManualClock, tmp_path: Path) -> None:
    digest = await saved(store, a_photo())
    thumb = await viewer_of(store, clock).thumb(digest, "image/jpeg")
    assert opened(thumb).size == (64, 48)
    kept = views_in(tmp_path)
    assert [path.name for path in kept] == [f"{digest}.page-1.view", f"{digest}.thumb.view"]
    assert thumb[:40] not in kept[1].read_bytes()
    draws_nothing = viewer_of(store, clock, module="tests.support.nowhere")
    assert await draws_nothing.thumb(digest, "image/jpeg") == thumb
    kept[0].write_bytes(kept[1].read_bytes())  # one view in another's place is none
    with pytest.raises(OSError, match="does not start"):
        await draws_nothing.page(digest, "image/jpeg", 1)


async def test_only_so_many_pages_are_shown(store: AttachmentStore, clock: ManualClock) -> None:
    viewer, digest = viewer_of(store, clock), await saved(store, a_fax(3), "image/tiff")
    assert opened(await viewer.page(digest, "image/tiff", 2)).size[0] == 432
    for number in (0, 3):
        with pytest.raises(NoView):
            await viewer.page(digest, "image/tiff", number)


async def test_kept_views_are_dropped_when_their_term_or_their_original_is_gone(
    store: AttachmentStore, clock: ManualClock, tmp_path: Path
) -> None:
    views = KeptViews(store, VAULT)
    older, orphan, newer = [await saved(store, content) for content in (b"older", b"orphan", b"newer")]
    await views.keep(older, "thumb", b"1", clock.now() - timedelta(days=31))
    await views.keep(orphan, "thumb", b"2", clock.now())
    await views.keep(newer, "thumb", b"3", clock.now())
    store.path(orphan).unlink()
    assert await views.drop(clock.now() - timedelta(days=30)) == 2
    assert [path.name for path in views_in(tmp_path)] == [f"{newer}.thumb.view"]


@pytest.mark.parametrize(
    ("deed", "code"),
    [(b"hang", "broken"), (b"die", "broken"), (b"eat", "too_large"), (b"babble", "broken")],
)
async def test_threat_49_hostile_file_costs_its_own_view_only(
    store: AttachmentStore, clock: ManualClock, deed: bytes, code: str
) -> None:
    caps = Caps(megapixels=20, pages=2, seconds=1, memory_mb=256)
    viewer = viewer_of(store, clock, caps, module="tests.support.misbehaving")
    with pytest.raises(NoView) as refusal:
        await viewer.look(await saved(store, deed), "image/jpeg")
    assert refusal.value.code == code


async def test_threat_60_drawing_process_knows_no_secrets(store: AttachmentStore, clock: ManualClock) -> None:
    viewer = viewer_of(store, clock, module="tests.support.misbehaving")
    known = await viewer.page(await saved(store, b"tell"), "image/jpeg", 1)
    assert set(known.decode().split(",")) <= POSIX
