"""Which numbers of the scenario move the result most: read off the one ensemble that was run.

Every member's draw of every number is known from its address, so no further run is needed ("given-data"
sensitivity, Plischke, Borgonovo and Smith 2013, doi:10.1016/j.ejor.2012.11.047). Members are put into classes
of equal size by the number's value; the variance of the class means over the variance of all members
estimates the first-order Sobol' index. Chance alone gives (classes − 1) / (members − 1) in expectation,
which is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forewarn.forecast.sampling import Sampler, member_keys
from forewarn.forecast.summary import displaced_people
from forewarn.forecast.variables import check
from forewarn.scenario import quantities

if TYPE_CHECKING:
    from forewarn.forecast.members import Posterior
    from forewarn.scenario import Quantity, Scenario

CLASSES: Final = 8
FEWEST: Final = 80
"""Members of a course from which it is worth doing: ten in each class."""
MOST: Final = 10
ERROR: Final = 0.05
"""Chance that any number that moves nothing is among the drivers of a course."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A number of the scenario, and what it does to one course.

    Parameters
    ----------
    path, source
        Of the number.
    index
        First-order Sobol' index: share of the variance of the result that goes with it, 0 to 1.
    low, high
        Median of the result, in people, among the members in the lowest and in the highest quarter of the
        number's values.
    low_value, high_value
        Median of the number in these quarters.
    """

    course: str
    path: str
    source: str
    index: float
    low_value: float
    high_value: float
    low: int
    high: int


def drivers(
    dataset: xr.Dataset, scenario: Scenario, *, posterior: Posterior | None = None, most: int = MOST
) -> tuple[Driver, ...]:
    """Find the numbers that move the people displaced by the offensive at the horizon most, course by course.

    Parameters
    ----------
    dataset
        A forecast of `scenario`, with its seed.
    posterior
        The posterior that it was drawn from, if any.
    most
        For each course, at most so many.

    Returns
    -------
    tuple of Driver
        Largest index first within each course; courses with fewer than 80 members or no chance, and numbers
        whose index may be chance, are left out.
    """
    check(dataset)
    seed = int(dataset.attrs["seed"])
    result = displaced_people(dataset, measure="offensive").isel(day=-1).values
    names = dataset["course"].values.astype(str)
    found: list[Driver] = []
    for course in scenario.courses:
        here = names == course.name
        if here.sum() < FEWEST or not np.ptp(result[here]) or not dataset["weight"].values[here].any():
            continue
        draws = dataset["draw"].values[here]
        sampler = Sampler(
            member_keys(seed, draws), None if posterior is None else posterior.uniforms(course.name, draws)
        )
        known = [
            _driver(course.name, path, quantity, sampler.draw(path, quantity), result[here])
            for path, quantity in quantities(scenario)
            if quantity.value is None and _of_course(path, course.name)
        ]
        chance = beyond_chance(int(here.sum()), len(known))
        strong = sorted((each for each in known if each.index > chance), key=lambda each: -each.index)
        found.extend(strong[:most])
    return tuple(found)


def first_order_index(values: NDArray[np.float64], result: NDArray[np.float64]) -> float:
    """Estimate the first-order Sobol' index of a number, (n,) values and (n,) results; 0 to 1.

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 800)
    >>> round(first_order_index(x, 3 * x), 2)
    0.98
    """
    total = result.var()
    if total == 0:
        return 0.0
    order = np.argsort(values, kind="stable")
    classes = np.array_split(result[order], CLASSES)
    sizes = np.array([len(each) for each in classes])
    means = np.array([each.mean() for each in classes])
    between = float((sizes * (means - result.mean()) ** 2).sum() / len(result) / total)
    chance = (CLASSES - 1) / (len(result) - 1)
    return max(0.0, min(1.0, (between - chance) / (1 - chance)))


def beyond_chance(members: int, numbers: int) -> float:
    """Give the share of the variance that none of so many idle numbers reaches but with probability `ERROR`.

    For a number that moves nothing, index times (members − 1) plus the degrees of freedom is about
    chi-square; its quantile is Wilson and Hilferty's (1931, doi:10.1073/pnas.17.12.684), the share of each
    number Bonferroni's.

    Examples
    --------
    >>> beyond_chance(120, 60) > beyond_chance(120, 1) > beyond_chance(1200, 1)
    True
    """
    freedom = CLASSES - 1
    z = NormalDist().inv_cdf(1 - ERROR / max(1, numbers))
    spread = 2 / (9 * freedom)
    highest = freedom * (1 - spread + z * spread**0.5) ** 3
    return float((highest - freedom) / max(1, members - 1))


def _driver(
    course: str, path: str, quantity: Quantity, values: NDArray[np.float64], result: NDArray[np.int64]
) -> Driver:
    order = np.argsort(values, kind="stable")
    quarter = max(1, len(order) // 4)
    low, high = order[:quarter], order[-quarter:]
    return Driver(
        course=course,
        path=path,
        source=quantity.source,
        index=first_order_index(values, result.astype(np.float64)),
        low_value=float(np.median(values[low])),
        high_value=float(np.median(values[high])),
        low=int(np.median(result[low])),
        high=int(np.median(result[high])),
    )


def _of_course(path: str, course: str) -> bool:
    """Whether a number can matter in a course: it is not another course's own."""
    return not path.startswith("courses.") or path.startswith((f"courses.{course}.", f'courses."{course}".'))
