"""Fax and voicemail arrive as mail from machines of ours; the caller is who the machine says rang."""

from __future__ import annotations

from channels import fax, voicemail
from channels.channel import Ignored
from normalizer.report import Report
from tests.support.mail import arrival, mail

FAX_TEXT = "     Sender: UNKNOWN\n      Pages: 1\n    CallID1: 02188001122\n     CommID: 000000123\n"
PAGES, RECORDING = b"II*\x00" + b"\x00" * 40, b"RIFF\x00\x00\x00\x00WAVEfmt " + b"\x00" * 40


def test_fax_is_the_callers_with_its_pages() -> None:
    raw = mail(FAX_TEXT, sender="HylaFAX Agent <fax@124.example>", files=[("fax.tif", PAGES, "image/tiff")])
    report = fax.parse(arrival(raw))
    assert isinstance(report, Report)
    assert (report.channel, report.sender.phone, report.sender.email) == ("fax", "02188001122", None)
    assert [file.media_type for file in report.attachments] == ["image/tiff"]
    assert (report.medium, report.always_complaint) == (None, True)


def test_fax_without_a_caller_is_still_a_report() -> None:
    report = fax.parse(arrival(mail("CallID1: <NONE>")))
    assert isinstance(report, Report)
    assert report.sender.phone is None


def test_voicemail_is_the_callers_with_its_recording() -> None:
    headers = [("X-Asterisk-CallerID", "09121234567"), ("X-Asterisk-CallerIDName", "مریم")]
    raw = mail("a 0:12 long message", headers=headers, files=[("msg0003.wav", RECORDING, "audio/x-wav")])
    report = voicemail.parse(arrival(raw))
    assert isinstance(report, Report)
    assert (report.channel, report.sender.phone, report.sender.name) == ("voicemail", "09121234567", "مریم")
    assert [file.name for file in report.attachments] == ["msg0003.wav"]


def test_machines_own_bounces_are_ignored_there_too() -> None:
    raw = mail(headers=[("Auto-Submitted", "auto-generated")])
    assert fax.parse(arrival(raw)) == voicemail.parse(arrival(raw)) == Ignored("auto_reply")
