"""Hindcasts: what was known on an issue day, naive forecasts, scores."""
