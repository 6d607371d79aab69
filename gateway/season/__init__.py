"""The season of complaints that the letters of 1399 speak of, made through the gateway's own use cases."""
