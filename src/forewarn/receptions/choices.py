"""One question that was asked of the past: these people left, which share went to each of these places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DestinationCase:
    """People who left one origin in one period or event, the places open to them, and where they went.

    Parameters
    ----------
    dataset, stage
        Where the case comes from, and what is known: ``cold``, ``history`` or ``first-count``.
    crisis, event
        Scores are means of cases within an event (or origin), of events within a crisis, of crises.
    fold
        Cases of one fold are left out together.
    places
        Names of the choice set.
    truth
        (place,), shares that came; they sum to 1.
    people
        Number of people the shares were counted from; 10,000 where it is not known.
    covariates
        By name, (place,): what was known of each place on the day (`receptions.covariates`).
    before
        (place,), people counted there before: earlier flows of the same origin, decayed, or the first
        count; empty if nothing was.
    """

    dataset: str
    stage: str
    crisis: str
    event: str
    as_of: str
    fold: str
    places: tuple[str, ...]
    truth: Floats
    people: float
    covariates: Mapping[str, Floats]
    before: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def key(self) -> str:
        """A name for the case, the same in every run: random draws are addressed with it."""
        return "|".join((self.dataset, self.stage, self.event, self.as_of, *self.places[:1]))


def hierarchical_mean(cases: Sequence[DestinationCase], values: Sequence[float] | Floats) -> float:
    """Mean of cases within events, of events within crises, of crises.

    Examples
    --------
    >>> from types import SimpleNamespace as S
    >>> cases = [S(crisis="a", event="1"), S(crisis="a", event="1"), S(crisis="b", event="2")]
    >>> hierarchical_mean(cases, [1.0, 3.0, 5.0])
    3.5
    """
    return float(np.dot(weights(cases), values))


def weights(cases: Sequence[DestinationCase]) -> Floats:
    """Weights of a mean in which every crisis counts the same, and in it every event; they sum to 1."""
    events: dict[tuple[str, str], int] = {}
    for case in cases:
        key = case.crisis, case.event
        events[key] = events.get(key, 0) + 1
    in_crisis = _counted(crisis for crisis, _ in events)
    return np.array(
        [1 / (len(in_crisis) * in_crisis[case.crisis] * events[case.crisis, case.event]) for case in cases]
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found
