"""What Forewarn's statistical forecasts were worth in the past: stored scores of hindcasts.

The tables lie in ``data/skill`` and are written by ``tools/score_hindcasts.py``: scores alone, nothing that
was registered. They are those of forecasts made from registrations in ten past conflicts, not of the scenario
at hand: say so wherever they are shown. `docs/hindcast.md` says what each column means.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple, TypeVar, get_type_hints

POOLED: Final = "pooled"
LONGEST_DAYS: Final = {30: 60, 90: 120}  # the record of a horizon speaks for lead times up to so many days
SHORTEST_DAYS: Final = 15


class EstimateInterval(NamedTuple):
    """A value and its central 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ScoreRecord:
    """Mean scores of a forecaster in one conflict or pooled: per person there, lower is better."""

    mode: str
    horizon_days: int
    forecaster: str
    conflict: str
    issues: int
    error: float
    crps: float
    weighted_interval_score: float
    ard: float
    rescaled_ard: float


@dataclass(frozen=True, slots=True)
class ComparisonRecord:
    """Loss of a forecaster / loss of the best naive forecast; `measure` is error, crps or another score."""

    mode: str
    horizon_days: int
    forecaster: str
    measure: str
    best_naive: str
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationRecord:
    """Coverage of central intervals, and the part of truths in each tenth of the distribution."""

    mode: str
    horizon_days: int
    forecaster: str
    conflict: str
    forecasts: int
    coverage_50: EstimateInterval
    coverage_80: EstimateInterval
    coverage_90: EstimateInterval
    ranks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TriggerRecord:
    """How a trigger did: arrivals above a part of the people in the place, or in all places.

    `threshold_of` says which people, `threshold_part` what part of them.
    `activates_above` is the probability acted upon. Rates are None where there was nothing to divide.
    """

    mode: str
    horizon_days: int
    forecaster: str
    threshold_of: str
    threshold_part: float
    activates_above: float
    forecasts: int
    events: int
    activations: int
    hits: int
    activation: EstimateInterval | None
    detection: EstimateInterval | None
    false_alarm_ratio: EstimateInterval | None
    false_alarm_rate: EstimateInterval | None
    brier: float
    best_naive: str
    brier_naive: float | None
    brier_skill: EstimateInterval | None


Record = TypeVar("Record", ScoreRecord, ComparisonRecord, CalibrationRecord, TriggerRecord)


def horizon_for(days: int) -> int | None:
    """Give the horizon whose record speaks for a lead time; None if none does.

    Examples
    --------
    >>> horizon_for(45), horizon_for(90), horizon_for(365)
    (30, 90, None)
    """
    if days < SHORTEST_DAYS:
        return None
    return next((horizon for horizon, longest in LONGEST_DAYS.items() if days <= longest), None)


def scores() -> tuple[ScoreRecord, ...]:
    """List mean scores of every forecaster that was run."""
    return _read("summary.csv", ScoreRecord)


def comparisons() -> tuple[ComparisonRecord, ...]:
    """List comparisons with the best naive forecast."""
    return _read("comparison.csv", ComparisonRecord)


def calibrations() -> tuple[CalibrationRecord, ...]:
    """List coverage and rank histograms."""
    return _read("calibration.csv", CalibrationRecord)


def triggers() -> tuple[TriggerRecord, ...]:
    """List triggers, their rates and Brier scores.

    Examples
    --------
    >>> found = [one for one in triggers() if (one.mode, one.forecaster) == ("total-forecast", "forewarn")]
    >>> sorted({one.horizon_days for one in found})
    [30, 90]
    """
    return _read("triggers.csv", TriggerRecord)


def about() -> dict[str, Any]:
    """Tell how the tables were made: conflicts, number of issues, seed, command."""
    found: dict[str, Any] = json.loads(_text("about.json"))
    return found


def columns() -> dict[str, dict[str, str]]:
    """Give the meaning of every column, by file."""
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(_text("columns.csv").splitlines()):
        found.setdefault(row["file"], {})[row["column"]] = row["meaning"]
    return found


def _text(name: str) -> str:
    return (files("forewarn") / "data" / "skill" / name).read_text(encoding="utf-8")


@cache
def _read(name: str, kind: type[Record]) -> tuple[Record, ...]:
    hints = get_type_hints(kind)
    rows = csv.DictReader(_text(name).splitlines())
    found = []
    for row in rows:
        values: dict[str, Any] = {
            field.name: _value(row, field.name, hints[field.name]) for field in fields(kind)
        }
        found.append(kind(**values))
    return tuple(found)


def _value(row: Mapping[str, str], name: str, hint: object) -> object:
    if name == "ranks":
        return tuple(float(row[key]) for key in row if key.startswith("rank_"))
    if hint in (EstimateInterval, EstimateInterval | None):
        ends = [row[f"{name}{end}"] for end in ("", "_low", "_high")]
        return None if "" in ends else EstimateInterval(*map(float, ends))
    if hint == float | None:
        return float(row[name]) if row[name] else None
    convert: Callable[[str], object] = hint  # type: ignore[assignment]
    return convert(row[name])
