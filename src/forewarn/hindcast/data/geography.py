"""How far each camp is from the places known to be under attack, day by day."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.flee.tables import LARGEST_BYTES
from forewarn.intake import read_file
from forewarn.sphere import great_circle_km


@dataclass(frozen=True, slots=True)
class Site:
    """A location: degrees north and east, and the first day of fighting (None if there is none)."""

    name: str
    lat: float
    lon: float
    attacked_from: float | None


def km_to_fighting(folder: Path, places: Sequence[str], length_days: int) -> Floats:
    """Measure the great-circle distance to the nearest place attacked by each day.

    A place is under attack from the first day on which ``conflicts.csv`` gives it an intensity above 0
    or, without that file, from the conflict date of ``locations.csv``. Positions that cannot be read say
    nothing here; running the directory (``forewarn flee run``) is what checks them.

    Returns
    -------
    ndarray
        (day, place), km; nan while nothing is known to be attacked, and for places without a position.
    """
    positions = _positions(folder)
    attacked = {name: day for name, day in _attacks(folder).items() if name in positions}
    if not attacked:
        attacked = {
            name: position.attacked_from
            for name, position in positions.items()
            if position.attacked_from is not None
        }
    found = np.full((length_days + 1, len(places)), np.nan)
    for name, first in sorted(attacked.items(), key=lambda item: item[1]):
        at = max(0, int(first))
        for index, place in enumerate(places):
            if place in positions and at <= length_days:
                one, other = positions[name], positions[place]
                km = great_circle_km(one.lat, one.lon, other.lat, other.lon)
                found[at:, index] = np.fmin(found[at:, index], km)
    return found


def kinds(folder: Path) -> dict[str, str]:
    """Give what ``locations.csv`` calls each place, such as camp, idpcamp or town; those it says so of."""
    rows = _rows(folder / "input_csv" / "locations.csv")
    return {cells[0]: cells[5].lower() for cells in rows if len(cells) > 5 and cells[5]}


def _rows(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    text = read_file(path, most_bytes=LARGEST_BYTES).decode("utf-8-sig", errors="replace")
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline="")) if row]


def _positions(folder: Path) -> dict[str, Site]:
    rows = _rows(folder / "input_csv" / "locations.csv")
    columns = (4, 3) if rows and len(rows[0]) > 3 and rows[0][3].lower().startswith("lon") else (3, 4)
    found = {}
    for cells in rows:
        lat, lon = (_number(cells, index) for index in columns)
        if lat is None or lon is None or cells[0].startswith("#"):
            continue
        fights = len(cells) > 5 and "conflict" in cells[5].lower()
        found[cells[0]] = Site(cells[0], lat, lon, _number(cells, 6) if fights else None)
    return found


def _attacks(folder: Path) -> dict[str, float]:
    """Read the first day of an intensity above 0 of every column of ``conflicts.csv``."""
    rows = _rows(folder / "input_csv" / "conflicts.csv")
    found: dict[str, float] = {}
    for cells in rows[1:]:
        day = _number(cells, 0)
        for index, name in enumerate(rows[0][1:], start=1):
            intensity = _number(cells, index)
            if day is not None and intensity is not None and intensity > 0:
                found[name] = min(day, found.get(name, day))
    return found


def _number(cells: Sequence[str], index: int) -> float | None:
    try:
        value = float(cells[index])
    except (ValueError, IndexError):
        return None
    return value if np.isfinite(value) else None
