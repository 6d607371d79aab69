"""The table of routes: nobody is let in by accident, and the OpenAPI document is what the table says."""

from __future__ import annotations

import re

import aiohttp
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.web.openapi import build_document
from gateway.web.route import PUBLIC, SECRET, Route
from gateway.web.routes import ROUTES
from tests.support.web import Site
from ticketing.procedure_files import load_procedures
from ticketing.roles import ROLES

STAFF_ROUTES = [route for route in ROUTES if route.needs_staff]


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_every_route_says_who_may_call_it(route: Route) -> None:
    assert route.access in (PUBLIC, SECRET) or route.access <= frozenset(ROLES)
    assert route.access


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_only_the_api_is_described_and_all_of_it(route: Route) -> None:
    is_api = route.path.startswith("/api/") and not route.path.endswith("openapi.json")
    assert bool(route.summary) == is_api


@pytest.mark.parametrize("route", [each for each in ROUTES if each.path.startswith("/api/v1/staff")], ids=named)
def test_staff_routes_need_staff(route: Route) -> None:
    assert route.needs_staff or route.path.endswith("/login")


def test_no_method_and_path_stand_twice() -> None:
    keys = [(route.method, re.sub(r"\{\w+\}", "{}", route.path)) for route in ROUTES]
    assert len(keys) == len(set(keys))


def test_every_form_a_browser_sends_is_guarded_against_other_sites() -> None:
    unguarded = [
        route.path
        for route in ROUTES
        if route.method == "POST"
        and not route.same_origin
        and route.access == PUBLIC
        and not route.path.startswith("/api/")
    ]
    assert unguarded == ["/sandbox/messages"]  # guards forms itself, and takes JSON


def test_only_reports_spend_the_budget_of_reports() -> None:
    assert {named(route) for route in ROUTES if route.budgeted} == {
        "POST /api/v1/reports",
        "POST /",
        "POST /file/{procedure}",
    }


@pytest.mark.parametrize("route", STAFF_ROUTES, ids=named)
async def test_threat_53_every_role_outside_the_row_is_refused(
    site: Site, http: aiohttp.ClientSession, route: Route
) -> None:
    path = re.sub(
        r"\{(\w+)\}", lambda found: {"code": "123456789012", "action": "evaluate"}.get(found[1], "1"), route.path
    )
    async with http.request(route.method, path) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for role in sorted(frozenset(ROLES) - route.access):
        async with http.request(route.method, path, headers=await site.bearer(role)) as answer:
            assert answer.status == 403
            assert (await answer.json(content_type=None))["code"] == "role_not_allowed"


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic abc", "Bearer nobodys", "Bearer " + "x" * 600]
)
async def test_a_token_that_is_nobodys_is_401(http: aiohttp.ClientSession, authorization: str) -> None:
    async with http.get("/api/v1/staff/tickets", headers={"Authorization": authorization}) as answer:
        assert answer.status == 401


def test_the_document_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(build_document(ROUTES, load_procedures().values(), "0")).validate()


async def test_the_document_is_served(http: aiohttp.ClientSession) -> None:
    async with http.get("/api/v1/openapi.json") as answer:
        document = await answer.json()
    assert document["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert described == {(route.method, route.path) for route in ROUTES if route.summary}


def test_every_action_of_the_procedures_is_described_with_its_body() -> None:
    procedures = load_procedures().values()
    document = build_document(ROUTES, procedures, "0")
    codes = [action for procedure in procedures for action in procedure.actions]
    described = document["components"]["schemas"]["ActionIn"]["anyOf"]
    assert [each["title"] for each in described] == codes
    assert all("version" in each["required"] for each in described)


async def test_head_is_get_without_a_body(http: aiohttp.ClientSession) -> None:
    async with http.head("/") as answer:
        assert answer.status == 200
        assert await answer.read() == b""
