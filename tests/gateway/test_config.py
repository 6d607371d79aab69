"""Settings: the manual says what the program does, the environment overrides, and what is wrong is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from gateway.clock import SystemClock
from gateway.config import ConfigError, Settings, load_settings, secrets_of
from gateway.rules import build_provider, build_rules
from ticketing.vault import Vault

MANUAL = Path(__file__).parents[2] / "config.toml"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text("", encoding="utf-8")
    return path


def keys_of(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Every dotted key of a settings class; tables of free names count as themselves."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= keys_of(inner, f"{prefix}{name}.")
        else:
            found.add(prefix + name)
    return found


def keys_in(table: dict[str, Any], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in table.items():
        found |= {prefix + name} | (keys_in(value, f"{prefix}{name}.") if isinstance(value, dict) else set())
    return found


def test_the_manual_equals_the_defaults(config: Path) -> None:
    manual, defaults = load_settings(MANUAL), load_settings(config)
    assert manual.model_copy(update={"deadlines": {}}) == defaults
    deadlines = build_rules(manual, Vault({1: bytes(32)}, bytes(32))).deadlines
    assert deadlines.overruled == {}
    lengths = {term.name: str(dated[-1].length) for term, dated in deadlines.dated.items() if not term.category}
    assert dict(re.findall(r'^(\w+) = "" +# (\w+): ', MANUAL.read_text(encoding="utf-8"), re.MULTILINE)) == lengths


MEANINGLESS = {
    "a text too long": ('[steps.contacted]\nfa = "{code} ' + "گ" * 200 + '"', "steps.contacted.fa: "),
    "a text without the code": ('[texts.reminder]\nen = "Hello"', "texts.reminder.en: "),
    "a text nobody sends": ('[texts.hello]\nfa = "x"\nen = "x"', "texts.hello"),
    "an unknown term": ('[deadlines]\nlunch = "1h"', "deadlines.lunch: "),
    "a term without a unit": ('[deadlines]\ninspect = "3"', "deadlines.inspect: "),
    "no file of corrections": ('[calendar]\ncorrections = "nowhere.toml"', "calendar.corrections: nowhere.toml: "),
    "hours that never open": ('[calendar]\nopens = "17:00"', "calendar.opens: "),
    "an unknown route": ('[[routing.rules]]\nroute = "nowhere"', "routing.rules.0.route: "),
    "an unknown condition": ('[[routing.rules]]\nroute = "inspection"\nmoon = "full"', "routing.rules.0.moon: "),
}


@pytest.mark.parametrize(("content", "message"), MEANINGLESS.values(), ids=MEANINGLESS.keys())
def test_what_parses_but_means_nothing_is_named_too(config: Path, content: str, message: str) -> None:
    config.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        build_rules(load_settings(config), Vault({1: bytes(32)}, bytes(32)))
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


def test_an_unknown_provider_is_named(config: Path) -> None:
    config.write_text('[sms]\nprovider = "carrier_pigeon"', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^sms\.provider: "):
        build_provider(load_settings(config), SystemClock())


def test_the_manual_names_every_setting() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    written = keys_in(tomllib.loads(text))
    optional = {line.removeprefix("# ").split(" =")[0] for line in text.splitlines() if line.startswith("# ")}
    lacking = {key for key in keys_of(Settings) if key not in written and key.rpartition(".")[2] not in optional}
    assert lacking == set()


def test_the_environment_overrides_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('[http]\nport = 1\nhost = "::1"\n[channels.email]\naddresses = ["a@b.ir"]', encoding="utf-8")
    monkeypatch.setenv("GATEWAY_HTTP__PORT", "9000")
    monkeypatch.setenv("GATEWAY_CHANNELS__EMAIL__ADDRESSES", '["c@d.ir"]')
    monkeypatch.setenv("GATEWAY_SMS__KAVENEGAR__API_KEY", "from-the-environment")
    monkeypatch.setenv("GATEWAY_STEPS__CONTACTED__FA", "رسید: {code}")
    monkeypatch.setenv("GATEWAY_SECURITY", '{"require_totp": true}')
    settings = load_settings(config)
    assert (settings.http.port, settings.http.host) == (9000, "::1")
    assert settings.channels.email.addresses == ["c@d.ir"]
    assert settings.sms.kavenegar.api_key.get_secret_value() == "from-the-environment"
    assert settings.steps["contacted"].fa == "رسید: {code}"
    assert settings.steps["contacted"].en
    assert settings.security.require_totp


WRONG = {
    "unknown key": ("[http]\nprot = 1", "http.prot: unknown setting"),
    "unknown section": ("[htpp]\nport = 1", "htpp: unknown setting"),
    "wrong type": ('[http]\nport = "many"', "http.port: "),
    "out of range": ("[http]\nport = 70000", "http.port: "),
    "no network": ('[http]\ntrusted_proxies = ["nowhere"]', "http.trusted_proxies.0: "),
    "no database": ('[database]\nurl = "mysql://x"', "database.url: "),
    "no url": ('[sms.kavenegar]\nbase_url = "api"', "sms.kavenegar.base_url: "),
    "recordings in the open": (
        '[channels.phone]\nrecording_url = "http://pbx.example/{call_id}"',
        "channels.phone.recording_url: ",
    ),
    "recordings of no call": (
        '[channels.phone]\nrecording_url = "https://pbx.example/"',
        "channels.phone.recording_url: ",
    ),
    "enabled without a token": ("[channels.telegram]\nenabled = true", "channels.telegram.token: "),
    "webhook without a secret": (
        '[channels.bale]\nenabled = true\ntoken = "1:t"\nmode = "webhook"',
        "channels.bale.secret: ",
    ),
    "provider without a key": ('[sms]\nprovider = "kavenegar"', "sms.kavenegar.api_key: "),
    "missing secret file": ('[sms.kavenegar]\napi_key_file = "nowhere"', "sms.kavenegar.api_key_file: "),
    "empty text": ('[steps.contacted]\nfa = ""', "steps.contacted.fa: "),
    "a section that is no table": ("steps = 3", "steps: "),
    "not TOML": ("[http", "config.toml"),
}


@pytest.mark.parametrize(("content", "message"), WRONG.values(), ids=WRONG.keys())
def test_the_first_wrong_key_is_named_in_one_line(config: Path, content: str, message: str) -> None:
    config.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_settings(config)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("GATEWAY_HTPP__PORT", "1", "htpp.port: unknown setting"),
        ("GATEWAY_HTTP__PROT", "1", "http.prot: unknown setting"),
        ("GATEWAY_HTTP__TRUSTED_PROXIES", "[nowhere", "http.trusted_proxies: "),
    ],
)
def test_wrong_variables_are_named(
    config: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError) as raised:
        load_settings(config)
    assert message in str(raised.value)


@pytest.mark.parametrize("variable", ["GATEWAY_FOO", "GATEWAY_", "GATEWAY_HTTP_PORT", "GATEWAYS__HTTP__PORT"])
def test_variables_that_are_not_ours_are_left_alone(
    config: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "1")
    assert load_settings(config).http.port == 8124


def test_a_file_that_is_absent_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml: cannot be read"):
        load_settings(tmp_path / "absent.toml")


def test_secrets_come_from_files_and_are_never_shown(config: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret-key\n", encoding="utf-8")
    config.write_text(
        f'[sms.kavenegar]\napi_key_file = "{tmp_path}/key"\n[channels.telegram]\ntoken = "1:t0ken"', encoding="utf-8"
    )
    settings = load_settings(config)
    assert settings.sms.kavenegar.api_key.get_secret_value() == "s3cret-key"
    assert {"s3cret-key", "1:t0ken"} <= set(secrets_of(settings))
    assert "s3cret" not in repr(settings)
    assert "t0ken" not in repr(settings)


def test_a_secret_in_a_wrong_place_is_not_repeated(config: Path) -> None:
    config.write_text('[channels.telegram]\nmode = "s3cret"\ntoken = ["s3cret"]', encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_settings(config)
    assert "s3cret" not in str(raised.value)
