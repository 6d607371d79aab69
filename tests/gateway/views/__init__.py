"""Views of attached files."""
