"""The reference class: what past offensives did to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import xarray as xr

from forewarn.analogues import PROBABILITIES, parse, predictive
from forewarn.api.dates import as_date

LONG_NAMES = {
    "share": ("Share of the people exposed who are displaced", "1"),
    "days_to_half": ("Days until half of those displaced have left", "day"),
    "crossing": ("Share of the displaced who cross a border", "1"),
}


def reference_class(
    like: str,
    *,
    as_of: date | str | None = None,
    leave_out: Sequence[str] = (),
    probabilities: Sequence[float] = PROBABILITIES,
) -> xr.Dataset:
    """Ask past offensives what they expect of a new one: a forecast that shares nothing with the simulation.

    Parameters
    ----------
    like
        What is known of it, such as ``"place, siege, exits closed, 400000 people"``.
    as_of
        Only events that had ended, and figures that were published, by this day.
    leave_out
        Areas to leave out: the one that is to be forecast.
    probabilities
        Of the quantiles, within 0.001 to 0.999.

    Returns
    -------
    xarray.Dataset
        (quantile,): ``share`` of the people exposed who are displaced, ``days_to_half``, and ``crossing``,
        the share of the displaced who cross a border (NaN where too few figures are known). How many past
        events each rests on stands in its attribute ``events``.

    Raises
    ------
    ForewarnError
        A word or an area is not known, or too few events are left.

    Examples
    --------
    >>> import forewarn as fw
    >>> found = fw.reference_class("region, ground", as_of="2018-08-30", leave_out=["Idlib"])
    >>> found["share"].sel(quantile=[0.5, 0.9]).values.round(2), found["share"].attrs["events"]
    (array([0.44, 0.85]), 23)
    """
    found = predictive(
        parse(like),
        as_of=None if as_of is None else as_date(as_of, name="as_of"),
        leave_out=leave_out,
        probabilities=probabilities,
    )
    values = {
        "share": (found.share, found.share_events),
        "days_to_half": (found.days_to_half, found.days_events),
        "crossing": (
            [np.nan] * len(found.probabilities) if found.crossing is None else found.crossing,
            found.crossing_events,
        ),
    }
    label = ("quantile", list(found.probabilities), {"long_name": "Probability of a value up to this one"})
    return xr.Dataset(
        {
            name: (
                "quantile",
                np.asarray(numbers, dtype=np.float64),
                {"long_name": LONG_NAMES[name][0], "units": LONG_NAMES[name][1], "events": events},
            )
            for name, (numbers, events) in values.items()
        },
        {"quantile": label},
        {"like": like, "as_of": str(as_of or "")},
    )
