"""Notices to people: an outbox, a dispatcher that empties it exactly once, and the providers it talks to."""
