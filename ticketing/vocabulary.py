"""The words a procedure's data may use beside its own steps and actions, so that a misspelt one is found at start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# What an action can do beyond moving the ticket (see `effects`), with the fields it reads.
EFFECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "complete": (),
    "set_route": ("route",),
    "send_to_body": ("body",),
    "transfer": ("organisation",),
    "assign_inspector": ("inspector",),
    "accept": (),
    "release_inspector": (),
    "open_case": (),
    "reopen": (),
    "reveal": ("reason",),
    "join": ("tracking_code",),
    "unjoin": (),
    "unjoin_report": ("report",),
    "remind": (),
    "tell_apart": (),
    "address": (),
    "hand_up": (),
    "hand_down": (),
    "tell_bodies": (),
    "press_body": (),
    "go_over": ("procedure",),
    "set_urgent": (),
    "seek_address": (),
    "name_proxy": ("side", "name"),
    "summon": ("reason",),
    "serve": (),
    "check_quorum": ("members_present",),
    "count_hearing": (),
    "refuse_fee": (),
    "charge_expert": ("asked_by", "fee_rial"),
    "before_appointment": (),
    "open_grievance": (),
    "hand_out": ("system",),
    "offer_slot": ("slot",),
    "confirm_appointment": (),
    "decline_appointment": (),
    "lapse_appointment": (),
    "hold_appointment": (),
    "miss_appointment": (),
    "cancel_appointment": (),
}
NEEDS: Final[tuple[str, ...]] = ("category", "business", "place", "phone", "email", "addressee")
"""The facts a procedure may need before its ticket is complete (see `needs`)."""
AGAINST: Final = "against"
"""The detail that says what kind of body is complained of: with the place, who the `addressee` is."""
GUARDS: Final = (
    "nothing_missing",
    "verified_above",
    "may_climb",
    "has_appointment",
    "may_offer_again",
    "something_missing",
    "first_hearing",
    "dissatisfied",
)
RATING: Final = "rating"
"""What surveys ask after a close: how satisfied, 1 to 5."""
SIGHTS: Final = ("organisation", "organisation_or_filed", "sent_to_body", "own_dispatches", "referred")
"""Which tickets a role may see (see `policy`)."""
