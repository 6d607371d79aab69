"""Proof that a browser was told a tracking code by us: for the confirmation, which must not ask again what was just
typed. It holds for an hour and for what the confirmation offers, never for seeing a ticket."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Final

from gateway.web.services import Services
from sms.digits import is_ascii_number

PROOF_AGE: Final = timedelta(hours=1)
_MARK: Final = "proof-"


def proof_of(services: Services, code: str) -> str:
    """A word, without dots, that proves `code` from now on for an hour."""
    until = int((services.now() + PROOF_AGE).timestamp())
    return f"{_MARK}{until}-{_signed(services, code, until)}"


def looks_like_proof(word: str) -> bool:
    """True for a word that `proof_of` may have made."""
    return word.startswith(_MARK)


def is_proven(services: Services, code: str, proof: str) -> bool:
    """True where `proof` was made for `code`, less than an hour ago."""
    until, _, signature = proof.removeprefix(_MARK).partition("-")
    if not is_ascii_number(until) or len(until) > 12 or int(until) < services.now().timestamp():
        return False
    return hmac.compare_digest(signature.encode(), _signed(services, code, int(until)).encode())


def _signed(services: Services, code: str, until: int) -> str:
    return services.rules.vault.index("proof", f"{code}/{until}").hex()
