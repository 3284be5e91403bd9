"""Distances over the earth's surface, for every room."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the GRS 80 ellipsoid, km (Moritz 2000, doi:10.1007/s001900050278)."""

STRAIGHTER: Final = 0.8
"""A road is never shorter than this part of a straight line (ratio): coordinates of towns are that rough."""
FROM_KM: Final = 5.0
"""Distance, in km, from which on a road's length is held against the straight line; assumption."""


def great_circle_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Great-circle distance of two points, by the haversine formula.

    Parameters
    ----------
    lat, lon, to_lat, to_lon
        WGS 84 degrees.

    Returns
    -------
    float
        km. The sphere is within 0.6 % of the ellipsoid.

    Examples
    --------
    >>> round(great_circle_km(36.2031, 37.1409, 35.932, 36.6349), 1)
    54.6
    """
    north, east = radians(to_lat - lat) / 2, radians(to_lon - lon) / 2
    haversine = sin(north) ** 2 + cos(radians(lat)) * cos(radians(to_lat)) * sin(east) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(haversine)))


def is_too_short(road_km: float, straight_km: float) -> bool:
    """Whether a road is shorter than the straight line, by more than rough coordinates explain.

    Examples
    --------
    >>> is_too_short(11.0, 160.0), is_too_short(26.0, 31.0), is_too_short(1.0, 4.0)
    (True, False, False)
    """
    return straight_km >= FROM_KM and road_km < STRAIGHTER * straight_km
