"""What a message says itself: without the mail it answers, the head of one it passes on, what a telephone or a mail
program signs with, and what operators put below texts.

Lines only are cut, never words within one; where nothing would be left, everything is.
"""

from __future__ import annotations

import re
from typing import Final

_BLANK_LINES: Final = re.compile(r"\n{3,}")
# The line with which the common programs introduce what is quoted below it.
_QUOTE_HEAD: Final = re.compile(
    r"^(?:-{2,20}[ \t]*(?:Original Message|Forwarded message|پیام اصلی|پیغام اصلی)"
    r"|On [^\n]{5,200}wrote:[ \t]*$"
    r"|(?:در|به تاریخ) [^\n]{5,200}نوشت(?:ه(?:[ \u200c]?است)?|ند)?[ \t]*:?[ \t]*$"
    r"|_{10,40}[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
# A line's pattern is tried at every letter; most texts have none of these, which any such line has.
_QUOTE_HINTS: Final = ("message", "پیام اصلی", "پیغام اصلی", "wrote:", "نوشت", "__________")
_SIGNED_HINTS: Final = ("sent from", "get outlook", "فرستاده", "ارسال")
_QUOTED_LINE: Final = re.compile(r"^[ \t]{0,20}>.*$", re.MULTILINE)
_PASSED_ON: Final = re.compile(
    r"^-{2,20}[ \t]*(?:Forwarded message|پیام بازارسال[ \u200c]?شده)[^\n]{0,40}\n"
    r"(?:[ \t]{0,4}(?:From|Date|Sent|Subject|To|Cc|از|تاریخ|موضوع|به)[ \t]*:[^\n]{0,300}\n?){0,8}",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED: Final = re.compile(
    r"^(?:Sent from (?:my|Yahoo|Outlook|Mail)\b[^\n]{0,60}|Get Outlook for [^\n]{0,40}"
    r"|(?:فرستاده|ارسال)[ \u200c]?شده (?:از|توسط|با) (?:آیفون|گوشی|تلفن|یاهو|جیمیل|اوت)[^\n]{0,40})$",
    re.IGNORECASE | re.MULTILINE,
)
_FOOTER: Final = re.compile(r"(?:لغو|laghv|off)[ \t]*[:=]?[ \t]*(?:11|۱۱|١١)[ \t\n]*$", re.IGNORECASE)
_ELEVENS: Final = ("11", "۱۱", "١١")
_LONGEST_FOOTER: Final = 16


def own_words(text: str) -> str:
    """`text` without what its sender did not write. The raw message keeps all of it elsewhere."""
    text = _without_footer(text)
    if "\n" not in text:
        return text
    return _without_quotes(_without_signature(text)) or _passed_on(text)


def _without_footer(text: str) -> str:
    said = text.rstrip()
    if not said.endswith(_ELEVENS):
        return text
    footer = _FOOTER.search(said, max(0, len(said) - _LONGEST_FOOTER))
    return (said[: footer.start()].rstrip() or text) if footer else text


def _without_signature(text: str) -> str:
    lower = text.lower()
    return _SIGNED.sub("", text) if any(hint in lower for hint in _SIGNED_HINTS) else text


def _without_quotes(text: str) -> str:
    lower = text.lower()
    head = _QUOTE_HEAD.search(text) if any(hint in lower for hint in _QUOTE_HINTS) else None
    text = text[: head.start()] if head else text
    return tidy(_QUOTED_LINE.sub("", text) if ">" in text else text)


def _passed_on(text: str) -> str:
    """Whoever sends on somebody's mail without a word of their own means what it says, not from whom it was."""
    return tidy(_PASSED_ON.sub("", text)) or tidy(text)


def tidy(text: str) -> str:
    """`text` with no blanks around lines and no two blank lines on end."""
    # Line by line: a pattern for it would take quadratic time.
    return _BLANK_LINES.sub("\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip()
