"""The map of the page: places, zones, posts, closed borders and flows, with a slider over the days.

Drawn as SVG by this module; the little script of the page only changes the sizes of circles and the widths of
lines, and without it the map shows the last day of the gravest course.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, radians, sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr

from forewarn.charts.scales import shortened
from forewarn.outlook.contents.evidence import named
from forewarn.outlook.format.suppression import zero_if_suppressed
from forewarn.outlook.format.values import day, people
from forewarn.outlook.maps.basemap import DISCLAIMER, BasemapArea, Box, Land, land
from forewarn.outlook.maps.zone_signs import SIGNS, ZoneSign

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView
    from forewarn.scenario import Place, Scenario

WIDTH: Final = 900.0
MARGIN: Final = 0.06
"""Of the map's extent, on each side."""
LEAST_DEGREES: Final = 0.4
"""Extent of the map at least, so that a single town is not blown up."""
LARGEST: Final = 34.0
"""Radius of the largest circle, in units of the drawing."""
CROWDED: Final = 100
"""With more places than this circles shrink, so that as much of the map stays free."""
WIDEST: Final = 9.0
"""Width of the busiest road, in units of the drawing."""
STEPS: Final = 30
"""Stops of the slider, at most."""
MOST_LABELS: Final = 16
LONGEST_LABEL: Final = 32
"""Letters; longer names are cut on the map, and stand in full in the tables and behind the pointer."""
LETTER: Final = 0.54
"""Width of a letter of a label, as a share of its height."""
LETTERING: Final = 13.0
"""Height of labels where the map is as wide as a screen, in units of the drawing."""
SMALL_LETTERING: Final = 27.0
"""The same where it is as wide as a phone or half a sheet of paper: 11 points there."""
# Okabe and Ito 2008, which people with any form of colour vision tell apart; in grey they come close.
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#000000")


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place."""

    x: float
    y: float
    name: str
    zone: int
    attacked: bool
    radius: float


@dataclass(frozen=True, slots=True)
class Label:
    """Name of a place: where it starts or ends (`anchor`), and its baseline."""

    x: float
    y: float
    text: str
    anchor: str
    size: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, north, east and south end, in units of the drawing."""
        long = len(self.text) * LETTER * self.size
        west = self.x if self.anchor == "start" else self.x - long
        return west, self.y - 0.8 * self.size, west + long, self.y + 0.25 * self.size


@dataclass(frozen=True, slots=True)
class MapRoad:
    """A road: its path, width, and whether it is closed on the issue day."""

    path: str
    name: str
    width: float
    closed: bool
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PostMark:
    """An observation post and the radius of what it covers."""

    x: float
    y: float
    name: str
    radius: float


@dataclass(frozen=True, slots=True)
class PageMap:
    """Everything that the template draws."""

    width: float
    height: float
    countries: tuple[tuple[str, str], ...]
    borders: str
    own: tuple[tuple[str, str], ...]
    """Areas of the scenario's own boundaries."""
    disputed: tuple[tuple[str, str], ...]
    zones: tuple[tuple[str, str, ZoneSign], ...]
    dots: tuple[MapPlace, ...]
    labels: tuple[Label, ...]
    small_labels: tuple[Label, ...]
    lines: tuple[MapRoad, ...]
    posts: tuple[PostMark, ...]
    course: str
    courses: tuple[tuple[str, str], ...]
    days: tuple[str, ...]
    data: dict[str, Any]
    largest: str
    shows_where: bool
    """Whether people and ways are drawn; else the ground alone."""
    left_out: tuple[str, ...]
    source: str
    disclaimer: str = DISCLAIMER


@dataclass(frozen=True, slots=True)
class _Projection:
    """Plate carrée with its true scale at the middle latitude."""

    view: Box
    squeeze: float
    scale: float

    @property
    def height(self) -> float:
        return (self.view.north - self.view.south) * self.scale

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        x = (lon - self.view.west) * self.squeeze * self.scale
        return round(x, 1), round((self.view.north - lat) * self.scale, 1)

    def path(self, rings: Any, *, closed: bool = True) -> str:  # noqa: ANN401
        pieces = []
        for ring in rings:
            points = [self(lon, lat) for lon, lat in ring]
            thinned = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
            pieces.append("M" + "L".join(f"{x:g},{y:g}" for x, y in thinned) + ("Z" if closed else ""))
        return "".join(pieces)


@dataclass(frozen=True, slots=True)
class _Figures:
    """What the map shows of a forecast: medians by course and stop, or table day, suppressed ones as 0."""

    stops: tuple[int, ...]
    present: dict[str, list[list[int]]]
    moved: dict[str, list[list[int]]]

    @property
    def gravest(self) -> str:
        """Name of the course in which most people are at the places shown at the end."""
        return max(self.present, key=lambda name: sum(self.present[name][-1]))

    @property
    def largest(self) -> int:
        """Most people at a place, in any course at any stop."""
        return _highest(self.present)

    @property
    def busiest(self) -> int:
        """Most people along a road; 1 if nobody is."""
        return max(1, _highest(self.moved))

    def nowhere(self) -> _Figures:
        """Give the same with nobody anywhere, for when it is not known where people go."""
        present, moved = (
            {name: [[0] * len(row) for row in table] for name, table in each.items()}
            for each in (self.present, self.moved)
        )
        return _Figures(self.stops, present, moved)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """The map before any figure: which places are on it, how it is projected, and what it is drawn on."""

    scenario: Scenario
    places: tuple[Place, ...]
    projection: _Projection
    ground: Land

    @property
    def zones(self) -> list[str]:
        """Names of the zones that hold a place on the map."""
        held = {place.zone for place in self.places}
        return [name for name in self.scenario.zones if name in held]

    @property
    def widest_circle(self) -> float:
        """Radius of the largest circle, in units of the drawing."""
        return LARGEST * min(1.0, sqrt(CROWDED / len(self.places)))

    def attacked(self, course: str) -> list[int]:
        """Positions of the places that a course attacks."""
        names = attacked_places(self.scenario, course)
        return [at for at, place in enumerate(self.places) if place.name in names]


def draw_map(view: ForecastView) -> PageMap:
    """Draw the map of a forecast; people who are suppressed are drawn as nobody."""
    scenario, drawing = view.scenario, _drawing(view.scenario)
    figures = _figures(view, drawing)
    gravest = figures.gravest
    if not scenario.where_known:
        figures = figures.nowhere()
    projection, ground = drawing.projection, drawing.ground
    dots = _dots(drawing, figures, gravest)
    named = _by_weight(drawing.places, dots)
    height = round(projection.height, 1)
    return PageMap(
        width=WIDTH,
        height=height,
        countries=_areas(ground.countries, projection),
        borders=projection.path(ground.borders, closed=False),
        own=_areas(ground.own, projection),
        disputed=_areas(ground.disputed, projection),
        zones=_zones(drawing),
        dots=dots,
        labels=_labels(named, height, size=LETTERING),
        small_labels=_labels(named, height, size=SMALL_LETTERING),
        lines=_lines(scenario, projection, figures.moved[gravest][-1], figures.busiest),
        posts=_posts(scenario, projection),
        course=gravest,
        courses=tuple((name, view.formatter.title(name)) for name in view.courses),
        days=tuple(day(view.dates[stop]) for stop in figures.stops),
        data=_data(view, drawing, figures),
        largest=people(figures.largest),
        shows_where=scenario.where_known,
        left_out=tuple(place.name for place in scenario.places if place not in drawing.places),
        source=_sources(ground, scenario),
    )


def _drawing(scenario: Scenario) -> _Drawing:
    shown = [place for place in scenario.places if not place.isolated] or list(scenario.places)
    projection = _projection(shown)
    return _Drawing(scenario, tuple(shown), projection, land(projection.view, scenario.boundaries))


def _figures(view: ForecastView, drawing: _Drawing) -> _Figures:
    where = [view.scenario.places.index(place) for place in drawing.places]
    stops = _stops(len(view.dates) - 1)
    present: dict[str, list[list[int]]] = {name: [] for name in view.courses}
    for stop in stops:
        found = view.present_on(stop).isel(place=where)
        for name in view.courses:
            present[name].append(_median(view, found, name))
    moved = {
        name: [_median(view, view.moved.isel(table_day=at), name) for at in range(len(view.table_days))]
        for name in view.courses
    }
    return _Figures(tuple(stops), present, moved)


def _median(view: ForecastView, found: xr.DataArray, course: str) -> list[int]:
    values = found.sel(course=course, quantile=0.5).values.astype(np.int64)
    medians: list[int] = zero_if_suppressed(values, view.suppress_below).tolist()
    return medians


def _data(view: ForecastView, drawing: _Drawing, figures: _Figures) -> dict[str, Any]:
    """Give what the script of the page needs to draw another course or day."""
    nobody = [0] * len(view.scenario.routes)
    return {
        "present": figures.present,
        "moved": {name: [nobody, *rows] for name, rows in figures.moved.items()},
        "table": [latest_table(view.table_days, stop) for stop in figures.stops],
        "roads": roads_said([view.dates[number] for number in view.table_days]),
        "largest": drawing.widest_circle / sqrt(max(1, figures.largest)),
        "widest": WIDEST / sqrt(figures.busiest),
        "places": [place.name for place in drawing.places],
        "attacked": {name: drawing.attacked(name) for name in view.courses},
    }


def _zones(drawing: _Drawing) -> tuple[tuple[str, str, ZoneSign], ...]:
    """Titles of zones, each with its colour and sign."""
    return tuple(
        (drawing.scenario.zones[name].title, COLOURS[at % len(COLOURS)], SIGNS[at % len(SIGNS)])
        for at, name in enumerate(drawing.zones)
    )


def _areas(areas: tuple[BasemapArea, ...], projection: _Projection) -> tuple[tuple[str, str], ...]:
    """Names and paths of areas; names of the scenario's own may repeat."""
    return tuple((area.name, projection.path(area.rings)) for area in areas)


def _sources(ground: Land, scenario: Scenario) -> str:
    """Say where land and borders come from, and what was done to the scenario's own."""
    if scenario.boundaries is None:
        return ground.source
    own = scenario.boundaries
    if not ground.own:
        return f"{ground.source}. The scenario’s own boundaries lie outside this map"
    said = f"{ground.source}. Boundaries within: {named(scenario, own.source)}. {own.note}"
    return said.strip().rstrip(".")


def _projection(places: list[Place]) -> _Projection:
    west, east = min(p.lon for p in places), max(p.lon for p in places)
    south, north = min(p.lat for p in places), max(p.lat for p in places)
    squeeze = cos(radians((south + north) / 2))
    wide = max((east - west) * squeeze, north - south, LEAST_DEGREES)
    # A map that is neither a tower nor a ribbon.
    half_x = max((east - west) / 2, wide / 2 / squeeze * 0.6) * (1 + 2 * MARGIN)
    half_y = max((north - south) / 2, wide / 2 * 0.6) * (1 + 2 * MARGIN)
    x, y = (west + east) / 2, (south + north) / 2
    view = Box(x - half_x, y - half_y, x + half_x, y + half_y)
    return _Projection(view, squeeze, WIDTH / ((view.east - view.west) * squeeze))


def _stops(horizon: int) -> list[int]:
    step = max(1, -(-horizon // STEPS))
    return sorted({*range(0, horizon + 1, step), horizon})


def latest_table(table_days: Sequence[int], number: int) -> int:
    """Say which flows are known on a day: those of the first table day are 1; 0 before it.

    Examples
    --------
    >>> [latest_table((30, 60), number) for number in (0, 29, 30, 59, 60)]
    [0, 0, 1, 1, 2]
    """
    return bisect_right(table_days, number)


def roads_said(table_dates: Sequence[date | np.datetime64]) -> list[str]:
    """Say what the roads of a map show before the first table day, and from each of them on."""
    first = f"Roads show nobody before {day(table_dates[0])}, the first day with figures of roads."
    along = "Roads show the people who have set out along them from the issue day up to"
    return [first, *(f"{along} {day(each)}, in both directions (median)." for each in table_dates)]


def _highest(tables: dict[str, list[list[int]]]) -> int:
    return max((count for table in tables.values() for row in table for count in row), default=0)


def attacked_places(scenario: Scenario, course: str) -> set[str]:
    """Give the names of the places that the stages of a course attack."""
    found = next(each for each in scenario.courses if each.name == course)
    return {name for stage in found.stages for name in stage.places}


def _dots(drawing: _Drawing, figures: _Figures, course: str) -> tuple[MapPlace, ...]:
    zones, attacked = drawing.zones, drawing.attacked(course)
    most = max(1, figures.largest)
    sizes = [drawing.widest_circle * sqrt(count / most) for count in figures.present[course][-1]]
    return tuple(
        MapPlace(
            *drawing.projection(place.lon, place.lat),
            place.name,
            zones.index(place.zone),
            at in attacked,
            round(size, 1),
        )
        for at, (place, size) in enumerate(zip(drawing.places, sizes, strict=True))
    )


def _by_weight(places: Sequence[Place], dots: tuple[MapPlace, ...]) -> list[MapPlace]:
    """Places with most newly displaced people first, then those where most people live."""
    pairs = sorted(
        zip(places, dots, strict=True), key=lambda p: (-p[1].radius, -p[0].residents - p[0].displaced)
    )
    return [dot for _, dot in pairs]


def _labels(dots: list[MapPlace], height: float, *, size: float) -> tuple[Label, ...]:
    """Names of the first dots, each on a side where it meets no other name and no larger place's mark."""
    found: list[Label] = []
    marks: list[tuple[float, float, float, float]] = []
    for dot in dots:
        sides = [side for side in _sides(dot, size) if _inside(side.box, height)]
        taken = [*(each.box for each in found), *marks]
        free = next((side for side in sides if not any(_meet(side.box, each) for each in taken)), None)
        if free is not None:
            found.append(free)
            marks.append((dot.x - 4, dot.y - 4, dot.x + 4, dot.y + 4))
        if len(found) == MOST_LABELS:
            break
    return tuple(found)


def _sides(dot: MapPlace, size: float) -> tuple[Label, ...]:
    # What stands in brackets says what kind of place it is; the tables have it.
    text = shortened(dot.name.split(" (")[0] or dot.name, LONGEST_LABEL)
    away, level = min(dot.radius, 12) + 5, dot.y + 0.3 * size
    places = [
        (dot.x + away, level, "start"),
        (dot.x - away, level, "end"),
        *((dot.x + 2, dot.y + shift, "start") for shift in (-away, away + 0.8 * size)),
        *((dot.x - 2, dot.y + shift, "end") for shift in (-away, away + 0.8 * size)),
    ]
    return tuple(Label(round(x, 1), round(y, 1), text, anchor, size) for x, y, anchor in places)


def _inside(box: tuple[float, float, float, float], height: float) -> bool:
    return box[0] > 0 and box[1] > 0 and box[2] < WIDTH and box[3] < height


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


def _lines(scenario: Scenario, projection: _Projection, moved: list[int], most: int) -> tuple[MapRoad, ...]:
    at = {place.name: place for place in scenario.places}
    lines = []
    for route, count in zip(scenario.routes, moved, strict=True):
        first, last = at[route.from_], at[route.to]
        a, b = projection(first.lon, first.lat), projection(last.lon, last.lat)
        line = MapRoad(
            path=f"M{a[0]:g},{a[1]:g}L{b[0]:g},{b[1]:g}",
            name=f"{route.from_} – {route.to}",
            width=round(WIDEST * sqrt(count / most), 1),
            closed=first.zone != last.zone and not passable(scenario, route.crossing, first.zone, last.zone),
            middle=(round((a[0] + b[0]) / 2, 1), round((a[1] + b[1]) / 2, 1)),
        )
        lines.append(line)
    return tuple(lines)


def passable(scenario: Scenario, crossing: str | None, first: str, last: str) -> bool:
    """Whether anybody gets across a line between two zones on the issue day."""
    for each in scenario.crossings:
        governs = (
            each.name == crossing if crossing else each.roads == "all" and {*each.between} == {first, last}
        )
        if governs:
            return each.status != "closed"
    return False


def _posts(scenario: Scenario, projection: _Projection) -> tuple[PostMark, ...]:
    marks = []
    for post in scenario.posts:
        if post.lat is not None and post.lon is not None:
            x, y = projection(post.lon, post.lat)
            radius = (post.radius_km or 0.0) / 111.2 * projection.scale  # km of a degree of latitude
            marks.append(PostMark(x, y, post.name, round(radius, 1)))
    return tuple(marks)
