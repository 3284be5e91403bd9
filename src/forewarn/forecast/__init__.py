"""Scenario → forecast: ensembles, summaries, and comparisons in paired worlds."""

from forewarn.forecast.accessor import ArrayAccessor, DatasetAccessor
from forewarn.forecast.comparing import Difference, compare, differences
from forewarn.forecast.running import Executor, run, scenario_hash

__all__ = [
    "ArrayAccessor",
    "DatasetAccessor",
    "Difference",
    "Executor",
    "compare",
    "differences",
    "run",
    "scenario_hash",
]
