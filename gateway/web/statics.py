"""Style sheets and scripts, held in memory under names that carry their content's hash, so that caches keep them.

Serves what was in the folder at start, gzipped for those who take it; no path of a client's ever reaches the disk.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

from aiohttp import web

from gateway.web.problems import Problem

DIRECTORY: Final = Path(__file__).parent.parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_FOREVER: Final = "public, max-age=31536000, immutable"
_WORTH_ZIPPING: Final = 512
_IMPORT: Final = re.compile(rb'"\./([a-z_]+\.js)"')
"""How one module names another of the folder; dynamic imports are written the same way."""


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

    def content(self, name: str) -> bytes:
        """What the file called `name` holds. Raises KeyError where there is none."""
        return self._files[self._names[name]].content

    @property
    def version(self) -> str:
        """Changes whenever one of the files does."""
        return hashlib.sha256("\0".join(sorted(self._files)).encode()).hexdigest()[:12]

    def respond(self, hashed: str, accepted_encodings: str) -> web.Response:
        """The file of a hashed name. Raises Problem 404."""
        file = self._files.get(hashed)
        if file is None:
            raise Problem(404)
        headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
        body = file.content
        if file.zipped is not None and "gzip" in accepted_encodings.lower():
            body, headers["Content-Encoding"] = file.zipped, "gzip"
        return web.Response(body=body, headers={**headers, "Content-Type": file.media_type})


STATICS: Final = web.AppKey("statics", Statics)


def load_statics(directory: Path = DIRECTORY) -> Statics:
    """Read every file of the folder that has a type we serve."""
    names: dict[str, str] = {}
    files: dict[str, _File] = {}
    for path in _imported_first([path for path in sorted(directory.iterdir()) if path.suffix in _TYPES]):
        content = _with_hashed_imports(path, names)
        hashed = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
        zipped = gzip.compress(content, mtime=0) if len(content) > _WORTH_ZIPPING else None
        names[path.name] = hashed
        files[hashed] = _File(content, zipped, _TYPES[path.suffix])
    return Statics(names, files)


@cache
def shipped_statics() -> Statics:
    """The files that come with the program, read and zipped once a process."""
    return load_statics()


def _imported_first(paths: list[Path]) -> list[Path]:
    """Modules after those they import, for a module's name carries its imports' names. Raises CycleError."""
    known = {path.name: path for path in paths}
    order = TopologicalSorter({path.name: _imports(path) for path in paths}).static_order()
    return [known[name] for name in order]


def _imports(path: Path) -> list[str]:
    if path.suffix != ".js":
        return []
    return [name.decode() for name in _IMPORT.findall(path.read_bytes())]


def _with_hashed_imports(path: Path, names: Mapping[str, str]) -> bytes:
    if path.suffix != ".js":
        return path.read_bytes()
    return _IMPORT.sub(lambda found: b'"./' + names[found[1].decode()].encode() + b'"', path.read_bytes())


async def static(request: web.Request) -> web.Response:
    """One style sheet or script."""
    encodings = request.headers.get("Accept-Encoding", "")
    return request.app[STATICS].respond(request.match_info["name"], encodings)
