"""The forecasters of the project, by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from forewarn.errors import Problem, UsageError, nearest
from forewarn.hindcast.forecasters.base import MODES, ByMode, Dressed, Forecaster
from forewarn.hindcast.forecasters.learnt import NOTHING, Prior
from forewarn.hindcast.forecasters.naive import LastValue, StockShares, naive_forecasters
from forewarn.hindcast.forecasters.pool import LinearPool
from forewarn.hindcast.forecasters.shared_arrivals import forewarn_forecaster, forewarn_variants
from forewarn.hindcast.forecasters.standardised import Pooled, with_pooled_errors


def usual(*, prior: Prior = NOTHING) -> tuple[Forecaster, ...]:
    """List what a hindcast runs when nobody chooses: every naive forecast, and Forewarn's own.

    Parameters
    ----------
    prior
        What was learnt from conflicts that are not in the hindcast.
    """
    naive = [Dressed(forecaster, prior) for forecaster in naive_forecasters()]
    return (*naive, forewarn_forecaster(prior=prior), *forewarn_variants(prior=prior)[:1], pool(prior=prior))


def every(folders: Sequence[Path] = (), *, prior: Prior = NOTHING) -> dict[str, Forecaster]:
    """List all forecasters, those of `usual` first; ``NAME+pooled`` has the project's own dressing.

    Those that simulate, ``flee``, ``flee-from-registrations`` and ``simulation``, need the folders of all
    conflicts.
    """
    from forewarn.hindcast.forecasters.flee_rules import FleeForecaster
    from forewarn.hindcast.forecasters.simulated import Simulation

    simulated: list[Forecaster] = []
    if folders:
        named = tuple(folders)
        simulation = Simulation(named)
        simulated += [
            FleeForecaster(named),
            FleeForecaster(named, from_registrations=True),
            simulation,
            pool(prior=prior, simulation=simulation),
        ]
    found = (*shippable(prior=prior), *simulated)
    return {forecaster.name: forecaster for forecaster in found}


def shippable(*, prior: Prior = NOTHING) -> tuple[ByMode | Dressed | Pooled | LinearPool, ...]:
    """List the forecasters whose learning can be kept: all that need no folders."""
    dressed: list[Pooled] = [
        with_pooled_errors(forecaster, prior=prior) for forecaster in naive_forecasters()
    ]
    naive = [Dressed(forecaster, prior) for forecaster in naive_forecasters()]
    return (
        *naive,
        forewarn_forecaster(prior=prior),
        *forewarn_variants(prior=prior),
        pool(prior=prior),
        *dressed,
    )


def pool(*, prior: Prior = NOTHING, simulation: Forecaster | None = None) -> LinearPool:
    """Make ``forewarn-pool``: `forewarn_forecaster` and dressed persistence; with a simulation if given.

    Persistence is the last value or, with the total given, the last shares.
    """
    more = () if simulation is None else (simulation,)
    own = forewarn_forecaster(prior=prior)
    members = {
        "total-given": (own, Dressed(StockShares(), prior), *more),
        "total-forecast": (own, Dressed(LastValue(), prior), *more),
    }
    return LinearPool("forewarn-pool+simulation" if more else "forewarn-pool", members, prior)


def chosen(
    names: Sequence[str], *, folders: Sequence[Path] = (), prior: Prior = NOTHING, pooled: Sequence[str] = ()
) -> tuple[Forecaster, ...]:
    """Give the forecasters of these names; the usual ones if there are none.

    Parameters
    ----------
    names
        As in `every`.
    folders
        Flee directories of all conflicts, for forecasters that simulate.
    prior
        What was learnt from conflicts that are not in the hindcast.
    pooled
        Names of forecasters to be joined in a linear pool, which is added as ``pool``.

    Raises
    ------
    UsageError
        If a name is unknown.
    """
    known = every(folders, prior=prior)
    problems = [
        Problem(option, f"unknown forecaster '{name}'", nearest(name, tuple(known)))
        for option, given in (("--forecaster", names), ("--pool", pooled))
        for name in given
        if name not in known
    ]
    if len(set(pooled)) == 1:
        problems.append(Problem("--pool", f"'{pooled[0]}' alone is not a pool", "two forecasters or more"))
    if problems:
        raise UsageError(problems)
    found = usual(prior=prior) if not names else tuple(known[name] for name in dict.fromkeys(names))
    if not pooled:
        return found
    members = tuple(known[name] for name in dict.fromkeys(pooled))
    return (*found, LinearPool("pool", dict.fromkeys(MODES, members)))
