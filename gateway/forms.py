"""Where on the web each procedure that has a page of its own is filed: the page's path, and its address for texts.

Also where a grievance about the service itself is: the way up for who is not content with it (seed 001).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from channels.web import CHANNEL
from gateway.config import Settings
from sms.texts import LONGEST
from ticketing.filing import others_by
from ticketing.procedure import Procedure
from ticketing.title import Title

PATH: Final = "/file/{procedure}"
_IN_ENGLISH: Final = "?lang=en"


def form_addresses(settings: Settings, procedures: Mapping[str, Procedure]) -> dict[str, Title]:
    """Each form's address in both languages; of none while the settings name no site, or one too long for a text."""
    site = settings.http.public_url
    if not site or not settings.channels.web.enabled:
        return {}
    found = {each.code: site + PATH.format(procedure=each.code) for each in others_by(procedures, CHANNEL.code)}
    most = len(LONGEST["address"]) - len(_IN_ENGLISH)
    return {code: Title(fa=form, en=form + _IN_ENGLISH) for code, form in found.items() if len(form) <= most}


def grievance_page(procedures: Mapping[str, Procedure]) -> tuple[str, dict[str, str]] | None:
    """Path and query of the form that begins the grievance of the first procedure, as its data says; None for none."""
    survey = next(iter(procedures.values())).survey
    grievance = survey.grievance if survey is not None else None
    if grievance is None or all(each.code != grievance.procedure for each in others_by(procedures, CHANNEL.code)):
        return None
    said = {f"details.{name}": str(value) for name, value in grievance.details.items()}
    return PATH.format(procedure=grievance.procedure), said
