"""The explicit scenario: its parts as frozen, closed models."""
