"""The JSON interface and what guards it."""
