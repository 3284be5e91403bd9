"""Words of notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

NAMED: Final = 5
"""Names that a note tells before it counts the rest."""


def some(names: Sequence[str]) -> str:
    """Name the first five and count the rest.

    Examples
    --------
    >>> some(["Ain Issa", "Tabqa"]), some(list("abcdefg"))
    ('Ain Issa, Tabqa', 'a, b, c, d, e and 2 more')
    """
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
