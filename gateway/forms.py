"""Where on the web each procedure that has a page of its own is filed: the page's path, and its address for texts."""

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
