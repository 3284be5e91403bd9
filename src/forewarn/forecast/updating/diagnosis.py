"""What an update has learnt, and whether to believe it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from forewarn.arraytypes import Counts, Floats
from forewarn.forecast.updating.observation_error import covariance, on_scale, predict
from forewarn.forecast.updating.observations import Observation, Observations
from forewarn.forecast.updating.posterior import CoursePosterior, MemberPosterior

if TYPE_CHECKING:
    from forewarn.scenario import Scenario


LEARNT = 0.1
"""Share of the prior variance that must go before a number is said to have been learnt: an assumption, about
the reach of chance with a hundred members."""

FAR = 3.0
"""Standard errors, of count and model together, beyond which a count is said to lie outside."""

RULED_OUT = 0.001
"""Chance at or below which a course is said to be ruled out."""

PROBABILITIES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A number before and after: 10th, 50th and 90th percentile, and the share of its variance that is gone.

    Traits of places (`place` is not empty) are told as standard normal scores.
    """

    course: str
    name: str
    place: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    shrinkage: float


@dataclass(frozen=True, slots=True)
class ObservationFit:
    """A count beside what one course said of it, before and after: 10th, 50th and 90th percentile, people."""

    course: str
    observation: Observation
    before: tuple[float, float, float]
    after: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Chance:
    """Probability of a course before and after the observations."""

    course: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What an update has learnt.

    Parameters
    ----------
    chances
        Of each course.
    learnt
        Numbers that the observations say something about, most first within each course.
    fits
        Observations against predictions, course by course.
    effective_members
        Members that the weighted ensemble is worth, 1 / Σ weight².
    warnings
        What should make a reader doubt the result.
    notes
        How the observations were read, and which courses they rule out.
    """

    chances: tuple[Chance, ...]
    learnt: tuple[ParameterChange, ...]
    fits: tuple[ObservationFit, ...]
    effective_members: float
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def diagnose(
    scenario: Scenario,
    observations: Observations,
    forecast: xr.Dataset,
    before: Mapping[str, Counts],
    posterior: MemberPosterior,
    prior_scores: Mapping[str, Floats],
    model_error: float,
) -> Diagnosis:
    """Compare numbers and predictions before and after.

    Parameters
    ----------
    scenario, observations
        What was updated with what.
    forecast
        After the update.
    before
        What members of each course predicted of each observation before it, (n, d), people.
    posterior, prior_scores
        Scores of the parameters after and before, by course.
    model_error
        As in `update`.
    """
    rows = observations.rows
    variables = {name: forecast[name].values for name in ("present", "arrivals", "departures", "left_home")}
    names = [str(name) for name in forecast["place"].values]
    predicted = predict(variables, names, rows)
    course = forecast["course"].values.astype(str)
    after = {name: predicted[course == name] for name in before}
    chances = tuple(
        Chance(each.name, each.probability.typical(), posterior.probability(each.name))
        for each in scenario.courses
    )
    weights = forecast["weight"].values
    return Diagnosis(
        chances=chances,
        learnt=tuple(
            one
            for name, course_posterior in posterior.of_course.items()
            for one in _learnt(name, course_posterior, prior_scores[name])
        ),
        fits=tuple(
            ObservationFit(name, each, _quantiles(before[name][:, i]), _quantiles(after[name][:, i]))
            for name in before
            for i, each in enumerate(rows)
        ),
        effective_members=float(1 / (weights**2).sum()),
        warnings=tuple(_warnings(rows, before, after, chances, model_error)),
        notes=(*observations.notes, *_ruled_out(chances)),
    )


def _learnt(course: str, course_posterior: CoursePosterior, prior: Floats) -> list[ParameterChange]:
    gone = 1 - course_posterior.scores.var(axis=0) / prior.var(axis=0)
    found = []
    for number in np.argsort(-gone, kind="stable"):
        if gone[number] < LEARNT:
            break
        parameter = course_posterior.parameters[number]
        found.append(
            ParameterChange(
                course,
                parameter.name,
                parameter.place,
                _quantiles(parameter.values(prior[:, number])),
                _quantiles(parameter.values(course_posterior.scores[:, number])),
                float(gone[number]),
            )
        )
    return found


def _quantiles(values: Floats | Counts) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, PROBABILITIES)
    return float(low), float(middle), float(high)


def _warnings(
    observations: tuple[Observation, ...],
    before: Mapping[str, Counts],
    after: Mapping[str, Counts],
    chances: tuple[Chance, ...],
    model_error: float,
) -> Iterator[str]:
    observed = on_scale(np.array([each.people for each in observations]))
    error = np.sqrt(np.diag(covariance(observations, model_error=model_error)))
    everything = on_scale(np.concatenate(list(before.values())))
    low, high = everything.min(axis=0), everything.max(axis=0)
    for i, each in enumerate(observations):
        if observed[i] < low[i] - FAR * error[i] or observed[i] > high[i] + FAR * error[i]:
            yield (
                f"{_told(each)} lies outside everything that the scenario can do. Look at the scenario "
                "(dates, places attacked, people) before you believe the update."
            )
    likely = max(chances, key=lambda chance: chance.after)
    missed = np.abs(np.median(on_scale(after[likely.course]), axis=0) - observed) > FAR * error
    for each in (each for each, is_missed in zip(observations, missed, strict=True) if is_missed):
        yield f"{_told(each)} is not reached even after the update, in course {likely.course}."


def _ruled_out(chances: tuple[Chance, ...]) -> Iterator[str]:
    for chance in chances:
        if chance.before > RULED_OUT >= chance.after:
            yield (
                f"The counts rule out course {chance.course} (from {chance.before:.0%} to below "
                f"{RULED_OUT:.1%}). If it is still possible, a date or a place in it is wrong."
            )


def _told(each: Observation) -> str:
    return f"The count of {each.people:,} ({each.measure}, {each.area}, day {each.day})"
