"""The normalizer: an ordered list of small pure functions from a Report to a Complaint."""
