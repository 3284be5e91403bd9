"""The chance that an attack comes, or goes on: a base rate of past cases and its interval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from forewarn.drafting.report.situation import FRESH_DAYS


def chance_that_it_comes(issued: date, *, leave_out: Sequence[str], horizon_days: int) -> dict[str, Any]:
    """Take the chance that the attack comes within the horizon from past warnings known on the issue day.

    Parameters
    ----------
    leave_out
        Areas whose warnings are left out.
    """
    from forewarn.analogues import prospect, select_warnings

    found = prospect(select_warnings(as_of=issued, leave_out=leave_out), horizon_days=horizon_days)
    alarms, warned = found.false_alarms, found.warned
    low, chance, high = found.chance
    why = (
        f"{warned.came:.0f} of {warned.cases} past warnings known by {issued} came true in {horizon_days} "
        f"days ({alarms.came:.0f} of {alarms.cases} without offensives that were warned of), a selection"
    )
    return _base_rate(chance, why, f"{_percent(low)} to {_percent(high)} fits past warnings", warned.cases)


def chance_that_it_goes_on(issued: date, *, leave_out: Sequence[str], days: int) -> dict[str, Any]:
    """Take the chance that an attack under way goes on from past offensives that had begun by the issue day.

    Parameters
    ----------
    leave_out
        Areas whose offensives are left out.
    days
        As long as the course with the attack lasts at least.
    """
    from forewarn.analogues import outcomes_under_way, rate_of, select_begun

    known = select_begun(as_of=issued, leave_out=leave_out)
    rate = rate_of(outcomes_under_way(known, days=days, began_within=FRESH_DAYS))
    why = (
        f"so often the attacks of {rate.cases} past offensives known by {issued}, begun up to {FRESH_DAYS} "
        f"days before, went on for {days} days; those that stopped at once are hardly known, so it is rather "
        "too high"
    )
    fits = f"{_percent(rate.low)} to {_percent(rate.high)} fits past offensives"
    return _base_rate(rate.mean, why, fits, rate.cases)


def _base_rate(chance: float, why: str, fits: str, cases: int) -> dict[str, Any]:
    if not cases:
        return {"value": 0.5, "source": "assumption: even odds, as no past case was known; set it yourself"}
    return {"value": round(chance, 2), "source": f"assumption: {why}; set it yourself", "note": fits}


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
