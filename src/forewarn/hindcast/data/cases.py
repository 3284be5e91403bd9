"""Conflicts to hindcast: their folders read, their issues listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from forewarn.errors import ForewarnError, Problem
from forewarn.flee.registrations import (
    RegistrationError,
    Registrations,
    RegistrationSeries,
    read_registrations,
)
from forewarn.hindcast.data.as_of import HORIZONS_DAYS, Issue, corrected, issues
from forewarn.hindcast.data.geography import kinds, km_to_fighting

PARTS: Final = ("input_csv", "source_data")


@dataclass(frozen=True, slots=True)
class Case:
    """A conflict and its issues at each horizon, in order of time."""

    registrations: Registrations
    issues: dict[int, tuple[Issue, ...]]

    @property
    def name(self) -> str:
        """That of the folder."""
        return self.registrations.name


def read_cases(
    folders: Sequence[Path], *, horizons: Sequence[int] = HORIZONS_DAYS, interpolated: bool = False
) -> tuple[Case, ...]:
    """Read the conflicts and list their issues.

    Parameters
    ----------
    interpolated
        Use the registrations as papers on Flee do: see `interpolate`.

    Raises
    ------
    RegistrationError
        If a folder is no Flee directory, two have one name, registrations cannot be read, or a conflict
        has no issue that can be scored. Problems of all folders are listed.
    """
    problems: list[Problem] = []
    found: dict[str, Case] = {}
    for folder in folders:
        try:
            case = _read(folder, horizons, interpolated)
        except ForewarnError as error:
            problems += [replace(problem, where=f"{folder}: {problem.where}") for problem in error.problems]
            continue
        if case.name in found:
            problems.append(Problem(str(folder), f"a second folder with the name '{case.name}'"))
        found[case.name] = case
    if problems:
        raise RegistrationError(problems)
    return tuple(found.values())


def _read(folder: Path, horizons: Sequence[int], interpolated: bool) -> Case:
    missing = [part for part in PARTS if not (folder / part).is_dir()]
    if missing:
        what = f"folder not found: {', '.join(missing)}"
        raise RegistrationError(Problem(PARTS[0], what, "a Flee directory with input_csv and source_data"))
    read = only_camps(read_registrations(folder), kinds(folder))
    km = km_to_fighting(folder, read.places, read.length_days)
    registrations = interpolate(read) if interpolated else read
    by_horizon = {
        horizon: issues(registrations, horizon_days=horizon, km_to_fighting=km) for horizon in horizons
    }
    problems = [
        Problem(
            "source_data",
            f"no issue can be scored at {horizon} days: the period has {read.length_days} days",
            f"a period longer than {horizon} + 30 days, and registrations of two camps near a target day",
        )
        for horizon, listed in by_horizon.items()
        if not listed
    ]
    if problems:
        raise RegistrationError(problems)
    return Case(read, by_horizon)


def only_camps(conflict: Registrations, kinds: Mapping[str, str]) -> Registrations:
    """Leave out towns in which people are registered, as Flee and its scores do; remark on each."""
    towns = [place for place in conflict.places if "camp" not in kinds.get(place, "camp")]
    remarks = [
        Problem("source_data/data_layout.csv", f"'{town}' is a {kinds[town]}, not a camp: left out")
        for town in towns
    ]
    kept = tuple(series for series in conflict.series if series.place not in towns)
    return replace(conflict, series=kept, remarks=(*conflict.remarks, *remarks))


def interpolate(conflict: Registrations) -> Registrations:
    """Correct with everything ever known and interpolate to every day, as papers on Flee do.

    This hands a forecaster the future: the count "known" on an issue day lies on the line to a
    registration that comes later. It is here to show how much that changes, and for nothing else.
    """
    days = np.arange(conflict.length_days + 1)
    filled = []
    for series in conflict.series:
        counts = corrected(series, conflict.corrections, as_of=int(series.days[-1]))
        filled.append(RegistrationSeries(series.place, days, np.interp(days, series.days, counts)))
    return replace(conflict, series=tuple(filled), corrections=())
