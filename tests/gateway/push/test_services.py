"""Which endpoints may be called (threat 48): the settings' hosts by https, and a loopback only where it is named."""

from __future__ import annotations

import pytest

from gateway.push.services import PushServices
from gateway.settings import Push

SHIPPED = PushServices(Push().services)
ALLOWED = {
    "https://fcm.googleapis.com/fcm/send/abc:def": "fcm.googleapis.com",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAA": "updates.push.services.mozilla.com",
    "https://web.push.apple.com/QGuQ": "*.push.apple.com",
    "https://wns2-par02p.notify.windows.com/w/?token=BQ%2f%3d": "*.notify.windows.com",
    "https://fcm.googleapis.com:443/fcm/send/abc": "fcm.googleapis.com",
}
REFUSED = {
    "by http": "http://fcm.googleapis.com/fcm/send/abc",
    "another port": "https://fcm.googleapis.com:8443/fcm/send/abc",
    "a stranger": "https://example.org/push",
    "a stranger below": "https://fcm.googleapis.com.example.org/push",
    "a stranger's ending": "https://evilpush.apple.com.example/",
    "no dot before": "https://evilpush.apple.com",
    "the star's own name": "https://push.apple.com/abc",
    "a user": "https://fcm.googleapis.com@example.org/push",
    "a user here": "https://somebody@fcm.googleapis.com/push",
    "a backslash": "https://fcm.googleapis.com\\@example.org/push",
    "a fragment": "https://fcm.googleapis.com/abc#def",
    "a loopback": "https://127.0.0.1/push",
    "a loopback's port": "http://127.0.0.1:8124/push",
    "metadata": "http://169.254.169.254/latest",
    "a file": "file:///etc/passwd",
    "a line break": "https://fcm.googleapis.com/abc\r\nHost: example.org",
    "no URL": "fcm.googleapis.com",
    "nothing": "",
    "a port that is none": "https://fcm.googleapis.com:99999/abc",
    "too long": "https://fcm.googleapis.com/" + "a" * 2048,
    "letters that look alike": "https://fcm.gооgleapis.com/abc",
}


@pytest.mark.parametrize(("endpoint", "entry"), ALLOWED.items())
def test_known_services_are_allowed(endpoint: str, entry: str) -> None:
    assert SHIPPED.entry_of(endpoint) == entry


@pytest.mark.parametrize("endpoint", REFUSED.values(), ids=REFUSED.keys())
def test_threat_48_nothing_else_is(endpoint: str) -> None:
    assert SHIPPED.entry_of(endpoint) is None


def test_a_loopback_is_called_by_http_only_where_it_is_named_with_its_port() -> None:
    named = PushServices(["127.0.0.1:9001", "example.org:9001"])
    assert named.entry_of("http://127.0.0.1:9001/push/abc") == "127.0.0.1:9001"
    assert named.entry_of("http://127.0.0.1:9002/push/abc") is None
    assert named.entry_of("http://example.org:9001/push/abc") is None
    assert named.entry_of("https://example.org:9001/push/abc") == "example.org:9001"
