"""Reads mails without ever holding up the event loop: simple ones here, all others in a process that can be killed.

Standard mail parsing has quadratic corners (twenty thousand addresses block for seconds); what is small and plain
enough to have none is read in place, which is most mail and costs no pipe. A reader that takes too long, dies or
talks nonsense is killed and the mail called malformed; the next mail gets a fresh one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from channels.channel import Arrival, Malformed, Parsed
from channels.confined import LENGTHS, Confined
from channels.mail_frame import MAX_HEAD_BYTES, arrival_frame, parsed_of

TIMEOUT_S = 10.0
_SIMPLE_BYTES = 16 * 1024


def is_simple(raw: bytes) -> bool:
    """Whether a mail is so small and plain that reading it takes a few milliseconds at worst."""
    return (
        len(raw) <= _SIMPLE_BYTES
        and raw.lower().count(b"multipart/") <= 3
        and raw.count(b";") <= 200
        and raw.count(b"=?") <= 100
        and raw.count(b"<") <= 500
        and raw.count(b"@") <= 100
    )


class MailReader:
    """Reads mails one after another: `parse` as often as wanted, then `stop`.

    `parse_here` is the channel's own parse; the process imports the module it lives in.
    """

    def __init__(self, parse_here: Callable[[Arrival], Parsed], *, timeout_s: float = TIMEOUT_S) -> None:
        self._parse_here = parse_here
        self._timeout_s = timeout_s
        self._process: Confined | None = None
        self._turn = asyncio.Lock()

    async def parse(self, arrival: Arrival) -> Parsed:
        """What the mail is. A hostile one is Malformed (mail: too_slow or unreadable) within the time-out.

        Raises OSError where no process can be started; the mail is as good as unread then, so try later.
        """
        if is_simple(arrival.raw):
            return self._parse_here(arrival)
        async with self._turn:
            return await self._parse_there(arrival)

    async def stop(self) -> None:
        """End the reading process."""
        async with self._turn:
            await self._kill()

    async def _parse_there(self, arrival: Arrival) -> Parsed:
        process = await self._running()
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._ask(process, arrival)
        except TimeoutError:
            await self._kill()
            return Malformed("mail", "too_slow")
        except (EOFError, ConnectionError, KeyError, TypeError, ValueError):
            await self._kill()
            return Malformed("mail", "unreadable")
        except asyncio.CancelledError:
            # Half a conversation is in the pipe: the next mail must not get this one's answer.
            await self._kill()
            raise

    async def _ask(self, process: Confined, arrival: Arrival) -> Parsed:
        process.to_it.write(arrival_frame(arrival))
        await process.to_it.drain()
        head_length, blob_length = LENGTHS.unpack(await process.from_it.readexactly(LENGTHS.size))
        if head_length > MAX_HEAD_BYTES or blob_length > len(arrival.raw):
            raise ValueError("frame too long")
        head = json.loads(await process.from_it.readexactly(head_length))
        return parsed_of(head, await process.from_it.readexactly(blob_length), arrival)

    async def _running(self) -> Confined:
        if self._process is None or not self._process.is_running:
            self._process = await Confined.start("channels.mail_child", self._parse_here.__module__)
        return self._process

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await process.kill()
