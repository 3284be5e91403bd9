"""A view computes each summary once, and outputs that share it cannot differ."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from forewarn.forecast import summary
from forewarn.outlook import view as module
from forewarn.outlook.contents.console import headline_rows
from forewarn.outlook.page.model import build_page_model
from forewarn.outlook.tables.tidy import present
from forewarn.outlook.view import ForecastView

SHARED = (
    "planning_figures", "offensive_figure", "displaced_table", "blocked_figures", "place_claims",
    "largest_places", "offensive_probability",
)  # fmt: skip


@pytest.fixture
def calls(monkeypatch):
    """How often each summary is computed."""
    found: Counter[str] = Counter()
    for name in SHARED:
        original = getattr(summary, name)

        def counted(*given, _name=name, _original=original, **options):
            found[_name] += 1
            return _original(*given, **options)

        monkeypatch.setattr(summary, name, counted)
    for name in ("drivers", "evaluate_triggers"):
        original = getattr(module, name)

        def once(*given, _name=name, _original=original, **options):
            found[_name] += 1
            return _original(*given, **options)

        monkeypatch.setattr(module, name, once)
    return found


def test_summaries_are_computed_once_for_all_outputs(calls, dataset, scenario):
    view = ForecastView(dataset, scenario)
    build_page_model(view)
    headline_rows(view)
    build_page_model(view)
    expected = dict.fromkeys((*SHARED, "drivers", "evaluate_triggers"), 1)
    # Origins and destinations are two lists of places.
    assert calls == expected | {"largest_places": 2}


def test_another_view_computes_them_again(calls, dataset, scenario):
    for _ in range(2):
        build_page_model(ForecastView(dataset, scenario))
    assert calls["planning_figures"] == 2


def test_destinations_are_those_of_the_summary(dataset, scenario):
    view = ForecastView(dataset, scenario)
    assert view.destinations == summary.destinations(dataset)
    assert view.origins == summary.origins(dataset)


def test_the_table_of_people_present_holds_the_quantiles_of_the_view(dataset, scenario):
    view = ForecastView(dataset, scenario, suppress_below=0)
    last = view.table_days[-1]
    course = view.courses[0]
    medians = view.present_on(last).sel(course=course, quantile=0.5).values
    end = str(np.datetime64(view.dates[last], "D"))
    rows = [row for row in present(view) if (row["course"], row["reference_period_end"]) == (course, end)]
    assert [int(row["population_median"]) for row in rows] == medians.tolist()


def test_paired_runs_are_those_of_the_numbers_that_move_it_most(monkeypatch, dataset, scenario):
    given = []

    def runs(*what, members, **options):
        given.append((*what, members))
        return ("run",)

    monkeypatch.setattr(module, "run_pairs", runs)
    monkeypatch.setattr(module, "drivers", lambda *what, **options: ("driver",))
    assert ForecastView(dataset, scenario).paired == ()
    assert given == []
    view = ForecastView(dataset, scenario, paired_runs=1)
    assert view.paired == view.paired == ("run",)
    assert given == [(dataset, scenario, ("driver",), 2)]
    monkeypatch.setattr(module, "drivers", lambda *what, **options: ())
    assert ForecastView(dataset, scenario, paired_runs=20).paired == ()
