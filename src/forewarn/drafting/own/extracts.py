"""Map extracts: places and ways of OpenStreetMap (.osm, .osm.pbf, read by GDAL) and of GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forewarn.drafting.own.grids import Grid
from forewarn.errors import ForewarnError, Problem
from forewarn.reading.documents import too_large

MOST_BYTES: Final = 256 * 2**20
"""Of an extract; assumption: an area of a draft, cut out, has a tenth of that."""
SETTLEMENTS: Final = ("city", "town", "village", "hamlet")
"""Values of ``place`` that are places of a draft; quarters and suburbs are parts of them."""
ROADS: Final = (
    *("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "road"),
    *("living_street", "track"),
)
"""Values of ``highway`` that people and vehicles travel on, links between them included."""
OSM: Final = (".osm", ".pbf")
_NAMES: Final = ("name:en", "name:fr", "name:es", "name:pt", "int_name", "name")
_FIELDS: Final = ("name", "pcode", "osm place", "population", "lat", "lon")


@dataclass(frozen=True, slots=True)
class Way:
    """A stretch of road.

    Parameters
    ----------
    name
        Number or name of the road; may be empty.
    points
        Shape (point, 2): longitude and latitude, degrees.
    """

    name: str
    points: NDArray[np.float64]


def place_grid(path: Path) -> Grid:
    """Give the places of an extract as a table, one row for each feature.

    Raises
    ------
    ForewarnError
        It is too large, broken, or holds no place.
    """
    if path.suffix.lower() in OSM:
        rows = [
            (number, _osm_row(tags, x, y)) for number, (tags, x, y) in enumerate(_osm_points(path), start=1)
        ]
        header: tuple[str, ...] = _FIELDS
    else:
        header, rows = _geojson_rows(path)
    if not rows:
        remedy = "Export nodes with place=city, town or village, or give a table"
        raise ForewarnError(Problem(path.name, "there is no named place in it", remedy=remedy))
    return Grid(path.name, "feature", ((0, header), *rows))


def read_ways(path: Path) -> tuple[Way, ...]:
    """Give the roads of an extract.

    Raises
    ------
    ForewarnError
        It is too large, broken, or holds no road.
    """
    ways = tuple(_osm_ways(path) if path.suffix.lower() in OSM else _geojson_ways(path))
    if not ways:
        allowed = "lines with highway=" + ", ".join(ROADS)
        raise ForewarnError(Problem(path.name, "there is no road in it", allowed))
    return ways


def is_road(highway: str) -> bool:
    """Whether people and vehicles travel on ways of this kind."""
    return highway.removesuffix("_link") in ROADS


def _osm_row(tags: dict[str, str], lon: float, lat: float) -> tuple[str, ...]:
    name = next((tags[key] for key in _NAMES if tags.get(key)), "")
    code = tags.get("ref:pcode") or tags.get("pcode") or ""
    return (name, code, tags["place"], tags.get("population", ""), repr(lat), repr(lon))


def _osm_points(path: Path) -> Iterator[tuple[dict[str, str], float, float]]:
    where = "place IN (" + ", ".join(f"'{each}'" for each in SETTLEMENTS) + ")"
    for geometry, fields in _osm_layer(path, "points", ("name", "place", "other_tags"), where):
        name, place, others = fields
        tags = _tags(others) | {"place": place or "", "name": name or ""}
        if any(tags.get(key) for key in _NAMES):
            yield tags, float(geometry[0, 0]), float(geometry[0, 1])


def _osm_ways(path: Path) -> Iterator[Way]:
    for geometry, fields in _osm_layer(
        path, "lines", ("name", "highway", "other_tags"), "highway IS NOT NULL"
    ):
        name, highway, others = fields
        if is_road(highway or "") and len(geometry) > 1:
            yield Way(_tags(others).get("ref") or name or "", geometry)


def _tags(others: str | None) -> dict[str, str]:
    return {str(key): str(value) for key, value in json.loads(others).items()} if others else {}


def _osm_layer(
    path: Path, layer: str, columns: Sequence[str], where: str
) -> Iterator[tuple[NDArray[np.float64], tuple[Any, ...]]]:
    """Read a layer of GDAL's OpenStreetMap driver: coordinates, shape (point, 2), and fields."""
    import shapely
    from pyogrio import raw
    from pyogrio.errors import DataSourceError

    if path.stat().st_size > MOST_BYTES:
        raise too_large(path.name, path.stat().st_size, MOST_BYTES)
    try:
        _, _, shapes, fields = raw.read(
            path, layer=layer, columns=list(columns), where=where, force_2d=True, TAGS_FORMAT="JSON"
        )
    except (DataSourceError, RuntimeError, ValueError, UnicodeDecodeError) as error:
        remedy = "Cut your area out anew, for example with: osmium extract, or osmosis"
        problem = Problem(
            path.name, "this is no OpenStreetMap extract that can be read", ".osm or .osm.pbf", remedy
        )
        raise ForewarnError(problem) from error
    for number, shape in enumerate(shapely.from_wkb(shapes)):
        yield shapely.get_coordinates(shape), tuple(column[number] for column in fields)


def _features(path: Path) -> list[dict[str, Any]]:
    if path.stat().st_size > MOST_BYTES:
        raise too_large(path.name, path.stat().st_size, MOST_BYTES)
    allowed = "a FeatureCollection in longitude and latitude"
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ForewarnError(Problem(path.name, f"this is not GeoJSON: {error}", allowed)) from error
    found = document.get("features") if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        remedy = "Overpass's own JSON is not GeoJSON: export as GeoJSON"
        raise ForewarnError(Problem(path.name, "there are no features in it", allowed, remedy))
    system = str(document.get("crs", ""))
    if system and not any(known in system for known in ("CRS84", "4326")):
        raise ForewarnError(
            Problem(
                path.name, "its coordinates are of another system", allowed, "Save it in WGS 84 (EPSG:4326)"
            )
        )
    return found


def _geojson_rows(path: Path) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    """Rows of features that are points or areas; an area is where the middle of its outline is."""
    kept: list[tuple[int, dict[str, str]]] = []
    features = _features(path)
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
            name = next((properties[key] for key in _NAMES if properties.get(key)), "")
            if not name:
                continue
            others = {key: text for key, text in properties.items() if not key.startswith(("name:", "place"))}
            properties = others | {"name": name, "osm place": properties["place"]}
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


def _geojson_ways(path: Path) -> Iterator[Way]:
    lines: list[tuple[dict[str, Any], NDArray[np.float64]]] = []
    for feature in _features(path):
        geometry = feature.get("geometry") or {}
        properties = feature.get("properties") or {}
        if geometry.get("type") == "LineString":
            lines.append((properties, _positions(geometry.get("coordinates"))))
        elif geometry.get("type") == "MultiLineString":
            lines += [(properties, _positions(part)) for part in geometry.get("coordinates") or []]
    tagged = any("highway" in properties for properties, _ in lines)
    for properties, points in lines:
        if len(points) > 1 and (not tagged or is_road(str(properties.get("highway", "")))):
            yield Way(str(properties.get("ref") or properties.get("name") or ""), points)


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
