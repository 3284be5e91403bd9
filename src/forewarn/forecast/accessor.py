"""``forecast.fw`` and ``forecast.present.fw``: what a forecast says, asked of xarray's own objects.

The accessors are there as soon as `forewarn.forecast` is imported, which every function of the front door
that makes or takes a forecast does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from forewarn.errors import ForewarnError, Problem, UsageError
from forewarn.forecast.quantiles import QUANTILES, quantiles_by_course, weighted_quantiles
from forewarn.forecast.regions import by_region
from forewarn.forecast.summary import Measure, displaced_people
from forewarn.forecast.variables import named, refuse_unknown_where, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@xr.register_dataarray_accessor("fw")
class ArrayAccessor:
    """Summaries of one variable of a forecast over its members.

    Parameters
    ----------
    values
        (member, …), with the coordinates `course` and `weight`: a variable of a forecast, or what was made
        of one or several.

    Examples
    --------
    >>> import forewarn as fw
    >>> forecast = fw.run("crossroads", members=20, seed=1)
    >>> camp = forecast.present.sel(place="Elm Camp", date="2024-03-20")
    >>> camp.fw.quantiles([0.1, 0.5, 0.9]).values
    array([  0, 436, 481], dtype=int32)
    >>> float(camp.fw.exceedance(450))
    0.3
    """

    def __init__(self, values: xr.DataArray) -> None:
        self._values = values

    def quantiles(
        self, probabilities: Sequence[float] = QUANTILES, *, by_course: bool = False
    ) -> xr.DataArray:
        """Give quantiles over the members, each weighed by the probability of its course.

        A quantile is the smallest value up to which members carry at least that share of the weight.

        Parameters
        ----------
        probabilities
            Each in 0–1.
        by_course
            Give them course by course, each as if it were certain.

        Returns
        -------
        xarray.DataArray
            (quantile, …), or (course, quantile, …).

        Raises
        ------
        ForewarnError
            There are no members, courses or weights, or a probability outside 0–1.
        """
        values = self._weighted()
        if by_course:
            found = quantiles_by_course(values, probabilities=probabilities)
        else:
            found = weighted_quantiles(values, weights=values["weight"], probabilities=probabilities)
        found["quantile"].attrs.update(long_name="Probability of a value up to this one", units="1")
        return with_dates(found)

    def exceedance(self, thresholds: float | Sequence[float], *, by_course: bool = False) -> xr.DataArray:
        """Give the probability of more than each threshold.

        Parameters
        ----------
        thresholds
            One, or several; unit of the values.
        by_course
            Give it course by course, each as if it were certain.

        Returns
        -------
        xarray.DataArray
            (threshold, …), or (course, threshold, …); without `threshold` for a single one. 0–1.
        """
        values = self._weighted()
        if by_course:
            names = values["course"].values.astype(str)
            found = list(dict.fromkeys(names.tolist()))
            parts = [
                _exceedance(values.isel(member=members), np.ones(members.size), thresholds)
                for members in (np.flatnonzero(names == name) for name in found)
            ]
            return with_dates(
                xr.concat(parts, dim=xr.Variable("course", found), coords="minimal", compat="override")
            )
        return with_dates(_exceedance(values, values["weight"].values, thresholds))

    def by_region(self) -> xr.DataArray:
        """Add up places by first-level region: (…, region, …). See `forewarn.forecast.regions`."""
        return with_dates(by_region(self._values))

    def plot_fan(self, *, by_course: bool = True, ax: Axes | None = None) -> Axes:
        """Draw median, 50 % and 90 % interval over the days; needs matplotlib.

        Parameters
        ----------
        by_course
            One fan for each course with a chance; otherwise one over all members, by weight.
        ax
            Where to draw; a new figure if None.

        Raises
        ------
        UsageError
            The values have other dims than (member, day).
        MissingPartError
            matplotlib is not installed.
        """
        from forewarn.forecast.plots import plot_fan

        return plot_fan(self._weighted(), by_course=by_course, ax=ax)

    def _weighted(self) -> xr.DataArray:
        problems = [
            Problem(f"fw, coordinate {name}", "missing", remedy=f"It holds: {named(name).sentence}")
            for name in ("course", "weight")
            if name not in self._values.coords or self._values.coords[name].dims != ("member",)
        ]
        if problems:
            raise ForewarnError(problems)
        return self._values


@xr.register_dataset_accessor("fw")
class DatasetAccessor:
    """Summaries of all variables of a forecast, and pictures of it.

    Examples
    --------
    >>> import forewarn as fw
    >>> forecast = fw.run("crossroads", members=20, seed=1)
    >>> forecast.fw.by_region()["present"].dims
    ('member', 'day', 'region')
    >>> int(forecast.fw.displaced("offensive").sel(date="2024-04-30").fw.quantiles([0.9])[0])
    6063
    """

    def __init__(self, dataset: xr.Dataset) -> None:
        self._dataset = dataset

    def quantiles(self, probabilities: Sequence[float] = QUANTILES, *, by_course: bool = False) -> xr.Dataset:
        """Give quantiles over the members of every variable that has some; see `ArrayAccessor.quantiles`."""
        return self._each("member", lambda array: array.fw.quantiles(probabilities, by_course=by_course))

    def by_region(self) -> xr.Dataset:
        """Add up places by first-level region in every variable that has places."""
        return self._each("place", lambda array: array.fw.by_region())

    def displaced(self, measure: Measure = "offensive") -> xr.DataArray:
        """Count distinct people who have left home since the issue day, (member, day).

        Parameters
        ----------
        measure
            Why they left: ``offensive`` (an attack, fear or a warning), ``ordinary`` or ``all``.
        """
        used = require(self._dataset, "left_home")
        if measure not in ("offensive", "ordinary", "all"):
            raise UsageError(Problem("displaced, measure", f"'{measure}'", "offensive, ordinary, all"))
        found = displaced_people(used, measure=measure).rename("displaced")
        cause = {
            "offensive": "an offensive, fear or a warning",
            "ordinary": "ordinary reasons",
            "all": "any cause",
        }
        return found.assign_attrs(
            long_name=f"Distinct people who have left home since the issue day because of {cause[measure]}"
        )

    def plot_fan(
        self, measure: Measure = "offensive", *, by_course: bool = True, ax: Axes | None = None
    ) -> Axes:
        """Draw how many people leave home, over the days; see `ArrayAccessor.plot_fan`."""
        fan: Axes = self.displaced(measure).fw.plot_fan(by_course=by_course, ax=ax)
        return fan

    def plot_destinations(
        self, *, count: int = 10, course: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw the places with the most newly displaced people on the last day; needs matplotlib.

        Parameters
        ----------
        count
            Places.
        course
            Median and 90 % interval of this course; by default of the course with the largest median.
        ax
            Where to draw; a new figure if None.
        """
        from forewarn.forecast.plots import plot_destinations

        refuse_unknown_where(self._dataset, "plot_destinations")
        return plot_destinations(require(self._dataset, "present"), count=count, course=course, ax=ax)

    def plot_map(self, *, course: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw newly displaced people on the last day where they are; as `plot_destinations`, as a map."""
        from forewarn.forecast.plots import plot_map

        refuse_unknown_where(self._dataset, "plot_map")
        return plot_map(require(self._dataset, "present"), course=course, ax=ax)

    def _each(self, dim: str, summary: Any) -> xr.Dataset:  # noqa: ANN401
        found = {
            name: summary(array)
            for name, array in self._dataset.data_vars.items()
            if dim in array.dims and array.dtype.kind in "iuf"
        }
        if not found:
            raise ForewarnError(Problem("fw", f"no variable has the dimension {dim}", "a forecast"))
        return xr.Dataset(found, attrs=self._dataset.attrs)


def with_dates(values: xr.DataArray) -> xr.DataArray:
    """Make dates findable again where there are some along the days."""
    has_dates = "date" in values.coords and values.coords["date"].dims == ("day",)
    return values.set_xindex("date") if has_dates and "date" not in values.xindexes else values


def _exceedance(
    values: xr.DataArray, weights: np.ndarray[Any, Any], thresholds: float | Sequence[float]
) -> xr.DataArray:
    ordered = values.transpose("member", ...)
    grid = np.atleast_1d(np.asarray(thresholds))
    shares = weights / weights.sum()
    above = np.stack([np.tensordot(shares, ordered.values > threshold, axes=1) for threshold in grid])
    kept = {name: array for name, array in ordered.coords.items() if "member" not in array.dims}
    label = xr.Variable("threshold", grid, {"long_name": "People", "units": values.attrs.get("units", "1")})
    found = xr.DataArray(
        above,
        dims=("threshold", *ordered.dims[1:]),
        coords={**kept, "threshold": label},
        attrs={"long_name": "Probability of more than the threshold", "units": "1"},
        name="exceedance",
    )
    return found.isel(threshold=0) if np.ndim(thresholds) == 0 else found
