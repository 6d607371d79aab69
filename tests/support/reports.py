"""Reports as channels hand them over, and the rules of the shipped settings."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from gateway.config import load_settings
from gateway.rules import build_rules
from normalizer.report import Business, Place, Report, Sender
from ticketing.rules import Rules
from ticketing.vault import Vault

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
REPORT: Final[dict[str, Any]] = {
    "text": "برنج را دو برابر قیمت داد",
    "phone": "09121234567",
    "category": "overcharging",
    "business": {"name": "سوپرمارکت رضا"},
    "place": {"province": "23"},
}
"""A complete report as the API takes it."""
_numbers = itertools.count(1)


@cache
def shipped_rules() -> Rules:
    """The rules of the shipped config.toml, under keys that are nobody's."""
    return build_rules(load_settings(ROOT / "config.toml"), Vault({1: b"k" * 32}, b"i" * 32))


def text_message(text: str, phone: str = "09121234567", *, message_id: str | None = None, **changes: Any) -> Report:
    """An SMS, as the channel parses it."""
    report = Report(
        channel="sms",
        account="10004346",
        external_id=message_id or f"m{next(_numbers)}",
        received_at=AT,
        raw=text.encode(),
        text=text,
        sender=Sender(phone=phone),
        medium="sms",
        converses=True,
        proves_phone=True,
    )
    return replace(report, **changes)


def chat_message(text: str = "", chat: str = "501", **changes: Any) -> Report:
    """A bot update, as the channel parses it."""
    report = text_message(text)
    changed = {
        "channel": "telegram",
        "account": "7001",
        "medium": "bot",
        "sender": Sender(chat=chat),
        "proves_phone": False,
        **changes,
    }
    return replace(report, **changed)


def web_report(text: str = "برنج را دو برابر قیمت داد", phone: str = "09121234567", **changes: Any) -> Report:
    """A complete report from the web form."""
    report = Report(
        channel="web",
        account="reports",
        external_id=f"w{next(_numbers)}",
        received_at=AT,
        raw=text.encode(),
        text=text,
        sender=Sender(phone=phone, name="مریم احمدی"),
        business=Business(name="سوپرمارکت رضا"),
        place=Place(province="23", county="تهران"),
        category="overcharging",
        always_complaint=True,
    )
    return replace(report, **changes)
