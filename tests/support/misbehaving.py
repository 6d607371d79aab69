"""A drawing process that does to itself what a hostile file might do to it: the file says what."""

from __future__ import annotations

import os
import sys

from channels.confined import confine
from gateway.views.child import serve
from gateway.views.frame import Drawn, Wish


def draw(wish: Wish, content: bytes) -> Drawn:
    """Misbehave as the content says, or tell what is known in here."""
    if content == b"hang":
        while True:
            pass
    if content == b"die":
        os.abort()
    if content == b"eat":
        bytearray(4 * 1024**3)
    if content == b"babble":
        sys.stdout.buffer.write(b"\xff" * 64)
    return Drawn(1, ",".join(sorted(os.environ)).encode())


if __name__ == "__main__":
    confine(int(sys.argv[1]) * 1024 * 1024, int(sys.argv[2]))
    serve(draw, sys.stdin.buffer, sys.stdout.buffer)
