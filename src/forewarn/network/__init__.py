"""Scenario → arrays of places and roads."""
