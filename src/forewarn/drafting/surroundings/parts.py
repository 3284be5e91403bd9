"""Parts of one town that is attacked part by part."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, radians, sin, sqrt
from typing import Final

from forewarn.drafting.report.stages import ToldStage
from forewarn.drafting.rows import PlaceRow
from forewarn.drafting.surroundings.sectors import mean_bearing
from forewarn.reading.places.gazetteer import KM_PER_DEGREE

__all__ = ["city_radius_km", "part_name", "parts_of"]

PEOPLE_PER_KM2: Final = 2_000.0
"""Of a town whose extent is not known; assumption."""
SMALLEST_KM: Final = 1.0
"""Radius of the smallest town that is divided, in km; assumption."""
PARTS: Final = 5
"""A centre and four sides, each with an equal part of the people; assumption."""
REST: Final = "the rest"
SHARE: Final = "assumption: the centre and each side of a town have a fifth of its people"


def city_radius_km(people: int) -> float:
    """Radius of a town with so many people, in km, as if it were round.

    Examples
    --------
    >>> round(city_radius_km(900_000), 1)
    12.0
    """
    return max(SMALLEST_KM, sqrt(people / PEOPLE_PER_KM2 / pi))


def part_name(name: str, sides: Sequence[str]) -> str:
    """Name a part of a town.

    Examples
    --------
    >>> part_name("El Fasher", ("east", "north")), part_name("Rafah", ())
    ('El Fasher (east and north)', 'Rafah (the rest)')
    """
    return f"{name} ({' and '.join(sides) or REST})"


def parts_of(row: PlaceRow, stages: Sequence[ToldStage]) -> list[PlaceRow]:
    """Divide a town by the sides that the stages of an attack name; the last part takes the rest.

    Examples
    --------
    >>> from forewarn.drafting.basis import SourcedFact
    >>> row = dict(name="Bunia", lat=1.5, lon=30.2, residents=900_000)
    >>> east = ToldStage(1, ("east",), (), SourcedFact(0, "The attack will begin in the east."))
    >>> [(part["name"], part["residents"]) for part in parts_of(row, [east])]
    [('Bunia (east)', 180000), ('Bunia (the rest)', 720000)]
    """
    sides = [stage.sides for stage in stages if stage.sides]
    if not sides:
        return [row]
    if len(sides) == 1:
        sides.append(())
    people, away = row["residents"], 0.6 * city_radius_km(row["residents"])
    made: list[PlaceRow] = []
    for at, each in enumerate(sides):
        last = at == len(sides) - 1
        before = sum(earlier["residents"] for earlier in made)
        bearing = mean_bearing(each)
        angle, km = (0.0, 0.0) if bearing is None else (radians(bearing), away)
        north = km * cos(angle) / KM_PER_DEGREE
        east = km * sin(angle) / KM_PER_DEGREE / cos(radians(row["lat"]))
        made.append(
            {
                **row,
                "name": part_name(row["name"], each),
                "lat": round(row["lat"] + north, 5),
                "lon": round(row["lon"] + east, 5),
                "residents": people - before if last else people * len(each) // PARTS,
                "population_source": SHARE,
            }
        )
    return made
