"""The sister systems' channel: the web's JSON under its own name, identified by the case number it is given."""

from __future__ import annotations

from channels import sister, web
from normalizer.report import Report


def test_a_sister_case_is_a_report_of_its_own_channel() -> None:
    parsed = sister.CHANNEL.parse(web.sample(procedure="request", details={"kind": "meeting"}))
    assert isinstance(parsed, Report)
    assert (parsed.channel, parsed.external_id, parsed.extra["procedure"]) == ("sister", "once-1", "request")
