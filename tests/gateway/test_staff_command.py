"""`gateway staff`: accounts made, listed, closed and reset from the command line, passwords by standard input."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from gateway.cli import main

PASSWORD = "correct horse battery"
ADD = ("staff", "add", "--role", "evaluator", "--organisation", "23", "--password-stdin")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    assert main(["migrate"]) == 0
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = PASSWORD) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    return main(arguments)


def test_an_account_goes_through_its_life(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *ADD, "sara") == 0
    assert run(monkeypatch, "staff", "reset-password", "sara", "--password-stdin", typed="another long secret") == 0
    assert run(monkeypatch, "staff", "reset-totp", "sara") == 0
    assert "otpauth://totp/" in capsys.readouterr().out
    assert run(monkeypatch, "staff", "disable", "sara") == 0
    capsys.readouterr()
    assert run(monkeypatch, "staff", "list") == 0
    assert capsys.readouterr().out == "sara\tevaluator\t23\t-\tdisabled totp\n"


@pytest.mark.parametrize(
    ("arguments", "typed", "message"),
    [
        ((*ADD, "sara"), "short", "password: too_short"),
        ((*ADD, "Sara Ahmadi"), PASSWORD, "username: wrong_value"),
        ((*ADD, "sara", "--phone", "12"), PASSWORD, "phone: invalid_phone"),
        ((*ADD, "sara", "--extension", "2a"), PASSWORD, "extension: wrong_value"),
        (("staff", "disable", "nobody"), "", "there is no account nobody"),
        (("staff", "reset-totp", "nobody"), "", "there is no account nobody"),
    ],
)
def test_refusals_are_one_line(
    house: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    typed: str,
    message: str,
) -> None:
    assert run(monkeypatch, *arguments, typed=typed) == 1
    said = capsys.readouterr().err
    assert message in said
    assert len(said.splitlines()) == 1


def test_the_same_name_is_not_given_twice(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *ADD, "sara") == 0
    assert run(monkeypatch, *ADD, "SARA") == 1
    assert "username: taken" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["add", "list", "disable", "reset-password", "reset-totp"])
def test_every_action_takes_the_settings_file_and_says_so(
    house: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    with pytest.raises(SystemExit):
        main(["staff", action, "--help"])
    assert "--config FILE" in capsys.readouterr().out


def test_the_settings_file_may_stand_after_the_action(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (house / "config.toml").rename(house / "other.toml")
    assert run(monkeypatch, *ADD, "sara", "--config", "other.toml") == 0
    assert run(monkeypatch, "staff", "--config", "other.toml", "list") == 0
    assert run(monkeypatch, "staff", "list", "--config", "other.toml") == 0
    assert capsys.readouterr().out.count("sara\tevaluator") == 2
    assert run(monkeypatch, "staff", "list") == 1
