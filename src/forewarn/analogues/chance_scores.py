"""Brier scores of the chances: each case forecast by the base rate among the other clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from forewarn.analogues.base_rates import Outcomes, outcomes_of_warnings, outcomes_under_way, rate_of
from forewarn.analogues.selection import select_begun, select_warnings

HORIZONS_DAYS: Final = (30, 120, 365)
GOES_ON_DAYS: Final = 7
BEGAN_WITHIN_DAYS: Final = 14
"""What drafts ask of an attack under way: that it goes on so long, having begun so many days ago at most."""


@dataclass(frozen=True, slots=True)
class ChanceScores:
    """How the base rate did on cases of other clusters, beside two constants.

    Parameters
    ----------
    forecast
        What was forecast: words.
    cases, clusters
        Past cases and clusters of them.
    said, came
        Mean of the chances that were forecast, and share of the cases in which it came.
    brier, brier_climatology, brier_half
        Mean squared difference of forecast and outcome (Brier 1950,
        doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2) of the base rate, of the share that came (known
        with hindsight), and of 0.5, which is always 0.25. Lower is better.
    """

    forecast: str
    cases: int
    clusters: int
    said: float
    came: float
    brier: float
    brier_climatology: float
    brier_half: float = 0.25

    def verdict(self) -> str:
        """Say plainly what the base rate adds, and whether it was right on average."""
        if self.brier < min(self.brier_climatology, self.brier_half):
            beats = "better than both constants"
        elif self.brier < self.brier_half:
            beats = "better than 0.5 and no better than the share that came, which nobody knew before"
        else:
            beats = "no better than 0.5"
        return f"{self.said:.0%} said on average, {self.came:.0%} came; {beats}."


def score_chances(*, as_of: date | None = None, leave_out: Sequence[str] = ()) -> tuple[ChanceScores, ...]:
    """Score the chance of an attack after a warning, by horizon, and that an attack under way goes on.

    Parameters
    ----------
    as_of, leave_out
        As in `select_warnings`; what no past case can tell by that day is left out.
    """
    warned = select_warnings(as_of=as_of, leave_out=leave_out)
    begun = select_begun(as_of=as_of, leave_out=leave_out)
    asked = [
        (f"attack within {days} days of a warning", outcomes_of_warnings(warned, horizon_days=days))
        for days in HORIZONS_DAYS
    ]
    going_on = outcomes_under_way(begun, days=GOES_ON_DAYS, began_within=BEGAN_WITHIN_DAYS)
    asked.append((f"attack under way goes on for {GOES_ON_DAYS} days", going_on))
    return tuple(score_outcomes(forecast, outcomes) for forecast, outcomes in asked if outcomes)


def score_outcomes(forecast: str, outcomes: Sequence[Outcomes]) -> ChanceScores:
    """Score cases, each forecast without those of its cluster; every day or warning looked at counts once."""
    said = brier = 0.0
    for each in outcomes:
        chance = rate_of([other for other in outcomes if other.cluster != each.cluster]).mean
        said += each.of * chance
        brier += each.came * (1 - chance) ** 2 + (each.of - each.came) * chance**2
    looked_at = sum(each.of for each in outcomes)
    came = sum(each.came for each in outcomes) / looked_at
    return ChanceScores(
        forecast=forecast,
        cases=len(outcomes),
        clusters=len({each.cluster for each in outcomes}),
        said=said / looked_at,
        came=came,
        brier=brier / looked_at,
        brier_climatology=came * (1 - came),
    )
