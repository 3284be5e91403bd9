"""A part of a scenario: one course alone, or another horizon."""

from __future__ import annotations

from forewarn.errors import Problem, UsageError, nearest
from forewarn.scenario.model.models import Scenario
from forewarn.scenario.resolving import explicit, resolve


def narrow(scenario: Scenario, *, horizon_days: int | None = None, course: str | None = None) -> Scenario:
    """Make a scenario with another horizon, or with one course as if it were certain.

    Parameters
    ----------
    scenario
        Left as it is.
    horizon_days
        Length of the forecast, days; as it was if None.
    course
        Name of the course to keep, with probability 1; all if None. Claims that speak of others only go.

    Raises
    ------
    UsageError
        If there is no such course.
    ScenarioError
        If the result breaks a rule.
    """
    if horizon_days is None and course is None:
        return scenario
    document = explicit(scenario)
    if horizon_days is not None:
        document["horizon_days"] = horizon_days
    if course is not None:
        names = [each.name for each in scenario.courses]
        if course not in names:
            raise UsageError(Problem("--course", f"course {course!r} not found", nearest(course, names)))
        (kept,) = (each for each in document["courses"] if each["name"] == course)
        kept["probability"] = {"value": 1.0, "source": f"assumption: {course} forecast alone, as if certain"}
        document["courses"] = [kept]
        claims = [
            each | {"courses": [course]} for each in document.get("claims", ()) if course in each["courses"]
        ]
        document["claims"] = claims
    return resolve(document)
