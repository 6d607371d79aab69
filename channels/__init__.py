"""The channels: each file turns one kind of arrival into a Report, and talks back in its own voice."""
