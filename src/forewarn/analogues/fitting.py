"""Fit the reference class, and predict a new event from what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from forewarn.analogues.attributes import Attributes
from forewarn.analogues.events import PastOffensive
from forewarn.analogues.pooling import FEWEST, ModelRow, predict
from forewarn.analogues.selection import EmptyClassError, ReferenceClass, select
from forewarn.arraytypes import Floats
from forewarn.errors import Problem

PROBABILITIES: Final = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Predictive:
    """Distribution for a new event: quantiles at stated probabilities.

    Parameters
    ----------
    share
        Share of the people exposed who are displaced; increases with the probability.
    days_to_half
        Days until half of those displaced have left.
    crossing
        Share of the displaced who cross a border; None if too few figures are known.
    chance_of_crossing
        Probability that anybody does, to speak of.
    share_events, days_events, crossing_events
        Number of past events behind each.
    """

    attributes: Attributes
    probabilities: tuple[float, ...]
    share: tuple[float, ...]
    days_to_half: tuple[float, ...]
    crossing: tuple[float, ...] | None
    chance_of_crossing: float | None
    share_events: int
    days_events: int
    crossing_events: int


@dataclass(frozen=True, slots=True)
class ReferenceFit:
    """The models on a reference class; attributes where they help, one pool where not."""

    chosen: ReferenceClass

    def share(self, attributes: Attributes, probabilities: Sequence[float]) -> Floats:
        r"""Quantiles of the share displaced.

        log(−log(1 − share)), the share moved off 0 and 1 as (share·(n − 1) + ½)/n (Smithson & Verkuilen 2006,
        doi:10.1037/1082-989X.11.1.54), on kind and on log10 of the people exposed: wide denominators hold
        people whom the attack never reaches. What the events of a cluster have in common is an effect too,
        so that the stages of one campaign do not count as so many. Scope, exits and more were tried, and
        left-out clusters are predicted no better with them (docs/analogues.md).
        """
        pairs = self.chosen.shares()
        rows = [ModelRow((event.kind or None, event.cluster), (_size(event),)) for event, _ in pairs]
        size = _size_of_new(attributes, [event for event, _ in pairs])
        values = [float(value) for value in np.log(-np.log1p(-_inside(pairs)))]
        mixture = predict(rows, values, ModelRow((attributes.kind, None), (size,)))
        return _outside(-np.expm1(-np.exp(mixture.quantiles(np.asarray(probabilities)))), len(pairs))

    def days_to_half(self, attributes: Attributes, probabilities: Sequence[float]) -> Floats:
        """Quantiles of the days until half were displaced.

        Where the length of the window is given: log of the days on log of the window; half cannot come
        after the end. Where it is not, log of the days of all events pooled. Left-out events are predicted no
        better with scope, kind and exits, in either case (docs/analogues.md).
        """
        pairs = self.chosen.days()
        window = attributes.window_days
        if window is None:
            new, rows = ModelRow(()), [ModelRow(()) for _ in pairs]
        else:
            new = ModelRow((), (float(np.log(window)),))
            rows = [ModelRow((), (float(np.log(event.window_days)),)) for event, _ in pairs]
        mixture = predict(rows, [float(np.log(days)) for _, days in pairs], new)
        days = np.exp(mixture.quantiles(np.asarray(probabilities)))
        return days if window is None else np.minimum(days, window)

    def crossing(self, probabilities: Sequence[float]) -> Floats | None:
        """Quantiles of the share of the displaced who cross a border; None with too few figures.

        0 with the probability that nobody does to speak of; else logit of the share, all events pooled:
        left-out events are predicted no better by scope, kind and exits (docs/analogues.md). What
        decides, a border near by and open, is not in the table.
        """
        chance = self.chance_of_crossing()
        pairs = [(event, share) for event, share in self.chosen.crossings() if share > 0]
        if chance is None or len(pairs) < FEWEST:
            return None
        inside = _inside(pairs)
        values = [float(value) for value in np.log(inside / (1 - inside))]
        mixture = predict([ModelRow(()) for _ in pairs], values, ModelRow(()))
        within = (np.asarray(probabilities) - (1 - chance)) / chance
        logit = mixture.quantiles(np.clip(within, 0.001, 0.999))
        return np.where(within > 0, _outside(1 / (1 + np.exp(-logit)), len(pairs)), 0.0)

    def chance_of_crossing(self) -> float | None:
        """Probability that anybody crosses a border to speak of: mean of a beta with Jeffreys' prior."""
        pairs = self.chosen.crossings()
        if len(pairs) < FEWEST:
            return None
        return (sum(share > 0 for _, share in pairs) + 0.5) / (len(pairs) + 1)


def fit(chosen: ReferenceClass) -> ReferenceFit:
    """Fit a reference class.

    Raises
    ------
    EmptyClassError
        If fewer than five events have a usable share, or days to half.
    """
    problems = [
        Problem(
            "reference class",
            f"{count} events with {what} were known by then",
            f"at least {FEWEST}",
            "Take a later day or leave out less",
        )
        for what, count in (("a share displaced", len(chosen.shares())), ("days to half", len(chosen.days())))
        if count < FEWEST
    ]
    if problems:
        raise EmptyClassError(problems)
    return ReferenceFit(chosen)


def predictive(
    attributes: Attributes,
    *,
    as_of: date | None = None,
    leave_out: Sequence[str] = (),
    probabilities: Sequence[float] = PROBABILITIES,
    events: Sequence[PastOffensive] | None = None,
) -> Predictive:
    """Predict a new event with given attributes.

    Parameters
    ----------
    as_of
        Only events that had ended, and figures that were published, by this day.
    leave_out
        Areas left out: the one that the forecast is for. See `selection.select`.
    probabilities
        Within 0.001 to 0.999, at which quantiles are given.
    events
        A table of events to use instead of the package's.

    Raises
    ------
    EmptyClassError
        If too few events are left.
    ForewarnError
        If an area to be left out is in no row.

    Examples
    --------
    >>> asked = Attributes(scope="region", kind="ground")
    >>> found = predictive(asked, as_of=date(2018, 8, 30), leave_out=["Idlib"])
    >>> found.share_events, found.days_events
    (23, 27)
    """
    fitted = fit(select(as_of=as_of, leave_out=leave_out, events=events))
    crossing = fitted.crossing(probabilities)
    return Predictive(
        attributes=attributes,
        probabilities=tuple(probabilities),
        share=_numbers(fitted.share(attributes, probabilities)),
        days_to_half=_numbers(fitted.days_to_half(attributes, probabilities)),
        crossing=None if crossing is None else _numbers(crossing),
        chance_of_crossing=fitted.chance_of_crossing(),
        share_events=len(fitted.chosen.shares()),
        days_events=len(fitted.chosen.days()),
        crossing_events=len(fitted.chosen.crossings()),
    )


def attributes_of(event: PastOffensive, *, with_window: bool = False) -> Attributes:
    """Say what could have been known of a past event in advance; on request its window too."""
    return Attributes(
        scope=event.scope,
        kind=event.kind or None,
        exits=event.exits or None,
        people=event.population,
        window_days=float(event.window_days) if with_window else None,
    )


def _inside(pairs: Sequence[tuple[PastOffensive, float]]) -> Floats:
    """Move shares off 0 and 1."""
    return (np.array([share for _, share in pairs]) * (len(pairs) - 1) + 0.5) / len(pairs)


def _outside(inside: Floats, count: int) -> Floats:
    """Undo `_inside`."""
    return np.clip((count * inside - 0.5) / (count - 1), 0.0, 1.0)


def _numbers(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _size(event: PastOffensive) -> float:
    return float(np.log10(event.population or np.nan))


def _size_of_new(attributes: Attributes, events: Sequence[PastOffensive]) -> float:
    """log10 of the people exposed; where not given, the mean of past events of the scope."""
    if attributes.people is not None:
        return float(np.log10(attributes.people))
    same = [event for event in events if event.scope == attributes.scope]
    return float(np.mean([_size(event) for event in same or events]))
