"""Flee's rules on cohorts: one member, step by step."""
