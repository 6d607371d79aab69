"""What a Kavenegar panel keeps and says to each of the REST calls we use, as FACTS 1.2 describes them; no network.

A call is answered with its entries, or with the code it is refused with. What was really sent is counted by local id,
so a doubled text shows.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

Entry = dict[str, Any]


@dataclass(slots=True)
class Message:
    """A text that was taken."""

    messageid: int
    localid: str
    sender: str
    receptor: str
    message: str
    status: int = 1

    def entry(self) -> Entry:
        return {
            "messageid": self.messageid,
            "message": self.message,
            "status": self.status,
            "statustext": "در صف ارسال",
            "sender": self.sender,
            "receptor": self.receptor,
            "date": int(time.time()),
            "cost": 120,
        }


@dataclass(slots=True)
class InboxRow:
    """A text that came in; `receive` marks it read."""

    messageid: int
    message: str
    sender: str
    receptor: str
    is_read: bool = False

    def entry(self) -> Entry:
        row = asdict(self)
        del row["is_read"]
        return row | {"date": int(time.time())}


@dataclass(slots=True)
class Panel:
    """The account behind the calls. `messages` holds what was taken, by message id."""

    messages: dict[int, Message] = field(default_factory=dict)
    by_localid: dict[str, Message] = field(default_factory=dict)
    really_sent: Counter[str] = field(default_factory=Counter)
    inbox: list[InboxRow] = field(default_factory=list)
    bad_receptors: set[str] = field(default_factory=set)
    initial_status: int = 1
    _next_id: int = 850_000_000

    def text_in(self, sender: str, message: str, line: str = "30001240") -> InboxRow:
        """Someone texts the line; the text waits to be received."""
        row = InboxRow(self._new_id(), message, sender, line)
        self.inbox.append(row)
        return row

    def methods(self) -> dict[tuple[str, str], Callable[[dict[str, str]], list[Entry] | int]]:
        """Every call the panel knows, by action and method."""
        return {
            ("sms", "sendarray"): self._sendarray,
            ("sms", "send"): self._send,
            ("sms", "status"): self._status,
            ("sms", "statuslocalmessageid"): self._status_by_localid,
            ("sms", "receive"): self._receive,
            ("sms", "inboxpaged"): self._inboxpaged,
        }

    def _sendarray(self, form: dict[str, str]) -> list[Entry] | int:
        try:
            receptors, senders, texts = (json.loads(form[name]) for name in ("receptor", "sender", "message"))
            localids = json.loads(form["localmessageids"]) if "localmessageids" in form else [""] * len(receptors)
        except (KeyError, ValueError):
            return 400
        if len({len(receptors), len(senders), len(texts), len(localids)}) != 1:
            return 419
        if len(receptors) > 200:
            return 414
        if any(receptor in self.bad_receptors or not receptor for receptor in receptors):
            return 411
        if any(not text or len(text) > 900 for text in texts):
            return 413
        calls = zip(receptors, senders, texts, localids, strict=True)
        return [self._taken(receptor, sender, text, str(localid)).entry() for receptor, sender, text, localid in calls]

    def _send(self, form: dict[str, str]) -> list[Entry] | int:
        if not form.get("receptor") or not form.get("message"):
            return 406
        receptors = form["receptor"].split(",")
        localids = form.get("localid", "").split(",") if form.get("localid") else [""] * len(receptors)
        sender, text = form.get("sender", "10004346"), form["message"]
        return [self._taken(r, sender, text, localid).entry() for r, localid in zip(receptors, localids, strict=True)]

    def _taken(self, receptor: str, sender: str, text: str, localid: str) -> Message:
        known = self.by_localid.get(localid) if localid else None
        if known is not None:
            return known
        message = Message(self._new_id(), localid, sender, receptor, text, self.initial_status)
        self.messages[message.messageid] = message
        self.really_sent[localid] += 1
        if localid:
            self.by_localid[localid] = message
        return message

    def _status(self, form: dict[str, str]) -> list[Entry] | int:
        ids = form.get("messageid", "").split(",")
        if len(ids) > 500:
            return 414
        return [_status_entry(int(one), self.messages.get(int(one))) for one in ids]

    def _status_by_localid(self, form: dict[str, str]) -> list[Entry] | int:
        ids = form.get("localid", "").split(",")
        if len(ids) > 500:
            return 414
        known = [(localid, self.by_localid.get(localid)) for localid in ids]
        return [
            _status_entry(message.messageid if message else 0, message) | {"localid": localid}
            for localid, message in known
        ]

    def _receive(self, form: dict[str, str]) -> list[Entry] | int:
        wanted = form.get("isread") == "1"
        rows = [row for row in self.inbox if row.is_read is wanted and row.receptor == form.get("linenumber")][:100]
        for row in rows:
            row.is_read = True
        return [row.entry() for row in rows]

    def _inboxpaged(self, form: dict[str, str]) -> list[Entry] | int:
        wanted, page = form.get("isread") == "1", int(form.get("pagenumber", "1"))
        rows = [row for row in self.inbox if row.is_read is wanted and row.receptor == form.get("linenumber")]
        return [row.entry() for row in rows[(page - 1) * 200 : page * 200]]

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id


def _status_entry(messageid: int, message: Message | None) -> Entry:
    return {"messageid": messageid, "status": message.status if message else 100, "statustext": ""}
