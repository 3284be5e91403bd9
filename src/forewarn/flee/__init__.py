"""Directories, settings and rules of Flee, run on cohorts."""
