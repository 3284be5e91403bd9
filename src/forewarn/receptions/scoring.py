"""Scores of forecasts of shares: S, coverage, PIT, means in which every crisis weighs the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np

from forewarn.receptions.choices import DestinationCase, Floats, hierarchical_mean, weights
from forewarn.receptions.dressing import (
    CONCENTRATIONS,
    draw_shares,
    mixed_with_equal,
    score_grid,
    score_shares,
)

SMALLEST_MEAN: Final = 0.02
"""Coverage is counted over places with at least so large a mean share."""
COVERED: Final = 0.8
RESAMPLES: Final = 4000
FEWEST_CELLS: Final = 40
"""Cells of a crisis from which on its coverage is told by itself."""
PIT_BINS: Final = 10
NO_PART: Final = (0.0,)


class Dressing(NamedTuple):
    """Part of equal shares that is mixed in, and concentration of the Dirichlet distribution."""

    part: float
    concentration: float


@dataclass(frozen=True, slots=True)
class PointForecast:
    """A point forecast of some cases, before it is dressed.

    Parameters
    ----------
    shares
        For each case, (place,).
    firmness
        (case,), factors of the concentration; 1 for most forecasts.
    parts
        Parts of equal shares that may be mixed in.
    """

    name: str
    shares: Sequence[Floats]
    firmness: Floats
    parts: tuple[float, ...] = NO_PART


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


def choose_dressing(
    cases: Sequence[DestinationCase], grids: Sequence[Floats], parts: Sequence[float]
) -> Dressing:
    """Choose the dressing with the least mean S; `grids` as `score_grid` gives them."""
    mean = np.tensordot(weights(cases), np.array(grids), axes=1)
    part, strength = np.unravel_index(int(mean.argmin()), mean.shape)
    return Dressing(parts[int(part)], CONCENTRATIONS[int(strength)])


def grids_of(cases: Sequence[DestinationCase], forecast: PointForecast) -> list[Floats]:
    """S of every dressing in every case, (part, concentration)."""
    return [
        score_grid(shares, case.truth, forecast.parts, firmness=float(firmness))
        for case, shares, firmness in zip(cases, forecast.shares, forecast.firmness, strict=True)
    ]


def dress_left_out(
    cases: Sequence[DestinationCase], forecast: PointForecast, grids: Sequence[Floats]
) -> list[Dressing]:
    """Choose the dressing of each case from the cases of the other folds; `grids` as `grids_of` gives them.

    With one fold alone there are no others: the least certain dressing is taken then.
    """
    found: dict[str, Dressing] = {}
    for fold in sorted({case.fold for case in cases}):
        others = [index for index, case in enumerate(cases) if case.fold != fold]
        if not others:
            return [Dressing(forecast.parts[-1], CONCENTRATIONS[0])] * len(cases)
        chosen = [cases[index] for index in others]
        found[fold] = choose_dressing(chosen, [grids[index] for index in others], forecast.parts)
    return [found[case.fold] for case in cases]


def score_cases(
    cases: Sequence[DestinationCase], forecast: PointForecast, dressings: Sequence[Dressing], *, seed: int = 1
) -> CaseScores:
    """Draw each forecast 400 times and score it."""
    s, held, cells = np.zeros(len(cases)), np.zeros(len(cases)), np.zeros(len(cases))
    pit = np.zeros(PIT_BINS)
    for index, (case, dressing) in enumerate(zip(cases, dressings, strict=True)):
        point = mixed_with_equal(forecast.shares[index], dressing.part)
        firm = dressing.concentration * float(forecast.firmness[index])
        drawn = draw_shares(point, firm, case.people, case.key, seed=seed)
        s[index] = score_shares(drawn, case.truth)
        low, high = np.quantile(drawn, [(1 - COVERED) / 2, (1 + COVERED) / 2], axis=0)
        counted = drawn.mean(axis=0) >= SMALLEST_MEAN
        truth = np.rint(case.truth * case.people) / case.people
        held[index] = ((low <= truth) & (truth <= high) & counted).sum()
        cells[index] = counted.sum()
        pit += np.histogram(randomised_pit(drawn, truth, case.key, seed=seed), PIT_BINS, (0, 1))[0]
    apart = [
        float(np.abs(shares - case.truth).sum() / 2)
        for case, shares in zip(cases, forecast.shares, strict=True)
    ]
    return CaseScores(forecast.name, s, np.array(apart), held, cells, pit)


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
