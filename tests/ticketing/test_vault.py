"""Sealed values open where they were sealed and nowhere else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ticketing.vault import Vault, VaultError, load_vault


@pytest.fixture
def vault() -> Vault:
    return Vault({1: b"k" * 32}, b"i" * 32)


def test_a_sealed_value_opens_in_its_own_row_and_column(vault: Vault) -> None:
    sealed = vault.seal("tickets.identity", 7, "۰۹۱۲")
    assert vault.unseal("tickets.identity", 7, sealed) == "۰۹۱۲"


@pytest.mark.parametrize(("column", "row"), [("tickets.identity", 8), ("tickets.code", 7)])
def test_a_sealed_value_moved_elsewhere_does_not_open(vault: Vault, column: str, row: int) -> None:
    sealed = vault.seal("tickets.identity", 7, "x")
    with pytest.raises(VaultError):
        vault.unseal(column, row, sealed)


@pytest.mark.parametrize("cut", [0, 1, 13, 20])
def test_a_cut_or_changed_value_does_not_open(vault: Vault, cut: int) -> None:
    sealed = vault.seal("tickets.identity", 7, "a longer value than the cut")
    with pytest.raises(VaultError):
        vault.unseal("tickets.identity", 7, sealed[:cut])
    with pytest.raises(VaultError):
        vault.unseal("tickets.identity", 7, sealed[:-1] + bytes((sealed[-1] ^ 1,)))


def test_a_newer_key_seals_and_the_older_still_opens(vault: Vault) -> None:
    sealed = vault.seal("c", 1, "old")
    rotated = Vault({1: b"k" * 32, 2: b"n" * 32}, b"i" * 32)
    assert rotated.unseal("c", 1, sealed) == "old"
    assert rotated.seal("c", 1, "new")[0] == 2


def test_the_index_is_stable_keyed_and_apart_for_each_kind(vault: Vault) -> None:
    assert vault.index("phone", "+98912") == vault.index("phone", "+98912")
    assert vault.index("phone", "+98912") != vault.index("code", "+98912")
    assert vault.index("phone", "+98912") != Vault({1: b"k" * 32}, b"j" * 32).index("phone", "+98912")


def test_the_keys_file_is_made_at_first_start_for_its_owner_only(tmp_path: Path) -> None:
    keys = tmp_path / "var" / "keys"
    first = load_vault(keys)
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert load_vault(keys).unseal("c", 1, first.seal("c", 1, "kept")) == "kept"


def test_a_damaged_keys_file_is_an_error_not_a_new_key(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("{}")
    with pytest.raises(VaultError):
        load_vault(keys)
