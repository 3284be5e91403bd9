"""Numbers of one forecast in words: titles of its courses, chances, people and their ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forewarn.forecast.summary import PeopleRange
from forewarn.outlook.format.suppression import SUPPRESS_BELOW
from forewarn.outlook.format.values import between, chance, people, percent, signed, signed_range


@dataclass(frozen=True, slots=True)
class Formatter:
    """How the numbers of a forecast are written.

    Parameters
    ----------
    titles
        Titles of courses by their names.
    suppress_below
        Numbers of people above 0 and below this are suppressed.
    computed_chances
        Whether observations have changed the chances of the courses; they are then no longer stated figures.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    suppress_below: int = SUPPRESS_BELOW
    computed_chances: bool = False

    def title(self, course: str) -> str:
        """Title of a course."""
        return self.titles.get(course, course)

    def chance(self, share: float) -> str:
        """Write a chance of courses: as it was stated, or in whole per cent where it was computed."""
        return percent(share) if self.computed_chances else chance(share)

    def people(self, count: int) -> str:
        """Write a number of people."""
        return people(count, suppress_below=self.suppress_below)

    def people_between(self, low: int, high: int) -> str:
        """Write an interval of numbers of people."""
        return between(low, high, suppress_below=self.suppress_below)

    def difference(self, count: int) -> str:
        """Write a difference in people with its sign."""
        return signed(count, suppress_below=self.suppress_below)

    def difference_between(self, low: int, high: int) -> str:
        """Write an interval of differences in people."""
        return signed_range(low, high, suppress_below=self.suppress_below)

    def interval_50(self, item: PeopleRange) -> str:
        """Write the 50 % interval."""
        return self.people_between(item.p25, item.p75)

    def interval_90(self, item: PeopleRange) -> str:
        """Write the 90 % interval."""
        return self.people_between(item.p05, item.p95)

    def cells(self, item: PeopleRange) -> tuple[str, str, str]:
        """Write median, 50 % and 90 % interval, for three cells of a table."""
        return self.people(item.median), self.interval_50(item), self.interval_90(item)

    def median_and_90(self, item: PeopleRange) -> str:
        """Write the median and, in brackets, the 90 % interval; one number if they read the same."""
        median, interval = self.people(item.median), self.interval_90(item)
        return median if median == interval else f"{median} ({interval})"
