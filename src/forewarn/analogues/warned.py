"""What became of past warnings: did the attack come, when, and who moved without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtrit

from forewarn.analogues.base_rates import BaseRate, outcomes_of_warnings, rate_of
from forewarn.analogues.events import PastWarning
from forewarn.analogues.selection import WarningClass

FEWEST_FOR_QUANTILES: Final = 3
CAUTION: Final = (
    "Alarms that were mostly false, and a few offensives that were warned of: found in two searches, no "
    "sample of all warnings. The first alone give a rate that is too low."
)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What past warnings say about a new one.

    Parameters
    ----------
    false_alarms
        How often the attack came within the horizon after warnings that were collected as false alarms; too
        low, as they were collected because it did not come, or not then.
    warned
        The same over all warnings, those of offensives that came included.
    moved_without_attack
        Quantiles of people who moved without the attack, as a share of the published figure; may exceed 1.
        None with fewer than three cases.
    moved
        The cases behind it, with their shares.
    days_until_attack
        Quantiles of the days from a warning to the attack, where one came. None with fewer than three.
    """

    horizon_days: int
    probabilities: tuple[float, ...]
    false_alarms: BaseRate
    warned: BaseRate
    moved_without_attack: tuple[float, ...] | None
    moved: tuple[tuple[PastWarning, float], ...]
    days_until_attack: tuple[float, ...] | None
    lags: tuple[tuple[PastWarning, int], ...]
    caution: str = CAUTION

    @property
    def chance(self) -> tuple[float, float, float]:
        """Chance of the attack with its bounds, (low, middle, high), probabilities.

        The mean over all warnings, between the low end among false alarms and the high end among all.
        """
        return self.false_alarms.low, self.warned.mean, self.warned.high


def prospect(
    chosen: WarningClass, *, horizon_days: int, probabilities: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.9)
) -> Prospect:
    """Say what past warnings, as followed up to the day of the class, say about a new one.

    Shares moved and days until the attack: log-normal with unknown mean and spread, whose predictive
    distribution is Student-t on the log scale. Attacks that have not come yet are not in the days, so these
    are too short if anything.

    Parameters
    ----------
    horizon_days
        Days from the warning, above 0.
    """
    alarms = tuple(warning for warning in chosen.warnings if warning.collected_as == "false alarm")
    false_alarms, warned = (
        rate_of(outcomes_of_warnings(WarningClass(each, chosen.as_of), horizon_days=horizon_days))
        for each in (alarms, chosen.warnings)
    )
    lags = tuple(
        (warning, lag) for warning in chosen.warnings if (lag := warning.lag(chosen.as_of)) is not None
    )
    moved = tuple(
        (warning, warning.displaced_without_attack / warning.figure)
        for warning in chosen.warnings
        if warning.displaced_without_attack and warning.figure and warning.displaced_published <= chosen.as_of
    )
    return Prospect(
        horizon_days=horizon_days,
        probabilities=tuple(probabilities),
        false_alarms=false_alarms,
        warned=warned,
        moved_without_attack=_log_quantiles([share for _, share in moved], probabilities),
        moved=moved,
        days_until_attack=_log_quantiles([float(lag) for _, lag in lags], probabilities),
        lags=lags,
    )


def _log_quantiles(values: Sequence[float], probabilities: Sequence[float]) -> tuple[float, ...] | None:
    count = len(values)
    if count < FEWEST_FOR_QUANTILES:
        return None
    logs = np.log(values)
    scale = float(logs.std(ddof=1)) * np.sqrt(1 + 1 / count)
    return tuple(float(np.exp(logs.mean() + scale * stdtrit(count - 1, p))) for p in probabilities)
