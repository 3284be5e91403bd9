"""The two paces at which people leave under a sustained attack; docs/model.md, sections 2 and 4 (step E)."""

from __future__ import annotations

from typing import Final

import numpy as np

from forewarn.arraytypes import Floats

SLOWEST_FOLLOWERS: Final = 20.0
"""Times t50 that the half-life of those who follow is at most; assumption."""

_CERTAIN: Final = 1e-6  # share of those who follow, at the least


def days_of_followers(days_to_half: Floats, share_at_once: Floats, days_at_once: Floats) -> Floats:
    """Days until half of those who follow have left, so that t50 stays that of all who leave.

    Of these, s leave with the half-life h and the others with the one that is sought, t; after t50 half are
    left: ``s 2^(-t50/h) + (1 - s) 2^(-t50/t) = 1/2``. Where more than half go at once no t does it, and
    the slowest that is allowed stands.

    Parameters
    ----------
    days_to_half, share_at_once, days_at_once
        t50 and h in days, s from 0 to 1; shapes that go together.

    Examples
    --------
    >>> t50, s, h = np.array([15.0, 15.0]), np.array([0.0, 0.3]), np.array([1.5, 1.5])
    >>> days_of_followers(t50, s, h).round(1).tolist()
    [15.0, 30.8]
    """
    still_here = (0.5 - share_at_once * np.exp2(-days_to_half / days_at_once)) / np.maximum(
        1.0 - share_at_once, _CERTAIN
    )
    slowest = np.exp2(-1.0 / SLOWEST_FOLLOWERS)
    return np.asarray(-days_to_half / np.log2(np.clip(still_here, _CERTAIN, slowest)))
