"""Citizens' reports being written: what was answered so far, photos included, sealed on disk until their term passes.

A draft is no report: it has no code, and losing the disk loses it. It takes no database, so it is there while reports
have to wait; a folder that is full takes no more.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from uuid import uuid4

from gateway.config import Settings
from normalizer.report import Attachment
from ticketing.vault import Vault, VaultError
from ticketing.writer import Unavailable

T = TypeVar("T")
TOKEN_BYTES: Final = 16
MOST_FILES: Final = 20_000
MOST_BYTES: Final = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Photo:
    """A file that was sent at its step; `id` names it within the draft."""

    id: str
    name: str
    media_type: str


@dataclass(slots=True)
class Draft:
    """What was answered, by form field. Once `sent`, only the form's id is left: what came of it is a report."""

    token: str = field(default_factory=lambda: secrets.token_hex(TOKEN_BYTES))
    form_id: str = field(default_factory=lambda: uuid4().hex)
    typed: dict[str, str] = field(default_factory=dict)
    photos: list[Photo] = field(default_factory=list)
    sent: bool = False


@dataclass(frozen=True, slots=True)
class _Swept:
    """What sweeping found: files dropped, files kept and how large those are."""

    dropped: int
    kept: int
    bytes_kept: int


class Drafts:
    """The drafts in `folder`, sealed by `vault`, forgotten `lifetime` after they were last touched."""

    def __init__(self, folder: Path, vault: Vault, lifetime: timedelta, now: datetime) -> None:
        self._folder = folder
        self._vault = vault
        self._now = now
        self._oldest = (now - lifetime).timestamp()

    async def load(self, token: str) -> Draft | None:
        """The draft of a token; None where there is none any more."""
        sealed = await asyncio.to_thread(self._read, _name(token))
        if sealed is None:
            return None
        try:
            kept = json.loads(self._vault.unseal("drafts.body", _row(token), sealed))
        except (VaultError, ValueError):
            return None
        photos = [Photo(**each) for each in kept["photos"]]
        return Draft(token, kept["form_id"], kept["typed"], photos, kept["sent"])

    async def save(self, draft: Draft) -> None:
        """Keep the draft as it is now. Raises `Unavailable` where the disk does not take it."""
        kept = {name: value for name, value in asdict(draft).items() if name != "token"}
        sealed = self._vault.seal("drafts.body", _row(draft.token), json.dumps(kept, ensure_ascii=False))
        await self._on_disk(partial(self._write, _name(draft.token), sealed))

    async def add_photos(self, draft: Draft, files: Sequence[Attachment]) -> None:
        """Keep files with the draft, and the draft. Raises `Unavailable`."""
        for file in files:
            photo = Photo(secrets.token_hex(8), file.name, file.media_type)
            sealed = self._vault.seal_bytes(f"drafts.{photo.id}", _row(draft.token), file.content or b"")
            await self._on_disk(partial(self._write, _name(draft.token, photo), sealed))
            draft.photos.append(photo)
        await self.save(draft)

    async def photos(self, draft: Draft) -> tuple[Attachment, ...] | None:
        """The draft's files with their content; None where one is gone."""
        found = []
        for photo in draft.photos:
            sealed = await asyncio.to_thread(self._read, _name(draft.token, photo))
            if sealed is None:
                return None
            content = self._vault.unseal_bytes(f"drafts.{photo.id}", _row(draft.token), sealed)
            found.append(Attachment(name=photo.name, media_type=photo.media_type, content=content))
        return tuple(found)

    async def remove_photo(self, draft: Draft, photo_id: str) -> None:
        """Forget one file of the draft. Raises `Unavailable`."""
        for photo in [each for each in draft.photos if each.id == photo_id]:
            await self._on_disk(partial(self._remove, _name(draft.token, photo)))
            draft.photos.remove(photo)
        await self.save(draft)

    async def forget(self, draft: Draft) -> None:
        """Drop the draft with all that is in it. Raises `Unavailable`."""
        for name in (_name(draft.token), *(_name(draft.token, photo) for photo in draft.photos)):
            await self._on_disk(partial(self._remove, name))

    async def mark_sent(self, draft: Draft) -> None:
        """Forget all that was answered; going back to the form leads to the confirmation from here on.

        Raises `Unavailable`.
        """
        names = [_name(draft.token, photo) for photo in draft.photos]
        draft.typed, draft.photos, draft.sent = {}, [], True
        await self.save(draft)
        for name in names:
            await self._on_disk(partial(self._remove, name))

    async def make_room(self) -> None:
        """Drop what has outlived its time. Raises `Unavailable` while the folder is as full as it may get."""
        await self._on_disk(self._make_room)

    async def sweep(self) -> int:
        """Drop what has outlived its time, and say how many files that were. Raises `Unavailable`."""
        return (await self._on_disk(self._sweep)).dropped

    async def _on_disk(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except OSError as error:
            raise Unavailable("a draft could not be kept") from error

    def _read(self, name: str) -> bytes | None:
        path = self._folder / name
        try:
            return path.read_bytes() if path.stat().st_mtime > self._oldest else None
        except FileNotFoundError:
            return None

    def _write(self, name: str, sealed: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._folder / f"{name}.{secrets.token_hex(4)}.part"
        try:
            part.write_bytes(sealed)
            os.utime(part, (self._now.timestamp(), self._now.timestamp()))
            part.rename(self._folder / name)
        finally:
            part.unlink(missing_ok=True)

    def _remove(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)

    def _make_room(self) -> None:
        swept = self._sweep()
        if swept.kept >= MOST_FILES or swept.bytes_kept >= MOST_BYTES:
            raise OSError("the drafts' folder is full")

    def _sweep(self) -> _Swept:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        dropped = kept = size = 0
        for entry in os.scandir(self._folder):
            try:
                about = entry.stat()
            except FileNotFoundError:  # sent or swept by another meanwhile
                continue
            if about.st_mtime <= self._oldest:
                Path(entry.path).unlink(missing_ok=True)
                dropped += 1
            else:
                kept, size = kept + 1, size + about.st_size
        return _Swept(dropped, kept, size)


def drafts_at(settings: Settings, vault: Vault, now: datetime) -> Drafts:
    """Where a site of these settings keeps its drafts: beside the attachments."""
    folder = settings.storage.attachments.with_name("drafts")
    return Drafts(folder, vault, settings.retention.drafts, now)


def _name(token: str, photo: Photo | None = None) -> str:
    """The file's name tells no token: whoever lists the folder can open nothing with it."""
    digest = hashlib.sha256(token.encode()).hexdigest()[:32]
    return f"{digest}.{photo.id}" if photo else digest


def _row(token: str) -> int:
    return int(token, 16)
