"""The forecasters of the project, by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from forewarn.errors import Problem, UsageError, nearest
from forewarn.hindcast.forecasters import Dressed, Forecaster
from forewarn.hindcast.naive import naive_forecasters
from forewarn.hindcast.observed import observed
from forewarn.hindcast.standardised import with_pooled_errors


def usual() -> tuple[Forecaster, ...]:
    """List what a hindcast runs when nobody chooses: every naive forecast, and Forewarn's own."""
    return (*(Dressed(forecaster) for forecaster in naive_forecasters()), observed())


def every(folders: Sequence[Path] = ()) -> dict[str, Forecaster]:
    """List all forecasters, those of `usual` first; ``NAME+pooled`` has the project's own dressing.

    Those that simulate, ``flee`` and ``simulation``, need the folders of all conflicts.
    """
    from forewarn.hindcast.flee_rules import FleeRules
    from forewarn.hindcast.simulated import Simulation

    dressed = [with_pooled_errors(forecaster) for forecaster in naive_forecasters()]
    simulated: list[Forecaster] = [FleeRules(tuple(folders)), Simulation(tuple(folders))] if folders else []
    return {forecaster.name: forecaster for forecaster in (*usual(), *dressed, *simulated)}


def chosen(names: Sequence[str], *, folders: Sequence[Path] = ()) -> tuple[Forecaster, ...]:
    """Give the forecasters of these names; the usual ones if there are none.

    Parameters
    ----------
    names
        As in `every`.
    folders
        Flee directories of all conflicts, for forecasters that simulate.

    Raises
    ------
    UsageError
        If a name is unknown.
    """
    if not names:
        return usual()
    known = every(folders)
    problems = [
        Problem("--forecaster", f"unknown forecaster '{name}'", nearest(name, tuple(known)))
        for name in names
        if name not in known
    ]
    if problems:
        raise UsageError(problems)
    return tuple(known[name] for name in dict.fromkeys(names))
