"""Places rolled up to first-level regions."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forewarn.errors import ForewarnError, Problem

UNKNOWN = "unknown"
"""Region of places of which neither region nor country is known."""


def by_region(values: xr.DataArray) -> xr.DataArray:
    """Add up places by region.

    Of movements such as arrivals, those between two places of a region are counted too.

    Parameters
    ----------
    values
        (…, place, …), with the coordinates `place_admin1` and `place_country`.

    Returns
    -------
    xarray.DataArray
        (…, region, …): the first-level region, with its country where two share a name; the country where
        the region is not known. In the order of the places.

    Raises
    ------
    ForewarnError
        There is no dimension `place`, or a coordinate is missing.
    """
    missing = [name for name in ("place", "place_admin1", "place_country") if name not in values.coords]
    if missing or "place" not in values.dims:
        raise ForewarnError(
            [Problem(f"by_region, coordinate {name}", "missing") for name in missing]
            or Problem("by_region", f"dims {values.dims}", "place among them")
        )
    names = region_names(values)
    regions = list(dict.fromkeys(names))
    at = np.array([regions.index(name) for name in names], dtype=np.int64)
    wide = np.int64 if np.issubdtype(values.dtype, np.integer) else values.dtype
    parts = [
        values.isel(place=np.flatnonzero(at == number)).sum("place", dtype=wide, keep_attrs=True)
        for number in range(len(regions))
    ]
    # `concat` would compare the coordinates of all parts, which are the same.
    label = xr.Variable("region", regions, {"long_name": "First-level region"})
    added = xr.concat(parts, dim="region", coords="minimal", compat="override", join="override")
    where = values.dims.index("place")
    order = [dim for dim in values.dims if dim != "place"]
    order.insert(where, "region")
    return added.assign_coords(region=label).transpose(*order).rename(values.name)


def region_names(values: xr.DataArray) -> list[str]:
    """Name the region of each place."""
    pairs = list(
        zip(
            values["place_admin1"].values.astype(str).tolist(),
            values["place_country"].values.astype(str).tolist(),
            strict=True,
        )
    )
    countries: dict[str, set[str]] = {}
    for region, country in pairs:
        countries.setdefault(region, set()).add(country)
    return [
        (f"{region}, {country}" if country and len(countries[region]) > 1 else region)
        if region
        else country or UNKNOWN
        for region, country in pairs
    ]
