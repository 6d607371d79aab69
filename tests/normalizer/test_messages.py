"""Every hand-written message gives exactly the facts written beside it."""

from __future__ import annotations

import pytest

from normalizer.normalize import normalize
from tests.normalizer.messages import Message, facts_of, load_messages, report_of

MESSAGES = load_messages()


@pytest.mark.parametrize("message", MESSAGES, ids=[message.text[:40] for message in MESSAGES])
def test_message_is_understood(message: Message) -> None:
    facts = facts_of(normalize(report_of(message.text)))
    assert {name: facts[name] for name in message.expect} == message.expect


def test_set_covers_every_category_and_intent() -> None:
    assert len(MESSAGES) >= 120
    assert len({message.expect["intent"] for message in MESSAGES}) == 10
    assert len({message.expect["category"] for message in MESSAGES} - {None}) == 11
