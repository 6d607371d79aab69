"""A letter as one file of HTML that needs nothing beside it: to be kept, sent on, and printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.web.render import rendered
from gateway.web.statics import shipped_statics

SHEET = "letter.css"


def to_html(document: Mapping[str, Any], language: str) -> str:
    """The letter's page in `language`, its style sheet within."""
    style = shipped_statics().content(SHEET).decode()
    return rendered("letter.html", language, words=document["words"][language], style=style)
