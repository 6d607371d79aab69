"""Shows what strangers sent: has it drawn by a process of its own, a few at a time, and keeps what was drawn.

The process is started for one file and killed with it, so a bomb, a crash or an endless loop costs that file its view
and nobody else anything. What is not drawn is said as a `NoView`; the file itself is never given instead.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from channels.confined import LENGTHS, Confined
from gateway.views.frame import DRAWN, Caps, Drawn, NoView, Wish, drawn_of
from gateway.views.kept import KeptViews
from gateway.views.recording import HEAD_BYTES, RECORDINGS, plays
from ticketing.attachments import AttachmentStore, Content, Missing
from ticketing.vault import VaultError

log = structlog.get_logger()
THUMB: Final = "thumb"
_AT_ONCE: Final = 2
_WALL_PER_CPU: Final = 4
"""A busy machine gives a process a part of a processor only: the clock on the wall is that much more patient."""
_MOST_HEAD_BYTES: Final = 256 * 1024
_MOST_BLOB_BYTES: Final = 16 * 1024 * 1024
_MODULE: Final = "gateway.views.child"


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a file: how many pages it has (0: none can be shown or played), and what its codes say.

    `pages` is None where that could not be found out.
    """

    pages: int | None
    codes: tuple[str, ...] = ()


class Viewer:
    """Views of the files in `files`, kept in `kept`."""

    def __init__(
        self, files: AttachmentStore, kept: KeptViews, caps: Caps, now: Callable[[], datetime], *, module: str = _MODULE
    ) -> None:
        self._files, self._kept, self._now, self._module = files, kept, now, module
        self.caps = caps
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def look(self, sha256: str, media_type: str) -> Look:
        """Draw the first page and its thumbnail, keep both, and read the codes on it; see whether a recording plays.

        Raises `NoView`; OSError where no process can be started: try later.
        """
        if media_type in RECORDINGS:
            return Look(int(await self._plays(sha256, media_type)))
        drawn = await self._look(sha256, media_type)
        return Look(drawn.pages, drawn.codes)

    async def thumb(self, sha256: str, media_type: str) -> bytes:
        """The first page, small, as JPEG. Raises as `look`."""
        return await self._kept.load(sha256, THUMB) or (await self._look(sha256, media_type)).thumb

    async def page(self, sha256: str, media_type: str, number: int) -> bytes:
        """A page (the first is 1) as JPEG. Raises as `look`: `no_page` for one that is not there or not shown."""
        if not 1 <= number <= self.caps.pages:
            raise NoView("no_page")
        known = await self._kept.load(sha256, _page(number))
        if known is not None:
            return known
        if number == 1:
            return (await self._look(sha256, media_type)).page
        drawn = await self._draw(sha256, media_type, number, looks=False)
        await self._kept.keep(sha256, _page(number), drawn.page, self._now())
        return drawn.page

    async def _plays(self, sha256: str, media_type: str) -> bool:
        async with self._opened(sha256) as content:
            head = b"".join([piece async for piece in content.pieces(0, min(HEAD_BYTES, content.size))])
        return plays(media_type, head)

    async def _look(self, sha256: str, media_type: str) -> Drawn:
        drawn = await self._draw(sha256, media_type, 1, looks=True)
        await self._kept.keep(sha256, _page(1), drawn.page, self._now())
        await self._kept.keep(sha256, THUMB, drawn.thumb, self._now())
        return drawn

    async def _draw(self, sha256: str, media_type: str, page: int, *, looks: bool) -> Drawn:
        if media_type not in DRAWN:
            raise NoView("unsupported")
        wish = Wish(media_type, page, looks, self.caps.megapixels * 1_000_000)
        async with self._turns, self._opened(sha256) as content:
            return await self._drawn_apart(wish, content)

    @asynccontextmanager
    async def _opened(self, sha256: str) -> AsyncIterator[Content]:
        try:
            async with self._files.open(sha256) as content:
                yield content
        except Missing:
            raise NoView("missing") from None
        except VaultError as error:
            log.error("an attachment does not open", error=str(error))
            raise NoView("missing") from None

    async def _drawn_apart(self, wish: Wish, content: Content) -> Drawn:
        process = await Confined.start(self._module, str(self.caps.memory_mb), str(self.caps.seconds))
        try:
            async with asyncio.timeout(self.caps.seconds * _WALL_PER_CPU):
                return await _asked(process, wish, content)
        except TimeoutError:
            raise NoView("too_slow") from None
        except (EOFError, ConnectionError, KeyError, TypeError, ValueError) as error:
            log.info("a file could not be drawn", media_type=wish.media_type, error=type(error).__name__)
            raise NoView("broken") from None
        finally:
            await process.kill()


async def _asked(process: Confined, wish: Wish, content: Content) -> Drawn:
    head = json.dumps(wish.head()).encode()
    process.to_it.write(LENGTHS.pack(len(head), content.size) + head)
    async for piece in content.pieces():
        process.to_it.write(piece)
        await process.to_it.drain()
    head_length, blob_length = LENGTHS.unpack(await process.from_it.readexactly(LENGTHS.size))
    if head_length > _MOST_HEAD_BYTES or blob_length > _MOST_BLOB_BYTES:
        raise ValueError("frame too long")
    answer = json.loads(await process.from_it.readexactly(head_length))
    return drawn_of(answer, await process.from_it.readexactly(blob_length))


def _page(number: int) -> str:
    return f"page-{number}"
