"""What every channel promises, checked for every entry of the registry: adding a line there is all it takes."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import channels
from channels.bot_account import BotAccount
from channels.channel import Arrival, Channel, Ignored, Malformed
from channels.mail_out import MailSender, Relay
from channels.registry import BOTS, CHANNELS
from normalizer.report import Report

PACKAGE = Path(channels.__file__).parent
CODES = {"phone", "counter", "letter", "fax", "voicemail", "sms", "email", "telegram", "bale", "web", "app", "sister"}
NONSENSE: tuple[dict[str, Any] | bytes, ...] = ({}, {"unknown": {"event": [1]}}, {"update_id": 1, "poll": {}}, b"")
SAMPLES = [(channel, sample) for channel in CHANNELS.values() for sample in channel.samples]

# Those whose arrivals bear their identity in themselves; to the others it is given from outside.
SELF_NAMED = [
    channel for channel in CHANNELS.values() if not any("external_id" in sample.context for sample in channel.samples)
]


def name_of(value: object) -> str:
    return value.code if isinstance(value, Channel) else ""


def test_registry_holds_the_contracts_channels_by_their_codes() -> None:
    assert set(CHANNELS) == CODES
    assert all(code == channel.code for code, channel in CHANNELS.items())
    assert all(channel.samples for channel in CHANNELS.values())


@pytest.mark.parametrize(("channel", "sample"), SAMPLES, ids=name_of)
def test_samples_become_reports_of_their_channel(channel: Channel, sample: Arrival) -> None:
    report = channel.parse(sample)
    assert isinstance(report, Report)
    assert (report.channel, report.account) == (channel.code, sample.account)
    assert (report.raw, report.received_at) == (sample.raw, sample.received_at)
    assert (report.medium, report.converses) == (channel.medium, channel.converses)
    assert report.external_id
    assert len(report.external_id) <= 255


@pytest.mark.parametrize(("channel", "sample"), SAMPLES, ids=name_of)
def test_replay_keeps_its_identity_whenever_it_comes(channel: Channel, sample: Arrival) -> None:
    first = channel.parse(sample)
    again = channel.parse(replace(sample, received_at=sample.received_at.replace(year=2027)))
    assert isinstance(first, Report)
    assert isinstance(again, Report)
    assert first.external_id == again.external_id


@pytest.mark.parametrize("channel", SELF_NAMED, ids=name_of)
def test_samples_of_one_channel_are_different_arrivals(channel: Channel) -> None:
    reports = [channel.parse(sample) for sample in channel.samples]
    assert len({report.external_id for report in reports if isinstance(report, Report)}) == len(reports)


@pytest.mark.parametrize("payload", NONSENSE, ids=repr)
@pytest.mark.parametrize("channel", CHANNELS.values(), ids=name_of)
def test_unknown_events_are_turned_away_without_raising(channel: Channel, payload: dict[str, Any] | bytes) -> None:
    arrival = replace(channel.samples[0], payload=payload, raw=b"")
    assert isinstance(channel.parse(arrival), Ignored | Malformed)


def test_capabilities_agree_with_each_other() -> None:
    assert {channel.medium for channel in CHANNELS.values()} == {None, "sms", "email", "bot"}
    assert all(channel.medium for channel in CHANNELS.values() if channel.converses)


async def test_threat_27_no_repr_shows_a_secret() -> None:
    for messenger in BOTS.values():
        account = BotAccount(messenger, "7001:secret-token", secret="hook-secret")
        assert "secret" not in repr(account)
        await account.stop()
    relay = Relay("mail.example", username="u", password="secret-password")
    assert "secret" not in repr(relay) + repr(MailSender(relay))


def _words(path: Path) -> set[str]:
    """The string constants of a module that are no docstrings, and its imported names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return {node.value for node in constants if isinstance(node.value, str)}


@pytest.mark.parametrize("code", sorted(CODES - {"email", "sms", "phone"}))
def test_a_channels_name_is_written_in_its_own_file_only(code: str) -> None:
    own = {"counter": "phone.py", "letter": "phone.py"}.get(code, f"{code}.py")
    assert [path.name for path in PACKAGE.glob("*.py") if code in _words(path)] == [own]
