"""The mail server wired to the reception: a mail is kept raw, with its envelope, before it is acknowledged."""

from __future__ import annotations

from channels import email as mail_channel
from channels.channel import Arrival
from channels.smtp import MailServer
from channels.smtp_session import SmtpLimits
from gateway.config import Settings
from gateway.reception import Reception
from sms.clock import Clock

_MIB = 1024 * 1024


def build_mail_server(settings: Settings, reception: Reception, clock: Clock) -> MailServer:
    """The server of `[channels.email]`, not started yet."""
    table = settings.channels.email

    async def keep(raw: bytes, envelope_from: str, recipients: tuple[str, ...], peer: str) -> None:
        context = {
            "envelope_from": envelope_from,
            "recipients": list(recipients),
            "peer": peer,
            "max_attachment_bytes": settings.storage.max_attachment_bytes,
        }
        arrival = Arrival(recipients[0].casefold(), raw, raw, clock.now(), context)
        await reception.keep(mail_channel.CODE, arrival)

    limits = SmtpLimits(message_bytes=table.max_mb * _MIB)
    return MailServer(keep, table.addresses, host=table.host, port=table.port, limits=limits)
