"""Forecasters: naive ones, Flee, and our own."""
