"""Pages rendered: templates, the visitor's language, digits and dates as their language writes them.

Persian is the language of every page until `?lang=en` says otherwise; the choice travels in links, no cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from persiantools.jdatetime import JalaliDate

from gateway.catalogue import DEFAULT, LANGUAGES, negotiate, persian_digits
from gateway.forms import grievance_page
from gateway.web.services import SERVICES, Services
from gateway.web.statics import STATICS

TEHRAN: Final = ZoneInfo("Asia/Tehran")
_TEMPLATES: Final = Path(__file__).parent.parent / "templates"
_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PERSIAN_MARKS: Final = str.maketrans({",": "٬", ".": "٫", "%": "٪"})
_DIRECTIONS: Final = {"fa": ("fa-IR", "rtl"), "en": ("en", "ltr")}


def api_language(request: web.Request) -> str:
    """The language of problems: what Accept-Language asks for."""
    return negotiate(request.headers.get("Accept-Language", ""))


def page_language(request: web.Request) -> str:
    """The language of pages: `?lang=`, else Persian."""
    asked = request.query.get("lang", DEFAULT)
    return asked if asked in LANGUAGES else DEFAULT


def page(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """The page of a template. `title_code` among the values names it; `t`, `fa`, `url` and dates come with it."""
    language = page_language(request)
    services = request.app[SERVICES]
    lang, direction = _DIRECTIONS[language]
    phone = services.settings.channels.phone
    common = {
        "language": language,
        "lang": lang,
        "direction": direction,
        "other_language_url": other_language_url(request.path, language),
        "hours": (_clock(phone.opens.hour, phone.opens.minute), _clock(phone.closes.hour, phone.closes.minute)),
        "static": request.app[STATICS].url,
        "grievances": _grievances(services, language),
        "push_key": services.push.public_key if services.push else "",
        **_writers(language, services.catalogue.say),
    }
    html = _ENVIRONMENT.get_template(template).render({**common, **values})
    return web.Response(text=html, status=status, content_type="text/html", headers={"Content-Language": language})


def _grievances(services: Services, language: str) -> str:
    """The address where who is not content with the service says so; "" where that has no page."""
    found = grievance_page(services.rules.procedures) if services.settings.channels.web.enabled else None
    return page_url(found[0], language, **found[1]) if found else ""


def rendered(template: str, language: str, **values: Any) -> str:
    """The text of a template that belongs to no request."""
    lang, direction = _DIRECTIONS[language]
    return _ENVIRONMENT.get_template(template).render(
        {"language": language, "lang": lang, "direction": direction, **values}
    )


def page_url(path: str, language: str, **query: str) -> str:
    """A link to a page of ours in the visitor's language."""
    asked = {**({"lang": language} if language != DEFAULT else {}), **query}
    return f"{path}?{urlencode(asked)}" if asked else path


def see_other(url: str) -> web.Response:
    """On to another page after a form, so that a reload sends nothing again."""
    return web.Response(status=303, headers={"Location": url})


def other_language_url(path: str, language: str, **query: str) -> str:
    """A page in the other language; without a query, for a page that answered a form is left for its own address."""
    other = next(each for each in LANGUAGES if each != language)
    return page_url(path, other, **query)


def prose_date(day: date, language: str) -> str:
    """A day in a sentence: «۳۰ آبان ۱۴۰۴», "21 November 2025"."""
    if language == "fa":
        jalali = JalaliDate(day, locale="fa")  # type: ignore[no-untyped-call]
        return persian_digits(f"{jalali.day} {jalali.strftime('%B')} {jalali.year}")
    return f"{day.day} {day.strftime('%B %Y')}"


def short_date(day: date, language: str) -> str:
    """A day whose year goes without saying: «۳۰ آبان», "21 November"."""
    return prose_date(day, language).rpartition(" ")[0]


def table_date(day: date, language: str) -> str:
    """A day in a table: ۱۴۰۵/۰۸/۳۰, 2026-11-21."""
    if language != "fa":
        return day.isoformat()
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    return persian_digits(f"{jalali.year}/{jalali.month:02d}/{jalali.day:02d}")


def tehran_day(written: str) -> date:
    """The day of an ISO date or moment, as it is in Tehran."""
    moment = datetime.fromisoformat(written)
    return moment.astimezone(TEHRAN).date() if moment.tzinfo else moment.date()


def in_fours(code: str) -> list[str]:
    """A tracking code in groups of four, as it is shown and spoken."""
    return [code[start : start + 4] for start in range(0, len(code), 4)]


def digits_of(value: object, language: str) -> str:
    """A number, or a code in parts, in the digits of the language."""
    return persian_digits(str(value)) if language == "fa" else str(value)


def figure_of(ascii_number: str, language: str) -> str:
    """A figure with its marks as the language writes them: «۱٬۲۳۴٫۵», "1,234.5"."""
    marked = ascii_number.translate(_PERSIAN_MARKS) if language == "fa" else ascii_number
    return digits_of(marked, language)


def grouped_of(number: int, language: str) -> str:
    """A whole number in groups of three: «۱٬۲۳۴», "1,234"."""
    return figure_of(f"{number:,}", language)


def clock_of(at: datetime, language: str) -> str:
    """The time of day in Tehran: «۱۴:۰۵», "14:05"."""
    return digits_of(at.astimezone(TEHRAN).strftime("%H:%M"), language)


def _writers(language: str, say: Callable[..., str]) -> dict[str, Any]:
    def number(value: object) -> str:
        return digits_of(value, language)

    def t(code: str, **values: Any) -> str:
        return say(language, code, **{name: number(value) for name, value in values.items()})

    def day(value: str) -> str:
        return prose_date(tehran_day(value), language)

    def clock(value: str) -> str:
        return clock_of(datetime.fromisoformat(value), language)

    def grouped(number: int) -> str:
        return grouped_of(number, language)

    def url(path: str, **query: str) -> str:
        return page_url(path, language, **query)

    written = {"fa": number, "grouped": grouped, "day": day, "clock": clock}
    return {"t": t, **written, "url": url, "in_fours": in_fours}


def _clock(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02d}" if minute else str(hour)
