"""The process that draws (`python -m gateway.views.child MEMORY_MB CPU_S`): one file, one answer, and it is gone.

Nothing of one citizen's file is there when the next one's is drawn. It has no keys, no database and no settings; what
its libraries do to it at worst is to end it.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import BinaryIO, Final

from channels.confined import LENGTHS, READY, confine, pack
from gateway.views.frame import Drawn, NoView, Wish

_MIB: Final = 1024 * 1024
_NICENESS: Final = 10


def serve(draw: Callable[[Wish, bytes], Drawn], source: BinaryIO, sink: BinaryIO) -> None:
    """Answer the one wish on `source` on `sink`."""
    sink.write(READY)
    sink.flush()
    head_length, blob_length = LENGTHS.unpack(source.read(LENGTHS.size))
    wish = Wish(**json.loads(source.read(head_length)))
    sink.write(_answer(draw, wish, source.read(blob_length)))
    sink.flush()


def _answer(draw: Callable[[Wish, bytes], Drawn], wish: Wish, content: bytes) -> bytes:
    try:
        drawn = draw(wish, content)
    except NoView as refusal:
        return pack({"refused": refusal.code})
    except MemoryError:
        return pack({"refused": "too_large"})
    except Exception:  # libraries raise anything at all over broken files
        return pack({"refused": "broken"})
    return pack(drawn.head(), drawn.page + drawn.thumb)


def main() -> None:
    """Serve under the caps of the command line."""
    os.nice(_NICENESS)  # whoever is being served comes first
    confine(int(sys.argv[1]) * _MIB, int(sys.argv[2]))
    drawing = importlib.import_module("gateway.views.drawing")  # its libraries start under the caps, too
    serve(drawing.draw, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(0)
