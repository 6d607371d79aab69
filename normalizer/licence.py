"""Addresses a licence's QR code holds, and the guild id in them. Their exact form is not published: any address of a
known licence site counts, and any ten digits standing alone in it are the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from normalizer.fact import Fact, fact

_SITE: Final = re.compile("iranianasnaf|asnaf|qr\\.|mojavez|isun|guild")
_ID: Final = re.compile(r"(?:iranianasnaf|asnaf|qr\.|mojavez|isun|guild)[^\s]{0,80}?(?<![0-9])([0-9]{10})(?![0-9])")
_URL: Final = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,8}(?::[0-9]{2,5})?(?:[/?][^\s<>«»\"،]{0,200})?(?<![.,;:!?)])"
)
_WORD_START: Final = re.compile(r"[a-z0-9:/.-]{0,60}\Z")
_MOST: Final = 20


def guild_id_in(key: str) -> str | None:
    """Gives the first guild id in a licence's address in a folded text."""
    licence = _ID.search(key)
    return licence[1] if licence else None


def find_licences(key: str) -> Iterator[Fact]:
    """Gives the licence addresses of a folded text and the guild ids in them; looks at the first twenty sites named."""
    url_end, id_end = 0, 0
    for site in islice(_SITE.finditer(key), _MOST):
        url = _url_around(key, site, url_end) if site.start() >= url_end else None
        if url:
            url_end = url.end()
            yield fact("licence_url", url[0], url.span(), "written")
        licence = _ID.match(key, site.start()) if site.start() >= id_end else None
        if licence:
            id_end = licence.end()
            yield fact("guild_id", licence[1], licence.span(1), "licence")


def _url_around(key: str, site: re.Match[str], since: int) -> re.Match[str] | None:
    before = _WORD_START.search(key, max(since, site.start() - 60), site.start())
    url = _URL.match(key, before.start() if before else site.start())
    return url if url and url.end() > site.end() and "." in url[0] else None
