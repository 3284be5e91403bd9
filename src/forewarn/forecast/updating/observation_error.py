"""On which scale counts and predictions are compared, and how far apart they may be by error alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Floats, Stored
from forewarn.forecast.updating.observations import Observation

OFFSET = 100.0
"""People, an assumption: counts are compared by log(people + OFFSET), so that below about a hundred the
number of people counts and above it the ratio."""

MODEL_ERROR = 0.3
"""Standard deviation by which the logarithm of what a perfect model of this kind predicts wanders off within
30 days. An assumption, between the factor of 1.1 by which agencies differ and the factor of 2 by which
published plans miss (data/analogues)."""

DAYS_OF_MODEL_ERROR = 30.0

SHARED = 0.5
"""Share of the variance of the model error that all series have in common: an assumption. With 1 the sum
of all places would be as uncertain as each of them, with 0 far better known than any."""


def on_scale(people: NDArray[np.generic] | float) -> Floats:
    """Put numbers of people, any shape, on the scale of comparison.

    Examples
    --------
    >>> round(float(np.exp(on_scale(900.0))), 6)
    1000.0
    """
    return np.log(np.asarray(people, dtype=np.float64) + OFFSET)


def off_scale(scaled: Floats) -> Floats:
    """Turn values on the scale back into people, not below 0."""
    return np.asarray(np.maximum(np.exp(scaled) - OFFSET, 0.0))


def counting_variance(observations: Sequence[Observation]) -> Floats:
    """Variance of the errors of the counts on the scale, (d,)."""
    people = np.array([each.people for each in observations], dtype=np.float64)
    error = np.array([each.error for each in observations])
    # One person of error at least: no count is exact, and a matrix of zeros has no inverse.
    return np.asarray((np.maximum(error * people, 1.0) / (people + OFFSET)) ** 2)


def covariance(observations: Sequence[Observation], *, model_error: float = MODEL_ERROR) -> Floats:
    """Covariance of the errors of counts and of a model that nothing sets right, (d, d).

    Errors of counts are independent. The model's wander: of two counts they share what had come together
    by the earlier day, so that what counts of one series tell are their increments.
    """
    days = np.array([each.day - each.since for each in observations], dtype=np.float64)
    series = [each.series for each in observations]
    same = np.array([[first == second for second in series] for first in series], dtype=np.float64)
    wander = model_error**2 * np.minimum.outer(days, days) / DAYS_OF_MODEL_ERROR
    return np.asarray(np.diag(counting_variance(observations)) + wander * (same + SHARED * (1 - same)))


def predict(
    variables: Mapping[str, Stored], names: Sequence[str], observations: Sequence[Observation]
) -> NDArray[np.int64]:
    """Give what members say of each observation, (members, d), people.

    Parameters
    ----------
    variables
        ``present``, ``arrivals`` and ``departures`` (member, day, place), ``left_home`` (member, day, cause).
    names
        Of the places.
    observations
        What to predict.
    """
    number = {name: index for index, name in enumerate(names)}
    columns = [_predicted(variables, number, each) for each in observations]
    return np.stack(columns, axis=1)


def _predicted(
    variables: Mapping[str, Stored], number: Mapping[str, int], wanted: Observation
) -> NDArray[np.int64]:
    if wanted.measure == "displaced":
        left = variables["left_home"][:, [wanted.since, wanted.day], :-1].sum(axis=2, dtype=np.int64)
        # Fewer than before have left where a count in between has sent people home: that is nobody new.
        return np.asarray(np.maximum(left[:, 1] - left[:, 0], 0))
    places = [number[name] for name in wanted.places]
    first = wanted.day if wanted.measure == "present" else wanted.since + 1
    rows = variables[wanted.measure][:, first : wanted.day + 1]
    return np.asarray(rows[:, :, places].sum(axis=(1, 2), dtype=np.int64))
