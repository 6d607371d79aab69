"""The shape of every setting: names, types, defaults and bounds, section by section as in config.toml.

Secrets are `SecretStr`, never shown, and each has a `<key>_file` beside it naming a file that holds it. Meaning beyond
one section (does the procedure know this role, is this text short enough) is judged by the parts that use it.
"""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from gateway.setting_values import (
    BaseUrl,
    DatabaseUrl,
    Limit,
    Network,
    Port,
    PushService,
    RecordingUrl,
    Seconds,
)


def needed(key: str, while_: str) -> PydanticCustomError:
    """The complaint that `key` of this section must be given while something is so."""
    return PydanticCustomError("needed", "is needed while {while_}", {"key": key, "while_": while_})


class Section(BaseModel):
    """A table of config.toml. Unknown keys are refused; an empty secret is read from the file its `_file` key names."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        read = dict(given)
        for name in cls.model_fields:
            secret, path = name.removesuffix("_file"), given.get(name)
            if name != secret and secret in cls.model_fields and path and not given.get(secret):
                read[secret] = _content(name, Path(str(path)))
        return read


def _content(key: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PydanticCustomError("unreadable", "names a file that cannot be read", {"key": key}) from error


def _opened(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def secret() -> Any:
    """A secret that is not set unless it is given."""
    return Field(default=SecretStr(""))


class Http(Section):
    """Where pages, the API and the hooks are served."""

    host: str = "127.0.0.1"
    port: Port = 8124
    public_url: BaseUrl = ""
    trusted_proxies: list[Network] = []


class DatabaseSettings(Section):
    """Where everything is kept. The URL may hold a password, so it is a secret too."""

    url: DatabaseUrl = SecretStr("sqlite+aiosqlite:///var/gateway.db")
    url_file: Path | None = None


class Storage(Section):
    """Attached files, named by their content."""

    attachments: Path = Path("var/attachments")
    max_attachment_mb: Annotated[int, Field(ge=1, le=200)] = 20

    @property
    def max_attachment_bytes(self) -> int:
        """The largest file that is taken."""
        return self.max_attachment_mb * 1024 * 1024


class Views(Section):
    """What drawing one attached file may cost."""

    megapixels: Annotated[int, Field(ge=1, le=500)] = 100
    pages: Annotated[int, Field(ge=1, le=1000)] = 50
    seconds: Annotated[int, Field(ge=1, le=600)] = 20
    memory_mb: Annotated[int, Field(ge=256, le=16384)] = 1024


class Phone(Section):
    """The operators' telephone: opening hours are shown, not enforced."""

    enabled: bool = True
    opens: time = time(8)
    closes: time = time(21)
    pbx_secret: SecretStr = secret()
    pbx_secret_file: Path | None = None
    recording_url: RecordingUrl = ""


class SmsChannel(Section):
    """Texts coming in, by the provider's hook and, if `poll`, from its inbox."""

    enabled: bool = True
    secret: SecretStr = secret()
    secret_file: Path | None = None
    poll: bool = False
    poll_seconds: Annotated[float, Field(gt=0)] = 15
    line: str = ""


class EmailChannel(Section):
    """The SMTP server for reports by mail."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 8025
    addresses: list[str] = ["report@124.example"]
    max_mb: Annotated[int, Field(ge=1, le=100)] = 20


class Bot(Section):
    """One account of the bot channel."""

    enabled: bool = False
    token: SecretStr = secret()
    token_file: Path | None = None
    base_url: BaseUrl
    mode: Literal["polling", "webhook"] = "polling"
    secret: SecretStr = secret()
    secret_file: Path | None = None

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.enabled and not self.token.get_secret_value():
            raise needed("token", "the account is enabled")
        if self.enabled and self.mode == "webhook" and not self.secret.get_secret_value():
            raise needed("secret", "mode is webhook")
        return self


class Telegram(Bot):
    """The account at Telegram."""

    base_url: BaseUrl = "https://api.telegram.org/bot"


class Bale(Bot):
    """The account at Bale."""

    base_url: BaseUrl = "https://tapi.bale.ai/bot"


class Web(Section):
    """Reports by the web form and the JSON API."""

    enabled: bool = True


class Channels(Section):
    """The ways in."""

    phone: Phone = Phone()
    sms: SmsChannel = SmsChannel()
    email: EmailChannel = EmailChannel()
    telegram: Telegram = Telegram()
    bale: Bale = Bale()
    web: Web = Web()


class Kavenegar(Section):
    """The account at Kavenegar."""

    api_key: SecretStr = secret()
    api_key_file: Path | None = None
    base_url: BaseUrl = "https://api.kavenegar.com"
    sender: str = ""
    timeout_s: Annotated[float, Field(gt=0)] = 10
    status_poll_s: Seconds = 60


class Sms(Section):
    """Who carries our texts. Each provider has a table of its own name."""

    provider: str = "sandbox"
    kavenegar: Kavenegar = Kavenegar()

    def of(self, provider: str) -> dict[str, Any]:
        """The table of `provider` in plain values, secrets opened; empty where it has none."""
        table = getattr(self, provider, None)
        if not isinstance(table, Section):
            return {}
        return {name: _opened(getattr(table, name)) for name in type(table).model_fields}

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.provider == "kavenegar" and not self.kavenegar.api_key.get_secret_value():
            raise needed("kavenegar.api_key", "it is the provider")
        return self


class EmailOut(Section):
    """The mail server our replies leave by; off while `host` is empty."""

    host: str = ""
    port: Port = 587
    user: str = ""
    password: SecretStr = secret()
    password_file: Path | None = None
    sender: str = "report@124.example"
    security: Literal["starttls", "tls", "none"] = "starttls"
    timeout_s: Annotated[float, Field(gt=0)] = 30


class Push(Section):
    """Hints on citizens' own devices; off while there is no key."""

    keys: SecretStr = secret()
    keys_file: Path | None = None
    contact: str = ""
    services: list[PushService] = [
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    ]

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.keys.get_secret_value() and not self.contact:
            raise needed("contact", "there is a key")
        return self


class Security(Section):
    """Keys and budgets; a budget of 0 is no limit."""

    keys_file: Path = Path("var/keys")
    require_totp: bool = False
    reports_per_minute: Limit = 30
    tracking_failures: Limit = 5
    sms_per_number_per_day: Limit = 20
    sms_per_prefix_per_hour: Limit = 200


class Logs(Section):
    """What the log says and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"


class Words(Section):
    """One text in both languages."""

    fa: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
