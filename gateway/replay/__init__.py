"""Replay: stored reports through today's normalizer, what would change told, and put right where that is asked for."""
