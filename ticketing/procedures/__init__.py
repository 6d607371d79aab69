"""Procedures as data: one TOML file each, and the categories they deal in. Editing one needs no code."""
