"""The bodies of the guild system: which there are, what each is called, where it belongs, and which stands above it.

What kinds there are, and their order, is data (procedures/bodies.toml); the counties are the gazetteer's. It knows
offices, not the people in them, and no single union: a county's unions are one body here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from normalizer.gazetteer import COUNTIES, canonical_county
from ticketing.organisations import NATIONAL, ORGANISATIONS, PROVINCE_CODES, organisation_of
from ticketing.roles import PROCEDURE_FILES
from ticketing.title import Title
from ticketing.wrong_key import WrongKey, first_wrong

Level = Literal["county", "province", "nation"]
BODY_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
"""What any body's code looks like: one of the register, or a union's or company's of its own."""
_FILE: Final = "bodies.toml"
_WIDTHS: Final[Mapping[str, int]] = {level: width for width, level in enumerate(get_args(Level))}


class Kind(BaseModel):
    """One kind of body. `answered_by` is the kind above it; `verified_above`: that one verifies its answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$")]
    title: Title
    many: Title
    name: Title
    level: Level
    answered_by: str | None = None
    verified_above: bool


class _Places(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    county: Title
    province: Title


class _BodyFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    places: _Places
    kinds: Annotated[list[Kind], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Body:
    """One office. `organisation` '' is national; `county` is spelt as the gazetteer does, None above the county's.

    `place` is its county's or organisation's name («ساری»); empty for the nation's.
    """

    code: str
    kind: str
    organisation: str
    county: str | None
    title: Title
    place: Title


class _Place(NamedTuple):
    """Where a body is: an organisation, of a county its name and code; what it is called, alone and in a name."""

    organisation: str
    county: str | None
    code: str
    name: Title
    called: Title


class BodyRegister:
    """Every body there is, by code and by place. Never changes."""

    def __init__(self, kinds: Sequence[Kind], placed: Mapping[Level, Sequence[_Place]]) -> None:
        """`placed`: the places of each level. The kinds are checked already."""
        self.kinds: Final[Mapping[str, Kind]] = {kind.code: kind for kind in kinds}
        bodies = [_body(kind, place) for kind in kinds for place in placed[kind.level]]
        self._by_code: Final = {body.code: body for body in bodies}
        self._by_place: Final = {(body.kind, body.organisation, body.county): body for body in bodies}

    def __iter__(self) -> Iterator[Body]:
        """Every body: by kind in the file's order, then by place."""
        return iter(self._by_code.values())

    def __len__(self) -> int:
        """How many bodies there are."""
        return len(self._by_code)

    def body(self, code: str) -> Body | None:
        """The body of this code; None where the register has none (a union's or company's own code, too)."""
        return self._by_code.get(code)

    def superior_of(self, code: str) -> Body | None:
        """The body that answers complaints against this one; None above the last, and for a code it does not know."""
        body = self._by_code.get(code)
        above = self.kinds[body.kind].answered_by if body else None
        return self._at(above, body.organisation, body.county) if body and above else None

    def verified_above(self, code: str) -> bool:
        """Whether what this body answers is verified by the one above it; False for a code it does not know."""
        body = self._by_code.get(code)
        return body is not None and self.kinds[body.kind].verified_above

    def body_for(self, kind: str, province: str | None, county: str | None) -> Body | None:
        """The body of a kind that a place has; of جنوب کرمان where the county is of it.

        None while the place is not known well enough, and for a kind there is not.
        """
        if kind not in self.kinds:
            return None
        name = canonical_county(province, county) if province and county else None
        return self._at(kind, organisation_of(province, name), name)

    def of(self, organisation: str) -> list[Body]:
        """The bodies of one organisation, the nation's for ''; by kind, then county."""
        return [body for body in self if body.organisation == organisation]

    def _at(self, kind: str, organisation: str, county: str | None) -> Body | None:
        level = self.kinds[kind].level
        if level == "nation":
            return self._by_place.get((kind, NATIONAL, None))
        return self._by_place.get((kind, organisation, county if level == "county" else None))


@cache
def body_register() -> BodyRegister:
    """The packaged register, read once. Raises `WrongKey`."""
    return load_body_register(PROCEDURE_FILES.joinpath(_FILE))


def load_body_register(source: Path | Traversable) -> BodyRegister:
    """The register of a file of kinds. Raises `WrongKey` naming the first wrong key."""
    try:
        stored = _BodyFile.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise first_wrong(error, file=source.name) from error
    except (OSError, ValueError) as error:
        raise WrongKey("file", str(error), source.name) from error
    for key, problem in _problems(stored):
        raise WrongKey(key, problem, source.name)
    return BodyRegister(stored.kinds, _placed(stored.places))


def _problems(stored: _BodyFile) -> Iterator[tuple[str, str]]:
    for level, title in (("county", stored.places.county), ("province", stored.places.province)):
        yield from _wrong_words(f"places.{level}", title, "name")
    for number, kind in enumerate(stored.kinds):
        key, above = f"kinds.{number}", {each.code: each for each in stored.kinds[number + 1 :]}
        if kind.code in above:
            yield f"{key}.code", f"{kind.code} is given twice"
        if kind.level != "nation":
            yield from _wrong_words(f"{key}.name", kind.name, "place")
        yield from _wrong_order(key, kind, above)


def _wrong_order(key: str, kind: Kind, above: Mapping[str, Kind]) -> Iterator[tuple[str, str]]:
    """What stands above a kind stands below it in the file, so that every way up ends."""
    if kind.answered_by is None:
        if kind.verified_above:
            yield f"{key}.verified_above", "there is none above it"
    elif kind.answered_by not in above:
        yield f"{key}.answered_by", f"{kind.answered_by} is none of the kinds after it"
    elif _WIDTHS[above[kind.answered_by].level] < _WIDTHS[kind.level]:
        yield f"{key}.answered_by", f"{kind.answered_by} is of a narrower level"


def _wrong_words(key: str, title: Title, hole: str) -> Iterator[tuple[str, str]]:
    for language, words in (("fa", title["fa"]), ("en", title["en"])):
        if words.count("{") != 1 or words.count("}") != 1 or f"{{{hole}}}" not in words:
            yield f"{key}.{language}", f"must hold {{{hole}}} once, and no other braces"


def _placed(places: _Places) -> Mapping[Level, Sequence[_Place]]:
    counties = [
        _Place(
            organisation_of(each.province, each.name), each.name, each.code, name, _filled(places.county, "name", name)
        )
        for each in COUNTIES
        for name in [Title(fa=each.name, en=each.english)]
    ]
    organisations = [
        _Place(code, None, "", name, _filled(places.province, "name", name) if code in PROVINCE_CODES else name)
        for code, name in ORGANISATIONS.items()
        if code != NATIONAL
    ]
    nowhere = Title(fa="", en="")
    return {"county": counties, "province": organisations, "nation": [_Place(NATIONAL, None, "", nowhere, nowhere)]}


def _filled(words: Title, hole: str, by: Title) -> Title:
    return Title(fa=words["fa"].replace(f"{{{hole}}}", by["fa"]), en=words["en"].replace(f"{{{hole}}}", by["en"]))


def _body(kind: Kind, place: _Place) -> Body:
    code = "-".join(part.lower() for part in (place.organisation, place.code, kind.code) if part)
    title = _filled(kind.name, "place", place.called)
    return Body(code, kind.code, place.organisation, place.county, title, place.name)
