"""Words that the page and the brief share: tables of text, and numbers of a forecast in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from forewarn.forecast.summary import PeopleRange, course_probability
from forewarn.forecast.updating.diagnosis import RULED_OUT
from forewarn.outlook.format.values import between, chance, day, isolated, people, percent

if TYPE_CHECKING:
    from forewarn.forecast.pairing import PairedRun
    from forewarn.forecast.updating import Updated
    from forewarn.scenario import Scenario


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of text; the first cell of each row is its heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Teller:
    """A forecast and its scenario, with the words for numbers.

    What is told course by course is told of `possible`; what holds over all courses, of `dataset`.

    Parameters
    ----------
    counted
        Whether counts have changed the chances, where no `updated` is at hand to say so.
    """

    dataset: xr.Dataset
    scenario: Scenario
    smallest: int
    updated: Updated | None = None
    paired: tuple[PairedRun, ...] = ()
    counted: bool = False

    @property
    def has_counts(self) -> bool:
        """Whether counts have changed the chances of the courses."""
        return self.counted or self.updated is not None

    @cached_property
    def ruled_out(self) -> tuple[str, ...]:
        """Names of the courses that have no chance, or that counts leave none worth telling."""
        least = RULED_OUT if self.has_counts else 0.0
        return tuple(name for name, share in course_probability(self.dataset).items() if share <= least)

    @cached_property
    def possible(self) -> xr.Dataset:
        """The forecast without the members of courses that are ruled out."""
        if not self.ruled_out:
            return self.dataset
        gone = np.isin(self.dataset["course"].values.astype(str), self.ruled_out)
        return self.dataset.isel(member=np.flatnonzero(~gone))

    @property
    def said_ruled_out(self) -> str:
        """One sentence that names the courses that are ruled out; empty if none is."""
        if not self.ruled_out:
            return ""
        why = f"chance up to {chance(RULED_OUT)} with the counts" if self.has_counts else "chance 0 %"
        names = "; ".join(isolated(self.title(name)) for name in self.ruled_out)
        return f"Ruled out ({why}), so told without figures: {names}. The CSV files hold their rows."

    def chance(self, share: float) -> str:
        """Write a chance of courses: as it was stated, or in whole per cent where counts have changed it."""
        return percent(share) if self.has_counts else chance(share)

    @property
    def until(self) -> str:
        """Last day of the forecast."""
        return day(self.dataset["date"].values[-1])

    @property
    def issued(self) -> str:
        """Day the forecast was made."""
        return day(self.dataset["date"].values[0])

    def title(self, course: str) -> str:
        """Title of a course."""
        titles = {item.name: item.title or item.name for item in self.scenario.courses}
        return titles.get(course, course)

    def count(self, number: int) -> str:
        """Write a number of people."""
        return people(number, smallest=self.smallest)

    def three(self, item: PeopleRange) -> tuple[str, str, str]:
        """Write median, 50 % and 90 % interval."""
        return self.count(item.median), self.half(item), self.most(item)

    def half(self, item: PeopleRange) -> str:
        """Write the 50 % interval."""
        return between(item.p25, item.p75, smallest=self.smallest)

    def most(self, item: PeopleRange) -> str:
        """Write the 90 % interval."""
        return between(item.p05, item.p95, smallest=self.smallest)

    def with_most(self, item: PeopleRange) -> str:
        """Write the median and, in brackets, the 90 % interval."""
        median, most = self.count(item.median), self.most(item)
        return median if median == most else f"{median} ({most})"


def limits(smallest: int) -> tuple[str, ...]:
    """Say what a forecast cannot do, and what nobody may do with it."""
    return (
        "This is a simulation of what the scenario describes. It cannot know what commanders will decide, "
        "and courses that nobody named are not in it.",
        "Intervals hold if the scenario does. They do not cover errors in its population figures, its roads "
        "or the model itself.",
        "Figures for single places are less certain than totals. Use them to prepare, together with what "
        "people on the ground report, and replace them as counts come in.",
        "Think before sharing figures by place: who could use them to block, target or turn back people on "
        f"the move? Numbers of people below {smallest} are not shown.",
        "A low figure is no reason to leave people without protection, and no figure here justifies closing "
        "a way out.",
        "Names and boundaries, and who is said to hold a place, imply no endorsement and no opinion on the "
        "status of any territory.",
    )
