"""What was learnt from published conflicts, shipped so that a new one by itself has distributions.

It holds parameters and errors, dimensionless, and marks by which the conflicts are known again, whatever
their folder is called: none of it may be used where one of them is forecast or learnt from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, Protocol

import numpy as np

from forewarn.flee.registrations import Registrations
from forewarn.hindcast.data.as_of import Issue
from forewarn.hindcast.forecasters.base import Others
from forewarn.hindcast.forecasters.learnt import Key, LearntGrid, Prior, Training, spread, thinned

NAME: Final = "learnt.json"
QUANTILES: Final = 200
RUN: Final = 5  # registrations; assumption: fewer may agree by chance
MARK_LETTERS: Final = 10  # 40 bits: two runs of a few thousand agree by chance once in a million times


@dataclass(frozen=True, slots=True)
class Shipped:
    """Learnt from `names`, whose registrations have the `marks`."""

    names: tuple[str, ...]
    marks: frozenset[str]
    prior: Prior
    cold: LearntGrid

    def known_again(self, conflicts: Iterable[Registrations]) -> tuple[str, ...]:
        """Name the conflicts that this was learnt from: by their name or by any run of registrations."""
        return tuple(one.name for one in conflicts if one.name in self.names or marks(one) & self.marks)


def marks(conflict: Registrations) -> frozenset[str]:
    """Give marks of every run of `RUN` counts that differ from the one before, camp by camp.

    Neither names nor dates are in them, so that a copy that was renamed, moved in time, shortened or
    continued is known again.
    """
    found = set()
    for series in conflict.series:
        counts = (
            series.counts[np.append(True, np.diff(series.counts) != 0)]
            if len(series.counts)
            else series.counts
        )
        for start in range(len(counts) - RUN + 1):
            run = ",".join(f"{count:.0f}" for count in counts[start : start + RUN])
            found.add(hashlib.sha256(run.encode()).hexdigest()[:MARK_LETTERS])
    return frozenset(found)


def load() -> Shipped:
    """Read what is shipped."""
    text = (files("forewarn") / "data" / "skill" / NAME).read_text(encoding="utf-8")
    return from_json(json.loads(text))


def from_json(found: Mapping[str, Any]) -> Shipped:
    """Make it of the document that `to_json` makes."""
    prior: dict[Key, Training] = {}
    for entry in found["learnt"]:
        key = (entry["forecaster"], entry["mode"], entry["horizon_days"])
        errors = spread(entry["quantiles"], entry["errors"])
        prior[key] = Training(entry["conflicts"], tuple(entry["parameters"]), errors)
    cold = LearntGrid(len(found["conflicts"]), np.array(found["cold_start_errors"]))
    return Shipped(tuple(found["conflicts"]), frozenset(found["marks"]), prior, cold)


def to_json(conflicts: Sequence[Registrations], prior: Prior, cold: LearntGrid) -> dict[str, Any]:
    """Make a document: errors as `QUANTILES` quantiles and their number."""
    return {
        "conflicts": [one.name for one in conflicts],
        "marks": sorted(mark for one in conflicts for mark in marks(one)),
        "cold_start_errors": [round(float(error), 4) for error in cold.errors],
        "learnt": [
            {
                "forecaster": name,
                "mode": mode,
                "horizon_days": horizon,
                "conflicts": one.conflicts,
                "parameters": [round(value, 6) for value in one.parameters],
                "errors": len(one.errors),
                "quantiles": [float(f"{value:.5g}") for value in thinned(one.errors, QUANTILES)],
            }
            for (name, mode, horizon), one in prior.items()
        ],
    }


class Collecting(Protocol):
    """A forecaster that can tell what it learnt."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def can(self, mode: str) -> bool: ...  # noqa: D102

    def collect(self, others: Others, horizon_days: int, mode: str) -> Training:
        """Learn from conflicts, in a form that can be kept."""
        ...


def learn_all(
    forecasters: Iterable[Collecting],
    issues: Mapping[str, Mapping[int, Sequence[Issue]]],
    modes: Sequence[str],
) -> dict[Key, Training]:
    """Collect what every forecaster that can be shipped learns from all conflicts together."""
    horizons = sorted({horizon for found in issues.values() for horizon in found})
    learnt: dict[Key, Training] = {}
    for forecaster in forecasters:
        for mode in modes:
            for horizon in horizons:
                if forecaster.can(mode):
                    everything: Others = {name: found[horizon] for name, found in issues.items()}
                    learnt[forecaster.name, mode, horizon] = forecaster.collect(everything, horizon, mode)
    return learnt
