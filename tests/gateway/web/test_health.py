"""Health, figures and static files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import aiohttp
from prometheus_client import CollectorRegistry

from gateway.web.connections import ListeningSite, Runner
from gateway.web.server import build_application
from tests.support.web import Site


async def test_alive_and_ready(http: aiohttp.ClientSession) -> None:
    for path in ("/healthz", "/readyz"):
        async with http.get(path) as answer:
            assert answer.status == 200


async def test_not_ready_says_why(site: Site) -> None:
    async def readiness() -> Sequence[str]:
        return ["database", "outbox"]

    runner = Runner(build_application(replace(site.services, readiness=readiness, metrics=CollectorRegistry())))
    await runner.setup()
    await ListeningSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as http:
        async with http.get("/readyz") as answer:
            assert answer.status == 503
            assert (await answer.json(content_type=None))["reasons"] == ["database", "outbox"]
        async with http.get("/healthz") as answer:
            assert answer.status == 200
    await runner.cleanup()


async def test_figures_count_routes_not_addresses(http: aiohttp.ClientSession) -> None:
    for path in ("/nowhere/09121234567", "/api/v1/tickets/314159265355", "/"):
        async with http.get(path):
            pass
    async with http.request("PROPFIND", "/"):
        pass
    async with http.get("/metrics") as answer:
        assert answer.content_type == "text/plain"
        text = await answer.text()
    assert 'gateway_http_requests_total{method="GET",route="(none)",status="404"} 1.0' in text
    assert 'route="/api/v1/tickets/{code}"' in text
    assert "314159265355" not in text
    assert "09121234567" not in text


async def test_statics_are_kept_forever_under_hashed_names(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as answer:
        urls = re.findall(r'(?:href|src)="(/static/[^"]+)"', await answer.text())
    assert len(urls) == 3
    for url in urls:
        async with http.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_style_sheet_knows_no_left_and_right() -> None:
    sheet = (Path(__file__).parents[3] / "gateway" / "static" / "gateway.css").read_text(encoding="utf-8")
    assert not re.findall(r"\b(?:left|right)\b", sheet)


def test_no_template_that_is_served_holds_inline_style_or_script() -> None:
    templates = Path(__file__).parents[3] / "gateway" / "templates"
    of_files = {templates / "letter.html"}  # written to a file, which carries its own sheet
    for path in set(templates.rglob("*.html")) - of_files:
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*src=)|\|\s*safe", text), path.name
