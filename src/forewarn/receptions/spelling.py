"""Names of places in two spellings."""

from __future__ import annotations

from typing import Final


def folded(name: str) -> str:
    """Strip case, hyphens, apostrophes and words such as district: what two spellings share is left.

    Examples
    --------
    >>> folded("Al-Ka'im District") == folded("Al Kaim")
    True
    """
    kept = "".join(letter if letter.isalnum() else " " for letter in name.lower().replace("'", ""))
    return " ".join(word for word in kept.split() if word not in _LEVELS)


_LEVELS: Final = frozenset(("district", "sub", "subdistrict", "governorate", "province", "county", "lga"))
