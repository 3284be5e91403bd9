"""Pictures of a forecast with matplotlib, which is loaded when one is drawn (extra `notebook`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forewarn.errors import MissingPartError, Problem, UsageError, nearest
from forewarn.forecast.quantiles import quantiles_by_course, weighted_quantiles
from forewarn.forecast.summary import course_probability

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Final = ("#0b6e99", "#c2410c", "#4d7c0f", "#7e22ce", "#a16207", "#475569")
"""Of courses, in their order; told apart in grey too by the labels at the legend."""
BANDS: Final = ((0.05, 0.95, 0.15), (0.25, 0.75, 0.30))
"""Lower and upper quantile, and how dark the area between them is."""
LARGEST_MARK: Final = 900.0
"""Area of the mark with the most people, square points."""
LABELLED: Final = 6
"""Places with their names on the map."""
LETTERING: Final = (0.4, 0.05)
"""Width and height that a name takes, as parts of the map's."""

Floats = NDArray[np.float64]


def plot_fan(values: xr.DataArray, *, by_course: bool, ax: Axes | None) -> Axes:
    """Draw (member, day); see `ArrayAccessor.plot_fan`."""
    if set(values.dims) != {"member", "day"}:
        remedy = 'Choose a place first, such as forecast.present.sel(place="…")'
        raise UsageError(Problem("plot_fan", f"dims {values.dims}", "member, day", remedy))
    axes = _axes(ax)
    across = values["date"] if "date" in values.coords else values["day"]
    ends = sorted({0.5, *(end for low, high, _ in BANDS for end in (low, high))})
    for number, (label, quantiles) in enumerate(_fans(values, ends, by_course=by_course)):
        colour = COLOURS[number % len(COLOURS)]
        for low, high, dark in BANDS:
            lower, upper = (quantiles.sel(quantile=end).values for end in (low, high))
            axes.fill_between(across.values, lower, upper, color=colour, alpha=dark, linewidth=0)
        axes.plot(across.values, quantiles.sel(quantile=0.5).values, color=colour, label=label)
    axes.set_ylabel("people")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_title("Median, 50 % and 90 % interval", loc="left", fontsize="small")
    axes.legend(frameon=False)
    if "date" in values.coords:
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

        locator = AutoDateLocator(maxticks=7)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    return axes


def plot_destinations(dataset: xr.Dataset, *, count: int, course: str | None, ax: Axes | None) -> Axes:
    """Draw bars of the last day's `present`; see `DatasetAccessor.plot_destinations`."""
    name, quantiles = _last_day(dataset, course)
    low, median, high = (quantiles.sel(quantile=q).values for q in (0.05, 0.5, 0.95))
    largest = np.argsort(-median, kind="stable")[:count][::-1]
    axes = _axes(ax)
    spread = np.stack([median - low, high - median])[:, largest]
    places = dataset["place"].values.astype(str)[largest]
    axes.barh(places, median[largest], xerr=spread, color=COLOURS[0], ecolor="#334155", capsize=2)
    axes.set_xlabel("people (median and 90 % interval)")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.locator_params(axis="x", nbins=5)
    axes.set_title(_title(dataset, name), loc="left", fontsize="small")
    return axes


def plot_map(dataset: xr.Dataset, *, course: str | None, ax: Axes | None) -> Axes:
    """Draw the last day's `present` by longitude and latitude; see `DatasetAccessor.plot_map`."""
    name, quantiles = _last_day(dataset, course)
    median = quantiles.sel(quantile=0.5).values
    latitude, longitude = dataset["latitude"].values, dataset["longitude"].values
    axes = _axes(ax)
    area = LARGEST_MARK * median / max(1, int(median.max(initial=0)))
    axes.scatter(longitude, latitude, s=6, color="#94a3b8")
    axes.scatter(longitude, latitude, s=area, color=COLOURS[0], alpha=0.5, linewidths=0)
    (west, east), (south, north) = (_extent(across, median > 0) for across in (longitude, latitude))
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    for at in _apart(longitude / (east - west), latitude / (north - south), median):
        label = f"{dataset['place'].values[at]}: {median[at]:,}"
        axes.annotate(label, (longitude[at], latitude[at]), fontsize="x-small")
    # A degree of longitude is shorter than one of latitude away from the equator.
    axes.set_aspect(1 / max(0.1, float(np.cos(np.deg2rad(latitude.mean())))))
    axes.set_xlabel("degrees east")
    axes.set_ylabel("degrees north")
    axes.set_title(_title(dataset, name), loc="left", fontsize="small")
    return axes


def _extent(across: Floats, shown: NDArray[np.bool_]) -> tuple[float, float]:
    """Give the ends of what is shown, with a margin; of everything if nothing is."""
    kept = across[shown] if shown.any() else across
    margin = max(0.05, 0.1 * float(np.ptp(kept)))
    return float(kept.min()) - margin, float(kept.max()) + margin


def _apart(across: Floats, up: Floats, people: NDArray[np.int64]) -> list[int]:
    """Choose the places with the most people whose names, written to the right, do not cover each other."""
    chosen: list[int] = []
    for at in np.argsort(-people, kind="stable").tolist():
        near = any(
            abs(across[at] - across[other]) < LETTERING[0] and abs(up[at] - up[other]) < LETTERING[1]
            for other in chosen
        )
        if people[at] > 0 and not near and len(chosen) < LABELLED:
            chosen.append(at)
    return chosen


def _fans(values: xr.DataArray, ends: list[float], *, by_course: bool) -> list[tuple[str, xr.DataArray]]:
    """Give a label and quantiles (quantile, day) for each fan."""
    chances = course_probability(values.to_dataset(name="values"))
    if not by_course:
        whole = weighted_quantiles(values, weights=values["weight"], probabilities=ends)
        return [("all courses, by chance", whole)]
    quantiles = quantiles_by_course(values, probabilities=ends)
    total = sum(chances.values())
    return [
        (f"{name} ({chance / total:.0%})", quantiles.sel(course=name))
        for name, chance in chances.items()
        if chance > 0
    ]


def _last_day(dataset: xr.Dataset, course: str | None) -> tuple[str, xr.DataArray]:
    """Choose a course, and give quantiles (quantile, place) of the people present on the last day."""
    quantiles = quantiles_by_course(dataset["present"].isel(day=-1), probabilities=(0.05, 0.5, 0.95))
    names = quantiles["course"].values.astype(str).tolist()
    if course is None:
        course = names[int(np.argmax(quantiles.sel(quantile=0.5).sum("place").values))]
    if course not in names:
        raise UsageError(Problem("course", f"'{course}' not found", nearest(course, names)))
    return course, quantiles.sel(course=course)


def _title(dataset: xr.Dataset, course: str) -> str:
    day = dataset["day"].values[-1]
    when = str(dataset["date"].values[-1])[:10] if "date" in dataset.coords else f"day {day}"
    return f"Newly displaced people there on {when}, if the course is “{course}”"


def _axes(given: Axes | None) -> Axes:
    """Give the axes, or those of a new figure."""
    if given is not None:
        return given
    try:
        from matplotlib import pyplot
    except ImportError as error:
        remedy = "pip install 'forewarn[notebook]'"
        raise MissingPartError(Problem("matplotlib", "is not installed", remedy=remedy)) from error
    return pyplot.subplots(layout="constrained")[1]
