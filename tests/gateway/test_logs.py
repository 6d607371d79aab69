"""The log keeps what happened and leaves out who it happened to."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from gateway.logs import configure_logs

SECRET = 'k3y-"that\\must-not-be-seen'


@pytest.fixture
def stream(restored_logs: None) -> io.StringIO:
    """Where the log goes."""
    return io.StringIO()


@pytest.mark.parametrize(
    "said",
    [
        f"https://api.example/v1/{SECRET}/sms/send.json",
        "https://api.example/bot123456:AAF-abc_def/getUpdates",
        "from 09121234567",
        "from +989121234567",
        "از ۰۹۱۲۱۲۳۴۵۶۷",
        "mail from zahra.ahmadi@example.ir",
    ],
)
@pytest.mark.parametrize("form", ["json", "console"])
def test_secrets_and_people_are_struck_out(stream: io.StringIO, form: str, said: str) -> None:
    configure_logs(level="info", form=form, secrets=[SECRET], stream=stream)
    structlog.get_logger().warning("a line", said=said)
    logging.getLogger("some.library").error("a line: %s", said)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    for line in lines:
        assert "[…]" in line
        for kept_out in (SECRET, json.dumps(SECRET)[1:-1], "AAF-abc_def", "9121234567", "۹۱۲۱۲۳۴۵۶۷", "zahra.ahmadi"):
            assert kept_out not in line


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize(
    "logger", [structlog.get_logger, lambda: logging.getLogger("some.library")], ids=["ours", "a library's"]
)
def test_a_failure_tells_where_and_never_what_it_said(
    stream: io.StringIO, form: str, logger: Callable[[], Any]
) -> None:
    configure_logs(level="info", form=form, secrets=[SECRET], stream=stream)
    try:
        try:
            raise LookupError("parameters: ('Zahra Ahmadi', 'the baker cheats')")
        except LookupError as cause:
            raise RuntimeError("it was Zahra Ahmadi") from cause
    except RuntimeError:
        logger().exception("it failed")
    (line,) = stream.getvalue().splitlines()
    for told in ("it failed", "RuntimeError at test_logs.py:", "because of LookupError"):
        assert told in line
    assert "Zahra" not in line


def test_json_lines_are_json_and_below_the_level_there_is_silence(stream: io.StringIO) -> None:
    configure_logs(level="info", form="auto", secrets=[], stream=stream)
    structlog.get_logger().debug("unheard")
    structlog.get_logger().info("heard", count=3)
    logging.getLogger("httpx").info("HTTP Request: GET https://…")
    (line,) = stream.getvalue().splitlines()
    said = json.loads(line)
    assert (said["event"], said["count"], said["level"]) == ("heard", 3, "info")
    assert said["timestamp"].endswith("Z")
