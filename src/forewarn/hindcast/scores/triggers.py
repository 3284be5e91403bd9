"""Triggers: whether a rule such as "arrivals above N with probability above p" would have warned.

The rules were fixed before anything was scored: arrivals above 5, 10 and 25 % of the people registered in
the place (places with at least `SMALLEST_PLACE` people) or in all scored places, acted upon above
probabilities of 0.3, 0.5 and 0.7. Arrivals are the truth on the target day less the last count known on
the issue day: a net increase, of which a part may have come before the issue.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Floats
from forewarn.hindcast.scores.formulas import Ratio, pooled, ratio_interval
from forewarn.hindcast.scores.rates import rate
from forewarn.hindcast.scores.records import Scored
from forewarn.hindcast.scores.summary import groups

PARTS: Final = (0.05, 0.10, 0.25)
SMALLEST_PLACE: Final = 100  # people; assumption: a tenth of fewer is within the error of a count
ACTIVATES_ABOVE: Final = (0.3, 0.5, 0.7)
BASE_RATE: Final = "base_rate"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Arrivals above `part` of the people in the place, or in all places (`of`)."""

    of: str
    part: float


THRESHOLDS: Final = tuple(Threshold(of, part) for of in ("place", "total") for part in PARTS)


@dataclass(frozen=True, slots=True)
class TriggerForecast:
    """What one forecast said of a threshold, and what happened: (place,), places that the rule is for."""

    probability: Floats
    happened: NDArray[np.bool_]


def said(entry: Scored, threshold: Threshold) -> TriggerForecast:
    """Give the probability of more arrivals than the threshold, by place: the part of members above it."""
    now = entry.issue.known.only(entry.issue.places).counts()
    people = now if threshold.of == "place" else np.full(len(now), now.sum())
    limit = now + threshold.part * people
    ruled = people >= SMALLEST_PLACE
    above = [float(np.mean(samples > at)) for samples, at in zip(entry.forecast.samples, limit, strict=True)]
    return TriggerForecast(np.array(above)[ruled], (entry.issue.truth > limit)[ruled])


@dataclass(frozen=True, slots=True)
class TriggerSkill:
    """How a trigger would have done, all conflicts together.

    Parameters
    ----------
    activates_above
        Probability above which the trigger activates.
    forecasts, events, activations, hits
        Places × issues: all, those where the event came, those where the trigger activated, both.
    activation, detection, false_alarm_ratio, false_alarm_rate
        activations / forecasts; hits / events; activations without event / activations; activations
        without event / forecasts without event. None where nothing can be divided.
    brier, best_naive, brier_naive, brier_skill
        Brier scores of the probability, whatever is activated, as means over conflicts; the best naive
        probability (`BASE_RATE` is the part of events in the other conflicts); 1 − brier / brier_naive.
    """

    mode: str
    horizon_days: int
    forecaster: str
    threshold: Threshold
    activates_above: float
    forecasts: int
    events: int
    activations: int
    hits: int
    activation: Ratio | None
    detection: Ratio | None
    false_alarm_ratio: Ratio | None
    false_alarm_rate: Ratio | None
    brier: float
    best_naive: str
    brier_naive: float | None
    brier_skill: Ratio | None


def trigger_skill(
    scored: Sequence[Scored], *, naive: Collection[str], seed: int = 1
) -> tuple[TriggerSkill, ...]:
    """Score every trigger by mode, horizon and forecaster; nothing where no place has the people.

    Parameters
    ----------
    naive
        Names of the naive forecasters.
    seed
        Of the bootstrap.
    """
    rows: list[TriggerSkill] = []
    for (mode, horizon), entries in groups(scored).items():
        for threshold in THRESHOLDS:
            spoken: dict[str, dict[str, list[TriggerForecast]]] = {}
            for entry in entries:
                found = said(entry, threshold)
                if len(found.happened):
                    own = spoken.setdefault(entry.forecaster, {})
                    own.setdefault(entry.issue.conflict, []).append(found)
            rivals = {name: _briers(found) for name, found in spoken.items() if name in naive}
            anyone = next(iter(spoken.values()), {})
            if len(anyone) > 1:
                rivals[BASE_RATE] = _briers(base_rate(anyone))
            for name, by_conflict in spoken.items():
                rows += _rows((mode, horizon, name, threshold), by_conflict, rivals, seed)
    return tuple(rows)


def base_rate(by_conflict: Mapping[str, Sequence[TriggerForecast]]) -> dict[str, list[TriggerForecast]]:
    """Replace every probability by the part of events in the other conflicts, each counting the same."""
    parts = {
        name: float(np.concatenate([one.happened for one in found]).mean())
        for name, found in by_conflict.items()
    }
    told = {}
    for name, found in by_conflict.items():
        part = float(np.mean([value for other, value in parts.items() if other != name]))
        told[name] = [TriggerForecast(np.full(len(one.happened), part), one.happened) for one in found]
    return told


def _briers(by_conflict: Mapping[str, Sequence[TriggerForecast]]) -> dict[str, Floats]:
    return {
        name: np.array([((one.probability - one.happened) ** 2).mean() for one in found])
        for name, found in by_conflict.items()
    }


def _rows(
    head: tuple[str, int, str, Threshold],
    by_conflict: Mapping[str, Sequence[TriggerForecast]],
    rivals: Mapping[str, dict[str, Floats]],
    seed: int,
) -> list[TriggerSkill]:
    own = _briers(by_conflict)
    best = min(rivals, key=lambda name: pooled(rivals[name]), default="")
    theirs = rivals.get(best)
    skill = None
    if theirs is not None and pooled(theirs) > 0:
        ratio = ratio_interval(own, theirs, seed=seed)
        skill = Ratio(1 - ratio.value, 1 - ratio.high, 1 - ratio.low)
    brier_naive = None if theirs is None else pooled(theirs)
    rows = []

    def total(counts: dict[str, Floats]) -> int:
        return int(sum(values.sum() for values in counts.values()))

    for level in ACTIVATES_ABOVE:
        trials, events, active, hits = (_counts(by_conflict, level, which) for which in range(4))
        quiet = {name: trials[name] - events[name] for name in trials}
        false = {name: active[name] - hits[name] for name in trials}
        rows.append(
            TriggerSkill(
                *head,
                level,
                *(total(trials), total(events), total(active), total(hits)),
                rate(active, trials, seed=seed),
                rate(hits, events, seed=seed),
                rate(false, active, seed=seed),
                rate(false, quiet, seed=seed),
                pooled(own),
                best,
                brier_naive,
                skill,
            )
        )
    return rows


def _counts(
    by_conflict: Mapping[str, Sequence[TriggerForecast]], level: float, which: int
) -> dict[str, Floats]:
    """Count by issue: all (0), events (1), activations (2), both (3)."""

    def count(one: TriggerForecast) -> float:
        active = one.probability > level
        every = np.ones(len(active), bool)
        return float((every, one.happened, active, one.happened & active)[which].sum())

    return {name: np.array([count(one) for one in found]) for name, found in by_conflict.items()}
