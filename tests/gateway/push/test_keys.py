"""Our key: made once by a command, read from the settings, named where it is wrong."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.cli import main
from gateway.config import ConfigError, settings_from
from gateway.push.keys import new_key, push_of
from tests.support.fakes.pushservice import claims_of

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CONTACT = "mailto:somebody@124.example"
OTHER_CURVE = (
    ec.generate_private_key(ec.SECP384R1())
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)


def test_without_a_key_there_is_no_push() -> None:
    assert push_of(settings_from({}), NOW) is None


def test_a_header_is_signed_for_its_service_by_the_key_pages_give_out() -> None:
    push = push_of(settings_from({"push": {"keys": new_key().decode(), "contact": CONTACT}}), NOW)
    assert push is not None
    claims = claims_of(push.authorization("https://fcm.googleapis.com", NOW))
    expires = int((NOW + timedelta(hours=12)).timestamp())
    assert claims == {"aud": "https://fcm.googleapis.com", "exp": expires, "sub": CONTACT, "k": push.public_key}


WRONG = {
    "no key at all": ({"keys": "s3cret", "contact": CONTACT}, "push.keys: "),
    "another curve": ({"keys": OTHER_CURVE, "contact": CONTACT}, "push.keys: "),
    "no contact": ({"keys": "s3cret"}, "push.contact: is needed while there is a key"),
    "a contact that is none": ({"keys": new_key().decode(), "contact": "somebody"}, "push.contact: "),
    "no file": ({"keys_file": "nowhere", "contact": CONTACT}, "push.keys_file: "),
    "a service that is none": ({"services": ["https://fcm.googleapis.com"]}, "push.services.0: "),
    "every service": ({"services": ["*"]}, "push.services.0: "),
}


@pytest.mark.parametrize(("table", "message"), WRONG.values(), ids=WRONG.keys())
def test_the_wrong_key_is_named_and_no_secret_is_shown(table: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        push_of(settings_from({"push": table}), NOW)
    assert str(raised.value).startswith(message)
    assert "s3cret" not in str(raised.value)


def test_the_command_writes_a_key_that_check_accepts_and_never_over_another(
    tmp_path: Path, restored_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "var" / "push.pem"
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    assert main(["push-keys", str(key), "--config", str(config)]) == 0
    assert str(key) in capsys.readouterr().out
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    config.write_text(f'[push]\nkeys_file = "{key}"\ncontact = "{CONTACT}"\n', encoding="utf-8")
    assert main(["check", "--config", str(config)]) == 0
    capsys.readouterr()
    assert main(["push-keys", str(key), "--config", str(config)]) == 1
    assert capsys.readouterr().err.startswith(f"gateway: {key} exists")
    assert key.read_bytes() == before
    key.write_bytes(before[: len(before) // 2])
    assert main(["check", "--config", str(config)]) == 1
    assert capsys.readouterr().err.startswith("gateway: push.keys: ")
