"""Providers of texts: each one file that owns everything of that provider, and one line in the registry."""
