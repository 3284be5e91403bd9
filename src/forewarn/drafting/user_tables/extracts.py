"""Map extracts: places and ways of OpenStreetMap (.osm, .osm.pbf) and of GeoJSON. Runs in the box.

OpenStreetMap files are read by libosmium as what their name promises: GDAL would choose a driver by content,
and some of its drivers open other files or addresses.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForewarnError, Problem

Row = tuple[int, tuple[str, ...]]
Line = tuple[str, bytes]
"""Number or name of a road, and its points: float64, shape (point, 2), longitude and latitude in degrees."""

SETTLEMENTS: Final = ("city", "town", "village", "hamlet")
"""Values of ``place`` that are places of a draft; quarters and suburbs are parts of them."""
ROADS: Final = (
    *("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "road"),
    *("living_street", "track"),
)
"""Values of ``highway`` that people and vehicles travel on, links between them included."""
OSM: Final = (".osm", ".pbf")
_NAMES: Final = ("name:en", "name:fr", "name:es", "name:pt", "int_name", "name")
_FIELDS: Final[tuple[str, ...]] = ("name", "pcode", "osm place", "population", "lat", "lon")


def place_rows(data: bytes, *, name: str) -> tuple[tuple[str, ...], list[Row]]:
    """Give the places of an extract as names of columns and rows, one row for each feature.

    Raises
    ------
    ForewarnError
        It is broken, or holds no place.
    """
    if PurePath(name).suffix.lower() in OSM:
        header, rows = _FIELDS, list(enumerate(_osm_places(data, name), start=1))
    else:
        header, rows = _geojson_rows(data, name)
    if not rows:
        remedy = "Export nodes with place=city, town or village, or give a table"
        raise ForewarnError(Problem(name, "no named place was found in it", remedy=remedy))
    return header, rows


def road_lines(data: bytes, *, name: str) -> list[Line]:
    """Give the roads of an extract.

    Raises
    ------
    ForewarnError
        It is broken, or holds no road.
    """
    is_osm = PurePath(name).suffix.lower() in OSM
    lines = list(_osm_lines(data, name) if is_osm else _geojson_lines(data, name))
    if not lines:
        allowed = "lines with highway=" + ", ".join(ROADS)
        raise ForewarnError(Problem(name, "no road was found in it", allowed))
    return [(road, points.tobytes()) for road, points in lines]


def is_road(highway: str) -> bool:
    """Whether people and vehicles travel on ways of this kind."""
    return highway.removesuffix("_link") in ROADS


def _osm_places(data: bytes, name: str) -> Iterator[tuple[str, ...]]:
    for node in _osm_objects(data, name, "place"):
        tags = node.tags
        called = next((tags[key] for key in _NAMES if tags.get(key)), "")
        if node.is_node() and called and tags.get("place") in SETTLEMENTS:
            code = tags.get("ref:pcode") or tags.get("pcode") or ""
            people = tags.get("population") or ""
            lat, lon = repr(node.location.lat), repr(node.location.lon)
            yield (called, code, tags["place"], people, lat, lon)


def _osm_lines(data: bytes, name: str) -> Iterator[tuple[str, NDArray[np.float64]]]:
    for way in _osm_objects(data, name, "highway"):
        if not way.is_way() or not is_road(way.tags.get("highway") or ""):
            continue
        # What was cut off at the edge of the extract has no place.
        points = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
        if len(points) > 1:
            yield way.tags.get("ref") or way.tags.get("name") or "", np.array(points, dtype=np.float64)


def _osm_objects(data: bytes, name: str, key: str) -> Iterator[Any]:
    """Read what has a tag, with the places of its nodes."""
    import osmium

    form = "osm" if name.lower().endswith(".osm") else "osm.pbf"
    try:
        found = osmium.FileProcessor(osmium.io.FileBuffer(data, form)).with_locations()
        yield from found.with_filter(osmium.filter.KeyFilter(key))
    except (RuntimeError, ValueError, UnicodeDecodeError) as error:
        remedy = "Cut your area out anew, for example with: osmium extract, or osmosis"
        problem = Problem(name, "not a readable OpenStreetMap extract", ".osm or .osm.pbf", remedy)
        raise ForewarnError(problem) from error


def _features(data: bytes, name: str) -> list[dict[str, Any]]:
    allowed = "a FeatureCollection in longitude and latitude"
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ForewarnError(Problem(name, f"this is not GeoJSON: {error}", allowed)) from error
    found = document.get("features") if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        remedy = "Overpass's own JSON is not GeoJSON: export as GeoJSON"
        raise ForewarnError(Problem(name, "no features were found in it", allowed, remedy))
    system = str(document.get("crs", ""))
    if system and not any(known in system for known in ("CRS84", "4326")):
        raise ForewarnError(
            Problem(name, "its coordinates are of another system", allowed, "Save it in WGS 84 (EPSG:4326)")
        )
    return found


def _geojson_rows(data: bytes, name: str) -> tuple[tuple[str, ...], list[Row]]:
    """Rows of features that are points or areas; an area is where the middle of its outline is."""
    kept: list[tuple[int, dict[str, str]]] = []
    features = _features(data, name)
    tagged = any("place" in (feature.get("properties") or {}) for feature in features)
    for number, feature in enumerate(features, start=1):
        properties = {
            str(key): _plain(value)
            for key, value in (feature.get("properties") or {}).items()
            if value is not None and not isinstance(value, (dict, list))
        }
        middle = _middle(feature.get("geometry"))
        if middle is None or (tagged and properties.get("place") not in SETTLEMENTS):
            continue
        if tagged:
            called = next((properties[key] for key in _NAMES if properties.get(key)), "")
            if not called:
                continue
            others = {key: text for key, text in properties.items() if not key.startswith(("name:", "place"))}
            properties = others | {"name": called, "osm place": properties["place"]}
        kept.append((number, properties | {"lat": repr(middle[1]), "lon": repr(middle[0])}))
    header = tuple(dict.fromkeys(key for _, properties in kept for key in properties))
    return header, [(number, tuple(properties.get(key, "") for key in header)) for number, properties in kept]


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _middle(geometry: object) -> tuple[float, float] | None:
    """Middle of a point or an area: of the box round it; nothing for lines and broken shapes."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Point", "Polygon", "MultiPolygon"):
        return None
    points = _positions(geometry.get("coordinates"))
    if not len(points):
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    return float((low[0] + high[0]) / 2), float((low[1] + high[1]) / 2)


def _geojson_lines(data: bytes, name: str) -> Iterator[tuple[str, NDArray[np.float64]]]:
    lines: list[tuple[dict[str, Any], NDArray[np.float64]]] = []
    for feature in _features(data, name):
        geometry = feature.get("geometry") or {}
        properties = feature.get("properties") or {}
        if geometry.get("type") == "LineString":
            lines.append((properties, _positions(geometry.get("coordinates"))))
        elif geometry.get("type") == "MultiLineString":
            lines += [(properties, _positions(part)) for part in geometry.get("coordinates") or []]
    tagged = any("highway" in properties for properties, _ in lines)
    for properties, points in lines:
        if len(points) > 1 and (not tagged or is_road(str(properties.get("highway", "")))):
            yield str(properties.get("ref") or properties.get("name") or ""), points


def _positions(coordinates: object) -> NDArray[np.float64]:
    """Flatten nested positions to shape (point, 2); broken ones are left out."""
    found: list[tuple[float, float]] = []
    waiting: list[object] = [coordinates]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, list) or not each:
            continue
        if len(each) >= 2 and all(isinstance(number, (int, float)) for number in each[:2]):
            if np.isfinite(each[:2]).all():
                found.append((float(each[0]), float(each[1])))
        else:
            waiting.extend(reversed(each))
    return np.array(found, dtype=np.float64).reshape(-1, 2)
