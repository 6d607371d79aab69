"""Refuses forms that another site made a browser send (OWASP: Fetch Metadata, then Origin). No cookie, no token."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from gateway.web.problems import Problem

SAFE_METHODS: Final = frozenset(("GET", "HEAD"))


def require_same_origin(request: web.Request, public_url: str) -> None:
    """Raises Problem 403 unless the browser vouches that the form is our own."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise Problem(403, "foreign_origin")
        return
    origin = request.headers.get("Origin", "")
    if not origin or _authority(origin) not in _ours(request, public_url):
        raise Problem(403, "foreign_origin")


def _ours(request: web.Request, public_url: str) -> set[str]:
    known = {request.headers.get("Host", "").lower()}
    if public_url:
        known.add(_authority(public_url))
    return known - {""}


def _authority(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
