"""A browser without scripts at the desks: it signs in, reads a page, and sends a form as one of our own pages does."""

from __future__ import annotations

import aiohttp

from tests.support.web import PASSWORD

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
NEW_PASSWORD = "another long pass phrase"


async def sign_in(http: aiohttp.ClientSession, username: str, password: str = PASSWORD, **more: str) -> str:
    """The value of the Cookie header of a fresh session, "" where there is none."""
    typed = {"username": username, "password": password, **more}
    async with http.post("/desk", data=typed, headers=OURS, allow_redirects=False) as answer:
        return "; ".join(f"{each.key}={each.value}" for each in answer.cookies.values() if each.value)


async def read(http: aiohttp.ClientSession, path: str, cookie: str) -> tuple[int, str]:
    """Its status, and the page or where it leads."""
    headers = {"Accept": "text/html", "Cookie": cookie}
    async with http.get(path, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.text() if answer.status != 303 else answer.headers["Location"]


async def post(http: aiohttp.ClientSession, path: str, cookie: str, **typed: str) -> tuple[int, str, str]:
    """The status, where it leads, and the page."""
    headers = {**OURS, "Cookie": cookie}
    async with http.post(path, data=typed, headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()
