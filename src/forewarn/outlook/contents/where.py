"""Where people go, by the finest level of areas that is known, with what past forecasts of it were worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import isolated, listed, percent

if TYPE_CHECKING:
    from forewarn.forecast.shares import LevelShares
    from forewarn.outlook.view import ForecastView

UNITS: Final = 8
"""Units that the table of a course names."""
NAMED: Final = 3
SMALLEST_SHARE: Final = 0.005
"""Mean share from which on a unit is named (assumption)."""
LEVELS: Final = {
    "place": "by place",
    "pcode": "by area with a p-code of its own",
    "parent_pcode": "by p-codes that begin alike",
    "area": "by region and side",
    "zone": "by side",
}


@dataclass(frozen=True, slots=True)
class Where:
    """What a page says of where people go.

    Parameters
    ----------
    sentence
        Of the gravest course.
    gravest, others
        Shares by the level that is told, of the gravest course and of the others.
    record
        What past forecasts of shares were worth.
    """

    sentence: str
    gravest: TextTable
    others: tuple[TextTable, ...]
    record: str


def build_where(view: ForecastView) -> Where | None:
    """Say where people go; nothing if nobody is anywhere, or if nobody knows who holds the places."""
    if not view.destinations:
        return None
    others = (each for each in view.courses if each != view.gravest and view.shares_told(each).mean.any())
    return Where(
        where_sentence(view, view.gravest),
        _table(view, view.gravest),
        tuple(_table(view, each) for each in others),
        record_of_shares(view),
    )


def where_sentence(view: ForecastView, course: str) -> str:
    """Say how well it is known where people of a course go, and what takes most; empty if nobody goes."""
    found = view.shares_told(course)
    if not found.mean.any():
        return ""
    title, at = isolated(view.formatter.title(course)), LEVELS[found.level.name]
    astray = f"by the spread of the futures {percent(found.astray)} of the people will be elsewhere"
    if not found.is_known:
        head = f"Where people go is hardly known in the course “{title}”: even {at} {astray}"
    elif found.level.name == "place":
        head = f"Where people go in the course “{title}” is known by place: {astray} than the mean shares say"
    else:
        head = f"Where people go in the course “{title}” is known {at}, and hardly by place: {astray}"
    return f"{head}. Largest mean shares (80 % interval): {listed(_largest(found))}."


def _largest(found: LevelShares) -> list[str]:
    return [f"{isolated(name)} {mean} ({interval})" for name, mean, interval in _rows(found, NAMED)]


def _rows(found: LevelShares, number: int) -> tuple[tuple[str, str, str], ...]:
    """Write the largest units with their mean share and interval."""
    return tuple(
        (name, percent(mean), f"{percent(low)}–{percent(high)}")
        for name, mean, (low, high) in zip(
            found.names[:number], found.mean.tolist(), found.interval.tolist(), strict=False
        )
        if mean >= SMALLEST_SHARE
    )


def _table(view: ForecastView, course: str) -> TextTable:
    found = view.shares_told(course)
    known = "" if found.is_known else ", hardly known"
    return TextTable(
        caption=f"{view.formatter.title(course)}: where newly displaced people are on {view.until}, "
        f"{LEVELS[found.level.name]}{known}",
        columns=("Where", "Mean share", "80 % interval"),
        rows=_rows(found, UNITS),
    )


def record_of_shares(view: ForecastView) -> str:
    """Say what forecasts of shares were worth in past cases."""
    from forewarn.receptions.shipped import load_scores, load_table

    law, alike = (
        next(
            row
            for row in load_table("simulation.csv")
            if row["cases_of"] == "receptions" and row["forecast"] == name
        )
        for name in ("simulation", "equal")
    )
    after, same = (
        next(row for row in load_scores() if row.stage == "first-count" and row.forecast == name)
        for name in ("fitted", "equal")
    )
    error = float(law["s"]) / float(alike["s"])
    return (
        f"In {law['cases']} receptions of past offensives, forecast from other crises, 80 % intervals of "
        f"shares by this law held {percent(float(law['coverage']))} of {law['cells']}, and its error was "
        f"{error:.2f} times that of equal shares: before anybody is counted hardly anything is known of "
        f"where people go. First counts say more: a model that "
        f"carries their shares on had {after.s / same.s:.2f} times the error of equal shares, with 80 % "
        f"intervals that held {percent(after.coverage)} of {after.cells}."
    )
