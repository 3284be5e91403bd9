"""From whole events to single places: what a place's F and t50 must be for an event to be like its class.

The reference class speaks of events: the share of all people under attack that left, and the days until half
of them had. A simulation speaks of places: F, the share that leaves a place whose attack goes on, and t50,
the days of full exposure until half of these have left. An attack that reaches places one after another and
ends after some weeks displaces fewer than F, and later than t50. For an event whose exposure is known,

    share(t) = E[F] · A(t, t50),
    A(t, t50) = Σ_g w_g E[1 − s 2^(−pace_g · X_g(t) / h) − (1 − s) 2^(−pace_g · X_g(t) / k)],

where w_g is the part of the people in group g, X_g(t) its exposure summed up to day t, s the share that goes
at once and h its half-life, k that of those who follow (`days_of_followers`), and E the mean over the spread
between places (logit-normal F, log-normal t50) and over s. This is the kernel's law of flight
(docs/model.md, step E) in expectation, without fear, ordinary moves and returns.

How long events take says more about the attack than about people: in the class half have left after about
half of the event, whatever its length. So t50 keeps the shape of the class's days to half and is moved by one
factor, between `FASTEST` and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import brentq, least_squares
from scipy.special import expit, logit

from forewarn.arraytypes import Floats
from forewarn.flightlaw import days_of_followers

FASTEST: Final = 0.25
"""Factor on the class's days to half that t50 is not below (ratio); assumption.

It is not above 1 either: t50 would grow without end where half left after half of the event, and so leave no
room for the share that did leave."""
EDGE: Final = 0.001
"""F and shares are kept this far from 0 and 1, where the logit is infinite (share); assumption."""

_PACES = np.geomspace(0.1, 3000.0, 70)  # days; the t50 between which the event is interpolated
_EVERY = (np.arange(200) + 0.5) / 200
_NODES, _weights = np.polynomial.hermite_e.hermegauss(7)
_WEIGHTS = _weights / _weights.sum()


@dataclass(frozen=True, slots=True)
class Exposed:
    """People who are exposed alike.

    Parameters
    ----------
    people
        Their number.
    pace
        Their pace of flight relative to residents (ratio).
    exposure
        Exposure from 0 to 1 on each day of the event, from its first day.
    """

    people: float
    pace: float
    exposure: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AtOnce:
    """How many of those who leave go at once.

    Parameters
    ----------
    shares
        Values that their share may have, from 0 to 1.
    weights
        How probable each is; they add to 1.
    days
        Days of full exposure until half of them have left.
    """

    shares: tuple[float, ...] = (0.0,)
    weights: tuple[float, ...] = (1.0,)
    days: float = 1.0


NOBODY_AT_ONCE: Final = AtOnce()


@dataclass(frozen=True, slots=True)
class EventClass:
    """An event that may come, and what its class says of it.

    Parameters
    ----------
    share, days_to_half
        Quantiles of the class: share of all people in `exposed` displaced at the end, and days from the
        first day until half of these had left.
    exposed
        Everybody under attack; all exposures are as long as the event.
    """

    share: tuple[float, ...]
    days_to_half: tuple[float, ...]
    exposed: tuple[Exposed, ...]


@dataclass(frozen=True, slots=True)
class PlaceLevel:
    """Quantiles of F and t50 of places, and those of each event that follow from them.

    Parameters
    ----------
    share_leaving, days_to_half
        Of a place: F, and t50 in days.
    event_share, event_days
        Of each event: share displaced at its end, and days until half of these had left.
    """

    probabilities: tuple[float, ...]
    share_leaving: tuple[float, ...]
    days_to_half: tuple[float, ...]
    event_share: tuple[tuple[float, ...], ...]
    event_days: tuple[tuple[float, ...], ...]


def place_level(
    probabilities: Sequence[float],
    courses: Sequence[EventClass],
    *,
    share_spread: float,
    days_spread: float,
    at_once: AtOnce = NOBODY_AT_ONCE,
) -> PlaceLevel:
    """Find quantiles of F and t50 for which events have the shares and days to half of their class.

    Parameters
    ----------
    probabilities
        At which all quantiles are given.
    courses
        One or more events. One F and one t50 have to serve all of them.
    share_spread, days_spread
        Standard deviations of logit F and of log t50 between places.
    at_once
        Those who do not wait.

    Notes
    -----
    t50 is the class's days to half times one factor, with which the events' medians are met on average (log
    scale). F is the class's share, moved and stretched on the logit scale by least squares on all quantiles
    of all events' shares. F and t50 are independent, as the simulation draws them. What cannot be met shows
    in `event_share` and `event_days`.

    Examples
    --------
    >>> month = (Exposed(people=1000, pace=1.0, exposure=(0.9,) * 30),)
    >>> attack = EventClass(share=(0.2, 0.5, 0.8), days_to_half=(4, 9, 20), exposed=month)
    >>> found = place_level((0.1, 0.5, 0.9), [attack], share_spread=0.8, days_spread=0.5)
    >>> round(found.event_days[0][1], 1), round(found.event_share[0][1], 2)
    (7.6, 0.5)
    """
    at = np.asarray(probabilities, dtype=np.float64)
    shares = np.array([course.share for course in courses])
    days = np.exp(np.log([course.days_to_half for course in courses]).mean(axis=0))
    events = [_event(course.exposed, days_spread, at_once) for course in courses]

    def event_days(factor: float) -> Floats:
        return np.array([np.quantile(_at_paces(half, at, days * factor), at) for _, half in events])

    targets = np.array([course.days_to_half for course in courses])
    factor = _nearest_factor(
        lambda factor: float(np.mean([np.log(_median(at, found) / _median(at, target))
                                      for found, target in zip(event_days(factor), targets, strict=True)]))
    )  # fmt: skip
    done = [_at_paces(reached, at, days * factor) for reached, _ in events]
    logits = logit(np.clip(shares, EDGE, 1 - EDGE)).mean(axis=0)

    def leaving(moved: Floats) -> Floats:
        return np.asarray(np.clip(expit(moved[0] + moved[1] * (logits - np.median(logits))), EDGE, 1 - EDGE))

    def event_share(moved: Floats) -> Floats:
        drawn = np.clip(_between(at, leaving(moved)), EDGE, 1 - EDGE)
        mean = (_WEIGHTS * expit(logit(drawn)[:, None] + share_spread * _NODES)).sum(axis=1)
        return np.array([np.quantile(np.outer(mean, each), at) for each in done])

    start = np.array([np.median(logits), 1.0])
    fitted = least_squares(lambda x: (event_share(x) - shares).ravel(), start, bounds=((-8, 0.2), (8, 3)))
    return PlaceLevel(
        _plain(at),
        _plain(leaving(fitted.x)),
        _plain(days * factor),
        tuple(_plain(each) for each in event_share(fitted.x)),
        tuple(_plain(each) for each in event_days(factor)),
    )


def _median(at: Floats, values: Floats) -> float:
    return float(np.interp(0.5, at, values))


def _nearest_factor(miss: Callable[[float], float]) -> float:
    """Factor on t50 for which a rising `miss` is 0, or the nearest one allowed."""
    if miss(FASTEST) >= 0:
        return FASTEST
    if miss(1.0) <= 0:
        return 1.0
    bounds = (np.log(FASTEST), 0.0)
    return float(np.exp(brentq(lambda power: miss(float(np.exp(power))), *bounds, xtol=1e-4)))


def _event(exposed: Sequence[Exposed], days_spread: float, at_once: AtOnce) -> tuple[Floats, Floats]:
    """Part of F that has left at the end, and days until half of it had, for each t50 of `_PACES`."""
    people = np.array([each.people for each in exposed])
    summed = np.array([np.cumsum((0.0, *each.exposure)) * each.pace for each in exposed])  # (group, day)
    # Places that a stage attacks alike are exposed alike.
    summed, group = np.unique(summed, axis=0, return_inverse=True)
    people = np.bincount(group.ravel(), weights=people)
    gone = np.zeros((len(_PACES), summed.shape[1]))
    for i, pace in enumerate(_PACES):
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            here = _still_here(summed, pace * float(np.exp(days_spread * node)), at_once)
            gone[i] += weight * (people / people.sum()) @ (1 - here)
    day = np.arange(gone.shape[1])
    half = np.array([np.interp(row[-1] / 2, row, day) for row in gone])
    return gone[:, -1], half


def _still_here(exposure: Floats, days_to_half: float, at_once: AtOnce) -> Floats:
    """Part of those who leave that has not left after so much exposure, in days of full exposure."""
    shares = np.array(at_once.shares)
    followers = days_of_followers(
        np.full_like(shares, days_to_half), shares, np.full_like(shares, at_once.days)
    )
    here = np.zeros_like(exposure)
    for share, weight, days in zip(shares, at_once.weights, followers, strict=True):
        here += weight * (share * np.exp2(-exposure / at_once.days) + (1 - share) * np.exp2(-exposure / days))
    return here


def _at_paces(values: Floats, at: Floats, paces: Floats) -> Floats:
    """Read what depends on t50 at every t50 of a distribution, (200,)."""
    drawn = np.clip(_between(at, paces), _PACES[0], _PACES[-1])
    return np.asarray(np.interp(np.log(drawn), np.log(_PACES), values))


def _between(at: Floats, values: Floats) -> Floats:
    """Quantiles joined by straight lines, and beyond the outermost ones as docs/scenario.md says."""
    low = values[0] - (values[1] - values[0]) / (at[1] - at[0]) * at[0] / 2
    high = values[-1] + (values[-1] - values[-2]) / (at[-1] - at[-2]) * (1 - at[-1]) / 2
    return np.asarray(np.interp(_EVERY, [0.0, *at, 1.0], [max(low, 0.0), *values, high]))


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
