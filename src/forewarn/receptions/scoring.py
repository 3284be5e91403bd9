"""Scores of forecasts of shares: S, coverage, PIT, means in which every crisis weighs the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np

from forewarn.receptions.choices import DestinationCase, Floats, hierarchical_mean, weights
from forewarn.receptions.dressing import DIRICHLET, Dressing, draw_shares, score_dressing, score_shares

SMALLEST_MEAN: Final = 0.02
"""Coverage is counted over places with at least so large a mean share."""
COVERED: Final = 0.8
RESAMPLES: Final = 4000
FEWEST_CELLS: Final = 40
"""Cells of a crisis from which on its coverage is told by itself."""
PIT_BINS: Final = 10
AS_GOOD: Final = 1.01
"""Ratio of mean S up to which a dressing counts as good as the best (assumption)."""
FEW_FOLDS: Final = 20
"""Crises or origins from which on the best dressing is taken (assumption)."""


@dataclass(frozen=True, slots=True)
class PointForecast:
    """A point forecast of some cases, before it is dressed.

    Parameters
    ----------
    shares
        For each case, (place,).
    firmness
        (case,), how much surer it is than its dressing says; 1 for most forecasts.
    dressings
        Those that are tried, the least certain first.
    """

    name: str
    shares: Sequence[Floats]
    firmness: Floats
    dressings: tuple[Dressing, ...] = DIRICHLET


@dataclass(frozen=True, slots=True)
class CaseScores:
    """Scores of one forecast in its cases.

    Parameters
    ----------
    s
        (case,).
    held, cells
        (case,): places inside the 80 % interval, and places that count.
    pit
        Counts of the randomised probability integral transform in ten bins.
    """

    name: str
    s: Floats
    total_variation: Floats
    held: Floats
    cells: Floats
    pit: Floats


@dataclass(frozen=True, slots=True)
class DestinationScores:
    """A row of the record: a forecast in a set of cases, beside the baseline that is best there.

    Parameters
    ----------
    s, total_variation
        Means of cases in events, of events in crises, of crises; lower is better.
    ratio, ratio_low, ratio_high
        S over that of the rival, with a 90 % interval from a paired bootstrap over events.
    coverage, cells
        Part of the cells with a mean share of at least 2 % inside the 80 % interval, and their number.
    """

    dataset: str
    stage: str
    forecast: str
    cases: int
    events: int
    crises: int
    s: float
    total_variation: float
    rival: str
    ratio: float
    ratio_low: float
    ratio_high: float
    coverage: float
    cells: int
    pit: tuple[float, ...]


def score_dressings(cases: Sequence[DestinationCase], forecast: PointForecast) -> Floats:
    """S of every dressing that is tried, in every case, (case, dressing)."""
    return np.array(
        [
            [
                score_dressing(shares, one.firmer(float(firmness)), case.truth, case.people, case.key)
                for one in forecast.dressings
            ]
            for case, shares, firmness in zip(cases, forecast.shares, forecast.firmness, strict=True)
        ]
    )


def choose_dressing(cases: Sequence[DestinationCase], tried: Floats, forecast: PointForecast) -> Dressing:
    """Choose the dressing with the least mean S; of few folds the least certain that is as good.

    The best one for a few crises is too sure of itself elsewhere. `tried` is what `score_dressings` gives for
    these cases.
    """
    mean = weights(cases) @ tried
    as_good = AS_GOOD if len({case.fold for case in cases}) < FEW_FOLDS else 1.0
    return forecast.dressings[int(np.flatnonzero(mean <= as_good * mean.min())[0])]


def dress_left_out(
    cases: Sequence[DestinationCase], forecast: PointForecast, tried: Floats
) -> list[Dressing]:
    """Choose the dressing of each case from the cases of the other folds.

    With one fold alone there are no others: the least certain dressing is taken then.
    """
    found: dict[str, Dressing] = {}
    for fold in sorted({case.fold for case in cases}):
        others = [index for index, case in enumerate(cases) if case.fold != fold]
        if not others:
            return [forecast.dressings[0]] * len(cases)
        found[fold] = choose_dressing([cases[index] for index in others], tried[others], forecast)
    return [found[case.fold] for case in cases]


def score_cases(
    cases: Sequence[DestinationCase], forecast: PointForecast, dressings: Sequence[Dressing], *, seed: int = 1
) -> CaseScores:
    """Draw each forecast 400 times and score it."""
    drawn = [
        draw_shares(shares, dressing.firmer(float(firmness)), case.people, case.key, seed=seed)
        for case, shares, firmness, dressing in zip(
            cases, forecast.shares, forecast.firmness, dressings, strict=True
        )
    ]
    return score_drawn(cases, forecast.name, forecast.shares, drawn, seed=seed)


def score_drawn(
    cases: Sequence[DestinationCase],
    name: str,
    shares: Sequence[Floats],
    drawn: Sequence[Floats],
    *,
    seed: int = 1,
) -> CaseScores:
    """Score draws of each case, (draw, place), and its point forecast, (place,)."""
    s, held, cells = np.zeros(len(cases)), np.zeros(len(cases)), np.zeros(len(cases))
    pit = np.zeros(PIT_BINS)
    for index, (case, of_case) in enumerate(zip(cases, drawn, strict=True)):
        s[index] = score_shares(of_case, case.truth)
        low, high = np.quantile(of_case, [(1 - COVERED) / 2, (1 + COVERED) / 2], axis=0)
        counted = of_case.mean(axis=0) >= SMALLEST_MEAN
        truth = np.rint(case.truth * case.people) / case.people
        held[index] = ((low <= truth) & (truth <= high) & counted).sum()
        cells[index] = counted.sum()
        pit += np.histogram(randomised_pit(of_case, truth, case.key, seed=seed), PIT_BINS, (0, 1))[0]
    apart = [float(np.abs(point - case.truth).sum() / 2) for case, point in zip(cases, shares, strict=True)]
    return CaseScores(name, s, np.array(apart), held, cells, pit)


def randomised_pit(drawn: Floats, truth: Floats, key: str, *, seed: int = 1) -> Floats:
    """Rank of what came among the draws, between 0 and 1, ties broken at random, (place,).

    Uniform if the forecast is calibrated, also where shares of exactly nothing are forecast and come (Czado,
    Gneiting and Held 2009, doi:10.1111/j.1541-0420.2009.01191.x).
    """
    generator = np.random.Generator(np.random.Philox(key=[seed + 1_000_003, crc32(key.encode())]))
    below, ties = (drawn < truth).sum(axis=0), (drawn == truth).sum(axis=0)
    return np.asarray((below + generator.random(len(truth)) * (ties + 1)) / (len(drawn) + 1))


def summarise_scores(
    cases: Sequence[DestinationCase], scores: Sequence[CaseScores], rivals: Sequence[str], *, seed: int = 1
) -> list[DestinationScores]:
    """Make the rows of the record; the rival is the best of the named ones, by its mean."""
    means = {one.name: hierarchical_mean(cases, one.s) for one in scores}
    rival = min((name for name in rivals if name in means), key=lambda name: means[name])
    against = next(one for one in scores if one.name == rival)
    events = {(case.crisis, case.event) for case in cases}
    rows = []
    for one in scores:
        low, high = ratio_interval(cases, one.s, against.s, seed=seed)
        rows.append(
            DestinationScores(
                cases[0].dataset, cases[0].stage, one.name, len(cases), len(events),
                len({case.crisis for case in cases}), means[one.name],
                hierarchical_mean(cases, one.total_variation), rival, means[one.name] / means[rival], low,
                high, float(one.held.sum() / max(1.0, one.cells.sum())), int(one.cells.sum()),
                tuple(float(count) for count in one.pit / one.pit.sum()),
            )
        )  # fmt: skip
    return rows


def ratio_interval(
    cases: Sequence[DestinationCase], mine: Floats, theirs: Floats, *, seed: int = 1
) -> tuple[float, float]:
    """5th and 95th percentile of a ratio of means, events drawn with replacement, pairs kept."""
    keys = sorted({(case.crisis, case.event) for case in cases})
    event = np.array([keys.index((case.crisis, case.event)) for case in cases])
    number = np.bincount(event)
    means = np.stack([np.bincount(event, mine) / number, np.bincount(event, theirs) / number])
    crises = sorted({crisis for crisis, _ in keys})
    crisis = np.array([crises.index(name) for name, _ in keys])
    generator = np.random.Generator(np.random.Philox(seed))
    ratios = []
    for _ in range(RESAMPLES):
        drawn = generator.integers(len(keys), size=len(keys))
        counts = np.bincount(crisis[drawn], minlength=len(crises))
        sums = [np.bincount(crisis[drawn], row[drawn], len(crises)) for row in means]
        there = counts > 0
        first, second = ((row[there] / counts[there]).mean() for row in sums)
        ratios.append(first / second)
    low, high = np.quantile(ratios, [0.05, 0.95])
    return float(low), float(high)


def coverage_by_crisis(cases: Sequence[DestinationCase], scores: CaseScores) -> dict[str, tuple[float, int]]:
    """Part of the cells inside their 80 % intervals and number of cells, for crises with at least 40."""
    found = {}
    for crisis in sorted({case.crisis for case in cases}):
        inside = np.array([case.crisis == crisis for case in cases])
        cells = int(scores.cells[inside].sum())
        if cells >= FEWEST_CELLS:
            found[crisis] = float(scores.held[inside].sum() / cells), cells
    return found
