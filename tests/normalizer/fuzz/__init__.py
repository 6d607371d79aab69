"""Tries the normalizer on texts nobody wrote, in the hundreds of thousands: `make fuzz`."""
