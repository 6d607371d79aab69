"""Settings read: config.toml, overridden by `GATEWAY_<SECTION>__<KEY>`, over the texts that come with the program.

A wrong setting is a `ConfigError` of one line that begins with its key and never shows a value. What settings mean
together is judged where they are used (`gateway.rules`).
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url

from gateway import letter_settings as letters
from gateway import office_settings as offices
from gateway import rule_settings as rules
from gateway import settings as section
from ticketing.procedure_parts import Fee

_PREFIX = "GATEWAY_"


class ConfigError(Exception):
    """The settings cannot be used; the message is one line that begins with the wrong key."""


class Settings(BaseSettings):
    """Every setting, checked. Sections are as in config.toml."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    http: section.Http = section.Http()
    database: section.DatabaseSettings = section.DatabaseSettings()
    storage: section.Storage = section.Storage()
    views: section.Views = section.Views()
    channels: section.Channels = section.Channels()
    sms: section.Sms = section.Sms()
    email_out: section.EmailOut = section.EmailOut()
    push: section.Push = section.Push()
    board: offices.Board = offices.Board()
    letter: letters.Letter = letters.Letter()
    statistics: letters.Statistics = letters.Statistics()
    appointments: offices.Appointments = offices.Appointments()
    sister: offices.Sister = offices.Sister()
    security: section.Security = section.Security()
    logs: section.Logs = section.Logs()
    routing: rules.Routing = rules.Routing()
    deadlines: dict[str, str] = {}
    calendar: rules.Calendar = rules.Calendar()
    joining: rules.Joining = rules.Joining()
    surges: rules.Surges = rules.Surges()
    survey: rules.Survey = rules.Survey()
    escalation: rules.Escalation = rules.Escalation()
    sittings: dict[str, Annotated[int, Field(ge=1, le=1000)]] = {}
    fees: dict[str, Fee] = {}
    retention: rules.Retention = rules.Retention()
    understanding: rules.Understanding = rules.Understanding()
    steps: dict[str, section.Words] = {}
    texts: dict[str, section.Words] = {}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment comes before the file."""
        return _Environment(settings_cls), init_settings


class _Environment(EnvSettingsSource):
    """Environment variables; what is not the JSON it should be is left for validation, which names its key."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def load_settings(path: Path) -> Settings:
    """The settings of the file at `path` under the present environment. Raises `ConfigError`."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    return settings_from(given)


def settings_from(given: dict[str, Any]) -> Settings:
    """The settings of these tables under the present environment. Raises `ConfigError`."""
    _refuse_unknown_variables()
    try:
        return Settings(**_over_defaults(given))
    except ValidationError as error:
        raise ConfigError(_first_complaint(error)) from None


def hidden_of(settings: Settings) -> list[str]:
    """What may stand in no line of the log: every secret that is set, and the database's password by itself."""
    password = make_url(settings.database.url.get_secret_value()).password
    return [*secrets_of(settings), *([password] if password else [])]


def secrets_of(settings: BaseModel) -> Iterator[str]:
    """Every secret that is set."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from secrets_of(value)
        elif isinstance(value, SecretStr) and value.get_secret_value():
            yield value.get_secret_value()


def default_texts() -> dict[str, Any]:
    """The `[steps.*]` and `[texts.*]` that come with the program."""
    return tomllib.loads(resources.files("gateway").joinpath("texts.toml").read_text(encoding="utf-8"))


def _over_defaults(given: dict[str, Any]) -> dict[str, Any]:
    merged = dict(given)
    for part, defaults in default_texts().items():
        ours = given.get(part, {})
        if isinstance(ours, dict):
            merged[part] = {name: _over(ours.get(name, {}), defaults.get(name, {})) for name in (*defaults, *ours)}
    return merged


def _over(words: Any, defaults: dict[str, Any]) -> Any:
    return {**defaults, **words} if isinstance(words, dict) else words


def _refuse_unknown_variables() -> None:
    """Ours are `GATEWAY_<SECTION>__<KEY>` and whole sections; others may have names that only begin alike."""
    for name in sorted(os.environ):
        if name.upper().startswith(_PREFIX):
            key = name.upper().removeprefix(_PREFIX).lower().split("__")
            if len(key) > 1 and key[0] not in Settings.model_fields:
                raise ConfigError(f"{'.'.join(key)}: unknown setting (environment variable {name})")


def _first_complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    inner = first.get("ctx", {}).get("key")
    key = ".".join(str(part) for part in (*first["loc"], *([inner] if inner else [])))
    if first["type"] == "extra_forbidden":
        return f"{key}: unknown setting"
    said = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{key}: {said}"
