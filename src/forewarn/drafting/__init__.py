"""Drafting: reports that were read become a scenario that can be run, and must be corrected."""

from forewarn.drafting.drafting import Draft, NoOffensiveError, UnknownPlaceError, draft, write_draft

__all__ = ["Draft", "NoOffensiveError", "UnknownPlaceError", "draft", "write_draft"]
