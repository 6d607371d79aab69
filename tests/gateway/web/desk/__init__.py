"""The desks over HTTP, without a browser."""
