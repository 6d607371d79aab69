"""What staff file for citizens: by telephone, at the counter, from a letter. One form, three channel codes.

The telephone's opening hours are known here and shown; nobody is kept from filing outside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from channels import web
from channels.channel import Arrival, Channel, Parsed
from channels.report_body import ReportBody
from normalizer.day import TEHRAN
from normalizer.report import Report

CODES = ("phone", "counter", "letter")


def _printable(call_id: str) -> str:
    if not call_id.isprintable():
        raise PydanticCustomError("control_character", "control_character")
    return call_id


class StaffReportBody(ReportBody):
    """A report an operator files. `call_id` links it to a call; one call may hold two complaints."""

    channel: Literal["phone", "counter", "letter"]
    call_id: Annotated[str, Field(max_length=64), AfterValidator(_printable)] | None = None


def is_open(at: datetime, opens: str, closes: str) -> bool:
    """Whether operators answer at this aware moment; `opens` and `closes` are HH:MM in Tehran.

    A closing time before the opening one lies on the next day; equal ones mean around the clock.
    """
    now, start, end = at.astimezone(TEHRAN).time(), time.fromisoformat(opens), time.fromisoformat(closes)
    if start == end:
        return True
    return start <= now < end if start < end else now >= start or now < end


def _parser(code: str) -> Callable[[Arrival], Parsed]:
    read = web.parser(code, StaffReportBody)

    def parse(arrival: Arrival) -> Parsed:
        parsed = read(arrival)
        if not isinstance(parsed, Report) or isinstance(arrival.payload, bytes):
            return parsed
        return replace(parsed, call_id=arrival.payload.get("call_id"))

    return parse


def _channel(code: str) -> Channel:
    return Channel(code, _parser(code), samples=(web.sample(channel=code, call_id="1795248000.17"),))


CHANNELS = {code: _channel(code) for code in CODES}
