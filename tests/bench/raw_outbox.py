"""The raw reference for draining: plain sqlite3 claims a batch, commits, "sends" it to nobody, records, commits."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

_BATCH = 200


def measure_raw_outbox(folder: Path, count: int) -> float:
    """Notices drained per second of `count`."""
    connection = sqlite3.connect(folder / "raw-outbox.db", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE notices(id INTEGER PRIMARY KEY, recipient TEXT, body TEXT, state TEXT, provider_id TEXT);"
        "CREATE INDEX by_state ON notices(state, id);"
    )
    rows = [(number, f"+98912{number:07d}", "text") for number in range(count)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO notices VALUES(?,?,?,'pending',NULL)", rows)
    connection.execute("COMMIT")
    began = time.perf_counter()
    while batch := _claimed(connection):
        connection.execute("BEGIN IMMEDIATE")
        sent = [(f"p{number}", number) for number in batch]
        connection.executemany("UPDATE notices SET state='accepted', provider_id=? WHERE id=?", sent)
        connection.execute("COMMIT")
    return count / (time.perf_counter() - began)


def _claimed(connection: sqlite3.Connection) -> list[int]:
    connection.execute("BEGIN IMMEDIATE")
    wanted = "SELECT id, recipient, body FROM notices WHERE state='pending' ORDER BY id LIMIT ?"
    batch = [row[0] for row in connection.execute(wanted, (_BATCH,))]
    connection.executemany("UPDATE notices SET state='sending' WHERE id=?", [(number,) for number in batch])
    connection.execute("COMMIT")
    return batch
