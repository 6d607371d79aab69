"""What makes the pages an app: the service worker at the root, whose scope is every page, and the manifest.

The worker's own file keeps one address and is asked for anew each time; it changes whenever a sheet or script does.
"""

from __future__ import annotations

import json
from typing import Final

from aiohttp import web

from gateway.web.render import page_language, page_url
from gateway.web.route import PUBLIC, Route
from gateway.web.services import SERVICES
from gateway.web.statics import STATICS

_ASK_AGAIN: Final = {"Cache-Control": "no-cache"}
_BRAND: Final = "#0b5d4e"
_GROUND: Final = "#f4f5f2"
_ICONS: Final = (
    ("icon.svg", "any", "image/svg+xml", "any"),
    ("icon_192.png", "192x192", "image/png", "any"),
    ("icon_512.png", "512x512", "image/png", "any"),
    ("icon_maskable.png", "512x512", "image/png", "maskable"),
)
_SHORTCUTS: Final = (("app.track", "/track"), ("desk.dispatches", "/desk/dispatches"))


async def get_worker(request: web.Request) -> web.Response:
    """The service worker, with the version of today's statics, and the icon its notifications carry."""
    statics = request.app[STATICS]
    script = statics.content("sw.js")
    for name, value in (("VERSION", statics.version), ("ICON", statics.url("icon_192.png"))):
        script = script.replace(f"%{name}%".encode(), value.encode())
    return web.Response(body=script, content_type="text/javascript", charset="utf-8", headers=_ASK_AGAIN)


async def get_manifest(request: web.Request) -> web.Response:
    """The app as a phone installs it (W3C Web Application Manifest)."""
    language, statics = page_language(request), request.app[STATICS]
    say = request.app[SERVICES].catalogue.say
    manifest = {
        "id": "/",
        "name": say(language, "app.name"),
        "short_name": say(language, "app.name"),
        "description": say(language, "app.description"),
        "lang": language,
        "dir": "rtl" if language == "fa" else "ltr",
        "start_url": page_url("/", language),
        "scope": "/",
        "display": "standalone",
        "theme_color": _BRAND,
        "background_color": _GROUND,
        "icons": [
            {"src": statics.url(name), "sizes": sizes, "type": media_type, "purpose": purpose}
            for name, sizes, media_type, purpose in _ICONS
        ],
        "shortcuts": [{"name": say(language, code), "url": page_url(path, language)} for code, path in _SHORTCUTS],
    }
    body = json.dumps(manifest, ensure_ascii=False).encode()
    return web.Response(body=body, content_type="application/manifest+json", headers=_ASK_AGAIN)


ROUTES: Final = (
    Route("GET", "/sw.js", get_worker, PUBLIC),
    Route("GET", "/manifest.webmanifest", get_manifest, PUBLIC),
)
