"""Scores of forecasts, and what they say."""
