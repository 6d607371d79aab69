"""Style sheets and scripts, held in memory under names that carry their content's hash, so that caches keep them.

Serves what was in the folder at start, gzipped for those who take it; no path of a client's ever reaches the disk.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from gateway.web.problems import Problem

DIRECTORY: Final = Path(__file__).parent.parent / "static"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_FOREVER: Final = "public, max-age=31536000, immutable"
_WORTH_ZIPPING: Final = 512


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    zipped: bytes | None
    media_type: str


class Statics:
    """The files of one folder by their hashed names."""

    def __init__(self, names: Mapping[str, str], files: Mapping[str, _File]) -> None:
        self._names = names
        self._files = files

    def url(self, name: str) -> str:
        """The address of the file called `name` in the folder. Raises KeyError where there is none."""
        return f"/static/{self._names[name]}"

    def respond(self, hashed: str, accepted_encodings: str) -> web.Response:
        """The file of a hashed name. Raises Problem 404."""
        file = self._files.get(hashed)
        if file is None:
            raise Problem(404)
        headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
        body = file.content
        if file.zipped is not None and "gzip" in accepted_encodings.lower():
            body, headers["Content-Encoding"] = file.zipped, "gzip"
        return web.Response(body=body, headers={**headers, "Content-Type": f"{file.media_type}; charset=utf-8"})


STATICS: Final = web.AppKey("statics", Statics)


def load_statics(directory: Path = DIRECTORY) -> Statics:
    """Read every file of the folder that has a type we serve."""
    names: dict[str, str] = {}
    files: dict[str, _File] = {}
    for path in sorted(directory.iterdir()):
        if path.suffix not in _TYPES:
            continue
        content = path.read_bytes()
        hashed = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
        zipped = gzip.compress(content, mtime=0) if len(content) > _WORTH_ZIPPING else None
        names[path.name] = hashed
        files[hashed] = _File(content, zipped, _TYPES[path.suffix])
    return Statics(names, files)


async def static(request: web.Request) -> web.Response:
    """One style sheet or script."""
    encodings = request.headers.get("Accept-Encoding", "")
    return request.app[STATICS].respond(request.match_info["name"], encodings)
