"""Boundaries from a GeoJSON file, such as OCHA's common operational datasets (COD-AB).

The document says ``boundaries: {file: admin.geojson, source: cod}``; what is read here becomes the explicit
form. Files come from strangers: their size is limited, nothing outside the scenario's folder is read, and
names are text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Final

from forewarn.errors import Problem, ScenarioError, nearest
from forewarn.intake import Limits, isolated
from forewarn.scenario.geometry.geojson import EXPORT, Feature, GeoJsonReader, features, is_number
from forewarn.scenario.geometry.outlines import simplified
from forewarn.scenario.model.boundaries import MOST_POINTS
from forewarn.scenario.tables import inside
from forewarn.scenario.yaml_files import read_text

KEYS: Final = ("file", "source", "name_field", "pcode_field")
SUFFIXES: Final = (".geojson", ".json")
LARGEST_BYTES: Final = 60_000_000
MOST_AREAS: Final = 2_000
"""Near the places."""
LIMITS: Final = Limits(processor_seconds=120.0, memory_bytes=3 * 2**30, wall_seconds=240.0)
"""What reading a file may take; assumption: the largest that are read need half of it."""
LONGEST_NAME: Final = 200
LEAST_DEGREES: Final = 1.0
"""Areas within so much of the places are kept, or within the extent of the places if that is more."""
_NAMES: Final = (r"adm(?P<level>\d)_(name|en)", r"adm(?P<level>\d)_[a-z]{2}", r"shapename|name(_en)?")
_PCODES: Final = (r"adm(?P<level>\d)_pcode", r"p_?code|shapeiso")


def read_boundaries(folder: Path, given: Mapping[str, Any], places: Any, document: str) -> dict[str, Any]:  # noqa: ANN401
    """Read the file of a ``boundaries`` block and give the block in explicit form.

    Parameters
    ----------
    folder
        Of the scenario.
    given
        ``file``, and if wanted ``source``, ``name_field`` and ``pcode_field``.
    places
        Rows of places, not yet checked; areas far from all of them are left out.
    document
        What the document is called in messages.

    Raises
    ------
    ScenarioError
        If the file is missing, lies elsewhere, is too large, no GeoJSON, not in WGS 84, or holds no areas
        near the places.
    """
    name = _named_file(given, document)
    inside(folder, name, "the file of boundaries")
    this = GeoJsonReader(name)
    if PurePath(name).suffix.lower() not in SUFFIXES:
        this.stop("", "the name does not end like that of a GeoJSON file", ", ".join(SUFFIXES), EXPORT)
    text = read_text(folder / name, name, largest_bytes=LARGEST_BYTES)
    rows = [row for row in places if isinstance(row, Mapping)] if isinstance(places, list | tuple) else []
    return isolated(_block, limits=LIMITS)(text, dict(given), _window(rows), name=name)


def _block(
    text: str, given: dict[str, Any], window: tuple[float, float, float, float] | None, *, name: str
) -> dict[str, Any]:
    """Make the block of a GeoJSON file's text. Runs in the box."""
    this = GeoJsonReader(name)
    found = features(text, this)
    near = _near(found, window, this)
    made = simplified([each.outline for each in near], _extent(near, window))
    if made is None:
        this.stop("", f"the outlines stay above {MOST_POINTS:,} corners even when simplified", "",
                  "Take a coarser level, or areas around the places alone")  # fmt: skip
    names, codes = _labels(near, given, this)
    rows = zip(names, codes, made.wkt, strict=True)
    areas = [{"name": title, "pcode": code, "wkt": wkt} for title, code, wkt in rows]
    note = ". ".join([*this.notes, *_mendings(this), *([made.note] if made.note else [])])
    source = {"source": given["source"]} if "source" in given else {}
    return source | {"note": f"{note}." if note else "", "areas": areas}


def _named_file(given: Mapping[str, Any], document: str) -> str:
    where = f"{document}, boundaries" if document else "boundaries"
    problems = [
        Problem(f"{where}.{key}", f"unknown key '{key}'", nearest(str(key), KEYS))
        for key in given
        if key not in KEYS
    ]
    for key in KEYS:
        value = given.get(key)
        if key in given and key != "source" and not (isinstance(value, str) and value.strip()):
            problems.append(Problem(f"{where}.{key}", f"found '{value}'", "text that is not empty"))
    if problems:
        raise ScenarioError(problems)
    return str(given["file"])


def _window(rows: Sequence[Mapping[str, Any]]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of the places and what surrounds them; nothing if none has coordinates."""
    found = [
        (row["lon"], row["lat"]) for row in rows if is_number(row.get("lon")) and is_number(row.get("lat"))
    ]
    if not found:
        return None
    west, east = min(lon for lon, _ in found), max(lon for lon, _ in found)
    south, north = min(lat for _, lat in found), max(lat for _, lat in found)
    around = max(LEAST_DEGREES, east - west, north - south)
    return west - around, south - around, east + around, north + around


def _near(
    found: list[Feature], window: tuple[float, float, float, float] | None, this: GeoJsonReader
) -> list[Feature]:
    from shapely import box

    near = found if window is None else [each for each in found if each.outline.intersects(box(*window))]
    if not near:
        remedy = "Is it the right country? Perhaps latitude and longitude are swapped"
        this.stop("", f"none of its {len(found):,} areas lies near the places", remedy=remedy)
    if len(near) > MOST_AREAS:
        this.stop(
            "", f"{len(near):,} areas lie near the places", f"up to {MOST_AREAS:,}", "Take a coarser level"
        )
    if len(near) < len(found):
        this.notes.append(
            f"{len(found) - len(near):,} of {len(found):,} areas, far from all places, were left out"
        )
    return near


def _extent(near: Sequence[Feature], window: tuple[float, float, float, float] | None) -> float:
    if window is not None:
        # The window is the places and as much on each side.
        return max(window[2] - window[0], window[3] - window[1]) / 3
    west, south, east, north = zip(*(each.outline.bounds for each in near), strict=True)
    return float(max(max(east) - min(west), max(north) - min(south)))


def _mendings(this: GeoJsonReader) -> list[str]:
    counts = (
        (this.unclosed, "rings were closed"),
        (this.crossing, "outlines crossed themselves and were mended"),
    )
    return [f"{count:,} {words}" for count, words in counts if count]


def _labels(
    near: Sequence[Feature], given: Mapping[str, Any], this: GeoJsonReader
) -> tuple[list[str], list[str]]:
    """Names and p-codes of the areas, from the fields that hold them."""
    columns = list(dict.fromkeys(str(key) for each in near for key in each.properties))
    names = _field(given.get("name_field"), _NAMES, columns, "name_field", this)
    codes = _field(given.get("pcode_field"), _PCODES, columns, "pcode_field", this)
    if names is None and codes is None and columns:
        listed = ", ".join(columns[:20])
        this.stop("", f"no field is known to hold names: {listed}"[:300], remedy="Say which: name_field")
    pcodes = [_text(each, codes, this) for each in near]
    said = [
        _text(each, names, this) or code or f"area {each.number}"
        for each, code in zip(near, pcodes, strict=True)
    ]
    return said, pcodes


def _field(
    wanted: object, patterns: Sequence[str], columns: Sequence[str], key: str, this: GeoJsonReader
) -> str | None:
    """Field that was asked for, or the one of the finest level that is called as in common datasets."""
    if wanted is not None:
        if wanted not in columns:
            allowed = nearest(str(wanted), columns) if columns else "none: the areas have no fields"
            this.stop(key, f"no area has the field '{wanted}'", allowed)
        return str(wanted)
    for pattern in patterns:
        matches = [(re.fullmatch(pattern, column, re.IGNORECASE), column) for column in columns]
        found = [(match.groupdict().get("level") or "0", column) for match, column in matches if match]
        if found:
            return max(found, key=lambda each: each[0])[1]
    return None


def _text(each: Feature, column: str | None, this: GeoJsonReader) -> str:
    value = each.properties.get(column) if column is not None else None
    if value is None or isinstance(value, bool | list | dict):
        return ""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value)).split())
    if len(text) > LONGEST_NAME:
        this.stop(
            f"feature {each.number}, {column}", f"it has {len(text):,} letters", f"up to {LONGEST_NAME}"
        )
    return text
