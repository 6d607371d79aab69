"""`gateway staff`: accounts made, changed, listed, closed and reset, passwords typed into it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.cli import main
from tests.support.process import run_gateway

PASSWORD = "correct horse battery"
ADD = ("staff", "add", "--role", "evaluator", "--organisation", "23", "--password-stdin")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(house: Path, restored_logs: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the house: the exit code, and what was said on standard output and standard error."""

    def run_it(*arguments: str, typed: str = PASSWORD, config: str = "config.toml") -> tuple[int, str, str]:
        code = main([*arguments, "--config", str(house / config)], stdin=io.StringIO(typed + "\n"))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_it


async def test_a_process_reads_the_password_from_its_standard_input(house: Path) -> None:
    code, said, wrong = await run_gateway(house, *ADD, "sara", typed=PASSWORD + "\n")
    assert (code, said, wrong) == (0, "sara may sign in as evaluator.\n", "")


def test_an_account_goes_through_its_life(run: Run) -> None:
    assert run(*ADD, "sara")[0] == 0
    change = ("staff", "change", "sara", "--role", "operator", "--extension", "۲۰۱")
    assert run(*change) == (0, "sara is operator of 23.\n", "")
    assert (run("staff", "reset-password", "sara", "--password-stdin", typed="another long secret"))[0] == 0
    code, said, _ = run("staff", "reset-totp", "sara")
    assert code == 0
    assert "otpauth://totp/" in said
    assert (run("staff", "disable", "sara"))[0] == 0
    code, said, _ = run("staff", "list")
    assert (code, said) == (0, "sara\toperator\t23\t-\tdisabled totp\n")


@pytest.mark.parametrize(
    ("arguments", "typed", "message"),
    [
        ((*ADD, "sara"), "short", "password: too_short"),
        ((*ADD, "Sara Ahmadi"), PASSWORD, "username: wrong_value"),
        ((*ADD, "sara", "--phone", "12"), PASSWORD, "phone: invalid_phone"),
        ((*ADD, "sara", "--extension", "2a"), PASSWORD, "extension: wrong_value"),
        (("staff", "disable", "nobody"), "", "there is no account nobody"),
        (("staff", "change", "nobody", "--role", "operator"), "", "there is no account nobody"),
        (("staff", "reset-totp", "nobody"), "", "there is no account nobody"),
    ],
)
def test_refusals_are_one_line(run: Run, arguments: tuple[str, ...], typed: str, message: str) -> None:
    code, _, said = run(*arguments, typed=typed)
    assert code == 1
    assert message in said
    assert len(said.splitlines()) == 1


def test_the_same_name_is_not_given_twice(run: Run) -> None:
    assert run(*ADD, "sara")[0] == 0
    code, _, said = run(*ADD, "SARA")
    assert code == 1
    assert "username: taken" in said


def test_the_last_administrator_stays_one(run: Run) -> None:
    add = ("staff", "add", "boss", "--role", "admin", "--password-stdin")
    assert (run(*add))[0] == 0
    code, _, said = run("staff", "change", "boss", "--role", "operator")
    assert (code, said.count("last_admin")) == (1, 1)
    code, _, said = run("staff", "disable", "boss")
    assert (code, said.count("last administrator")) == (1, 1)


@pytest.mark.parametrize("action", ["add", "change", "list", "disable", "reset-password", "reset-totp"])
def test_every_action_takes_the_settings_file_and_says_so(capsys: pytest.CaptureFixture[str], action: str) -> None:
    with pytest.raises(SystemExit):
        main(["staff", action, "--help"])
    assert "--config FILE" in capsys.readouterr().out


def test_the_settings_file_may_stand_before_the_action_and_after(
    run: Run, house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (house / "config.toml").rename(house / "other.toml")
    assert run(*ADD, "sara", config="other.toml")[0] == 0
    assert "sara\tevaluator" in run("staff", "list", config="other.toml")[1]
    assert main(["staff", "--config", str(house / "other.toml"), "list"]) == 0
    assert "sara\tevaluator" in capsys.readouterr().out
    assert run("staff", "list")[0] == 1
