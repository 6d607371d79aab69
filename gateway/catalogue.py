"""The catalogue: every sentence the web face shows, by stable code, Persian and English.

Reads the .po files once at start (no compile step) and refuses to start on one that is broken. It renders sentences;
which one is due is for its callers to say, and texts of notices to citizens live in the settings instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

from babel.messages.pofile import PoFileError, read_po

from normalizer.text import fold
from ticketing.roles import ROLES
from ticketing.title import titled

LANGUAGES: Final = ("fa", "en")
DEFAULT: Final = "fa"
LOCALE_DIRECTORY: Final = Path(__file__).parent / "locale"
_PERSIAN: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_RANGE: Final = re.compile(r"([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8})*(?:\s*;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?")
_MOST_RANGES: Final = 20


class CatalogueError(Exception):
    """A .po file that cannot be used, named in the message."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Sentences by language and code."""

    messages: Mapping[str, Mapping[str, str]]

    def say(self, language: str, code: str, **values: Any) -> str:
        """The sentence `code` in `language`, its placeholders filled. Raises KeyError for a code nobody wrote."""
        sentence = self.messages[language][code]
        return sentence.format_map(values) if values else sentence

    def has(self, code: str) -> bool:
        """True where the catalogue knows `code`."""
        return code in self.messages[DEFAULT]


@cache
def load_catalogue(directory: Path = LOCALE_DIRECTORY) -> Catalogue:
    """The catalogue of every `<directory>/<language>/LC_MESSAGES/*.po`, read once. Raises CatalogueError.

    What the procedures' data name themselves is in it too: `role.<code>`.
    """
    written = {language: _read_all(directory / language / "LC_MESSAGES") for language in LANGUAGES}
    return Catalogue({language: words | _told_by_data(language) for language, words in written.items()})


def placeholders(sentence: str) -> frozenset[str]:
    """The names between braces in a sentence."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def negotiate(accept_language: str) -> str:
    """The language an Accept-Language header asks for, Persian where it says nothing we speak (RFC 9110 §12.5.4)."""
    wanted: dict[str, float] = {}
    for part in accept_language.split(",")[:_MOST_RANGES]:
        match = _RANGE.fullmatch(part.strip())
        if match:
            wanted.setdefault(match[1].lower(), float(match[2] or 1))
    other = wanted.get("*", 0.0)
    best = max(LANGUAGES, key=lambda language: wanted.get(language, other))  # the first of equals: Persian
    return best if wanted.get(best, other) > 0 else DEFAULT


def persian_digits(text: str) -> str:
    """The text with its Latin digits written in Persian."""
    return text.translate(_PERSIAN)


def sort_key(title: str) -> list[int]:
    """Orders Persian titles as a Persian dictionary does; code points put پ چ ژ ک گ ی last."""
    return [_ORDER.get(letter, len(_ORDER) + ord(letter)) for letter in fold(title)]


_ORDER: Final = {letter: place for place, letter in enumerate(" آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی")}


def _told_by_data(language: str) -> dict[str, str]:
    return {f"role.{code}": titled(role.title, language) for code, role in ROLES.items() if role.title is not None}


def _read_all(folder: Path) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for path in sorted(folder.glob("*.po")):
        more = _read(path)
        twice = sentences.keys() & more.keys()
        if twice:
            raise CatalogueError(f"{path}: {min(twice)} stands in another file too")
        sentences |= more
    if not sentences:
        raise CatalogueError(f"{folder}: no catalogue is there")
    return sentences


def _read(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    sentences: dict[str, str] = {}
    for message in catalogue:
        if not isinstance(message.id, str) or not message.id:
            continue
        if message.fuzzy or not isinstance(message.string, str) or not message.string:
            raise CatalogueError(f"{path}: {message.id} is missing or fuzzy")
        sentences[message.id] = message.string
    return sentences
