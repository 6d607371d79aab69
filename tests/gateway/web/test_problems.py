"""Errors: RFC 9457 everywhere, in the caller's language, saying nothing of our insides; and the headers of answers."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import aiohttp
import pytest
import structlog

from gateway.web.problems import Problem, problem_of
from tests.gateway.web.test_reports_api import REPORTS, WHOLE
from tests.support.web import SMS_SECRET, Site
from ticketing.errors import Conflict, TooMany
from ticketing.writer import Unavailable

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("GET", "/desk/nowhere", 404, "not_found"),
        ("GET", "/static/../config.toml", 404, "not_found"),
        ("GET", "/static/gateway.css", 404, "not_found"),
        ("GET", "/hooks/kavenegar/wrong/inbound", 404, "not_found"),
        ("GET", "/hooks/nobody/" + SMS_SECRET + "/inbound", 404, "not_found"),
        ("DELETE", "/api/v1/reports", 405, "method_not_allowed"),
        ("OPTIONS", "/", 405, "method_not_allowed"),
        ("GET", "/api/v1/tickets/123456789012?phone_last4=1234", 404, "not_found"),
        ("GET", "/api/v1/tickets/123456789012?surprise=1", 422, "invalid_fields"),
        ("GET", "/api/v1/staff/tickets", 401, "unauthenticated"),
    ],
)
async def test_every_error_is_a_problem(
    http: aiohttp.ClientSession, method: str, path: str, status: int, code: str
) -> None:
    async with http.request(method, path) as answer:
        assert answer.status == status
        assert answer.content_type == PROBLEM
        problem = await answer.json(content_type=PROBLEM)
        assert answer.headers.get("Allow") or status != 405
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"].endswith(code)
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize(
    ("accepted", "language"), [("", "fa"), ("en", "en"), ("de, en;q=0.5", "en"), ("en;q=0.1, fa", "fa"), ("de", "fa")]
)
async def test_problems_speak_the_callers_language(
    site: Site, http: aiohttp.ClientSession, accepted: str, language: str
) -> None:
    async with http.get("/nowhere", headers={"Accept-Language": accepted}) as answer:
        problem = await answer.json(content_type=PROBLEM)
        assert answer.headers["Content-Language"] == language
    assert problem["title"] == site.services.catalogue.say(language, "problem.not_found")


async def test_a_browser_on_a_page_gets_a_page(http: aiohttp.ClientSession) -> None:
    async with http.get("/nowhere", headers={"Accept": "text/html"}) as answer:
        assert (answer.status, answer.content_type) == (404, "text/html")
    async with http.get("/api/v1/nowhere", headers={"Accept": "text/html"}) as answer:
        assert (answer.status, answer.content_type) == (404, PROBLEM)


def test_refusals_carry_what_helps() -> None:
    conflict = problem_of(Conflict("stale_version", ["evaluate"], {"version": 3}))
    assert (conflict.status, conflict.members) == (409, {"allowed_actions": ["evaluate"], "ticket": {"version": 3}})
    assert problem_of(TooMany(12)).headers["Retry-After"] == "12"
    unavailable = problem_of(Unavailable("full"))
    assert (unavailable.status, "Retry-After" in unavailable.headers) == (503, True)


def test_what_nobody_foresaw_is_a_plain_500() -> None:
    problem = problem_of(ValueError("0912 345 6789 is secret"))
    assert (problem.status, problem.code, problem.members) == (500, "internal_error", {})
    assert "secret" not in str(Problem(500))


@pytest.fixture
def lines() -> Iterator[list[dict[str, object]]]:
    with structlog.testing.capture_logs() as captured:
        yield captured  # type: ignore[misc]


async def test_threat_5_a_database_that_takes_nothing_is_503_and_comes_back(
    site: Site, http: aiohttp.ClientSession
) -> None:
    await site.parts.database.writer.stop()
    async with http.post(REPORTS, json=WHOLE) as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
    async with http.get("/healthz") as answer:
        assert answer.status == 200


async def test_threat_60_the_log_names_patterns_never_people_or_secrets(
    http: aiohttp.ClientSession, lines: list[dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with http.post(REPORTS, json=WHOLE | {"name": "کاناری زردپر"}) as answer:
        code = (await answer.json())["tracking_code"]
    async with http.get(f"/api/v1/tickets/{code}", params={"phone_last4": "4567"}) as answer:
        assert answer.status == 200
    async with http.get(f"/hooks/kavenegar/{SMS_SECRET}/inbound", params={"from": "09121234567"}):
        pass
    async with http.get("/nowhere/09121234567"):
        pass
    said = f"{lines}{caplog.text}"
    for personal in ("09121234567", "+989121234567", "کاناری", code, SMS_SECRET, "4567", "127.0.0.1"):
        assert personal not in said
    routes = [line["route"] for line in lines if line["event"] == "request"]
    assert routes == [
        "/api/v1/reports",
        "/api/v1/tickets/{code}",
        "/hooks/{provider}/{secret}/inbound",
        "(none)",
    ]


@pytest.mark.parametrize("path", ["/", "/track", "/healthz", "/nowhere", "/api/v1/openapi.json"])
async def test_every_answer_carries_the_safe_headers(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Server"] == "gateway-124"


async def test_threat_46_a_line_break_in_a_query_stays_out_of_headers(http: aiohttp.ClientSession) -> None:
    async with http.get("/?lang=en%0d%0aSet-Cookie:%20x=1") as answer:
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
