"""The process that reads mails (`python -m channels.mail_child channels.email`): one parser, no keys, no network.

Its memory is capped, it opens no file, and it ends when its input does: with its parent."""

from __future__ import annotations

import importlib
import json
import sys
from typing import BinaryIO

from channels.confined import LENGTHS, READY, confine
from channels.mail_frame import arrival_of, parsed_frame

MEMORY_BYTES = 1024 * 1024 * 1024


def serve(parser: str, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer every mail on `source` with what `parser.parse` makes of it, until the end of input."""
    parse = importlib.import_module(parser).parse
    sink.write(READY)
    sink.flush()
    while len(lengths := source.read(LENGTHS.size)) == LENGTHS.size:
        head_length, blob_length = LENGTHS.unpack(lengths)
        head = json.loads(source.read(head_length))
        sink.write(parsed_frame(parse(arrival_of(head, source.read(blob_length)))))
        sink.flush()


if __name__ == "__main__":
    confine(MEMORY_BYTES)
    try:
        serve(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(0)
