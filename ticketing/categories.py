"""What complaints are about: titles, law articles and usual route of each category, from a dated file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from normalizer.complaint import CATEGORIES
from ticketing.title import Title
from ticketing.wrong_key import WrongKey, first_wrong

_FILE: Final = "categories.toml"


class Category(BaseModel):
    """One category. `article` is of the Guild System Act; `route` is only suggested."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: Title
    article: str | None = None
    route: str | None = None


class _CategoryFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    categories: list[Category]


def load_categories(path: Path | None = None) -> Mapping[str, Category]:
    """The categories by code, in the file's order: the packaged file, or the one at `path`. Raises `WrongKey`."""
    source = path or files("ticketing.procedures").joinpath(_FILE)
    try:
        stored = _CategoryFile.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise first_wrong(error, file=source.name) from error
    except (OSError, ValueError) as error:
        raise WrongKey("file", str(error), source.name) from error
    found = {category.code: category for category in stored.categories}
    if tuple(sorted(found)) != tuple(sorted(CATEGORIES)) or len(found) != len(stored.categories):
        raise WrongKey("categories", f"must hold each of these once: {', '.join(CATEGORIES)}", source.name)
    return found
