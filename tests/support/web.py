"""Serves the HTTP face for tests: real settings, rules, database and socket; nothing runs in the background."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from channels.registry import CHANNELS
from gateway.catalogue import load_catalogue
from gateway.config import Settings, default_texts
from gateway.parts import Parts, build_parts
from gateway.web.connections import ListeningSite, Runner
from gateway.web.server import build_application
from gateway.web.services import BotHook, Services
from tests.support.clock import ManualClock
from tests.support.staffing import PASSWORD, employ
from tests.support.stored import count_rows
from ticketing.accounts import add_staff
from ticketing.guesses import Guesses
from ticketing.staff import Staff, login
from ticketing.tables import tickets

SMS_SECRET = "s" * 32
PBX_SECRET = "p" * 32
BOT_SECRET = "b" * 32
_PLAIN = {"organisation", "body", "phone", "extension"}
_texts = cache(default_texts)  # settings copy what they are given


@dataclass(frozen=True, slots=True)
class Site:
    """A served site: its address, and the parts behind it."""

    url: str
    parts: Parts
    services: Services
    clock: ManualClock

    async def add_staff(self, username: str, role: str, **more: Any) -> Staff:
        """An account with `PASSWORD`; `more` as in `employ`, or as in `add_staff` where it says so much."""
        database, vault, at = self.parts.database, self.parts.rules.vault, self.clock.now()
        if more.keys() <= _PLAIN:
            return await employ(database, vault, at, username, role, **more)
        said = {"username": username, "role": role, "password": PASSWORD, **more}
        return await add_staff(database, vault, at=at, **said)

    async def token(self, username: str) -> str:
        """A session's token of an account made by `add_staff`."""
        vault, at = self.parts.rules.vault, self.clock.now()
        token, _ = await login(self.parts.database, vault, username, PASSWORD, None, at, require_totp=False)
        return token

    async def bearer(self, role: str) -> dict[str, str]:
        """The header of a fresh member of staff with this role."""
        name = f"one.{role}"
        await self.add_staff(name, role)
        return {"Authorization": f"Bearer {await self.token(name)}"}

    async def count_tickets(self) -> int:
        """How many tickets there are."""
        return await count_rows(self.parts.database, tickets)

    async def kept_files(self) -> list[bytes]:
        """What lies in the folder of attachments, file by file, opened."""
        return [await self.parts.files.read(digest) for digest in _digests(self.parts.settings.storage.attachments)]


def _digests(folder: Path) -> list[str]:
    return [path.stem for path in folder.rglob("*.sealed")]


def settings_of(url: str, folder: Path, overrides: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Settings for a test: hooks on, no budgets, everything kept in `folder`."""
    bot = {
        "enabled": True,
        "token": "700:abc",
        "secret": BOT_SECRET,
        "mode": "webhook",
        "base_url": "http://127.0.0.1:9",
    }
    given: dict[str, Any] = {
        "http": {"port": 0, "public_url": "http://127.0.0.1"},
        "database": {"url": url},
        "storage": {"attachments": folder / "attachments", "max_attachment_mb": 1},
        "channels": {
            "sms": {"secret": SMS_SECRET},
            "phone": {"pbx_secret": PBX_SECRET, "recording_url": "https://pbx.example/recordings/{call_id}"},
            "email": {"enabled": False},
            "telegram": bot,
        },
        "security": {"keys_file": folder / "keys", "reports_per_minute": 0, "tracking_failures": 0},
        **_texts(),
    }
    for section, values in overrides.items():
        given[section] = {**given.get(section, {}), **values}
    return Settings(**given)


@asynccontextmanager
async def open_site(
    url: str, folder: Path, clock: ManualClock, overrides: Mapping[str, Mapping[str, Any]]
) -> AsyncIterator[Site]:
    """Serve on a free port of the loopback address."""
    parts = build_parts(settings_of(url, folder, overrides), clock)
    services = Services(
        settings=parts.settings,
        database=parts.database,
        rules=parts.rules,
        now=clock.now,
        attachments=parts.files,
        viewer=parts.viewer,
        catalogue=load_catalogue(),
        guesses=Guesses(parts.database, parts.rules, parts.settings.security.tracking_failures),
        provider=parts.provider,
        push=parts.push,
        reception=parts.reception,
        bots={bot.code: BotHook(bot.account, CHANNELS[bot.code]) for bot in parts.bots},
    )
    runner = Runner(build_application(services), shutdown_s=0.5)
    async with parts.database:
        await runner.setup()
        try:
            await ListeningSite(runner, "127.0.0.1", 0).start()
            yield Site(f"http://127.0.0.1:{runner.addresses[0][1]}", parts, services, clock)
        finally:
            await runner.cleanup()
            await parts.leadership.close()
            await parts.provider.close()
            if parts.push_sender is not None:
                await parts.push_sender.close()
            for bot in parts.bots:
                await bot.account.stop()
