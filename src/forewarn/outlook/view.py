"""One view of a forecast: every summary that an outlook rests on, computed once and shared.

The page, the brief, the tables, the alerts, the terminal and the app all read from here, so that no two of
them can show different numbers and none computes what another has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from forewarn.forecast import summary
from forewarn.forecast.pairing import PairedRun, run_pairs
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.forecast.sensitivity import Driver, drivers
from forewarn.forecast.shares import LevelShares, finest_known
from forewarn.forecast.updating.diagnosis import RULED_OUT
from forewarn.outlook.format.formatter import Formatter
from forewarn.outlook.format.suppression import SUPPRESS_BELOW, suppressed_parts
from forewarn.outlook.format.values import day
from forewarn.outlook.triggers import TriggerEvaluation, evaluate_triggers

if TYPE_CHECKING:
    from forewarn.forecast.members import Posterior
    from forewarn.forecast.running import Progress
    from forewarn.forecast.updating import Updated
    from forewarn.scenario import Scenario


@dataclass(frozen=True, eq=False)
class ForecastView:
    """A forecast and its scenario, with the summaries of it that outputs share.

    What is shown course by course is shown of the `courses` that are possible; what holds over all courses
    rests on the whole `dataset`. Summaries are computed when they are first asked for.

    Parameters
    ----------
    dataset
        A forecast of `scenario`; whoever makes a view has checked it.
    scenario
        What it was made of.
    suppress_below
        Numbers of people above 0 and below this are suppressed.
    updated
        What observations have changed, if `dataset` is the forecast of an update.
    paired_runs
        Futures run again for each of the numbers that move the result most (`forewarn.forecast.pairing`).
    progress
        Called with (numbers done, numbers in all) while they run.
    observed
        Whether observations have changed the chances, where no `updated` is at hand to say so.
    """

    dataset: xr.Dataset
    scenario: Scenario
    suppress_below: int = SUPPRESS_BELOW
    updated: Updated | None = None
    paired_runs: int = 0
    progress: Progress | None = None
    observed: bool = False
    _by_day: dict[tuple[str, int], xr.DataArray] = field(default_factory=dict, repr=False)
    _shares: dict[str, LevelShares] = field(default_factory=dict, repr=False)

    @property
    def has_observations(self) -> bool:
        """Whether observations have changed the chances of the courses."""
        return self.observed or self.updated is not None

    @cached_property
    def formatter(self) -> Formatter:
        """How numbers of this forecast are written."""
        titles = {course.name: course.title or course.name for course in self.scenario.courses}
        return Formatter(titles, self.suppress_below, self.has_observations)

    @property
    def issued(self) -> str:
        """Day the forecast was made, in words."""
        return day(self.dates[0])

    @property
    def until(self) -> str:
        """Last day of the forecast, in words."""
        return day(self.dates[-1])

    @cached_property
    def dates(self) -> Sequence[np.datetime64]:
        """Dates of day 0, 1, …."""
        return tuple(self.dataset["date"].values)

    @cached_property
    def table_days(self) -> tuple[int, ...]:
        """Days of the tables."""
        return tuple(self.dataset["table_day"].values.tolist())

    # Courses

    @cached_property
    def chances(self) -> dict[str, float]:
        """Probability of each course, also of those that are ruled out."""
        return summary.course_probability(self.dataset)

    @cached_property
    def ruled_out(self) -> tuple[str, ...]:
        """Names of the courses that have no chance, or that observations leave next to none."""
        least = RULED_OUT if self.has_observations else 0.0
        return tuple(name for name, share in self.chances.items() if share <= least)

    @cached_property
    def courses(self) -> tuple[str, ...]:
        """Names of the courses that are possible, in the order of the members."""
        return tuple(name for name in self.chances if name not in self.ruled_out)

    @cached_property
    def possible(self) -> xr.Dataset:
        """The forecast without the members of courses that are ruled out."""
        if not self.ruled_out:
            return self.dataset
        gone = np.isin(self.dataset["course"].values.astype(str), self.ruled_out)
        return self.dataset.isel(member=np.flatnonzero(~gone))

    @cached_property
    def members_per_course(self) -> dict[str, int]:
        """Members of each course: what its quantiles rest on."""
        return summary.members_per_course(self.dataset)

    # People displaced

    @cached_property
    def displaced_by_day(self) -> xr.DataArray:
        """Quantiles of people displaced by the offensive, fear or a warning (course, quantile, day)."""
        return quantiles_by_course(summary.displaced_people(self.dataset, measure="offensive"))

    @cached_property
    def displaced_table(self) -> xr.Dataset:
        """Quantiles of people displaced on the days of the tables (`summary.displaced_table`)."""
        return summary.displaced_table(self.dataset)

    @cached_property
    def planning_figures(self) -> tuple[summary.PlanningFigure, ...]:
        """Most likely and worst case of each course that is possible."""
        return summary.planning_figures(self.possible)

    @cached_property
    def offensive_figure(self) -> summary.OffensiveFigure | None:
        """The distribution given an offensive, whichever course it takes."""
        return summary.offensive_figure(self.possible, self.scenario)

    @cached_property
    def offensive_probability(self) -> float:
        """Chance of a course with an offensive."""
        return summary.offensive_probability(self.dataset, self.scenario)

    @cached_property
    def gravest(self) -> str:
        """Name of the possible course with the highest worst case."""
        return max(self.planning_figures, key=lambda each: each.worst_case).course

    @cached_property
    def exceedance(self) -> xr.DataArray:
        """Chance, over all courses, that more people leave than each of some round numbers."""
        return summary.exceedance(self.dataset)

    def chance_of_more(self, people: int) -> float:
        """Give the chance, over all courses, that more than so many people leave."""
        return float(summary.exceedance(self.dataset, thresholds=[people])[0])

    def chance_given_offensive(self, people: int) -> float:
        """Give the chance that more than so many people leave, given an offensive, whichever its course."""
        left = summary.displaced_people(self.possible, measure="offensive").isel(day=-1)
        given = summary.given_offensive(left, self.scenario)
        weights = given["weight"].values
        return float(weights[given.values > people].sum() / weights.sum())

    @cached_property
    def claim_shares(self) -> tuple[summary.ClaimShare, ...]:
        """Where published figures lie among the members of each possible course."""
        return summary.place_claims(self.possible, self.scenario)

    @cached_property
    def blocked_figures(self) -> tuple[summary.BlockedFigure, ...]:
        """Queues at crossings, people without a way out and returns, of each possible course."""
        return summary.blocked_figures(self.possible)

    # Places and roads

    def present_on(self, number: int) -> xr.DataArray:
        """Give quantiles of newly displaced people at each place on a day (course, quantile, place)."""
        return self._kept("present", number, lambda: self.dataset["present"].isel(day=number))

    def within_on(self, number: int) -> xr.DataArray:
        """Give quantiles of people within their own place on a day (course, quantile, place)."""
        return self._kept("within", number, lambda: self.dataset["within"].isel(day=number))

    def left_by(self, number: int) -> xr.DataArray:
        """Give quantiles of first departures from each place up to a day (course, quantile, place)."""
        return self._kept("departures", number, lambda: self._summed("departures", number))

    def arrived_by(self, number: int) -> xr.DataArray:
        """Give quantiles of arrivals at each place up to a day (course, quantile, place)."""
        return self._kept("arrivals", number, lambda: self._summed("arrivals", number))

    def _summed(self, name: str, number: int) -> xr.DataArray:
        """Sum over the days after the issue day."""
        return self.dataset[name].isel(day=slice(1, number + 1)).sum("day", dtype=np.int64)

    def _kept(self, name: str, number: int, values: Callable[[], xr.DataArray]) -> xr.DataArray:
        found = self._by_day.get((name, number))
        if found is None:
            found = self._by_day[name, number] = quantiles_by_course(values())
        return found

    @cached_property
    def has_within(self) -> bool:
        """Whether anybody is known to be within their own place on a day of the tables."""
        days = self.dataset["within"].isel(day=list(self.table_days))
        return self.scenario.where_known and bool((days > 0).any())

    def within_suppressed(self, number: int) -> xr.DataArray:
        """Say which quantiles of people within their own place must not be shown (course, quantile, place).

        They are a part of those present, and of those who left home there: neither may give away the rest.
        """
        within, present, left = self.within_on(number), self.present_on(number), self.left_by(number)
        hidden = suppressed_parts(
            within.values, present.values, left.values, suppress_below=self.suppress_below
        )
        return within.copy(data=hidden)

    @cached_property
    def within_in_all(self) -> xr.DataArray:
        """Quantiles of people within their own place on the last day, in all (course, quantile)."""
        return quantiles_by_course(self.dataset["within"].isel(day=-1).sum("place", dtype=np.int64))

    @cached_property
    def moved(self) -> xr.DataArray:
        """Quantiles of people who set out along routes, both ways (course, quantile, table_day, route)."""
        return quantiles_by_course(self.dataset["flows"].sum("direction", dtype=np.int64))

    @cached_property
    def destinations(self) -> tuple[summary.PlaceFigure, ...]:
        """The ten largest destinations of each possible course; none if it is not known where people go."""
        if not self.scenario.where_known:
            return ()
        last = len(self.dates) - 1
        return summary.largest_places(
            self.possible, people=self.present_on(last), moved=self.arrived_by(last)
        )

    def shares_told(self, course: str) -> LevelShares:
        """Give where people of a course are on the last day, by the finest level that is known."""
        if course not in self._shares:
            self._shares[course] = finest_known(self.dataset, course).coarse(self.suppress_below)
        return self._shares[course]

    @cached_property
    def origins(self) -> tuple[summary.PlaceFigure, ...]:
        """The ten places of each possible course that most people leave."""
        left = self.left_by(len(self.dates) - 1)
        return summary.largest_places(self.possible, people=left, moved=left)

    # What it rests on

    @cached_property
    def drivers(self) -> tuple[Driver, ...]:
        """Numbers of the scenario that move the result, strongest first in each course."""
        return drivers(self.dataset, self.scenario, posterior=self._posterior)

    @cached_property
    def paired(self) -> tuple[PairedRun, ...]:
        """Runs of those numbers low and high; none if none are asked for."""
        if not self.paired_runs or not self.drivers:
            return ()
        return run_pairs(
            self.dataset,
            self.scenario,
            self.drivers,
            members=max(2, self.paired_runs),
            posterior=self._posterior,
            progress=self.progress,
        )

    @property
    def _posterior(self) -> Posterior | None:
        return None if self.updated is None else self.updated.posterior

    @cached_property
    def trigger_evaluations(self) -> tuple[TriggerEvaluation, ...]:
        """How probable the rule of each trigger is."""
        return evaluate_triggers(self.dataset, self.scenario)
