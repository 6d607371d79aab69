"""THREATS 45: the API against its own description, with requests nobody would think of; bounded to seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.web.openapi import build_document
from gateway.web.routes import ROUTES
from tests.gateway.web.test_reports_api import REPORTS, WHOLE
from tests.support.web import Site
from ticketing.procedure_files import load_procedures

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
EXAMPLES = 20
SECONDS_EACH = 3.0
DOCUMENT = build_document(ROUTES, load_procedures().values(), "0")
OPERATIONS = [(method, path) for path, item in DOCUMENT["paths"].items() for method in item]


def attack(url: str, method: str, path: str, headers: Mapping[str, str], known_code: str) -> int:
    """Send generated requests, valid and not; how many were sent. Every answer must be one the document knows."""
    operation: Any = schemathesis.openapi.from_dict(DOCUMENT)[path][method]
    until, sent = time.monotonic() + SECONDS_EACH, 0

    @seed(124)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        nonlocal sent
        if sent and time.monotonic() > until:
            return
        sent += 1
        if "code" in case.path_parameters and sent % 2:
            case.path_parameters["code"] = known_code
        case.call_and_validate(base_url=url, headers=dict(headers), checks=CHECKS)

    send()
    return sent


def role_for(path: str) -> str:
    if "/board" in path:
        return "supervisor"
    if "/calendar" in path:
        return "office"
    return "operator" if path.endswith("/reports") else "evaluator"


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS])
async def test_threat_45_only_documented_answers_whatever_is_sent(
    site: Site, http: aiohttp.ClientSession, method: str, path: str
) -> None:
    async with http.post(REPORTS, json=WHOLE) as answer:
        code = (await answer.json())["tracking_code"]
    headers = await site.bearer(role_for(path))
    sent = await asyncio.to_thread(attack, site.url, method, path, headers, code)
    assert sent > 0
