"""The demonstration: staff and tickets for a fresh gateway on a loopback address, given beside `gateway serve`."""
