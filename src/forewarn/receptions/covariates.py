"""What may be known of a place on the day, by name, and how it is put in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from forewarn.receptions.choices import Floats

COVARIATES: Final[Mapping[str, str]] = {
    "own": "1 for the area that people left: they move inside it",
    "own_people": "log of residents of the own area over the mean of all, there alone",
    "own_seat": "1 for the own area if it is the chief town of its region",
    "log_people": "log of residents over the mean of the choice set; 0 where nobody knows",
    "log_displaced": "log of the displaced already there (and 500) over the mean of the choice set",
    "log_km": "log of (km + 10) over the mean of the choice set; 0 for the own area",
    "log_near": "log of the share there of people who fled other origins before; the nearer, the more",
    "region": "1 in the region (admin 1) of the own area, outside the own area",
    "seat": "1 for the chief town of a region, outside the own area",
    "region_seat": "1 for the chief town of the own region, outside the own area",
    "left_before": "log of 1 + thousands who left that place in the half year before: under attack",
    "attacked": "1 under attack, a half if in part",
    "camp": "1 where a camp stood before",
    "border": "1 beyond a border",
    "limited": "1 where the crossing lets some in",
    "closed": "1 where the crossing was closed",
    "other_side": "1 if held by those who attack",
    "third_side": "1 if held by a third side, or neutral",
    "no_road": "1 without an open road, a half if unknown",
    "log_before": "log of the share there among people who fled the same origin before, decayed",
}
SMALL: Final = 500.0
"""People; so many are added to those counted, so that nobody is no minus infinity; assumption."""
NEAR_KM: Final = 10.0
"""Distance, km, below which it hardly matters; softening of `model.destination`, assumption."""


def centred_log(values: Floats, *, softened: float = 0.0) -> Floats:
    """Log of values over their geometric mean; unknown ones (nan) and, unsoftened, zeros count as the mean.

    Examples
    --------
    >>> centred_log(np.array([1.0, np.e**2, np.nan])).round(6).tolist()
    [-1.0, 1.0, 0.0]
    """
    moved = np.where(np.isnan(values), np.nan, values + softened)
    known = np.isfinite(moved) & (np.nan_to_num(moved) > 0)
    if not known.any():
        return np.zeros(len(values))
    logs = np.log(np.where(known, moved, 1.0))
    return np.where(known, logs - logs[known].mean(), 0.0)
