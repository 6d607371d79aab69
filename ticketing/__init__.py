"""Ticketing: one ticket for one matter, the procedure that moves it, and everything it remembers."""
