"""`gateway staff` as a process: accounts made, listed, closed and reset, passwords typed into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli import main
from tests.support.process import run_gateway

PASSWORD = "correct horse battery"
ADD = ("staff", "add", "--role", "evaluator", "--organisation", "23", "--password-stdin")


@pytest.fixture
async def house(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    assert (await run_gateway(tmp_path, "migrate"))[0] == 0
    return tmp_path


async def run(house: Path, *arguments: str, typed: str = PASSWORD) -> tuple[int, str, str]:
    """The exit code, and what was said on standard output and standard error."""
    return await run_gateway(house, *arguments, typed=typed + "\n")


async def test_an_account_goes_through_its_life(house: Path) -> None:
    assert (await run(house, *ADD, "sara"))[0] == 0
    change = ("staff", "change", "sara", "--role", "operator", "--extension", "۲۰۱")
    code, said, _ = await run(house, *change)
    assert (code, said.splitlines()[-1]) == (0, "sara is operator of 23.")
    assert (await run(house, "staff", "reset-password", "sara", "--password-stdin", typed="another long secret"))[
        0
    ] == 0
    code, said, _ = await run(house, "staff", "reset-totp", "sara")
    assert code == 0
    assert "otpauth://totp/" in said
    assert (await run(house, "staff", "disable", "sara"))[0] == 0
    code, said, _ = await run(house, "staff", "list")
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
async def test_refusals_are_one_line(house: Path, arguments: tuple[str, ...], typed: str, message: str) -> None:
    code, _, said = await run(house, *arguments, typed=typed)
    assert code == 1
    assert message in said
    assert len(said.splitlines()) == 1


async def test_the_same_name_is_not_given_twice(house: Path) -> None:
    assert (await run(house, *ADD, "sara"))[0] == 0
    code, _, said = await run(house, *ADD, "SARA")
    assert code == 1
    assert "username: taken" in said


async def test_the_last_administrator_stays_one(house: Path) -> None:
    add = ("staff", "add", "boss", "--role", "admin", "--password-stdin")
    assert (await run(house, *add))[0] == 0
    code, _, said = await run(house, "staff", "change", "boss", "--role", "operator")
    assert (code, said.count("last_admin")) == (1, 1)
    code, _, said = await run(house, "staff", "disable", "boss")
    assert (code, said.count("last administrator")) == (1, 1)


@pytest.mark.parametrize("action", ["add", "change", "list", "disable", "reset-password", "reset-totp"])
def test_every_action_takes_the_settings_file_and_says_so(capsys: pytest.CaptureFixture[str], action: str) -> None:
    with pytest.raises(SystemExit):
        main(["staff", action, "--help"])
    assert "--config FILE" in capsys.readouterr().out


async def test_the_settings_file_may_stand_after_the_action(house: Path) -> None:
    (house / "config.toml").rename(house / "other.toml")
    assert (await run(house, *ADD, "sara", "--config", "other.toml"))[0] == 0
    before, after = ("staff", "--config", "other.toml", "list"), ("staff", "list", "--config", "other.toml")
    for arguments in (before, after):
        code, said, _ = await run(house, *arguments)
        assert code == 0
        assert "sara\tevaluator" in said
    assert (await run(house, "staff", "list"))[0] == 1
