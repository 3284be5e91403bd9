"""Distances over the earth's surface."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the GRS 80 ellipsoid, km (Moritz 2000, doi:10.1007/s001900050278)."""


def great_circle_km(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64], to_latitude: float, to_longitude: float
) -> NDArray[np.float64]:
    """Great-circle distance from many points to one, by the haversine formula.

    Parameters
    ----------
    latitude, longitude, to_latitude, to_longitude
        WGS 84 degrees; the first two (n,).

    Returns
    -------
    (n,), km. The sphere is within 0.6 % of the ellipsoid.

    Examples
    --------
    >>> great_circle_km(np.array([36.2031]), np.array([37.1409]), 35.932, 36.6349).round(1)
    array([54.6])
    """
    phi, to_phi = np.radians(latitude), np.radians(to_latitude)
    half_phi = (phi - to_phi) / 2
    half_lambda = np.radians(longitude - to_longitude) / 2
    haversine = np.sin(half_phi) ** 2 + np.cos(phi) * np.cos(to_phi) * np.sin(half_lambda) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(haversine)))
