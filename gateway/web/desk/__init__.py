"""The desks: the pages of signed-in staff."""
