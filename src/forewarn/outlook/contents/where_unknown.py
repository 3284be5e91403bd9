"""What outputs say instead of where people go, if a draft does not know who holds the places."""

from __future__ import annotations

from typing import Final

WHERE_UNKNOWN: Final = (
    "Where people go is not known: nobody has told this draft who holds the places round about and which "
    "ways are free. It gives totals alone."
)
