"""Readings for people: a table in the fields of the trade, and a page."""
