"""A forecast that starts from what was observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from forewarn.arraytypes import Counts, Floats
from forewarn.display import html_table
from forewarn.errors import Problem, UsageError
from forewarn.forecast.members import Posterior, run_members
from forewarn.forecast.running import Executor, Progress, check_request, in_chunks, run
from forewarn.forecast.sampling import member_keys, normal
from forewarn.forecast.updating.conditioning import anchors
from forewarn.forecast.updating.diagnosis import Diagnosis, diagnose
from forewarn.forecast.updating.observation_error import MODEL_ERROR, covariance, on_scale, predict
from forewarn.forecast.updating.observations import Observation, Observations
from forewarn.forecast.updating.parameters import parameters_of, scores
from forewarn.forecast.updating.posterior import CoursePosterior, MemberPosterior, counting_errors
from forewarn.forecast.updating.pulls import pull_prior
from forewarn.forecast.updating.smoother import effective, log_density, log_evidence, select, smooth
from forewarn.network import Network, build
from forewarn.scenario import Scenario

STEPS = 4
"""How often the data are assimilated; Emerick and Reynolds (2013) find four enough."""

SHARE_LEFT = 0.25
"""Share of the members that must differ after they are chosen by importance: an assumption."""

FEWEST = 30
"""Members of a course below which correlations say nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class Updated:
    """A forecast that has learnt, and what it has learnt."""

    forecast: xr.Dataset
    diagnosis: Diagnosis
    posterior: MemberPosterior

    @property
    def chances(self) -> xr.Dataset:
        """Probability of each course, ``before`` and ``after`` the observations: (course,), 0–1."""
        found = self.diagnosis.chances
        columns = {
            "before": ("Probability of the course before the observations", [each.before for each in found]),
            "after": ("Probability of the course given the observations", [each.after for each in found]),
        }
        return xr.Dataset(
            {
                name: ("course", values, {"long_name": words, "units": "1"})
                for name, (words, values) in columns.items()
            },
            {"course": [each.course for each in found]},
        )

    def __repr__(self) -> str:
        """Say what it is in a line."""
        return f"<Updated forecast of {self.forecast.attrs['scenario']}: {', '.join(self._facts())}>"

    def _repr_html_(self) -> str:
        rows = [(each.course, f"{each.before:.0%}", f"{each.after:.1%}") for each in self.diagnosis.chances]
        title = f"Updated forecast: {self.forecast.attrs['title']}"
        notes = (*self.diagnosis.warnings, *self.diagnosis.notes)
        return html_table(title, ("course", "before", "after"), rows, facts=self._facts(), notes=notes)

    def _facts(self) -> tuple[str, ...]:
        attributes = self.forecast.attrs
        return (
            f"{attributes['members']} members",
            f"{attributes['observations']} observations until {attributes['observed_until']}",
            f"{len(self.diagnosis.warnings)} warnings",
        )


def update(
    scenario: Scenario,
    observations: Observations,
    *,
    members: int,
    seed: int,
    model_error: float = MODEL_ERROR,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Updated:
    """Forecast a scenario from what has been observed since its issue day.

    Course by course the numbers that members draw are moved towards what makes the counts likely
    (`smoother`), the courses are weighed by how probable they made the counts, and on the day of each count
    people are put where they were counted (`conditioning`). docs/updating.md says all of it.

    Parameters
    ----------
    scenario
        As it was on the issue day.
    observations
        What `read_observations` gives.
    members
        Number of members, spread evenly over the courses; at least 30 for each.
    seed
        Whole number from 0.
    model_error
        See `observation_error.MODEL_ERROR`; 0 for a model that is known to be true, and then people are not
        moved to where they were counted.
    executor, progress
        As in `forecast.run`; members are run `STEPS` times up to the last count, then once to the end.

    Raises
    ------
    UsageError
        If there are too few members, no observations, or the seed is negative.

    Examples
    --------
    >>> from forewarn.scenario import load
    >>> from forewarn.forecast.updating import parse_observations
    >>> crossroads = load("crossroads")
    >>> table = "date,place,measure,people" + chr(10) + "2024-03-15,Elm Camp,arrivals,400"
    >>> updated = update(crossroads, parse_observations(table, crossroads), members=60, seed=1)
    >>> updated.forecast.sizes["member"]
    60
    """
    _check(scenario, observations, members, seed)
    course = _Learning(scenario, observations.rows, members, seed, model_error, executor)
    before, posterior = course.learn(_part(progress, 0, members))
    held = anchors(observations.rows, pull_prior(scenario), model_error=model_error)
    posterior = MemberPosterior(posterior.of_course, held)
    forecast = run(
        scenario,
        members=members,
        seed=seed,
        posterior=posterior,
        executor=executor,
        progress=_part(progress, STEPS, members),
    )
    forecast.attrs["observations"] = len(observations.rows)
    forecast.attrs["observed_until"] = str(forecast["date"].values[course.last_day])[:10]
    diagnosis = diagnose(
        scenario, observations, forecast, before, posterior, course.prior_scores, model_error
    )
    return Updated(forecast, diagnosis, posterior)


class _Learning:
    """The steps of learning, with what does not change from step to step."""

    def __init__(
        self,
        scenario: Scenario,
        observations: tuple[Observation, ...],
        members: int,
        seed: int,
        model_error: float,
        executor: Executor | None,
    ) -> None:
        self.scenario, self.observations, self.members = scenario, observations, members
        self.seed, self.executor = seed, executor
        self.network = build(scenario)
        self.last_day = max(each.day for each in observations)
        self.observed = on_scale(np.array([each.people for each in observations]))
        self.covariance = covariance(observations, model_error=model_error)
        self.keys = {
            course.name: member_keys(
                seed, np.arange(number, members, len(scenario.courses)) // len(scenario.courses)
            )
            for number, course in enumerate(scenario.courses)
        }
        self.parameters = {
            course.name: parameters_of(scenario, course, self.network) for course in scenario.courses
        }
        self.used: dict[str, float] = {}
        self.different: dict[str, float] = {}
        self.prior_scores = {
            name: scores(parameters, self.keys[name]) for name, parameters in self.parameters.items()
        }

    def learn(self, progress: Progress | None) -> tuple[Mapping[str, Counts], MemberPosterior]:
        """Give what members predicted before, by course, and what they have learnt."""
        of_scores = dict(self.prior_scores)
        before: dict[str, Counts] = {}
        chance: dict[str, float] = {}
        for step in range(STEPS):
            known = None if step == 0 else self._posterior(of_scores, chance)
            predicted = self._predicted(known, _part(progress, step, self.members))
            if step == 0:
                before, chance = predicted, self._chances(predicted)
            for name, people in predicted.items():
                scaled = on_scale(people)
                if step == 0:
                    of_scores[name], scaled = self._select(name, scaled)
                of_scores[name] = self._smooth(name, of_scores[name], scaled, step)
        return before, self._posterior(of_scores, chance)

    def _select(self, name: str, scaled: Floats) -> tuple[Floats, Floats]:
        """Choose members of a course by importance; what is left to learn goes to the smoother."""
        logs = log_density(scaled, self.observed, self.covariance)
        start = float(counting_errors(self.keys[name][:1], self.observations[:1], STEPS + 1)[0, 0])
        fewest = SHARE_LEFT * len(logs)
        chosen, self.used[name] = select(logs, start, fewest=fewest)
        self.different[name] = max(effective(self.used[name] * logs), fewest)
        return self.prior_scores[name][chosen], scaled[chosen]

    def _smooth(self, name: str, of_scores: Floats, scaled: Floats, step: int) -> Floats:
        left = 1 - self.used[name]
        if left <= 0:
            return of_scores
        return smooth(
            of_scores,
            scaled,
            self.observed,
            self.covariance,
            normal(counting_errors(self.keys[name], self.observations, step + 1)),
            inflation=STEPS / left,
            different=self.different[name],
        )

    def _posterior(self, of_scores: Mapping[str, Floats], chance: Mapping[str, float]) -> MemberPosterior:
        return MemberPosterior(
            {
                name: CoursePosterior(self.parameters[name], of_scores[name], chance[name])
                for name in self.parameters
            }
        )

    def _predicted(self, posterior: Posterior | None, progress: Progress | None) -> dict[str, Counts]:
        people = np.empty((self.members, len(self.observations)), dtype=np.int64)
        for chunk, of_chunk in in_chunks(
            predict_members,
            (self.scenario, self.network, self.seed),
            (posterior, self.last_day, self.observations),
            members=self.members,
            executor=self.executor,
            progress=progress,
        ):
            people[chunk] = of_chunk
        courses = self.scenario.courses
        return {course.name: people[number :: len(courses)] for number, course in enumerate(courses)}

    def _chances(self, predicted: Mapping[str, Counts]) -> dict[str, float]:
        """Probability of each course given what it predicted of the counts."""
        logs = np.array(
            [
                np.log(max(course.probability.typical(), np.finfo(np.float64).tiny))
                + log_evidence(on_scale(predicted[course.name]), self.observed, self.covariance)
                for course in self.scenario.courses
            ]
        )
        weight = np.exp(logs - logs.max())
        return dict(zip(predicted, (weight / weight.sum()).tolist(), strict=True))


def predict_members(
    scenario: Scenario,
    network: Network,
    seed: int,
    members: Counts,
    posterior: Posterior | None,
    last_day: int,
    observations: tuple[Observation, ...],
) -> Counts:
    """Simulate some members up to the last count and give what they say of each, (members, d), people."""
    variables = run_members(scenario, network, seed, members, posterior, last_day)
    return predict(variables, network.names, observations)


def _check(scenario: Scenario, observations: Observations, members: int, seed: int) -> None:
    check_request(scenario, members, seed)
    if not observations.rows:
        raise UsageError(Problem("observations", "none", "one or more"))
    wanted = FEWEST * len(scenario.courses)
    if members < wanted:
        what = f"{len(scenario.courses)} courses learn with {FEWEST} members each"
        raise UsageError(Problem("members", f"{members}", f"{wanted} or more: {what}"))


def _part(progress: Progress | None, part: int, members: int) -> Progress | None:
    """Tell of one of the runs as a part of all."""
    if progress is None:
        return None
    return lambda done, _: progress(part * members + done, (STEPS + 1) * members)
