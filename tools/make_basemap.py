"""Make the shipped base map from the npm package world-atlas 2.0.2 (ISC; Natural Earth, public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_basemap.py package

Writes ``src/forewarn/data/basemap``: the world at 1:50 million, and at 1:10 million the regions of the country packs.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, box, mapping
from shapely.validation import make_valid

TARGET = Path(__file__).resolve().parent.parent / "src" / "forewarn" / "data" / "basemap"
VERSION = "2.0.2"
REGIONS = {"north-west-syria": (34.0, 33.0, 41.5, 38.5)}  # west, south, east, north
DIGITS = {"50m": 2, "10m": 3}

# Rough outlines, drawn by hand from general knowledge, of areas that Natural Earth draws as settled. They are
# clipped to land and hatched: no line of theirs is a border.
DISPUTED = {
    "Golan": [(35.62, 33.25), (35.78, 33.33), (35.9, 33.1), (35.88, 32.9), (35.74, 32.7), (35.64, 32.7)],
    "Crimea": [(32.3, 46.2), (33.6, 46.22), (34.9, 46.15), (36.7, 45.5), (36.7, 44.9), (34, 44.2), (32.3, 45.2)],
    "Jammu and Kashmir": [(73.7, 33), (74, 34.9), (73.4, 36.7), (75.5, 37), (77.8, 35.5), (79.5, 34.5), (79, 32.5),
                          (77, 32.8), (75.6, 32.3), (74.5, 32.7)],
    "Abyei": [(27.8, 10.1), (29, 10.1), (29, 9.3), (27.8, 9.3)],
    "Aksai Chin": [(77.8, 35.5), (80.2, 35.5), (80.2, 34.2), (79.4, 33.0), (79, 34)],
}  # fmt: skip
# Features of Natural Earth whose status is disputed.
HATCHED = ("W. Sahara", "Kosovo", "N. Cyprus", "Somaliland", "Siachen Glacier")


def rings(topology: dict[str, Any], polygon: list[list[int]]) -> list[list[tuple[float, float]]]:
    """Put the arcs of a polygon together."""
    made = []
    for ring in polygon:
        points: list[tuple[float, float]] = []
        for number in ring:
            arc = topology["decoded"][number if number >= 0 else ~number]
            points += (arc if number >= 0 else arc[::-1])[1 if points else 0 :]
        made.append(points)
    return made


def decode(topology: dict[str, Any]) -> None:
    """Undo the delta coding of TopoJSON's arcs."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    topology["decoded"] = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        topology["decoded"].append(points)


def countries(path: Path) -> dict[str, Any]:
    """Polygons by name."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    decode(topology)
    found = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        arcs = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        parts = [
            Polygon(made[0], made[1:]) for polygon in arcs if len((made := rings(topology, polygon))[0]) > 3
        ]
        found[geometry["properties"]["name"]] = make_valid(MultiPolygon(parts))
    return found


def rounded(value: Any, digits: int) -> Any:  # noqa: ANN401
    """Round all coordinates, points doubled by it left in."""
    if isinstance(value, list | tuple):
        return [rounded(each, digits) for each in value]
    return round(value, digits) if isinstance(value, float) else value


def write(name: str, found: dict[str, Any], scale: str, checksum: str) -> None:
    """Write named polygons with their origin."""
    land = {
        "source": f"Natural Earth 1:{scale[:-1]} million (public domain) by world-atlas {VERSION} (ISC)",
        "sha256_of_source": checksum,
        "countries": {key: rounded(mapping(polygon), DIGITS[scale]) for key, polygon in found.items()},
        "disputed": {},
    }
    for key in HATCHED:
        if key in found:
            land["disputed"][key] = land["countries"][key]
    everything = make_valid(MultiPolygon([p for each in found.values() for p in parts(each)]).buffer(0))
    for key, outline in DISPUTED.items():
        clipped = Polygon(outline).intersection(everything)
        if not clipped.is_empty:
            land["disputed"][key] = rounded(mapping(clipped), DIGITS[scale])
    raw = json.dumps(land, separators=(",", ":"), ensure_ascii=False).encode()
    (TARGET / f"{name}.json.gz").write_bytes(gzip.compress(raw, 9, mtime=0))


def parts(geometry: Any) -> list[Any]:  # noqa: ANN401
    """Polygons of a geometry."""
    return [each for each in getattr(geometry, "geoms", [geometry]) if each.geom_type == "Polygon"]


def main() -> None:
    """Write the world and each region."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="the unpacked npm package")
    package = parser.parse_args().package
    TARGET.mkdir(parents=True, exist_ok=True)
    for scale in ("50m", "10m"):
        path = package / f"countries-{scale}.json"
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
        found = countries(path)
        if scale == "50m":
            write("world-50m", found, scale, checksum)
            continue
        for name, bounds in REGIONS.items():
            inside = {key: polygon.intersection(box(*bounds)) for key, polygon in found.items()}
            write(f"{name}-10m", {k: p for k, p in inside.items() if not p.is_empty}, scale, checksum)
    (TARGET / "regions.json").write_text(
        json.dumps({f"{n}-10m": b for n, b in REGIONS.items()}) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
