"""The seams, walked: what a channel and a provider cost, and names that must not leave their file."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.registry import BOTS, CHANNELS
from sms.providers.registry import PROVIDERS

ROOT = Path(__file__).parents[1]
PACKAGES = ("gateway", "channels", "normalizer", "ticketing", "sms")
CONFIG = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
# Where a name may stand beside its own file: registries, settings, and what names a library of that name.
ALLOWED = {
    "channels/registry.py",
    "sms/providers/registry.py",
    "gateway/settings.py",
    "gateway/demonstration/demonstrate.py",
    "gateway/logs.py",  # silences the library python-telegram-bot, whose package has that name
    "channels/bot_api.py",  # imports it
    "channels/bot_account.py",  # imports it
}
SHARED_FILES = {"counter": "phone", "letter": "phone"}


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def file_of(code: str) -> str:
    return f"channels/{SHARED_FILES.get(code, code)}.py"


@pytest.mark.parametrize("code", sorted(CHANNELS))
def test_a_channel_is_one_file_one_line_and_its_tests(code: str) -> None:
    assert (ROOT / file_of(code)).is_file()
    assert CHANNELS[code].code == code
    assert CHANNELS[code].samples, "the contract test needs samples to replay"
    tested = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "channels").glob("test_*.py"))
    assert re.search(rf"\b{code}\b", tested)


@pytest.mark.parametrize("code", ["phone", "sms", "email", "telegram", "bale", "web"])
def test_a_channel_with_settings_has_its_block(code: str) -> None:
    assert CONFIG["channels"][code]["enabled"] in (True, False)


@pytest.mark.parametrize("code", sorted(PROVIDERS))
def test_a_provider_is_one_file_one_line_one_block_and_its_tests(code: str) -> None:
    assert (ROOT / "sms" / "providers" / f"{code}.py").is_file()
    assert (ROOT / "tests" / "sms" / f"test_{code}.py").is_file()
    if PROVIDERS[code].parse_inbound is not None:
        assert code in CONFIG["sms"], "a provider with an account has a block of settings"


@pytest.mark.parametrize("code", sorted({*PROVIDERS, *BOTS} - {"sandbox"}))
def test_a_name_stays_in_its_own_files(code: str) -> None:
    own = re.compile(rf"(channels|sms/providers)/{code}[a-z_]*\.py")
    strangers = [
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(rf"\b{code}\b", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert [name for name in strangers if not own.fullmatch(name) and name not in ALLOWED] == []


def test_nobody_but_the_writer_commits() -> None:
    committing = re.compile(r"\.commit\(\)|\.begin\(\)")
    found = [path for path in sources() if committing.search(path.read_text(encoding="utf-8"))]
    names = {str(path.relative_to(ROOT)) for path in found}
    # A unit's savepoint ends in transaction.py; it makes nothing durable.
    assert names <= {"ticketing/writer.py", "ticketing/transaction.py"}


def test_no_import_hides_inside_a_function() -> None:
    assert [f"{path.relative_to(ROOT)}:{line}" for path in sources() for line in hidden_imports(path)] == []


def hidden_imports(path: Path) -> list[int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = [inner for function in functions for inner in ast.walk(function)]
    return [node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize("page", ["adding-a-channel", "adding-a-provider"])
def test_the_pages_on_adding_name_files_that_exist(page: str) -> None:
    said = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:channels|sms|gateway|tests)/[a-z_/]+\.py)`", said))
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_data_file_goes_into_the_built_package() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    for package in PACKAGES:
        folder = ROOT / package
        taken = {path for pattern in built.get(package, ()) for path in folder.glob(pattern)}
        data = {path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
        assert data <= taken, sorted(str(path.relative_to(ROOT)) for path in data - taken)
