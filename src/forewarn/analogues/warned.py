"""What became of past warnings: did the attack come, when, and who moved without it.

The warnings were collected by looking for false alarms. They are a collection and give no base rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from scipy.special import betaincinv, stdtrit

from forewarn.analogues.events import PastWarning
from forewarn.analogues.selection import WarningClass

# Each warning counts half: a power prior (Ibrahim & Chen 2000, doi:10.1214/ss/1009212673) for data that
# were gathered because they disappointed.
WARNING_WEIGHT: Final = 0.5
FEWEST_FOR_QUANTILES: Final = 3
CAUTION: Final = "A collection of alarms that were mostly false, not a base rate of warnings that come true."


@dataclass(frozen=True, slots=True)
class Prospect:
    """What past warnings say about a new one.

    Parameters
    ----------
    came, did_not_come
        Warnings whose attack came within the horizon, and those known to have been without one for so long.
    chance
        Quantiles of the probability that the attack comes within the horizon.
    chance_mean
        Its mean.
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
    came: int
    did_not_come: int
    chance: tuple[float, ...]
    chance_mean: float
    moved_without_attack: tuple[float, ...] | None
    moved: tuple[tuple[PastWarning, float], ...]
    days_until_attack: tuple[float, ...] | None
    lags: tuple[tuple[PastWarning, int], ...]
    caution: str = CAUTION


def prospect(
    chosen: WarningClass, *, horizon_days: int, probabilities: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.9)
) -> Prospect:
    """Say what past warnings, as followed up to the day of the class, say about a new one.

    Chance of the attack: beta with a uniform prior, each warning counted half. Shares moved and days until
    the attack: log-normal with unknown mean and spread, whose predictive distribution is Student-t on the
    log scale. Attacks that have not come yet are not in the days, so these are too short if anything.

    Parameters
    ----------
    horizon_days
        Days from the warning, above 0.
    """
    lags = tuple((warning, lag) for warning in chosen.warnings if (lag := _lag(warning, chosen)) is not None)
    came = sum(lag <= horizon_days for _, lag in lags)
    did_not = sum(_quiet_days(warning, chosen) >= horizon_days for warning in chosen.warnings)
    successes, failures = 1 + WARNING_WEIGHT * came, 1 + WARNING_WEIGHT * did_not
    moved = tuple(
        (warning, warning.displaced_without_attack / warning.figure)
        for warning in chosen.warnings
        if warning.displaced_without_attack and warning.figure and warning.displaced_published <= chosen.as_of
    )
    return Prospect(
        horizon_days=horizon_days,
        probabilities=tuple(probabilities),
        came=came,
        did_not_come=did_not,
        chance=tuple(float(betaincinv(successes, failures, probability)) for probability in probabilities),
        chance_mean=successes / (successes + failures),
        moved_without_attack=_log_quantiles([share for _, share in moved], probabilities),
        moved=moved,
        days_until_attack=_log_quantiles([float(lag) for _, lag in lags], probabilities),
        lags=lags,
    )


def _lag(warning: PastWarning, chosen: WarningClass) -> int | None:
    """Days to the attack, if it had come by the day of the class."""
    if not warning.speaks_of_attack or warning.attack_after_days is None:
        return None
    came = warning.warned + timedelta(days=warning.attack_after_days)
    return warning.attack_after_days if came <= chosen.as_of else None


def _quiet_days(warning: PastWarning, chosen: WarningClass) -> int:
    """Days for which no attack was known to have come by the day of the class; -1 if it warns of none."""
    if not warning.speaks_of_attack:
        return -1
    until = warning.no_attack_until
    if warning.attack_after_days is not None:
        until = warning.warned + timedelta(days=warning.attack_after_days - 1)
    return (min(until, chosen.as_of) - warning.warned).days if until else -1


def _log_quantiles(values: Sequence[float], probabilities: Sequence[float]) -> tuple[float, ...] | None:
    count = len(values)
    if count < FEWEST_FOR_QUANTILES:
        return None
    logs = np.log(values)
    scale = float(logs.std(ddof=1)) * np.sqrt(1 + 1 / count)
    return tuple(float(np.exp(logs.mean() + scale * stdtrit(count - 1, p))) for p in probabilities)
