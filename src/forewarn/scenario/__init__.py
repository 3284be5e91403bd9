"""Scenarios: the document people write, and the explicit scenario that programs read.

See `docs/scenario.md` for the format.
"""

from forewarn.scenario.addressing.addresses import Assumption, Tally, path_of, quantities, tally
from forewarn.scenario.changes.changing import change
from forewarn.scenario.changes.narrowing import narrow
from forewarn.scenario.checks.doubtful import doubts
from forewarn.scenario.flight_prior import Attacked, attacked
from forewarn.scenario.json_schema import schema
from forewarn.scenario.loading import Bundled, bundled, load
from forewarn.scenario.model.models import (
    Ceasefire,
    Claim,
    Course,
    CourseCrossingChange,
    Crossing,
    CrossingChange,
    Model,
    PastFlow,
    Place,
    Post,
    ReturnProgramme,
    Route,
    Scenario,
    Source,
    Stage,
    Start,
    Trigger,
    Zone,
)
from forewarn.scenario.model.quantity import Quantity
from forewarn.scenario.resolving import dump, explicit, resolve

__all__ = [
    "Attacked",
    "attacked",
    "Assumption",
    "Bundled",
    "Ceasefire",
    "Claim",
    "Course",
    "CourseCrossingChange",
    "Crossing",
    "CrossingChange",
    "Model",
    "PastFlow",
    "Place",
    "Post",
    "Quantity",
    "ReturnProgramme",
    "Route",
    "Scenario",
    "Source",
    "Stage",
    "Trigger",
    "Start",
    "Tally",
    "Zone",
    "bundled",
    "change",
    "doubts",
    "dump",
    "explicit",
    "load",
    "narrow",
    "path_of",
    "quantities",
    "resolve",
    "schema",
    "tally",
]
