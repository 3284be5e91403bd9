"""From whole events to single places: what a place's F must be for an event to be like its class.

The reference class speaks of events: the share of all people under attack that left. A simulation speaks of
places: F, the share that leaves a place whose attack goes on, and t50, the days of full exposure until half
of these have left (`flight_paces`). An attack that reaches places one after another and ends after some weeks
displaces fewer than F. For an event whose exposure is known,

    share(t) = E[F] · A(t, t50),
    A(t, t50) = Σ_g w_g E[1 − s 2^(−pace_g · X_g(t) / h) − (1 − s) 2^(−pace_g · X_g(t) / k)],

where w_g is the part of the people in group g, X_g(t) its exposure summed up to day t, s the share that goes
at once and h its half-life, k that of those who follow (`days_of_followers`), and E the mean over the spread
between places (logit-normal F, log-normal t50) and over s. This is the kernel's law of flight
(docs/model.md, step E) in expectation, without fear, ordinary moves and returns.

How long events take says more about the attack than about people: in the class half have left after about
half of the event, whatever its length. So the class's days to half do not enter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import least_squares
from scipy.special import expit, logit

from forewarn.arraytypes import Floats
from forewarn.flightlaw import days_of_followers

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
        Equally likely values of their share, from 0 to 1.
    days
        Days of full exposure until half of them have left.
    """

    shares: tuple[float, ...] = (0.0,)
    days: float = 1.0


NOBODY_AT_ONCE: Final = AtOnce()


@dataclass(frozen=True, slots=True)
class EventClass:
    """An event that may come, and what its class says of it.

    Parameters
    ----------
    share
        Quantiles of the class: share of all people in `exposed` displaced at the end.
    exposed
        Everybody under attack; all exposures are as long as the event.
    """

    share: tuple[float, ...]
    exposed: tuple[Exposed, ...]


@dataclass(frozen=True, slots=True)
class PlaceLevel:
    """Quantiles of F of places, and those of each event's share displaced that follow from them."""

    probabilities: tuple[float, ...]
    share_leaving: tuple[float, ...]
    event_share: tuple[tuple[float, ...], ...]


def place_level(
    probabilities: Sequence[float],
    courses: Sequence[EventClass],
    *,
    days_to_half: Sequence[float],
    share_spread: float,
    days_spread: float,
    at_once: AtOnce = NOBODY_AT_ONCE,
) -> PlaceLevel:
    """Find quantiles of F for which events have the shares of their class.

    Parameters
    ----------
    probabilities
        At which all quantiles are given.
    courses
        One or more events. One F has to serve all of them.
    days_to_half
        Equally likely values of t50 of places, in days.
    share_spread, days_spread
        Standard deviations of logit F and of log t50 between places.
    at_once
        Those who do not wait.

    Notes
    -----
    F is the class's share, moved and stretched on the logit scale by least squares on all quantiles
    of all events' shares. F and t50 are independent, as the simulation draws them. What cannot be met shows
    in `event_share`.

    Examples
    --------
    >>> month = (Exposed(people=1000, pace=1.0, exposure=(0.9,) * 30),)
    >>> attack = EventClass(share=(0.2, 0.5, 0.8), exposed=month)
    >>> found = place_level(
    ...     (0.1, 0.5, 0.9), [attack], days_to_half=(0.5, 2, 9), share_spread=0.8, days_spread=0.5
    ... )
    >>> round(found.event_share[0][1], 2)
    0.5
    """
    at = np.asarray(probabilities, dtype=np.float64)
    shares = np.array([course.share for course in courses])
    paces = np.asarray(days_to_half, dtype=np.float64)
    log_paces = np.log(np.clip(paces, _PACES[0], _PACES[-1]))
    done = [
        np.interp(log_paces, np.log(_PACES), _gone(course.exposed, days_spread, at_once))
        for course in courses
    ]
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
        tuple(_plain(each) for each in event_share(fitted.x)),
    )


def _gone(exposed: Sequence[Exposed], days_spread: float, at_once: AtOnce) -> Floats:
    """Part of F that has left at the end of an event, for each t50 of `_PACES`."""
    people = np.array([each.people for each in exposed])
    summed = np.array([sum(each.exposure) * each.pace for each in exposed])
    # Places that a stage attacks alike are exposed alike.
    summed, group = np.unique(summed, return_inverse=True)
    people = np.bincount(group.ravel(), weights=people)
    gone = np.zeros(len(_PACES))
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        for i, pace in enumerate(_PACES):
            here = _still_here(summed, pace * float(np.exp(days_spread * node)), at_once)
            gone[i] += weight * (people @ (1 - here)) / people.sum()
    return gone


def _still_here(exposure: Floats, days_to_half: float, at_once: AtOnce) -> Floats:
    """Part of those who leave that has not left after so much exposure, in days of full exposure."""
    shares = np.array(at_once.shares)
    followers = days_of_followers(
        np.full_like(shares, days_to_half), shares, np.full_like(shares, at_once.days)
    )
    here = np.zeros_like(exposure)
    for share, days in zip(shares, followers, strict=True):
        here += share * np.exp2(-exposure / at_once.days) + (1 - share) * np.exp2(-exposure / days)
    return here / len(shares)


def _between(at: Floats, values: Floats) -> Floats:
    """Quantiles joined by straight lines, and beyond the outermost ones as docs/scenario.md says."""
    low = values[0] - (values[1] - values[0]) / (at[1] - at[0]) * at[0] / 2
    high = values[-1] + (values[-1] - values[-2]) / (at[-1] - at[-2]) * (1 - at[-1]) / 2
    return np.asarray(np.interp(_EVERY, [0.0, *at, 1.0], [max(low, 0.0), *values, high]))


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
