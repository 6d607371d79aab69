"""The service worker and the manifest: asked for anew each time, and the worker changes with what it keeps."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from gateway.web.statics import load_statics


async def test_worker_rules_every_page_and_names_the_statics_it_keeps(http: aiohttp.ClientSession) -> None:
    async with http.get("/sw.js") as answer:
        script = await answer.text()
        assert (answer.status, answer.content_type) == (200, "text/javascript")
        assert answer.headers["Cache-Control"] == "no-cache"
    assert f'VERSION = "{load_statics().version}"' in script
    assert "%VERSION%" not in script


def test_version_changes_with_any_sheet_or_script(tmp_path: Path) -> None:
    versions = set()
    for content in ("a {}", "b {}"):
        (tmp_path / "one.css").write_text(content, encoding="utf-8")
        versions.add(load_statics(tmp_path).version)
    assert len(versions) == 2


@pytest.mark.parametrize(("query", "name", "direction"), [("", "صمت ۱۲۴", "rtl"), ("?lang=en", "Samt 124", "ltr")])
async def test_app_can_be_installed(http: aiohttp.ClientSession, query: str, name: str, direction: str) -> None:
    async with http.get(f"/manifest.webmanifest{query}") as answer:
        assert answer.content_type == "application/manifest+json"
        manifest = await answer.json(content_type=None)
    assert (manifest["name"], manifest["dir"], manifest["display"]) == (name, direction, "standalone")
    for icon in manifest["icons"]:
        async with http.get(icon["src"]) as answer:
            assert (answer.status, answer.content_type) == (200, icon["type"])
