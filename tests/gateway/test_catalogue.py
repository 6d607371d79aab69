"""The catalogue: complete in both languages, and it knows every code that anything may refuse with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from channels import attachments, report_body
from gateway.catalogue import (
    LANGUAGES,
    LOCALE_DIRECTORY,
    CatalogueError,
    load_catalogue,
    negotiate,
    placeholders,
    sort_key,
)
from gateway.web import problems
from ticketing import errors
from ticketing.vocabulary import NEEDS

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue()


def read(language: str) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for path in sorted((LOCALE_DIRECTORY / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            found = read_po(file)
        assert not [message.id for message in found if message.id and message.fuzzy], path
        sentences |= {str(message.id): str(message.string) for message in found if message.id}
    return sentences


def test_both_languages_say_the_same_things() -> None:
    fa, en = (read(language) for language in LANGUAGES)
    assert fa.keys() == en.keys()
    assert [code for code, sentence in (*fa.items(), *en.items()) if not sentence.strip()] == []
    assert [code for code in fa if placeholders(fa[code]) != placeholders(en[code])] == []


def test_persian_sentences_are_persian_and_hold_no_arabic_letters() -> None:
    for code, sentence in read("fa").items():
        has_words = re.search(r"\w", re.sub(r"{\w+}", "", sentence))
        if has_words and code != "page.other_language":
            assert re.search("[؀-ۿ]", sentence), code
        assert not re.search("[يكة٠-٩]", sentence), code


def test_every_kind_of_notice_has_a_name_on_both_desks_that_show_it() -> None:
    desks = [
        {code.rpartition(".")[2] for code in CATALOGUE.messages["fa"] if code.rpartition(".")[0] == names}
        for names in ("ticket_desk.notice", "admin.kind")
    ]
    assert desks[0] == desks[1]


def test_a_title_comes_with_its_detail() -> None:
    titles = {code for code in CATALOGUE.messages["fa"] if code.startswith("problem.") and not code.endswith(".detail")}
    details = {code.removesuffix(".detail") for code in CATALOGUE.messages["fa"] if code.endswith(".detail")}
    assert titles == details


def refusal_codes() -> Iterator[str]:
    """Every code a refusal of the use cases or of the web face may carry."""
    yield from problems.STATUS_CODES.values()
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.Refused) and kind is not errors.Refused:
            yield kind.code
    refusals = {"NotFound", "Unauthenticated", "Forbidden", "Conflict"}
    for call in calls():
        if call.func.id in refusals and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)
        if call.func.id == "Problem" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
            yield str(call.args[1].value)


def field_codes() -> Iterator[str]:
    yield from report_body.CODES
    yield from re.findall(r'"(file_\w+|too_many_files)"', Path(attachments.__file__).read_text(encoding="utf-8"))
    for call in calls():
        if call.func.id == "FieldError" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
            yield str(call.args[1].value)
        if call.func.id in ("WrongValue", "_Wrong") and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


class Call(ast.Call):
    func: ast.Name


def calls() -> Iterator[Call]:
    for package in ("ticketing", "gateway/web"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield node  # type: ignore[misc]


@pytest.mark.parametrize("code", sorted(set(refusal_codes())))
def test_every_refusal_has_words(code: str) -> None:
    assert CATALOGUE.has(f"problem.{code}")


@pytest.mark.parametrize("code", sorted(set(field_codes())))
def test_every_wrong_field_has_words(code: str) -> None:
    assert CATALOGUE.has(f"field.{code}")


def test_everything_that_may_be_missing_has_words() -> None:
    assert all(CATALOGUE.has(f"missing.{fact}") for fact in NEEDS)


def test_every_sentence_a_template_asks_for_is_there() -> None:
    asked = set()
    for template in (ROOT / "gateway" / "templates").glob("*.html"):
        asked |= set(re.findall(r"""\bt\(["']([a-z_.0-9]+)["'][,)]""", template.read_text(encoding="utf-8")))
    assert asked
    assert [code for code in sorted(asked) if not CATALOGUE.has(code)] == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "fa"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("fa-IR,en;q=0.8", "fa"),
        ("en;q=0.9, fa;q=0.8", "en"),
        ("de", "fa"),
        ("*", "fa"),
        ("en;q=0", "fa"),
        ("fa;q=0, *", "en"),
        ("\x00;;q=é", "fa"),
        ("en;q=2", "fa"),
    ],
)
def test_accept_language_is_negotiated(header: str, language: str) -> None:
    assert negotiate(header) == language


def test_titles_sort_as_in_a_persian_dictionary() -> None:
    assert sorted(["یزد", "گیلان", "تهران", "چالوس", "اردبیل", "پارس"], key=sort_key) == [
        "اردبیل",
        "پارس",
        "تهران",
        "چالوس",
        "گیلان",
        "یزد",
    ]


def test_one_code_in_two_files_is_refused(tmp_path: Path) -> None:
    for language in LANGUAGES:
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        for name in ("a.po", "b.po"):
            (folder / name).write_text('msgid "a"\nmsgstr "b"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"b\.po: a stands in another file too"):
        load_catalogue(tmp_path)


def test_an_empty_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no catalogue is there"):
        load_catalogue(tmp_path)


@pytest.mark.parametrize("broken", ['msgid "a"\nmsgstr ""\n', '#, fuzzy\nmsgid "a"\nmsgstr "b"\n', 'msgid "a\n'])
def test_a_broken_catalogue_is_refused_by_name(tmp_path: Path, broken: str) -> None:
    for language in LANGUAGES:
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "messages.po").write_text(broken, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"messages\.po"):
        load_catalogue(tmp_path)
