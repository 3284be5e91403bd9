"""The ensemble: members in chunks through one seam, put in order, labelled and stamped."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forewarn.errors import Problem, UsageError
from forewarn.forecast.members import Posterior, run_members, zeros
from forewarn.forecast.variables import (
    CAUSES,
    CONVENTIONS,
    COORDINATES,
    DIRECTIONS,
    DOCUMENT,
    VARIABLES,
    table_days,
)
from forewarn.network import Network, build
from forewarn.scenario import Scenario, dump

CHUNK = 20
"""Members that are simulated in one call: few enough for smooth progress."""

Progress = Callable[[int, int], None]


class Future(Protocol):
    """What an executor hands back."""

    def result(self) -> Any:  # noqa: ANN401
        """Wait for the result."""


class Executor(Protocol):
    """Anything that runs a function elsewhere: a thread or process pool, or a Dask ``Client``."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:  # noqa: ANN401
        """Start ``function(*arguments)``."""


def run(
    scenario: Scenario,
    *,
    members: int,
    seed: int,
    posterior: Posterior | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Forecast a scenario.

    The result depends on scenario, members and seed alone; it is the same for any executor, any number
    of workers and any size of chunk, and the first n members of a larger ensemble are the ensemble of n.

    Parameters
    ----------
    scenario
        A resolved scenario.
    members
        Number of members, spread evenly over the courses; at least one for each.
    seed
        Whole number from 0.
    posterior
        The posterior after observations (`forewarn.forecast.updating.update`), if any.
    executor
        Where to run; by default threads, one for each processor.
    progress
        Called with (members done, members in all).

    Returns
    -------
    Dataset with the variables of `forewarn.forecast.variables`, people.

    Raises
    ------
    UsageError
        If there are fewer members than courses, or the seed is negative.

    Examples
    --------
    >>> from forewarn.scenario import load
    >>> forecast = run(load("crossroads"), members=4, seed=1)
    >>> forecast.sizes["member"]
    4
    """
    check_request(scenario, members, seed)
    network = build(scenario)
    out = zeros(scenario, network, members)
    for chunk, values in in_chunks(
        run_members,
        (scenario, network, seed),
        (posterior,),
        members=members,
        executor=executor,
        progress=progress,
    ):
        for name, of_chunk in values.items():
            out[name][chunk] = of_chunk
    return as_dataset(out, scenario, network, seed, posterior)


def in_chunks(
    function: Callable[..., Any],
    before: tuple[Any, ...],
    after: tuple[Any, ...],
    *,
    members: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[NDArray[np.int64], Any]]:
    """Call ``function(*before, numbers of members, *after)`` chunk by chunk; results in order of members."""
    chunks = [np.arange(first, min(first + CHUNK, members)) for first in range(0, members, CHUNK)]
    with executing(executor) as pool:
        futures = [pool.submit(function, *before, chunk, *after) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            yield chunk, future.result()
            if progress is not None:
                progress(int(chunk[-1]) + 1, members)


def check_request(scenario: Scenario, members: int, seed: int) -> None:
    """Raise if there are too few members or the seed is negative.

    Raises
    ------
    UsageError
        Naming both.
    """
    problems = []
    courses = len(scenario.courses)
    if members < courses:
        problems.append(Problem("members", f"{members}", f"at least one for each of the {courses} courses"))
    if seed < 0:
        problems.append(Problem("seed", f"{seed}", "a whole number from 0"))
    if problems:
        raise UsageError(problems)


@contextmanager
def executing(given: Executor | None) -> Iterator[Executor]:
    """Give the executor, or by default threads, one for each processor."""
    if given is not None:
        yield given
        return
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield pool


def weights(scenario: Scenario, members: int, posterior: Posterior | None = None) -> NDArray[np.float64]:
    """Weight of each member, (members,): the probability of its course over the members of that course."""
    number = np.arange(members) % len(scenario.courses)
    probability = np.array(
        [
            course.probability.typical() if posterior is None else posterior.probability(course.name)
            for course in scenario.courses
        ]
    )
    return np.asarray(probability[number] / np.bincount(number)[number])


def scenario_hash(scenario: Scenario) -> str:
    """Fingerprint of the explicit scenario: SHA-256 of its YAML, 64 hexadecimal digits."""
    return _hash(dump(scenario))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def with_document(dataset: xr.Dataset, text: str) -> xr.Dataset:
    """Put the scenario that was forecast beside a forecast, as its YAML, line by line."""
    lines = np.array(text.split("\n"), dtype=object)
    return dataset.assign_coords({DOCUMENT.name: (DOCUMENT.dims, lines, DOCUMENT.attributes)})


def labelled(
    variables: dict[str, tuple[Any, ...]], coordinates: dict[str, tuple[Any, ...]], attributes: dict[str, Any]
) -> xr.Dataset:
    """Make the Dataset of a forecast, whose days are found by number and by date."""
    return xr.Dataset(variables, coordinates, attributes).set_xindex("date")


def as_dataset(
    out: dict[str, NDArray[np.int32]],
    scenario: Scenario,
    network: Network,
    seed: int,
    posterior: Posterior | None = None,
) -> xr.Dataset:
    """Label the variables of all members, and stamp them with how they were made."""
    members = len(out["movements"])
    text = dump(scenario)
    variables = {v.name: (v.dims, out[v.name], v.attributes) for v in VARIABLES}
    attributes = {
        "Conventions": CONVENTIONS,
        "title": scenario.title,
        "forewarn_version": version("forewarn"),
        "scenario": scenario.name,
        "scenario_hash": _hash(text),
        "seed": seed,
        "members": members,
        "issued": scenario.issued.isoformat(),
        "hindsight": str(scenario.hindsight).lower(),
        "where_known": str(scenario.where_known).lower(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return with_document(labelled(variables, labels(scenario, network, members, posterior), attributes), text)


def labels(
    scenario: Scenario, network: Network, members: int, posterior: Posterior | None = None
) -> dict[str, tuple[Any, ...]]:
    """Give the coordinates of a forecast with so many members, as a Dataset takes them."""
    values = _coordinates(scenario, network, members)
    values["weight"] = weights(scenario, members, posterior)
    return {v.name: (v.dims, values[v.name], v.attributes) for v in COORDINATES}


def _coordinates(scenario: Scenario, network: Network, members: int) -> dict[str, NDArray[Any]]:
    number = np.arange(members)
    courses = np.array([course.name for course in scenario.courses])
    days = np.arange(scenario.horizon_days + 1)
    dates = [np.datetime64(scenario.issued + timedelta(days=int(day)), "ns") for day in days]
    of_places = {
        "place": "name",
        "place_pcode": "pcode",
        "place_admin1": "admin1",
        "place_country": "country",
        "place_kind": "kind",
        "place_zone": "zone",
        "latitude": "lat",
        "longitude": "lon",
    }
    return {
        "member": number,
        "course": courses[number % len(courses)],
        "draw": number // len(courses),
        "day": days,
        "date": np.array(dates),
        **{name: np.array([getattr(p, field) for p in scenario.places]) for name, field in of_places.items()},
        "origin": np.array(network.origins),
        "cause": np.array(CAUSES),
        "crossing": np.array([crossing.name for crossing in scenario.crossings], dtype=np.str_),
        "route": np.array([f"{route.from_} – {route.to}" for route in scenario.routes], dtype=np.str_),
        "route_from": np.array([route.from_ for route in scenario.routes], dtype=np.str_),
        "route_to": np.array([route.to for route in scenario.routes], dtype=np.str_),
        "direction": np.array(DIRECTIONS),
        "table_day": np.array(table_days(scenario.horizon_days), dtype=np.int64),
    }
