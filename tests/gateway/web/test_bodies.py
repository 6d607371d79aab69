"""THREATS 45: bodies that are hostile, cut, oversize or of another kind are refused by name, and nothing is stored."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest

from tests.gateway.web.test_reports_api import REPORTS, WHOLE
from tests.support.files import JPEG
from tests.support.web import Site

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "malformed", id="nothing"),
        pytest.param(b"{", "malformed", id="half an object"),
        pytest.param(b"{'text': 1}", "malformed", id="single quotes"),
        pytest.param(b'{"text": NaN}', "not_finite", id="NaN"),
        pytest.param(b'{"text": Infinity}', "not_finite", id="Infinity"),
        pytest.param(b'{"damages_rial": 1e999}', "not_finite", id="a float beyond floats"),
        pytest.param(b'{"damages_rial": ' + b"9" * 5000 + b"}", "number_too_long", id="a huge integer"),
        pytest.param(b'{"text": "a", "text": "b"}', "doubled_key", id="a doubled key"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "too_deep", id="absurd nesting"),
        pytest.param(b'{"text": "\xff"}', "not_utf8", id="not UTF-8"),
        pytest.param(b'{"text": "\\ud800"}', "lone_surrogate", id="half a pair"),
        pytest.param(b'{"\\udfff": 1}', "lone_surrogate", id="half a pair for a name"),
    ],
)
async def test_threat_45_malformed_json_is_400(
    site: Site, http: aiohttp.ClientSession, body: bytes, reason: str
) -> None:
    async with http.post(REPORTS, data=body, headers=JSON) as answer:
        assert answer.status == 400
        problem = await answer.json()
    assert (problem["code"], problem["reason"]) == ("malformed_json", reason)
    assert await site.count_tickets() == 0


async def test_a_whole_pair_of_surrogates_is_a_letter(http: aiohttp.ClientSession) -> None:
    body = json.dumps(WHOLE | {"text": "نان گران 😀"}).encode()
    assert b"\\ud83d" in body
    async with http.post(REPORTS, data=body, headers=JSON) as answer:
        assert answer.status == 201


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 5 * 1024 * 1024])
async def test_json_above_a_mebibyte_is_413(http: aiohttp.ClientSession, size: int) -> None:
    async with http.post(REPORTS, data=BytesIO(b" " * size), headers=JSON) as answer:
        assert answer.status == 413


async def test_a_chunked_body_is_bounded_too(http: aiohttp.ClientSession) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 65_536

    async with http.post(REPORTS, data=chunks(), headers=JSON) as answer:
        assert answer.status == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
async def test_other_media_types_are_415(http: aiohttp.ClientSession, kind: str) -> None:
    async with http.post(REPORTS, data=json.dumps(WHOLE).encode(), headers={"Content-Type": kind}) as answer:
        assert answer.status == 415


async def test_threat_39_a_compressed_body_is_refused_unread(http: aiohttp.ClientSession) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    async with http.post(REPORTS, data=bomb, headers={**JSON, "Content-Encoding": "gzip"}) as answer:
        assert answer.status == 415
        assert (await answer.json())["code"] == "content_encoding_refused"


def multipart(report: object = WHOLE, **files: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("report", json.dumps(report), content_type="application/json")
    for name, content in files.items():
        form.add_field("files", BytesIO(content), filename=f"{name}.jpg", content_type="image/jpeg")
    return form


async def test_a_report_with_a_photo_is_stored_with_it(site: Site, http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, data=multipart(photo=JPEG)) as answer:
        assert answer.status == 201
    assert await site.kept_files() == [JPEG]


async def test_the_json_part_may_be_called_body_too(http: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData()
    form.add_field("body", json.dumps(WHOLE), content_type="application/json")
    form.add_field("files", BytesIO(JPEG), filename="a.jpg", content_type="image/jpeg")
    async with http.post(REPORTS, data=form) as answer:
        assert answer.status == 201


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<script>alert(1)</script>", "file_type_refused"),
        (b"", "file_empty"),
        (b"PK\x03\x04" + b"0" * 64, "file_type_refused"),
    ],
)
async def test_threat_49_a_file_of_another_kind_is_refused(
    site: Site, http: aiohttp.ClientSession, content: bytes, code: str
) -> None:
    async with http.post(REPORTS, data=multipart(photo=content)) as answer:
        assert answer.status == 422
        assert [each["code"] for each in (await answer.json())["errors"]] == [code]
    assert await site.count_tickets() == 0


async def test_a_file_above_its_cap_is_413(http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, data=multipart(photo=JPEG + b"0" * 1024 * 1024)) as answer:
        assert answer.status == 413


async def test_more_files_than_allowed_are_refused(http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, data=multipart(**{f"n{number}": JPEG for number in range(11)})) as answer:
        assert answer.status == 422
        assert (await answer.json())["errors"][0]["code"] == "too_many_files"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 400, id="nothing"),
        pytest.param(b"--x\r\n", 400, id="cut in a head"),
        pytest.param(b'--x\r\nContent-Disposition: form-data; name="report"\r\n\r\n{"te', 400, id="cut in the JSON"),
        pytest.param(b"garbage without any boundary", 400, id="no boundary"),
        pytest.param(
            b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n1\r\n--x--\r\n', 422, id="unknown part"
        ),
        pytest.param(
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n' + JPEG + b"\r\n--x--\r\n",
            422,
            id="no report",
        ),
    ],
)
async def test_a_broken_multipart_is_refused(http: aiohttp.ClientSession, body: bytes, status: int) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with http.post(REPORTS, data=body, headers=headers) as answer:
        assert answer.status == status
        assert answer.content_type == "application/problem+json"


async def test_multipart_without_a_boundary_is_400(http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, data=b"x", headers={"Content-Type": "multipart/form-data"}) as answer:
        assert answer.status == 400


async def talk(site: Site, said: bytes, *, then_leave: bool = False) -> bytes:
    """Say something over a bare socket and hear what comes back."""
    host, port = site.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(said)
    await writer.drain()
    if then_leave:
        writer.close()
        await writer.wait_closed()
        return b""
    heard = await reader.read()
    writer.close()
    await writer.wait_closed()
    return heard


@pytest.mark.parametrize(
    ("said", "status"),
    [
        pytest.param(b"NOT HTTP AT ALL\r\n\r\n", b"400", id="not HTTP"),
        pytest.param(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"4", id="an endless address"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 9000 + b"\r\n\r\n", b"4", id="an endless header"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"400", id="a negative length"),
        pytest.param(
            b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
            b"400",
            id="a chunk without a size",
        ),
        pytest.param(
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: a-miracle\r\n\r\n",
            b"417",
            id="a wrong Expect",
        ),
    ],
)
async def test_what_is_hardly_http_is_a_problem_too(site: Site, said: bytes, status: bytes) -> None:
    heard = await talk(site, said)
    assert heard.split(b" ", 2)[1].startswith(status)
    assert b"application/problem+json" in heard
    assert b"aaaa" not in heard
    assert b"Python" not in heard


async def test_a_client_that_leaves_mid_body_disturbs_nobody(site: Site, http: aiohttp.ClientSession) -> None:
    head = (
        b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    await talk(site, head, then_leave=True)
    async with http.post(REPORTS, json=WHOLE) as answer:
        assert answer.status == 201
    assert await site.count_tickets() == 1


async def test_threat_4_a_client_that_leaves_before_the_answer_is_served(
    site: Site, http: aiohttp.ClientSession
) -> None:
    body = json.dumps(WHOLE).encode()
    head = f"POST {REPORTS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\n"
    await talk(site, head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body, then_leave=True)
    async with http.post(REPORTS, json=WHOLE, headers={"Idempotency-Key": "k"}) as answer:
        assert answer.status in (200, 201)
    assert await site.count_tickets() == 1
