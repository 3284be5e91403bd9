"""What counts teach of where people go: pulls of places and areas that carry on after the day of a count.

The simulation's pull of a place is the same on all days of a member. Where more people were counted than the
member had brought there, relative to all who fled, the pull is moved up, and down where fewer were, so that
those who flee later go where people were seen to go. Each member is moved by an ensemble Kalman filter with
perturbed counts (Burgers, van Leeuwen and Evensen 1998, doi:10.1175/1520-0493(1998)126<1719:ASITEK>2.0.CO;2):
prior variances are those of the scenario (`destination.pull_spread` of each place, `area_spread` of what an
area shares), and what is learnt wears off as the model wanders (`observation_error.MODEL_ERROR`). Trends of
shares are not carried on: in the counts that we know they do not last (docs/destinations.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from forewarn.arraytypes import Flags, Floats, Ints
from forewarn.forecast.member_worlds import area_of
from forewarn.forecast.updating.observation_error import DAYS_OF_MODEL_ERROR, OFFSET
from forewarn.forecast.updating.observations import Observation
from forewarn.kernel.arrays import NOT_WEIGHED, State, Traits
from forewarn.scenario import Scenario

_NEXT_TO_NONE = 1e-12  # a share that is nobody's but has a logarithm


class PullPrior(NamedTuple):
    """What is known of pulls before anybody was counted.

    Parameters
    ----------
    names
        Of the places.
    chosen
        (P,) whether anybody chooses to go there.
    area
        (P,) number of each place's area.
    place_variance, area_variance
        Of the log pull of a place, and of what an area's places share.
    """

    names: tuple[str, ...]
    chosen: Flags
    area: Ints
    place_variance: float
    area_variance: float


def pull_prior(scenario: Scenario) -> PullPrior:
    """Take the prior of the pulls from a scenario."""
    destination = scenario.model.destination
    areas = np.unique([area_of(place) for place in scenario.places], return_inverse=True)[1]
    return PullPrior(
        tuple(place.name for place in scenario.places),
        np.array([place.attraction > 0 for place in scenario.places]),
        areas.astype(np.int64),
        destination.pull_spread.typical() ** 2,
        destination.area_spread.typical() ** 2,
    )


class PullGain(NamedTuple):
    """What the counts of a day say of pulls; all 0 for counts of all places.

    Parameters
    ----------
    gain
        (P, count), shift of each log pull by the log ratio of each count (`log_ratios`).
    error
        (count,), standard errors of the log ratios.
    variance
        (count,), of the log share of a count's places before it was counted.
    """

    gain: Floats
    error: Floats
    variance: Floats


class PullFilter:
    """Gains of the counts of one day after another.

    A count of n places tells the mean of their log pulls; its own variance there is that of a member's wander
    since the series was last counted. What was learnt of these places, whatever was counted there, grows old
    by the same wander.
    """

    def __init__(self, prior: PullPrior, model_error: float) -> None:
        self.prior, self.model_error = prior, model_error
        self.variance: dict[tuple[str, ...], float] = {}

    def learn(self, counts: Sequence[Observation], since: Sequence[int]) -> PullGain:
        """Take the counts of a day, with the days on which their series were counted before."""
        covered = self._covered(counts)
        size = np.maximum(covered.sum(axis=0), 1.0)
        number = int(self.prior.area.max()) + 1
        by_area = np.zeros((number, len(counts)))
        np.add.at(by_area, self.prior.area, covered / size)
        covariance = self.prior.place_variance * covered / size
        covariance += self.prior.area_variance * by_area[self.prior.area]
        of_counts = (covered / size).T @ covariance
        tells = np.asarray(covered.any(axis=0))
        errors, variances = np.where(tells, 0.0, 1.0), np.zeros(len(counts))
        for i in np.flatnonzero(tells).tolist():
            prior = float(of_counts[i, i])
            variances[i] = self.variance.get(counts[i].places, prior)
            errors[i] = self._error(counts[i], since[i], prior)
        gains = covariance @ np.linalg.inv(of_counts + np.diag(errors))
        return PullGain(np.asarray(gains), np.where(tells, np.sqrt(errors), 0.0), variances)

    def _covered(self, counts: Sequence[Observation]) -> Floats:
        """Whether a count tells of a place's share, (P, count)."""
        number = {name: index for index, name in enumerate(self.prior.names)}
        covered = np.zeros((len(number), len(counts)))
        for i, count in enumerate(counts):
            if len(count.places) < len(number):
                covered[[number[name] for name in count.places], i] = 1.0
        return covered * self.prior.chosen[:, None]

    def _error(self, count: Observation, start: int, prior: float) -> float:
        """Variance of a count that gives the gain which its places have by now."""
        wander = self.model_error**2 * max(count.day - start, 1) / DAYS_OF_MODEL_ERROR
        variance = self.variance.get(count.places, prior)
        gain = variance / (variance + wander)
        self.variance[count.places] = variance * (1 - gain) + wander
        return prior * (1 / gain - 1) if prior > 0 else wander


class Seen(NamedTuple):
    """People newly displaced in each place when a member was brought to counts, (P,) each but `base`.

    Parameters
    ----------
    before, after
        Of the member by itself, and as counted.
    base
        (count, P), when the series of each count was last counted.
    expected
        Share of those on their way that the member's pulls give each place (`expected_shares`).
    """

    before: NDArray[np.generic]
    after: NDArray[np.generic]
    base: NDArray[np.generic]
    expected: Floats


def log_ratios(seen: Seen, covered: Sequence[Ints]) -> Floats:
    """How much larger a share was counted than a member had brought, on the logit scale, (count,).

    Of people who came since the series was last counted. Where the member has brought hardly anybody, its
    share is what its pulls give, and where they give nothing yet nobody knows. A count of hardly anybody does
    not tell how few: a member who has brought no more is left as it is.

    Parameters
    ----------
    covered
        Numbers of the places of each count.
    """
    found = np.zeros(len(covered))
    for i, places in enumerate(covered):
        came, counted = (np.maximum(now - seen.base[i], 0.0) for now in (seen.before, seen.after))
        own = came[places].sum() / max(came.sum(), 1.0)
        if came[places].sum() < OFFSET:
            own = seen.expected[places].sum()
            if not seen.expected.any():
                continue
        least = OFFSET / (counted.sum() + 2 * OFFSET)
        share = counted[places].sum() / max(counted.sum(), 1.0)
        lowest = least if share <= least else _NEXT_TO_NONE
        found[i] = logit(np.clip(share, least, 1 - least)) - logit(np.clip(own, lowest, 1 - least))
    return found


def expected_shares(departures: NDArray[np.generic], state: State) -> Floats:
    """Share that each place, (P,), gets of people who left, (P,), by a member's weights of today."""
    sets, found = state.sets, np.zeros(len(departures))
    left = np.asarray(departures, dtype=np.float64)
    for source in np.flatnonzero((left > 0) & (sets.epoch >= 0)).tolist():
        goals = sets.place[source, 1 : sets.size[source]]
        weights = sets.weight[source, 1 : sets.size[source]] * state.today.room[goals]
        if weights.sum() > 0:
            found[goals] += left[source] * weights / weights.sum()
    return np.asarray(found / max(found.sum(), 1.0))


def move_pulls(shift: Floats, traits: Traits, state: State) -> None:
    """Move the log pulls of a member on its way, (P,); choice sets that were filled are weighed anew."""
    finite = np.isfinite(traits.appeal)
    traits.appeal[finite] += shift[finite]
    sets = state.sets
    for source in np.flatnonzero(sets.epoch >= 0).tolist():
        size = sets.size[source]
        sets.weight[source, :size] *= np.exp(shift[sets.place[source, :size]])
    state.today.weighed[:] = NOT_WEIGHED
