"""Boundaries that a scenario brings: files, outlines, shared borders."""
