"""What an account is for: role, organisation, body, and the telephones it is reached on; checked in one place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from normalizer.phone import Phone, parse_phone
from normalizer.text import digits
from ticketing.body_register import BODY_CODE, body_register
from ticketing.errors import FieldError, Invalid
from ticketing.extensions import EXTENSION
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.roles import ROLES, Role
from ticketing.vault import Vault

SIGHT: Final = ("role", "organisation", "body")
"""What decides which tickets somebody sees and what they may do to them."""


@dataclass(frozen=True, slots=True)
class Profile:
    """An account but for its name and secrets. `phone` is E.164, `extension` ASCII digits; None where there is none."""

    role: str
    organisation: str = NATIONAL
    body: str | None = None
    phone: str | None = None
    extension: str | None = None

    @property
    def version(self) -> str:
        """A fingerprint: equal where nothing differs, so that a change made on an older one is noticed."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]

    def sees_as(self, other: Profile) -> bool:
        """True where both see and do the same."""
        return all(getattr(self, name) == getattr(other, name) for name in SIGHT)


def read_profile(given: Mapping[str, str | None]) -> Profile:
    """The profile somebody typed, field by field. Raises `Invalid` naming every wrong one."""
    role, organisation = given.get("role") or "", given.get("organisation") or NATIONAL
    body, phone = (given.get("body") or "").strip().lower() or None, (given.get("phone") or "").strip()
    number, extension = parse_phone(phone) if phone else None, digits(given.get("extension") or "").strip() or None
    mobile = number.e164 if isinstance(number, Phone) and number.kind == "mobile" else None
    wrong = {
        "role": role not in ROLES and "not_allowed",
        "organisation": organisation not in ORGANISATIONS and "not_allowed",
        "body": problem_of_body(ROLES.get(role), organisation, body),
        "phone": bool(phone) and mobile is None and "invalid_phone",
        "extension": extension is not None and not EXTENSION.fullmatch(extension) and "wrong_value",
    }
    errors = [FieldError(name, code) for name, code in wrong.items() if code]
    if errors:
        raise Invalid(errors)
    return Profile(role, organisation, body, mobile, extension)


def problem_of_body(role: Role | None, organisation: str, body: str | None) -> str | None:
    """What is wrong with the body of an account in this role, as a code; None where it is right."""
    if body is None:
        return "required" if role and role.body and not role.any_body else None
    if role is None or not role.body:
        return "not_allowed"
    listed = body_register().body(body)
    if listed is None:
        return None if role.any_body and BODY_CODE.fullmatch(body) else "unknown_body"
    return None if listed.organisation == organisation else "other_organisation"


def profile_of(vault: Vault, row: Mapping[str, Any]) -> Profile:
    """The profile in a row of `staff`, its phone opened."""
    phone = vault.unseal("staff.phone", row["id"], row["phone"]) if row["phone"] else None
    return Profile(row["role"], row["organisation"], row["body"], phone, row["extension"])
