"""The commands: what they do, what they refuse in one line, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli import COMMANDS, main
from tests.support.postgres import PostgresServer
from tests.support.process import run_gateway

LATER = ("backup", "restore", "rotate-keys", "retain", "bench")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored_logs: None) -> Path:
    """A folder with a config.toml in which commands are run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> int:
    try:
        return main(arguments)
    except SystemExit as ending:
        return int(ending.code or 0)


def test_check_says_what_it_found_and_changes_nothing(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 0
    assert "config.toml is right: " in capsys.readouterr().out
    assert [path.name for path in house.iterdir()] == ["config.toml"]


@pytest.mark.parametrize("arguments", [("--config", "other.toml", "check"), ("check", "--config", "other.toml")])
def test_config_may_stand_before_and_after_the_command(
    house: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    (house / "other.toml").write_text("[http]\nport = 99999", encoding="utf-8")
    assert run(*arguments) == 1
    assert capsys.readouterr().err.startswith("gateway: http.port: ")


WRONG = {
    "a wrong setting": '[deadlines]\nlunch = "1h"',
    "an unknown provider": '[sms]\nprovider = "pigeon"',
    "classifiers that are none": '[understanding]\nclassifiers = "config.toml"',
    "keys that are none": '[security]\nkeys_file = "config.toml"',
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG.keys())
def test_check_refuses_in_one_line(house: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    (house / "config.toml").write_text(content, encoding="utf-8")
    assert run("check") == 1
    said = capsys.readouterr()
    assert said.err.startswith("gateway: ")
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


@pytest.mark.parametrize("arguments", [(), ("dance",), ("staff",), ("staff", "add", "x"), ("serve", "--fast")])
def test_wrong_usage_is_2(house: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments) == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(house: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(name, "--help") == 0
    assert "--config FILE" in capsys.readouterr().out


@pytest.mark.parametrize("name", LATER)
def test_what_is_not_built_is_not_listed(house: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(name) == 2
    assert run("--help") == 0
    assert f" {name} " not in capsys.readouterr().out


def test_nothing_runs_on_an_unmigrated_database(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("serve",), ("staff", "list")):
        assert run(*arguments) == 1
        assert "run `gateway migrate`" in capsys.readouterr().err
    assert run("migrate") == 0
    assert run("migrate") == 0
    assert "already" in capsys.readouterr().out
    assert run("staff", "list") == 0


def test_a_demonstration_is_refused_where_others_could_reach_it(
    house: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_HTTP__HOST", "0.0.0.0")
    assert run("serve", "--demonstration") == 1
    assert capsys.readouterr().err.startswith("gateway: http.host: ")


def test_a_database_that_does_not_answer_is_one_line(
    house: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_DATABASE__URL", "postgresql+asyncpg://gateway:s3cret@127.0.0.1:1/gateway")
    assert run("migrate") == 1
    said = capsys.readouterr().err
    assert said.startswith("gateway: ")
    assert len(said.splitlines()) == 1
    assert "s3cret" not in said


async def test_a_database_that_is_not_there_is_one_line(postgres: PostgresServer, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    code, out, err = await run_gateway(tmp_path, "migrate", settings={"database.url": postgres.url("nowhere")})
    assert (code, out) == (1, "")
    assert err.startswith("gateway: database.url: ")
    assert len(err.splitlines()) == 1
