"""Request bodies read with care: bounded in size and time, one encoding, JSON nobody could read in two ways.

It knows how a body may be shaped and refuses the rest with 400, 408, 413, 415; what the fields mean is for the schemas.
Nothing is decompressed, and files are held in memory only up to their caps.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestPayloadError

from channels import strict_json
from channels.attachments import MAX_FILES, Refusal, admit_all
from gateway.web.problems import Problem, invalid
from normalizer.report import Attachment

JSON_LIMIT: Final = 1024 * 1024
READ_DEADLINE_S: Final = 60.0
_CHUNK: Final = 64 * 1024
_MOST_PARTS: Final = 64
_FULL_FILES: Final = 3
"""All files of one request together may weigh as much as this many of the largest."""
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent: `raw` word for word (of multipart, the JSON part), the decoded `value`, and files already sniffed.

    Of a form, `value` maps each name to its last value as text.
    """

    raw: bytes
    value: Any
    files: tuple[Attachment, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(slots=True)
class _Parts:
    json: bytes | None = None
    fields: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    size: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads bodies for one route: which shapes it takes, and how large files may be.

    Multipart holds its JSON in one of `json_parts`, or instead the `plain_parts`, each a text. Where the body is
    `optional`, none is the same as `{}`. A URL-encoded form has no more than `most_fields`.
    """

    json: bool = True
    form: bool = False
    multipart: bool = False
    json_parts: tuple[str, ...] = ()
    plain_parts: tuple[str, ...] = ()
    optional: bool = False
    max_file_bytes: int = 0
    deadline_s: float = READ_DEADLINE_S
    most_fields: int = _MOST_PARTS

    async def read(self, request: web.Request) -> Body:
        """The body. Raises Problem, and nothing else for anything a client can send."""
        if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            raise Problem(415, "content_encoding_refused")
        try:
            async with asyncio.timeout(self.deadline_s):
                return await self._read(request)
        except TimeoutError:
            raise Problem(408, headers={"Connection": "close"}) from None
        except (RequestPayloadError, HttpProcessingError, ConnectionError, ValueError, AssertionError):
            # What the parts of a body break on when it is cut, wrongly chunked or wrongly framed; the client is told
            # if it is still there.
            raise Problem(400, "malformed_body") from None

    async def _read(self, request: web.Request) -> Body:
        kind = request.content_type.lower()
        if self.optional and not request.body_exists:
            return Body(b"", {})
        if self.json and _is_json(request):
            raw = await _bounded(request, JSON_LIMIT)
            return Body(raw, {} if self.optional and not raw else decode_json(raw))
        if self.form and kind == _FORM:
            raw = await _bounded(request, JSON_LIMIT)
            return Body(raw, decode_form(raw, self.most_fields))
        if self.multipart and kind == _MULTIPART:
            return await self._multipart(request)
        raise Problem(415)

    async def _multipart(self, request: web.Request) -> Body:
        if (request.content_length or 0) > JSON_LIMIT + self._most_file_bytes:
            raise Problem(413)
        parts = _Parts()
        async for part in MultipartReader(request.headers, request.content, max_headers=32):
            if not isinstance(part, BodyPartReader):
                raise Problem(400, "malformed_body")
            await self._take(part, parts)
        taken, refused = admit_all(parts.files, self.max_file_bytes, MAX_FILES)
        if self.form or (parts.fields and parts.json is None):
            return Body(json.dumps(parts.fields, ensure_ascii=False).encode(), parts.fields, taken, refused)
        if parts.json is None:
            raise invalid((self.json_parts[0], "required"))
        if parts.fields:
            raise invalid(*((name, "not_allowed") for name in parts.fields))
        return Body(parts.json, decode_json(parts.json), taken, refused)

    @property
    def _most_file_bytes(self) -> int:
        return self.max_file_bytes * _FULL_FILES

    async def _take(self, part: BodyPartReader, parts: _Parts) -> None:
        parts.count += 1
        if parts.count > _MOST_PARTS:
            raise Problem(413, "too_many_parts")
        name = part.name
        if not name:
            raise Problem(400, "malformed_body")
        if name == "files":
            content = await _part_bytes(part, self.max_file_bytes, parts, self._most_file_bytes)
            if content or part.filename:  # a browser sends one empty part where nothing was chosen
                parts.files.append((part.filename or "", content))
        elif name in self.json_parts and not self.form:
            if parts.json is not None:
                raise invalid((name, "doubled_field"))
            parts.json = await _part_bytes(part, JSON_LIMIT, parts, None)
        elif self.form or name in self.plain_parts:
            parts.fields[name] = _text(await _part_bytes(part, JSON_LIMIT, parts, None))
        else:
            raise invalid((name[:64], "unknown_field"))


def decode_json(raw: bytes) -> Any:
    """The value of a JSON body. Raises Problem 400 with the reason's code."""
    try:
        value = strict_json.loads(raw)
        if b"\\u" in raw:  # half of a surrogate pair can only come by an escape
            json.dumps(value, ensure_ascii=False).encode()
    except strict_json.MalformedJson as error:
        raise Problem(400, "malformed_json", members={"reason": error.code}) from None
    except UnicodeEncodeError:
        raise Problem(400, "malformed_json", members={"reason": "lone_surrogate"}) from None
    return value


def decode_form(raw: bytes, most_fields: int = _MOST_PARTS) -> dict[str, str]:
    """The fields of a URL-encoded form, the last of equals. Raises Problem 400 where it is not UTF-8."""
    try:
        pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=most_fields)
    except ValueError:
        raise Problem(400, "malformed_body") from None
    return dict(pairs)


def as_mapping(value: Any) -> Mapping[str, Any]:
    """The JSON object a body has to be. Raises Problem 422."""
    if not isinstance(value, dict):
        raise invalid(("", "not_an_object"))
    return value


def _is_json(request: web.Request) -> bool:
    charset = (request.charset or "utf-8").lower()
    return request.content_type.lower() == "application/json" and charset in ("utf-8", "utf8")


async def _bounded(request: web.Request, limit: int) -> bytes:
    """The whole body, chunked or not. Raises Problem 413 as soon as it is known to be larger than `limit` bytes."""
    if (request.content_length or 0) > limit:
        raise Problem(413)
    read = bytearray()
    while chunk := await request.content.readany():
        read += chunk
        if len(read) > limit:
            raise Problem(413)
    return bytes(read)


async def _part_bytes(part: BodyPartReader, limit: int, parts: _Parts, total: int | None) -> bytes:
    if part.headers.get("Content-Encoding") or part.headers.get("Content-Transfer-Encoding", "binary") not in (
        "binary",
        "8bit",
        "7bit",
    ):
        raise Problem(415, "content_encoding_refused")
    read = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        read += chunk
        parts.size += len(chunk)
        if len(read) > limit or (total is not None and parts.size > total + JSON_LIMIT):
            raise Problem(413, "file_too_big" if total is not None else "too_large")
    return bytes(read)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "malformed_body") from None
