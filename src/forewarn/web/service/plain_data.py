"""A forecast or a comparison as plain data: what the JSON interface gives, and what pages draw.

Numbers of people that the outlook's tables suppress are `None`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from forewarn.forecast import summary
from forewarn.forecast.quantiles import is_inside
from forewarn.forecast.summary import PeopleRange
from forewarn.forecast.variables import table_days
from forewarn.outlook.contents.answer import answer
from forewarn.outlook.format.ranges import widest
from forewarn.outlook.format.suppression import unless_suppressed
from forewarn.scenario import Scenario, doubts, tally
from forewarn.web.service.commands import compare_command
from forewarn.web.service.comparison import PairedForecasts, PlaceDifference, displaced, intervals
from forewarn.web.service.futures import MemberForecast
from forewarn.web.service.levers import Levers, changes

if TYPE_CHECKING:
    from forewarn.web.service.jobs import Job
    from forewarn.web.service.updates import UpdateSummary
    from forewarn.web.service.workspace import WorkspaceScenario

LARGEST: Final = 20
"""Places that are listed, by how many people are there or by how much it changes."""


def visible_range(item: PeopleRange) -> dict[str, int | None]:
    """Give the five quantiles of a number of people."""
    return {name: unless_suppressed(count) for name, count in asdict(item).items()}


def _supported_range(item: PeopleRange, draws: int) -> dict[str, int | None]:
    """Give the median, and what so many futures of a course support of the ranges around it."""
    least = {"median": 0, "p25": 50, "p75": 50, "p05": 90, "p95": 90}
    visible = visible_range(item)
    return {name: count if widest(draws) >= least[name] else None for name, count in visible.items()}


def build_entry(entry: WorkspaceScenario) -> dict[str, Any]:
    """Describe a scenario in the list."""
    return {**asdict(entry), "issued": entry.issued.isoformat()}


def build_scenario(entry: WorkspaceScenario, scenario: Scenario) -> dict[str, Any]:
    """Describe a scenario: what is in it, and how much of it is sourced."""
    counted = tally(scenario)
    return {
        **build_entry(entry),
        "summary": scenario.summary,
        "hindsight": scenario.hindsight,
        "draft": scenario.draft is not None,
        "numbers": {"sourced": counted.sourced, "assumed": counted.assumed},
        "doubts": [str(problem) for problem in doubts(scenario)],
        "courses_in_full": [
            {
                "name": course.name,
                "title": course.title,
                "summary": course.summary,
                "probability": course.probability.typical(),
                "stages": [
                    {"name": stage.name, "kind": stage.kind, "places": list(stage.places)}
                    for stage in course.stages
                ],
            }
            for course in scenario.courses
        ],
        "crossings": [
            {"name": crossing.name, "title": crossing.title, "status": crossing.status}
            for crossing in scenario.crossings
        ],
        "place_names": [place.name for place in scenario.places],
    }


def build_job(job: Job) -> dict[str, Any]:
    """Say how a job stands, without who started it."""
    content = asdict(job)
    del content["user"], content["spec"]
    return content | {"scenario": job.spec.get("scenario", "")}


def answers(forecast: MemberForecast) -> tuple[str, ...]:
    """Give the sentences that the outlook begins with."""
    return answer(forecast.view)


def build_forecast(forecast: MemberForecast) -> dict[str, Any]:
    """Give a forecast: the answer, each course, and the chance of published figures."""
    view, scenario = forecast.view, forecast.scenario
    planning = {figure.course: figure for figure in summary.planning_figures(forecast.dataset)}
    destinations = summary.destinations(forecast.dataset, count=LARGEST) if scenario.where_known else ()
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "issued": scenario.issued.isoformat(),
        "horizon_days": scenario.horizon_days,
        "members": forecast.members,
        "members_per_course": forecast.draws,
        "seed": forecast.seed,
        "answer": list(answers(forecast)),
        "courses": [
            {
                "name": course.name,
                "title": course.title,
                "probability": course.probability.typical(),
                "most_likely": unless_suppressed(planning[course.name].most_likely),
                "worst_case": unless_suppressed(planning[course.name].worst_case)
                if is_inside(forecast.draws, summary.WORST_CASE)
                else None,
                "displaced": _by_table_day(forecast, course.name),
                "destinations": [
                    {
                        "place": each.place,
                        "pcode": each.pcode,
                        "people": _supported_range(each.people, forecast.draws),
                    }
                    for each in destinations
                    if each.course == course.name
                ],
            }
            for course in scenario.courses
        ],
        "claims": [
            {
                "by": claim.by,
                "people": {"low": low, "high": high},
                "chance_of_more": view.chance_of_more(high),
            }
            for claim in scenario.claims
            for low, high in [summary.claim_bounds(claim.people, claim.low, claim.high)]
        ],
    }


def _by_table_day(forecast: MemberForecast, course: str) -> list[dict[str, Any]]:
    by_day = intervals(displaced(forecast.courses[course]))
    days = table_days(forecast.scenario.horizon_days)
    return [{"day": day, **_supported_range(by_day[day], forecast.draws)} for day in days]


def build_comparison(comparison: PairedForecasts, levers: Levers, entry: WorkspaceScenario) -> dict[str, Any]:
    """Give what a change does, course by course, on the days of the tables and by place on the last."""
    base = comparison.base.scenario
    last = base.horizon_days
    return {
        "scenario": base.name,
        "members": comparison.members,
        "members_per_course": comparison.draws,
        "seed": comparison.base.seed,
        "changes": list(changes(levers, base)),
        "command": compare_command(
            entry, levers, base, members=comparison.members, seed=comparison.base.seed
        ),
        "courses": [_compared(comparison, name, last) for name in comparison.base.courses],
        "chance_of_more": [
            dict(zip(("people", "base", "changed"), (high, *comparison.chance_of_more(high)), strict=True))
            for claim in base.claims
            for _, high in [summary.claim_bounds(claim.people, claim.low, claim.high)]
        ],
    }


def _compared(comparison: PairedForecasts, name: str, last: int) -> dict[str, Any]:
    course = comparison.course(name)
    scenario = comparison.base.scenario
    rows = sorted(comparison.places(name, last), key=lambda row: -abs(row.difference.median))
    chances = {
        side: next(c.probability.typical() for c in each.scenario.courses if c.name == name)
        for side, each in (("base", comparison.base), ("changed", comparison.changed))
    }
    draws = comparison.draws
    return {
        "name": name,
        "probability": chances,
        "displaced": [
            {
                "day": day,
                "base": _supported_range(course.base[day], draws),
                "changed": _supported_range(course.changed[day], draws),
                "difference": _supported_range(course.by_day[day], draws),
            }
            for day in table_days(scenario.horizon_days)
        ],
        "elsewhere": _supported_range(comparison.elsewhere(name, last), draws)
        if scenario.where_known
        else None,
        "zones": [_row("zone", row, draws) for row in comparison.zones(name, last)],
        "places": [
            _row("place", row, draws) for row in rows[:LARGEST] if any(asdict(row.difference).values())
        ],
    }


def _row(kind: str, row: PlaceDifference, draws: int) -> dict[str, Any]:
    sides = {side: getattr(row, side) for side in ("base", "changed", "difference")}
    return {kind: row.place, **{side: _supported_range(item, draws) for side, item in sides.items()}}


def build_update(summary: UpdateSummary) -> dict[str, Any]:
    """Give what counts have changed: chances, warnings, and the forecasts before and after."""
    return {
        "text": summary.text,
        "last_day": summary.last_day,
        "warnings": list(summary.warnings),
        "notes": list(summary.notes),
        "chances": asdict(summary.chances),
        "fits": asdict(summary.fits),
        "learnt": None if summary.learnt is None else asdict(summary.learnt),
        "before": build_forecast(summary.before),
        "after": {**build_forecast(summary.after), "answer": list(summary.answer)},
    }


def build_problems(problems: Iterable[Any]) -> list[Mapping[str, str]]:
    """Say what is wrong."""
    return [asdict(problem) for problem in problems]
