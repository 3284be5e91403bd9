"""Forewarn: forecasts of who will be displaced by a looming offensive, with sources and uncertainty.

    >>> import forewarn as fw
    >>> forecast = fw.run("crossroads", members=20, seed=1)
    >>> fw.planning_figures(forecast)["most_likely"].sel(course="attack").item()
    5970

Every name below is loaded when it is first used, so that ``import forewarn`` costs next to nothing. What
stands in the rooms (`forewarn.scenario`, `forewarn.forecast`, …) can be imported from there.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from forewarn.api.forecasts import compare, open_forecast, run, save_forecast, update
    from forewarn.api.outlooks import write_outlook
    from forewarn.api.reference import reference_class
    from forewarn.api.reports import draft, figures, read
    from forewarn.api.scenarios import change, dump, dumps, load, loads, scenarios
    from forewarn.api.summaries import (
        destinations,
        displaced,
        exceedance,
        flows,
        needs,
        origins,
        planning_figures,
    )
    from forewarn.errors import ForewarnError
    from forewarn.scenario.model.models import Scenario

_HOMES: Final = {
    "forewarn.api.scenarios": ("change", "dump", "dumps", "load", "loads", "scenarios"),
    "forewarn.scenario.model.models": ("Scenario",),
    "forewarn.api.reports": ("draft", "figures", "read"),
    "forewarn.api.forecasts": ("compare", "open_forecast", "run", "save_forecast", "update"),
    "forewarn.api.summaries": (
        "destinations",
        "displaced",
        "exceedance",
        "flows",
        "needs",
        "origins",
        "planning_figures",
    ),
    "forewarn.api.reference": ("reference_class",),
    "forewarn.api.outlooks": ("write_outlook",),
    "forewarn.errors": ("ForewarnError",),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [  # noqa: PLE0604, RUF022
    "ForewarnError",
    "Scenario",
    "__version__",
    "change",
    "compare",
    "destinations",
    "displaced",
    "draft",
    "dump",
    "dumps",
    "exceedance",
    "figures",
    "flows",
    "load",
    "loads",
    "needs",
    "open_forecast",
    "origins",
    "planning_figures",
    "read",
    "reference_class",
    "run",
    "save_forecast",
    "scenarios",
    "update",
    "write_outlook",
]

__version__: str


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("forewarn")
    elif name in _HOME_OF:
        value = getattr(import_module(_HOME_OF[name]), name)
    else:
        raise AttributeError(f"module 'forewarn' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
