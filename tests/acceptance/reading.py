"""What people read: the texts at their telephone, the mails that came for them."""

from __future__ import annotations

from email.message import EmailMessage

from tests.acceptance.world import World

_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


async def heard(world: World, phone: str, count: int) -> list[str]:
    """All the texts to a number, once there are so many; there are no more."""
    await world.until(lambda: len(world.texts_to(phone)) >= count)
    texts = [plain(each.message) for each in world.texts_to(phone)]
    assert len(texts) == count, texts
    return texts


async def mailed(world: World, address: str, count: int) -> list[EmailMessage]:
    """All the mails to somebody, once there are so many; there are no more."""
    await world.until(lambda: len(world.mails_to(address)) >= count)
    mails = world.mails_to(address)
    assert len(mails) == count, [mail["Subject"] for mail in mails]
    return mails


def written(mail: EmailMessage) -> str:
    """The words of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return plain(str(body.get_content()))


def plain(text: str) -> str:
    """The text without the marks that keep numbers in their order."""
    return text.translate(_ISOLATES)
