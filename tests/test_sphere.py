"""Distances on the globe."""

from __future__ import annotations

import pytest

from forewarn.sphere import EARTH_RADIUS_KM, great_circle_km


@pytest.mark.parametrize(
    ("points", "km"),
    [
        pytest.param((0.0, 0.0, 1.0, 0.0), 111.195, id="a degree of latitude"),
        pytest.param((0.0, 179.5, 0.0, -179.5), 111.195, id="over the date line"),
        pytest.param((60.0, 10.0, 60.0, 11.0), 55.596, id="half as far at 60 degrees"),
        pytest.param((90.0, 0.0, -90.0, 57.0), 3.141592653589793 * EARTH_RADIUS_KM, id="pole to pole"),
    ],
)
def test_known_distances(points, km):
    assert great_circle_km(*points) == pytest.approx(km, abs=0.002)
    assert great_circle_km(*points[2:], *points[:2]) == pytest.approx(km, abs=0.002)
