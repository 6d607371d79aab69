"""Errors of pages, for people in front of a browser; programs get the same ones as problem documents."""

from __future__ import annotations

from aiohttp import web

from gateway.web.problems import Problem, document
from gateway.web.render import page, page_language
from gateway.web.services import SERVICES


def wants_page(request: web.Request) -> bool:
    """True for a browser that opened a page; the API and hooks answer with problem documents whoever asks."""
    return not request.path.startswith(("/api/", "/hooks/")) and "text/html" in request.headers.get("Accept", "")


def error_page(request: web.Request, problem: Problem) -> web.Response:
    """The problem as a page, same status and headers."""
    written = document(problem, request.app[SERVICES].catalogue, page_language(request))
    response = page(request, "problem.html", status=problem.status, problem=written)
    response.headers.update(problem.headers)
    return response
