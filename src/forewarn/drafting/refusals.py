"""Why reports are not drafted."""

from __future__ import annotations

from typing import Final

from forewarn.errors import ForewarnError

__all__ = ["TABLE_COLUMNS", "NoOffensiveError", "UnknownPlaceError"]

TABLE_COLUMNS: Final = "columns name, lat, lon, population"
"""What a user's table of places needs, in a message."""


class NoOffensiveError(ForewarnError):
    """The reports hold no offensive that looms or is under way, at a place that can be drafted."""


class UnknownPlaceError(NoOffensiveError):
    """The reports name the place of the attack, and nobody has told where it is or how many live there."""
