"""The page: one self-contained HTML file that answers first and shows its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import jinja2
import xarray as xr
from markupsafe import Markup

from forewarn.charts.svg import draw_chart
from forewarn.forecast.variables import check
from forewarn.outlook.format.suppression import SUPPRESS_BELOW
from forewarn.outlook.page.model import PageModel, build_page_model
from forewarn.outlook.view import ForecastView

if TYPE_CHECKING:
    from forewarn.forecast.updating import Updated
    from forewarn.scenario import Scenario

TEMPLATES: Final = Path(__file__).parent / "templates"


def render_page(
    dataset: xr.Dataset,
    scenario: Scenario,
    *,
    suppress_below: int = SUPPRESS_BELOW,
    updated: Updated | None = None,
    paired_runs: int = 0,
) -> str:
    """Write the page of a forecast as HTML that loads nothing.

    Parameters
    ----------
    dataset
        A forecast of `scenario`.
    scenario
        What it was made of: titles, claims, sources.
    suppress_below
        Numbers of people above 0 and below this are suppressed.
    updated
        What observations have changed, if `dataset` is the forecast of an update.
    paired_runs
        Futures run again for each of the numbers that move the result most (`forewarn.forecast.pairing`).

    Raises
    ------
    ForewarnError
        `dataset` is not a forecast.
    """
    check(dataset)
    view = ForecastView(dataset, scenario, suppress_below, updated, paired_runs)
    return render_model(build_page_model(view))


def render_model(model: PageModel) -> str:
    """Put a page model into the template; every text in it is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["draw"] = lambda chart: Markup(draw_chart(chart))  # noqa: S704  (escapes every text)
    return environment.get_template("page.html.j2").render(page=model)
