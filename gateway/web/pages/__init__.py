"""Pages for citizens: reporting, the confirmation, tracking, and errors in words."""
