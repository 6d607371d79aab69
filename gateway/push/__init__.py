"""Web Push (RFC 8030, 8291, 8292): hints on the browsers of citizens who asked for them."""
