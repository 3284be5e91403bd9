"""Statements: who said what, of what kind, how sure, and which of them contradict each other."""
