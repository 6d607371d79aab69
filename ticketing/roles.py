"""Who acts on tickets: staff's roles, as the procedures' data declare them, and who moves tickets without being staff.

A role is declared in full, with its title, by one procedure; another that it works in too says only what it sees there.
What a role may do is the procedures' actions' to say.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ticketing.title import Title
from ticketing.vocabulary import SIGHTS
from ticketing.wrong_key import WrongKey, first_wrong

OTHERS: Final = ("citizen", "gateway", "rule")  # so no staff member may be called one of these
PROCEDURE_FILES: Final = files("ticketing.procedures")


def _known_sight(name: str) -> str:
    if name not in SIGHTS:
        raise ValueError(f"there are {', '.join(SIGHTS)}")
    return name


class Role(BaseModel):
    """A role in one procedure: which of its tickets it `sees` (see `policy`); the rest where it is declared in full.

    `desks` are the screens it works at, the first the one it begins with. Who `oversees` has all that is open in the
    queue, not what waits for the role; who `assigns` may hand a ticket to a colleague; who works for a `body` has its
    code in the account: one of the register's or, with `any_body`, also a union's or company's of its own, or none.
    Who is `blind` does not learn who complains (see `blinding`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sees: Annotated[str, AfterValidator(_known_sight)]
    title: Title | None = None
    desks: tuple[str, ...] = ()
    oversees: bool = False
    assigns: bool = False
    body: bool = False
    any_body: bool = False
    blind: bool = False

    @property
    def is_mention(self) -> bool:
        """True where another procedure declares it."""
        return self.title is None


def read_roles(stored: Mapping[str, Any], file: str) -> dict[str, Role]:
    """The roles of one procedure's data, by code. Raises `WrongKey`."""
    roles: dict[str, Role] = {}
    for code, written in stored.get("roles", {}).items():
        try:
            roles[code] = Role.model_validate(written)
        except ValidationError as error:
            raise first_wrong(error, under=f"roles.{code}", file=file) from error
        if code in OTHERS:
            raise WrongKey(f"roles.{code}", "is no staff's", file)
    return roles


def declared(by_procedure: Mapping[str, Mapping[str, Role]]) -> dict[str, Role]:
    """Every role's full declaration. Raises `WrongKey` where one is declared twice, or mentioned and never declared."""
    roles: dict[str, Role] = {}
    for name, own in by_procedure.items():
        for code, role in own.items():
            if role.is_mention:
                continue
            if code in roles:
                raise WrongKey(f"roles.{code}", "another procedure declares it: say only what it sees", name)
            roles[code] = role
    for name, own in by_procedure.items():
        for code in own:
            if code not in roles:
                raise WrongKey(f"roles.{code}.title", "no procedure declares this role", name)
    return roles


def _by_procedure() -> dict[str, dict[str, Role]]:
    found: dict[str, dict[str, Role]] = {}
    for source in sorted(PROCEDURE_FILES.iterdir(), key=lambda each: each.name):
        if source.name.endswith(".toml"):
            stored = tomllib.loads(source.read_text(encoding="utf-8"))
            if "roles" in stored:
                found[stored["code"]] = read_roles(stored, source.name)
    return found


_BY_PROCEDURE: Final = _by_procedure()
ROLES: Final[Mapping[str, Role]] = declared(_BY_PROCEDURE)
"""Every role of staff by its code, in the order of the procedures."""


_SEEN: Final = {code: {name: own[code].sees for name, own in _BY_PROCEDURE.items() if code in own} for code in ROLES}


def seen_by(role: str) -> Mapping[str, str]:
    """What a role sees, by the procedures it works in; nothing for a role there is not."""
    return _SEEN.get(role, {})


def is_blind(role: str, procedure: str) -> bool:
    """True where a role must not learn who complains in a procedure: where it is so declared, or does not work."""
    own = _BY_PROCEDURE.get(procedure, {}).get(role)
    return own is None or own.blind


def works_everywhere(role: str) -> bool:
    """True where a role works in every procedure."""
    return len(seen_by(role)) == len(_BY_PROCEDURE)


def at_desk(desk: str) -> frozenset[str]:
    """The roles that work at a desk."""
    return frozenset(code for code, role in ROLES.items() if desk in role.desks)


OVERSEERS: Final = frozenset(code for code, role in ROLES.items() if role.oversees)
