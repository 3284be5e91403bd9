"""The one vocabulary of a forecast: every variable's name, dims, type, unit and meaning.

`docs/model.md`, section 5, says what the model records; here the same names get a leading `member`
dimension. What a room exports and what starts a run of its own or writes a file calls `check` on a forecast
that it is given; helpers behind those doors do not. What takes a part of a forecast calls `require` with the
names that it uses. Variables that are not in the table are nobody's business.

Attributes follow the CF conventions (cfconventions.org): units are UDUNITS', where people are a ``count``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forewarn.errors import ForewarnError, Problem, nearest

CAUSES: Final = ("attack", "fear", "warning", "ordinary")
DIRECTIONS: Final = ("forth", "back")
TABLE_DAYS: Final = (30, 60, 90)

TEXT: Final = "text"
DATE: Final = "date"

# Not "days": xarray reads numbers with that unit back as durations.
DAYS: Final = "day"
PEOPLE: Final = "count"
CONVENTIONS: Final = "CF-1.11"

# Weights are sums of decimal fractions such as 0.1.
WEIGHT_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable or coordinate of a forecast.

    Parameters
    ----------
    name
        As in the Dataset and in the netCDF file.
    dims
        Names of its dimensions, in order.
    dtype
        NumPy type such as ``int32``, or ``text`` (any string type) or ``date`` (``datetime64`` of any
        resolution).
    units
        Value of the attribute ``units``; empty for names and dates.
    sentence
        What it counts.
    standard_name
        In the table of the CF conventions; empty if it has none.
    """

    name: str
    dims: tuple[str, ...]
    dtype: str
    units: str
    sentence: str
    standard_name: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes that the variable carries in a Dataset."""
        pairs = {"long_name": self.sentence, "standard_name": self.standard_name, "units": self.units}
        return {name: value for name, value in pairs.items() if value}


def _people(name: str, dims: tuple[str, ...], sentence: str) -> Variable:
    return Variable(name, ("member", *dims), "int32", PEOPLE, sentence)


VARIABLES: Final[tuple[Variable, ...]] = (
    _people(
        "left_home",
        ("day", "cause"),
        "Distinct people who have left their home for the first time since the issue day, cumulative",
    ),
    _people("movements", ("day",), "Departures of any kind, repeat moves counted, cumulative"),
    _people("present", ("day", "place"), "Newly displaced people living there or waiting at its crossings"),
    _people("within", ("day", "place"), "Of these, people who left home in this place and are still in it"),
    _people("arrivals", ("day", "place"), "Newly displaced people arriving that day"),
    _people("departures", ("day", "place"), "First departures from home that day"),
    _people("waiting", ("day", "place"), "People waiting at crossings on this side of the line"),
    _people("remaining", ("day", "place"), "People at home"),
    _people("on_the_road", ("day",), "People travelling"),
    _people("returned", ("day",), "People back home by themselves, cumulative"),
    _people("organised_returns", ("day",), "People moved by organised returns, cumulative"),
    _people("blocked", ("day",), "People who tried to leave that day and found no way"),
    _people("passed", ("day", "crossing"), "People who went through the crossing that day"),
    _people(
        "origin_destination",
        ("table_day", "origin", "place"),
        "Newly displaced people by where they were on the issue day and where they are",
    ),
    _people("flows", ("table_day", "route", "direction"), "People who set out along the route, cumulative"),
)

COORDINATES: Final[tuple[Variable, ...]] = (
    Variable("member", ("member",), "int64", "", "Number of the member"),
    Variable("course", ("member",), TEXT, "", "Name of the course that the member follows"),
    Variable("draw", ("member",), "int64", "", "Number of the draw; the courses share their luck by draw"),
    Variable(
        "weight",
        ("member",),
        "float64",
        "1",
        "Probability of the course over its number of members; adds to 1",
    ),
    Variable("day", ("day",), "int64", DAYS, "Days after the issue day"),
    Variable("date", ("day",), DATE, "", "Calendar day", "time"),
    Variable("place", ("place",), TEXT, "", "Name of the place"),
    Variable("place_pcode", ("place",), TEXT, "", "P-code of the place; may repeat"),
    Variable("place_admin1", ("place",), TEXT, "", "First-level region"),
    Variable("place_country", ("place",), TEXT, "", "Country, ISO 3166-1 alpha-3; empty if unknown"),
    Variable("place_kind", ("place",), TEXT, "", "town, camp, crossing or foreign"),
    Variable("place_zone", ("place",), TEXT, "", "Zone on the issue day"),
    Variable("latitude", ("place",), "float64", "degrees_north", "Latitude, WGS 84", "latitude"),
    Variable("longitude", ("place",), "float64", "degrees_east", "Longitude, WGS 84", "longitude"),
    Variable("origin", ("origin",), TEXT, "", "Place, or region if places are grouped, on the issue day"),
    Variable("cause", ("cause",), TEXT, "", "Why people left: " + ", ".join(CAUSES)),
    Variable("crossing", ("crossing",), TEXT, "", "Name of the crossing"),
    Variable("route", ("route",), TEXT, "", "The two ends of the route: from – to"),
    Variable("route_from", ("route",), TEXT, "", "Place where the route begins"),
    Variable("route_to", ("route",), TEXT, "", "Place where the route ends"),
    Variable("direction", ("direction",), TEXT, "", "forth: from the first end to the second; back"),
    Variable("table_day", ("table_day",), "int64", DAYS, "Days after the issue day that have tables"),
)

DOCUMENT: Final = Variable(
    "scenario_document",
    ("scenario_line",),
    TEXT,
    "",
    "The scenario that was forecast, in explicit form (YAML), line by line",
)
"""Carried by the forecasts of `run` and by every ``forecast.nc``; a forecast without it is one too."""

ATTRIBUTES: Final[tuple[str, ...]] = (
    "Conventions",
    "title",
    "forewarn_version",
    "scenario",
    "scenario_hash",
    "seed",
    "members",
    "issued",
    "hindsight",
    "where_known",
    "created",
)


def named(name: str) -> Variable:
    """Give the entry of one variable or coordinate.

    Examples
    --------
    >>> named("left_home").dims
    ('member', 'day', 'cause')
    """
    table = {variable.name: variable for variable in (*VARIABLES, *COORDINATES)}
    if name not in table:
        raise ForewarnError(Problem("variable of a forecast", f"'{name}'", nearest(name, list(table))))
    return table[name]


def table_days(horizon_days: int) -> tuple[int, ...]:
    """Days that have origin–destination tables and flows: 30, 60, 90 and the horizon.

    Examples
    --------
    >>> table_days(120)
    (30, 60, 90, 120)
    >>> table_days(45)
    (30, 45)
    """
    return (*(day for day in TABLE_DAYS if day < horizon_days), horizon_days)


def check(dataset: xr.Dataset) -> None:
    """Raise if a Dataset is not a whole forecast, naming every deviation. Further variables are welcome.

    Raises
    ------
    ForewarnError
        A variable or coordinate is missing, or has other dims, type or unit than the table says; weights
        do not add to 1; causes or directions are not those of the table.
    """
    problems: list[Problem] = []
    # `coords.get` itself would make up numbers for a dimension without a coordinate.
    coordinates = {str(name): array for name, array in dataset.coords.items()}
    for variable in VARIABLES:
        problems.extend(_deviations(variable, dataset.data_vars.get(variable.name), "variable"))
    for variable in COORDINATES:
        problems.extend(_deviations(variable, coordinates.get(variable.name), "coordinate"))
    if not problems:
        problems.extend(_contradictions(dataset))
    if problems:
        raise ForewarnError(problems)


def require(dataset: xr.Dataset, *names: str) -> xr.Dataset:
    """Take what is used of a forecast, each variable's dims in the order of the table.

    Parameters
    ----------
    dataset
        A forecast, or a part of one: some members, days or places, or with further variables.
    names
        Variables of `VARIABLES`. Of the coordinates those of the members, and those that the variables
        lie along, are used.

    Returns
    -------
    xarray.Dataset
        The variables, with what coordinates they have. Weights add to 1: of some members of a forecast,
        they are probabilities given these members.

    Raises
    ------
    ForewarnError
        One of them is missing, has other dims or is not a number; or there are no members.
    """
    wanted = [named(name) for name in names]
    dims = dict.fromkeys(["member", *(dim for variable in wanted for dim in variable.dims)])
    labels = [*dims, "course", "weight"]
    coordinates = {str(name): array for name, array in dataset.coords.items()}
    problems = [
        problem
        for variable in wanted
        for problem in _unusable(variable, dataset.data_vars.get(variable.name), "variable")
    ]
    problems += [
        problem
        for variable in map(named, labels)
        for problem in _unusable(variable, coordinates.get(variable.name), "coordinate")
    ]
    if not problems:
        problems = _unweighted(dataset)
    if problems:
        raise ForewarnError(problems)
    used = dataset[[*names, "course", "weight"]].transpose(*dims, ...)
    total = float(used["weight"].sum())
    if abs(total - 1.0) <= WEIGHT_TOLERANCE:
        return used
    return used.assign_coords(weight=used["weight"] / total)


def refuse_unknown_where(dataset: xr.Dataset, what: str) -> None:
    """Raise if a forecast is of a draft that does not know who holds the places: it speaks of totals alone.

    Raises
    ------
    ForewarnError
        Naming `what` was asked for.
    """
    if str(dataset.attrs.get("where_known", "true")) != "true":
        why = "where people go is not known: nobody has told this draft who holds the places round about"
        remedy = "Draft with a table of places and zones, or correct the draft and set draft.where_known"
        raise ForewarnError(Problem(what, why, remedy=remedy))


def _unusable(variable: Variable, array: xr.DataArray | None, role: str) -> list[Problem]:
    """List what keeps a variable from being used: unlike `_deviations`, neither order, width nor unit."""
    where = f"forecast, {role} {variable.name}"
    if array is None:
        return [Problem(where, "missing", remedy=f"It holds: {variable.sentence}")]
    problems = []
    if set(array.dims) != set(variable.dims):
        problems.append(Problem(where, f"dims {array.dims}", str(variable.dims)))
    if array.dtype.kind not in ("UOT" if variable.dtype == TEXT else "iuf"):
        wanted = "text" if variable.dtype == TEXT else "numbers"
        problems.append(Problem(where, f"type {array.dtype}", wanted))
    return problems


def _unweighted(dataset: xr.Dataset) -> list[Problem]:
    weights = dataset["weight"].values
    if weights.size and (weights >= 0.0).all() and weights.any():
        return []
    return [
        Problem("forecast, coordinate weight", f"adds to {weights.sum():g}", "not negative, and not all 0")
    ]


def _deviations(variable: Variable, array: xr.DataArray | None, role: str) -> list[Problem]:
    where = f"forecast, {role} {variable.name}"
    if array is None:
        return [Problem(where, "missing", remedy=f"It holds: {variable.sentence}")]
    problems = []
    if array.dims != variable.dims:
        problems.append(Problem(where, f"dims {array.dims}", str(variable.dims)))
    if not _is_type(array.dtype, variable.dtype):
        problems.append(Problem(where, f"type {array.dtype}", variable.dtype))
    units = array.attrs.get("units", "")
    if units != variable.units:
        problems.append(Problem(where, f"units '{units}'", f"'{variable.units}'"))
    return problems


def _is_type(found: np.dtype[np.generic], wanted: str) -> bool:
    if wanted == TEXT:
        # Object and variable-length strings are what a netCDF file gives back.
        return found.kind in "UOT"
    if wanted == DATE:
        return found.kind == "M"
    return bool(found == np.dtype(wanted))


def _contradictions(dataset: xr.Dataset) -> list[Problem]:
    """List values of coordinates that contradict the table."""
    problems = []
    total = float(dataset["weight"].sum())
    if abs(total - 1.0) > WEIGHT_TOLERANCE:
        problems.append(Problem("forecast, coordinate weight", f"adds to {total:.6g}", "1"))
    for name, wanted in (("cause", CAUSES), ("direction", DIRECTIONS)):
        found = tuple(str(value) for value in dataset[name].values)
        if found != wanted:
            problems.append(Problem(f"forecast, coordinate {name}", str(found), str(wanted)))
    days = dataset["day"].values
    if not np.array_equal(days, np.arange(days.size)):
        problems.append(Problem("forecast, coordinate day", "not 0, 1, 2, … in order", "0 to the horizon"))
    return problems
