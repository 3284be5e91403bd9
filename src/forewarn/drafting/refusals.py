"""Why reports are not drafted."""

from __future__ import annotations

from forewarn.errors import ForewarnError

__all__ = ["NoOffensiveError", "UnknownPlaceError"]


class NoOffensiveError(ForewarnError):
    """The reports hold no offensive that looms or is under way, at a place that can be drafted."""


class UnknownPlaceError(NoOffensiveError):
    """The reports name the place of the attack, and nobody has told where it is or how many live there."""
