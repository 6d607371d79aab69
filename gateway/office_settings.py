"""The shape of the settings of dealings with other offices: the organisations' board, officials' calendars, systems."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

from gateway.setting_values import BaseUrl, TimeOrNone
from gateway.settings import Section, secret


class Board(Section):
    """The message board between the centre and the organisations."""

    reminder: TimeOrNone = time(8, 30)


class Appointments(Section):
    """Meetings with officials, offered from their calendars."""

    reminder: time = time(17)
    offers: Annotated[int, Field(ge=1, le=10)] = 2


class SisterSystem(Section):
    """Another system that cases go to and come from. Off while empty: `url` takes ours, `secret` lets theirs in.

    A case of theirs becomes one of `procedure`, where that is empty of the one whose data names the channel, and of
    `kind`, where they do not say, else of the first there is.
    """

    url: BaseUrl = ""
    token: SecretStr = secret()
    token_file: Path | None = None
    secret: SecretStr = secret()
    secret_file: Path | None = None
    procedure: str = ""
    kind: str = ""


class Grievances(SisterSystem):
    """One whose cases are about how people were served."""

    kind: str = "grievance"


class Sister(Section):
    """The sister systems."""

    samad: SisterSystem = SisterSystem()
    foad: Grievances = Grievances()

    def systems(self) -> dict[str, SisterSystem]:
        """Each by its code."""
        return {code: getattr(self, code) for code in type(self).model_fields}
