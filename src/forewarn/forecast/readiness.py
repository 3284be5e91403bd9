"""Getting the simulation ready before anybody waits for it."""

from __future__ import annotations

import numpy as np

from forewarn.forecast.members import run_members
from forewarn.kernel.compiling import is_compiled_before
from forewarn.network import build
from forewarn.scenario import load

SMALLEST = "crossroads"


def is_compiled() -> bool:
    """Whether machine code from an earlier run is at hand; if not, getting ready takes half a minute.

    Examples
    --------
    >>> is_compiled() in (True, False)
    True
    """
    return is_compiled_before()


def get_ready() -> None:
    """Load the compiled simulation, or compile it, by running one member of the smallest scenario."""
    scenario = load(SMALLEST)
    run_members(scenario, build(scenario), 1, np.arange(1))
