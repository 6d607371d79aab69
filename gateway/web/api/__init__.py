"""The JSON API: citizens and apps, and staff."""
