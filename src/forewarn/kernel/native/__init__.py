"""Forewarn's own model: one member, step by step."""
