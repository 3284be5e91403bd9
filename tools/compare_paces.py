"""Compare ways to carry totals forward, each damped by what other conflicts ask for: data/skill/paces.csv.

    python tools/compare_paces.py ../shared/data/flee

Ratios of the error of the point forecast to that of the last count, total forecast, each conflict left out in turn. All ideas
were named after all ten conflicts had been seen. Then ``make skill`` writes docs/skill.md.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from forewarn.hindcast.data.as_of import HORIZONS_DAYS, Issue, Known
from forewarn.hindcast.data.cases import Case, read_cases
from forewarn.hindcast.forecasters.shared_arrivals import _growth
from forewarn.hindcast.scores.formulas import normalised_absolute_error

SKILL = Path(__file__).resolve().parent.parent / "src" / "forewarn" / "data" / "skill"
DAMPINGS = np.arange(0, 19) / 12
IDEAS: Mapping[str, Sequence[str]] = {
    "pace of 30 days": ("30",),
    "pace of 60 days (before 0.4.0)": ("60",),
    "pace of 120 days": ("120",),
    "mean of 30, 60 and 120 days (since 0.4.0)": ("30", "60", "120"),
    "the smaller of the last two changes of 30 days, if their signs agree": ("agreeing",),
    "pace before the last registration": ("last",),
    "the same, slowing as the curve slows": ("slowing",),
    "60 days and agreeing": ("60", "agreeing"),
    "30, 60, 120 days and agreeing": ("30", "60", "120", "agreeing"),
    "60 days, agreeing and slowing": ("60", "agreeing", "slowing"),
    "60 days of the total, shared by stock": ("total",),
}


def paces(known: Known) -> dict[str, np.ndarray]:
    """People per day by place, in several ways."""
    found = {str(days): known.rates(days) for days in (30, 60, 120)}
    last = known.changes(30)
    before = known.changes(60) - last
    agree = np.where(last * before > 0, np.sign(last) * np.minimum(np.abs(last), np.abs(before)), 0.0)
    growth = _growth(known)
    now = np.clip(known.counts(), 0, None)
    return found | {
        "agreeing": agree / 30,
        "last": np.array([rate for rate, _, _ in growth]),
        "slowing": np.array([rate * slowing for rate, slowing, _ in growth]),
        "total": found["60"].sum() * (now / now.sum() if now.sum() else np.full(len(now), 1 / len(now))),
    }


def errors(issues: Sequence[Issue], idea: Sequence[str]) -> np.ndarray:
    """Mean error over the issues of a conflict for each damping."""
    total = np.zeros(len(DAMPINGS))
    for issue in issues:
        index = [issue.known.places.index(place) for place in issue.places]
        found = paces(issue.known)
        pace = np.mean([found[name] for name in idea], axis=0)[index] * issue.horizon_days
        now = issue.known.counts()[index]
        total += [
            normalised_absolute_error(np.clip(now + part * pace, 0, None), issue.truth) for part in DAMPINGS
        ]
    return total / len(issues)


def rows(cases: Sequence[Case]) -> list[list[object]]:
    """Score every idea at both horizons."""
    found: list[list[object]] = []
    for idea, names in IDEAS.items():
        for horizon in HORIZONS_DAYS:
            table = np.array([errors(case.issues[horizon], names) for case in cases])
            held = [row[np.delete(table, at, axis=0).mean(axis=0).argmin()] for at, row in enumerate(table)]
            ratio = np.mean(held) / table[:, 0].mean()
            better = int((np.array(held) < table[:, 0]).sum())
            found.append([idea, horizon, f"{ratio:.3f}", better, len(cases)])
    return found


def main(folder: Path) -> None:
    """Score and store."""
    cases = read_cases([path for path in sorted(folder.iterdir()) if path.is_dir()])
    with (SKILL / "paces.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows(
            [["idea", "horizon_days", "ratio_to_last_value", "better_in", "conflicts"], *rows(cases)]
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
