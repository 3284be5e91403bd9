"""How often past attacks that were warned of came, and how often those under way went on.

Nobody has collected all warnings. The package's were found in two searches, for false alarms and for
offensives, so that the rate among the first is too low and that among both may be too high or too low:
together they bound it roughly. Offensives are in the table because many people fled, so that attacks which
stopped at once are missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from scipy.special import betaincinv

from forewarn.analogues.selection import ReferenceClass, WarningClass

LOW: Final = 0.1
HIGH: Final = 0.9
"""Ends of the intervals, as probabilities: they hold 80 %."""


class Outcomes(NamedTuple):
    """How often it came in one past case, out of the days or warnings of the case that were looked at."""

    cluster: str
    came: int
    of: int


@dataclass(frozen=True, slots=True)
class BaseRate:
    """A rate among past cases: beta posterior under Jeffreys' prior, Beta(½, ½).

    Its mean and its 80 % interval are probabilities. The interval is of sampling alone: how the cases were
    collected is not in it.

    Parameters
    ----------
    cases, came
        Past cases, and in how many of them it came; no whole number where days of a case were looked at.

    Notes
    -----
    Brown, Cai & DasGupta 2001, Interval estimation for a binomial proportion, doi:10.1214/ss/1009213286.
    """

    cases: int
    came: float

    @property
    def mean(self) -> float:
        """Mean of the posterior."""
        return (self.came + 0.5) / (self.cases + 1)

    @property
    def low(self) -> float:
        """Its 10th percentile."""
        return self._quantile(LOW)

    @property
    def high(self) -> float:
        """Its 90th percentile."""
        return self._quantile(HIGH)

    def _quantile(self, probability: float) -> float:
        return float(betaincinv(self.came + 0.5, self.cases - self.came + 0.5, probability))


def rate_of(outcomes: Sequence[Outcomes]) -> BaseRate:
    """Take the rate over cases; days of one case are not independent and together count as one."""
    looked_at = sum(each.of for each in outcomes)
    cases = len(outcomes)
    return BaseRate(cases, cases * sum(each.came for each in outcomes) / looked_at if looked_at else 0.0)


def outcomes_of_warnings(chosen: WarningClass, *, horizon_days: int) -> tuple[Outcomes, ...]:
    """Say of each warning whether the attack came within the horizon, if that was known by the day.

    Parameters
    ----------
    horizon_days
        Days from the warning, above 0.
    """
    found = []
    for warning in chosen.warnings:
        lag, quiet = warning.lag(chosen.as_of), warning.quiet_days(chosen.as_of)
        if (lag is not None and lag <= horizon_days) or quiet >= horizon_days:
            found.append(Outcomes(warning.cluster, int(quiet < horizon_days), 1))
    return tuple(found)


def outcomes_under_way(chosen: ReferenceClass, *, days: int, began_within: int) -> tuple[Outcomes, ...]:
    """Say of each attack under way, day by day, whether it still went on some days later.

    Looked at are day 0 to `began_within` of each event, as far as it ran and what followed was known by the
    day of the class. An event ends with its window, which may be that of its counts.

    Parameters
    ----------
    days
        Days later, above 0.
    began_within
        Days since the start at most, 0 or more.
    """
    found = []
    for event in chosen.events:
        known = began_within if chosen.as_of is None else (chosen.as_of - event.start).days - days
        ran = (event.end - event.start).days
        looked_at = min(began_within, known, ran) + 1
        if looked_at > 0:
            found.append(Outcomes(event.cluster, min(looked_at, max(0, ran - days + 1)), looked_at))
    return tuple(found)
