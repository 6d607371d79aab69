"""Stored mails become reports: once each, whatever road they took, and one that cannot be read blocks none."""

from __future__ import annotations

import smtplib
from asyncio import to_thread
from collections import Counter

from sqlalchemy import update

from gateway.app import Gateway
from tests.support.gateway import rows_of, until
from tests.support.mail import mail
from ticketing.tables import attachments, reports, tickets
from ticketing.transaction import UnitTransaction

ADDRESS = "report@124.example"


async def send(gateway: Gateway, *raws: bytes) -> None:
    """Hand mails over by SMTP, as any mail server would."""

    def converse() -> None:
        with smtplib.SMTP("127.0.0.1", gateway.smtp_port) as client:
            for raw in raws:
                client.sendmail("maryam@example.ir", [ADDRESS], raw)

    await to_thread(converse)


async def states(gateway: Gateway) -> Counter[str]:
    return Counter(row["state"] for row in await rows_of(gateway, reports))


async def until_read(gateway: Gateway, expected: int) -> Counter[str]:
    async def all_read() -> bool:
        found = await states(gateway)
        return found.total() == expected and not found["stored"]

    await until(gateway, all_read)
    return await states(gateway)


async def test_a_mail_becomes_a_ticket_with_its_files(gateway_server: Gateway) -> None:
    raw = mail(files=[("receipt.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 32, "image/png")])
    await send(gateway_server, raw)
    assert await until_read(gateway_server, 1) == {"ticketed": 1}
    (ticket,) = await rows_of(gateway_server, tickets)
    assert ticket["channel"] == "email"
    (file,) = await rows_of(gateway_server, attachments)
    assert (file["ticket_id"], file["media_type"]) == (ticket["id"], "image/png")
    assert await gateway_server.parts.files.read(file["sha256"]) == b"\x89PNG\r\n\x1a\n" + b"\0" * 32
    (report,) = await rows_of(gateway_server, reports)
    assert gateway_server.parts.rules.vault.unseal_bytes("reports.raw", report["id"], report["raw"]) == raw


async def test_the_same_mail_over_another_road_is_a_replay(gateway_server: Gateway) -> None:
    await send(gateway_server, b"Received: by one\r\n" + mail(), b"Received: by another\r\n" + mail())
    assert await until_read(gateway_server, 2) == {"ticketed": 1, "discarded": 1}
    await send(gateway_server, b"Received: by one\r\n" + mail())
    assert await until_read(gateway_server, 3) == {"ticketed": 1, "discarded": 2}
    assert len(await rows_of(gateway_server, tickets)) == 1


async def test_an_automatic_answer_is_kept_and_ignored(gateway_server: Gateway) -> None:
    await send(gateway_server, mail(headers=[("Auto-Submitted", "auto-replied")]))
    assert await until_read(gateway_server, 1) == {"ignored": 1}
    assert not await rows_of(gateway_server, tickets)


async def test_what_cannot_be_read_is_quarantined_and_blocks_none(gateway_server: Gateway) -> None:
    unreadable = b"Subject: x\r\n" + b"X-Long: " + b"a" * 800 + b"\r\n" * 1
    unreadable += b"".join(b"X-%d: %s\r\n" % (number, b"a" * 700) for number in range(120)) + b"\r\nwords\r\n"
    await send(gateway_server, unreadable, mail())
    assert await until_read(gateway_server, 2) == {"quarantined": 1, "ticketed": 1}


async def test_a_report_that_does_not_open_is_given_up_after_a_few_tries(gateway_server: Gateway) -> None:
    await send(gateway_server, mail())
    await until_read(gateway_server, 1)
    (ticketed,) = await rows_of(gateway_server, reports)

    async def tamper(tx: UnitTransaction) -> None:
        row = {**ticketed, "id": 1, "external_id": "tampered", "state": "stored", "ticket_id": None}
        tx.add(reports, row)  # its raw is sealed to another row

    await gateway_server.parts.database.write(tamper)
    gateway_server.parts.reception.on_stored()
    await send(gateway_server, mail(message_id="<m2@example.ir>", subject="دیگر"))
    found = await until_read(gateway_server, 3)
    assert (found["quarantined"], found["stored"]) == (1, 0)
    quarantined = next(row for row in await rows_of(gateway_server, reports) if row["state"] == "quarantined")
    assert (quarantined["id"], quarantined["reason"]) == (1, "VaultError")


async def test_a_report_that_was_named_and_then_left_is_read_again(gateway_server: Gateway) -> None:
    await send(gateway_server, mail())
    await until_read(gateway_server, 1)

    async def forget(tx: UnitTransaction) -> None:
        await tx.execute(update(reports).values(state="stored"))

    await gateway_server.parts.database.write(forget)
    gateway_server.parts.reception.on_stored()
    await until_read(gateway_server, 1)
    assert (await states(gateway_server))["stored"] == 0
