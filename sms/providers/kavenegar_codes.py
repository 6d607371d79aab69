"""Kavenegar's codes as data: what each return code and message status means to us, and nothing else.

Source: the provider's REST page (FACTS 1.2). Account-wide refusals pause the queue, so that no notice burns its
tries on them; those about one message refuse it; "busy" is tried again. The fourth kind, nobody knows, is what
every answer becomes that is not in this table and is not certainly a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass

from sms.outcome import Outcome
from sms.state import State


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a return code leads to; `reason` is shown to operators."""

    outcome: Outcome
    reason: str


RETURN_CODES: dict[int, Meaning] = {
    # the account, the line or our settings: nothing gets through until somebody acts
    401: Meaning(Outcome.PAUSED, "account_disabled"),
    403: Meaning(Outcome.PAUSED, "bad_key"),
    404: Meaning(Outcome.PAUSED, "no_such_method"),
    405: Meaning(Outcome.PAUSED, "wrong_verb"),
    407: Meaning(Outcome.PAUSED, "no_access"),
    412: Meaning(Outcome.PAUSED, "bad_sender"),
    416: Meaning(Outcome.PAUSED, "ip_mismatch"),
    418: Meaning(Outcome.PAUSED, "no_credit"),
    426: Meaning(Outcome.PAUSED, "needs_advanced_service"),
    427: Meaning(Outcome.PAUSED, "no_line_access"),
    429: Meaning(Outcome.PAUSED, "ip_restricted"),
    501: Meaning(Outcome.PAUSED, "test_mode"),
    # busy: certainly not taken, worth another try
    402: Meaning(Outcome.RETRY, "operation_failed"),
    409: Meaning(Outcome.RETRY, "busy"),
    451: Meaning(Outcome.RETRY, "too_many_calls"),
    # this message, or the shape of a request with it in: never again; in a batch the guilty one is looked for
    400: Meaning(Outcome.REFUSED, "incomplete"),
    406: Meaning(Outcome.REFUSED, "empty_parameter"),
    411: Meaning(Outcome.REFUSED, "bad_receptor"),
    413: Meaning(Outcome.REFUSED, "bad_text"),
    414: Meaning(Outcome.REFUSED, "too_many"),
    415: Meaning(Outcome.REFUSED, "bad_index"),
    417: Meaning(Outcome.REFUSED, "bad_date"),
    419: Meaning(Outcome.REFUSED, "array_lengths"),
    420: Meaning(Outcome.REFUSED, "link_not_allowed"),
    422: Meaning(Outcome.REFUSED, "bad_character"),
    424: Meaning(Outcome.REFUSED, "no_template"),
    428: Meaning(Outcome.REFUSED, "call_impossible"),
    431: Meaning(Outcome.REFUSED, "code_structure"),
    432: Meaning(Outcome.REFUSED, "code_parameter"),
    607: Meaning(Outcome.REFUSED, "bad_tag"),
}

OK = 200


@dataclass(frozen=True, slots=True)
class Status:
    """What a message status means: still on its way (`accepted`) or how it ended."""

    state: State
    reason: str = ""


STATUSES: dict[int, Status] = {
    1: Status(State.ACCEPTED),  # queued
    2: Status(State.ACCEPTED),  # scheduled
    4: Status(State.ACCEPTED),  # with the operator
    5: Status(State.ACCEPTED),  # with the operator
    6: Status(State.FAILED, "send_failed"),
    10: Status(State.DELIVERED),
    11: Status(State.FAILED, "undelivered"),
    13: Status(State.FAILED, "cancelled_by_provider"),
    14: Status(State.FAILED, "blocked_by_recipient"),
}
NOT_KNOWN = 100
"""The id is wrong or too old to be asked about."""


def meaning_of(code: int) -> Meaning:
    """What a return code other than 200 leads to. One we do not know: a 5xx may have been taken, a 4xx was not."""
    known = RETURN_CODES.get(code)
    if known is not None:
        return known
    certain = 400 <= code < 500
    return Meaning(Outcome.RETRY if certain else Outcome.AMBIGUOUS, f"code_{code}")
