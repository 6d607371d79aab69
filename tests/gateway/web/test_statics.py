"""Scripts and sheets under names that carry their content's hash, and that of what they import."""

from __future__ import annotations

from graphlib import CycleError
from pathlib import Path

import pytest

from gateway.web.statics import load_statics


def test_modules_import_each_other_by_hashed_name(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nb();\n', encoding="utf-8")
    (tmp_path / "b.js").write_text("export function b() {}\n", encoding="utf-8")
    statics = load_statics(tmp_path)
    body = statics.respond(statics.url("a.js").removeprefix("/static/"), "").body
    hashed = statics.url("b.js").removeprefix("/static/")
    assert body == f'import {{ b }} from "./{hashed}";\nb();\n'.encode()


def test_name_changes_with_what_it_imports(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import "./b.js";\n', encoding="utf-8")
    names = set()
    for content in ("1;", "2;"):
        (tmp_path / "b.js").write_text(content, encoding="utf-8")
        names.add(load_statics(tmp_path).url("a.js"))
    assert len(names) == 2


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import "./b.js";\n', encoding="utf-8")
    (tmp_path / "b.js").write_text('import "./a.js";\n', encoding="utf-8")
    with pytest.raises(CycleError):
        load_statics(tmp_path)
