"""Scenarios made of others: named changes, one course, one more camp."""
