"""The tables of an update: counts beside predictions, and numbers before and after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from forewarn.outlook.format.suppression import blank_if_suppressed
from forewarn.outlook.tables.sheets import Column, OutlookSheet, Row

if TYPE_CHECKING:
    from forewarn.forecast.updating.diagnosis import ObservationFit, ParameterChange
    from forewarn.outlook.view import ForecastView

_RANKS: Final = ("p10", "median", "p90")
_WHEN: Final = ("before", "after")
_COURSE: Final = Column("course", "string", "#event+course", "Course of events that the row supposes")

OBSERVED: Final = (
    _COURSE,
    Column("reference_period_start", "date", "#date+start", "First day that the count covers"),
    Column("reference_period_end", "date", "#date+end", "Day of the count"),
    Column("place", "string", "#loc+name", "Place, region, zone or anywhere, as it was written"),
    Column("measure", "string", "#indicator+name", "present, arrivals, departures or displaced"),
    Column("counted", "integer", "#affected+idps", "People counted"),
    Column("error", "number", "#indicator+error", "Standard error of the count, as a share of it"),
    *(
        Column(
            f"{when}_{rank}",
            "integer",
            f"#affected+idps+{when}+{rank}",
            f"Forecast {when} the update: {rank}",
        )
        for when in _WHEN
        for rank in _RANKS
    ),
    Column("suppressed", "boolean", "#meta+suppressed", "Whether a number is blank because it is too small"),
    Column("source", "string", "#meta+source", "Who counted"),
)
LEARNT: Final = (
    _COURSE,
    Column("number", "string", "#indicator+name", "Number of the scenario, or trait of a place"),
    Column("place", "string", "#loc+name", "Place; empty if the number holds everywhere"),
    *(
        Column(
            f"{when}_{rank}", "number", f"#indicator+value+{when}+{rank}", f"Value {when} the update: {rank}"
        )
        for when in _WHEN
        for rank in _RANKS
    ),
    Column("shrinkage", "number", "#indicator+shrinkage", "Share of the variance that the counts took away"),
)


def build_update_sheets(view: ForecastView) -> tuple[OutlookSheet, ...]:
    """Give the tables of an update; none if the forecast is not one of an update."""
    if view.updated is None:
        return ()
    found = view.updated.diagnosis
    return (
        OutlookSheet(
            "observed",
            "Counts beside what the forecast said of them before and after the update",
            OBSERVED,
            tuple(_observed(each, view) for each in found.fits),
        ),
        OutlookSheet(
            "learnt",
            "Numbers of the scenario before and after the counts; traits of places as standard normal scores",
            LEARNT,
            tuple(_learnt(each) for each in found.learnt),
        ),
    )


def _observed(fit: ObservationFit, view: ForecastView) -> Row:
    count, scenario = fit.observation, view.scenario
    first = count.day if count.measure == "present" else count.since + 1
    people = {"counted": count.people}
    for when, three in zip(_WHEN, (fit.before, fit.after), strict=True):
        people |= {f"{when}_{rank}": round(value) for rank, value in zip(_RANKS, three, strict=True)}
    return {
        "course": fit.course,
        "reference_period_start": (scenario.issued + timedelta(days=first)).isoformat(),
        "reference_period_end": (scenario.issued + timedelta(days=count.day)).isoformat(),
        "place": count.area,
        "measure": count.measure,
        "error": f"{count.error:g}",
        "source": count.source,
        **blank_if_suppressed(people, view.suppress_below),
    }


def _learnt(each: ParameterChange) -> Row:
    values = {
        f"{when}_{rank}": f"{value:.6g}"
        for when, three in zip(_WHEN, (each.before, each.after), strict=True)
        for rank, value in zip(_RANKS, three, strict=True)
    }
    return {
        "course": each.course,
        "number": each.name,
        "place": each.place,
        **values,
        "shrinkage": f"{each.shrinkage:.3f}",
    }
