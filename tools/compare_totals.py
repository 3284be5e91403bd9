"""Compare ways to carry totals forward without knowing the later one: data/skill/totals.csv.

    python tools/compare_totals.py ../shared/data/flee

Ratios of error and CRPS to those of the last count in the project's own dressing, each conflict left out in turn. All ideas
were named after all ten conflicts had been seen. Some eight minutes of one core. Then ``make skill`` writes docs/skill.md.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from forewarn.hindcast.data.as_of import HORIZONS_DAYS, Known
from forewarn.hindcast.data.cases import Case, read_cases
from forewarn.hindcast.forecasters import linear_quantiles
from forewarn.hindcast.forecasters.base import Forecaster, Issuer, Others
from forewarn.hindcast.forecasters.learnt import Training
from forewarn.hindcast.forecasters.linear_quantiles import LinearQuantiles, terms
from forewarn.hindcast.forecasters.naive import Drift, LastValue
from forewarn.hindcast.forecasters.standardised import Pooled, with_pooled_errors
from forewarn.hindcast.running import run
from forewarn.hindcast.scores.formulas import LEVELS, normalised_absolute_error
from forewarn.hindcast.scores.records import Scored, losses

SKILL = Path(__file__).resolve().parent.parent / "src" / "forewarn" / "data" / "skill"
MODE = "total-forecast"
BASE = "last count, errors scaled and pooled"
NEAR_KM, STALE_DAYS, QUIET_DAYS = 50.0, 60, 120


@dataclass(frozen=True, slots=True)
class DampedPace:
    """The last count, and a part of the mean pace carried forward: ``forewarn`` of version 0.4.0."""

    part: float
    name: str = "damped"
    needs_total: bool = False

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> np.ndarray:
        """Forecast (place,), people."""
        table = terms(known, horizon_days)
        return np.asarray(np.clip(table[:, 0] + self.part * table[:, 1], 0, None))


def best_part(others: Others, horizon_days: int, mode: str) -> tuple[float, ...]:
    """Choose the part by the error on other conflicts."""

    def loss(part: float) -> float:
        found = []
        for issues in others.values():
            errors = []
            for issue in issues:
                index = [issue.known.places.index(place) for place in issue.places]
                point = DampedPace(part).point(issue.known, horizon_days)[index]
                errors.append(normalised_absolute_error(point, issue.truth))
            found.append(np.mean(errors))
        return float(np.mean(found))

    return (min((step / 12 for step in range(13)), key=loss),)


def _with(*more: Callable[[Known, int], np.ndarray]) -> Callable[[Known, int], np.ndarray]:
    """Add terms to the usual ones."""

    def table(known: Known, horizon_days: int) -> np.ndarray:
        return np.column_stack([terms(known, horizon_days), *(one(known, horizon_days) for one in more)])

    return table


def count_alone(known: Known, horizon_days: int) -> np.ndarray:
    """Leave the pace out."""
    return terms(known, horizon_days)[:, [0, 2]]


def three_paces(known: Known, horizon_days: int) -> np.ndarray:
    """Take the paces one by one."""
    paces = [known.rates(days) * horizon_days for days in linear_quantiles.PACE_DAYS]
    return np.column_stack([terms(known, horizon_days)[:, [0, 2]], *paces])


def total_by_stock(known: Known, horizon_days: int) -> np.ndarray:
    """Give the pace of the total, shared by what is registered."""
    now = known.counts()
    return np.asarray(known.rates(60).sum() * horizon_days * now / max(now.sum(), 1.0))


def moving(known: Known, horizon_days: int) -> np.ndarray:
    """Give what moves anywhere, by place."""
    return np.full(len(known.series), np.abs(known.rates(60)).mean() * horizon_days)


def near_fighting(known: Known, horizon_days: int) -> np.ndarray:
    """Give the last count of places within 50 km of fighting that is known by the day."""
    return np.asarray(known.counts() * (np.nan_to_num(known.km_to_fighting, nan=np.inf) < NEAR_KM))


def arrivals_near_fighting(known: Known, horizon_days: int) -> np.ndarray:
    """Give the mean count of all places, for those within 50 km of fighting."""
    return np.asarray(known.counts().mean() * (np.nan_to_num(known.km_to_fighting, nan=np.inf) < NEAR_KM))


def stale(known: Known, horizon_days: int) -> np.ndarray:
    """Give the last count of places not counted for 60 days."""
    last = np.array([series.days[-1] if len(series.days) else -10_000 for series in known.series])
    return np.asarray(known.counts() * (known.issue_day - last > STALE_DAYS))


def quiet(known: Known, horizon_days: int) -> np.ndarray:
    """Give the last count where nothing changed anywhere by a tenth in 120 days."""
    now = known.counts()
    still = np.abs(known.changes(QUIET_DAYS)).sum() < 0.1 * now.sum()
    return np.asarray(now * still)


@dataclass(frozen=True, slots=True)
class Unwidened:
    """`LinearQuantiles` whose width is not learnt on conflicts that were left out."""

    name: str
    inner: LinearQuantiles = field(default_factory=lambda: LinearQuantiles("inner"))

    def can(self, mode: str) -> bool:
        """As the forecaster itself."""
        return self.inner.can(mode)

    def learn(self, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Learn, and put the width back to one."""
        training = self.inner.collect(others, horizon_days, mode)
        *coefficients, _, usual, first = training.parameters
        changed = Training(training.conflicts, (*coefficients, 1.0, usual, first), training.errors)
        return self.inner.issuer(changed, others, horizon_days, mode)


@dataclass(frozen=True, slots=True)
class Forgetful:
    """`LinearQuantiles` that does not look at its own errors."""

    name: str

    def can(self, mode: str) -> bool:
        """As the forecaster itself."""
        return mode == MODE

    def learn(self, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Learn, and forget what matures."""
        issuer = LinearQuantiles("inner").learn(others, horizon_days, mode)

        class Without:
            def issue(self, known, horizon_days, *, total=None, matured=()):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
                return issuer.issue(known, horizon_days)

        return Without()


def ideas() -> Sequence[Forecaster]:
    """List what is compared, by what it is called on the page."""
    last, drift = with_pooled_errors(LastValue()), with_pooled_errors(Drift())
    variants: Mapping[str, Callable[[Known, int], np.ndarray]] = {
        "without the pace": count_alone,
        "three paces instead of their mean": three_paces,
        "and the pace of the total, by stock": _with(total_by_stock),
        "and what moves anywhere": _with(moving),
        "and fighting within 50 km": _with(near_fighting, arrivals_near_fighting),
        "and series that stopped 60 days ago": _with(stale),
        "and quiet conflicts": _with(quiet),
    }
    return (
        replace(last, name=BASE),
        replace(drift, name="full pace of 60 days, errors scaled and pooled"),
        Pooled(
            "damped mean of three paces, errors scaled and pooled (0.4.0)",
            best_part,
            lambda part, _: DampedPace(part[0]),
        ),
        LinearQuantiles("linear quantiles (since 0.5.0)"),
        LinearQuantiles("… camps that are to open not known", open_only=True),
        Unwidened("… width not learnt on left-out conflicts"),
        Forgetful("… own errors not looked at"),
        *(LinearQuantiles(f"… {name}", terms=table) for name, table in variants.items()),
    )


def rows(cases: Sequence[Case]) -> list[list[object]]:
    """Score every idea at both horizons."""
    forecasters = ideas()
    issues = {case.name: case.issues for case in cases}
    scored: list[Scored] = []
    for done, forecaster in enumerate(forecasters):
        print(f"{done + 1} of {len(forecasters)}: {forecaster.name}", flush=True)
        scored.extend(run(issues, [forecaster], modes=[MODE]))
    found: list[list[object]] = []
    for horizon in HORIZONS_DAYS:
        here = [one for one in scored if one.issue.horizon_days == horizon]
        base = {measure: means(here, BASE, measure) for measure in ("error", "crps")}
        for forecaster in forecasters:
            own = {measure: means(here, forecaster.name, measure) for measure in base}
            cells = [f"{own[measure].mean() / base[measure].mean():.3f}" for measure in base]
            better = [int((own[measure] < base[measure]).sum()) for measure in base]
            found.append(
                [forecaster.name, horizon, *cells, *better, f"{held(here, forecaster.name):.3f}", len(cases)]
            )
    return found


def means(scored: Sequence[Scored], name: str, measure: str) -> np.ndarray:
    """Give the mean loss of each conflict."""
    return np.array([values.mean() for values in losses(scored, name, measure).values()])


def held(scored: Sequence[Scored], name: str) -> float:
    """Give the part of truths within the 80 % interval, the mean over conflicts."""
    level = LEVELS.index(0.8)
    found: dict[str, list[bool]] = {}
    for one in scored:
        if one.forecaster == name:
            found.setdefault(one.issue.conflict, []).extend(one.covered[level])
    return float(np.mean([np.mean(each) for each in found.values()]))


def main(folder: Path) -> None:
    """Score and store."""
    cases = read_cases([path for path in sorted(folder.iterdir()) if (path / "input_csv").is_dir()])
    head = [
        "idea",
        "horizon_days",
        "error_ratio",
        "crps_ratio",
        "error_better_in",
        "crps_better_in",
        "held_80",
        "conflicts",
    ]
    with (SKILL / "totals.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows(cases)])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
