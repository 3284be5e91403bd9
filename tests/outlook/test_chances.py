"""Where chances are assumptions the answer is given an offensive, and the chance stands beside it as one."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

import forewarn
from forewarn.cli import outlook as command
from forewarn.outlook.contents.answer import answer
from forewarn.outlook.page.model import build_page_model
from forewarn.outlook.page.render import render_page
from forewarn.outlook.view import ForecastView

FITS = "16 % to 62 % fits past warnings"


def with_sources(scenario, source, note=""):
    """Give the scenario with a source of the chances of its courses, and a note beside them."""
    courses = tuple(
        course.model_copy(
            update={"probability": course.probability.model_copy(update={"source": source, "note": note})}
        )
        for course in scenario.courses
    )
    return scenario.model_copy(update={"courses": courses})


@pytest.fixture
def numbered(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=8)
    dataset["left_home"][::2, -1, 0] = [1000, 5000, 7000, 8000]
    return dataset


def test_an_assumed_chance_stands_beside_what_it_is_given(numbered, scenario):
    first, *_, last = answer(ForecastView(numbered, with_sources(scenario, "assumption: judged", FITS)))
    assert first.startswith("If there is an offensive by 30 April 2024, 5,000 people leave")
    assert first.endswith(f"The chance of one is an assumption: 75 % ({FITS}).")
    assert last.startswith("If there is an offensive, the chance that more than 6,000 leave")
    assert last.endswith("is 50 %; over all courses, with their assumed chances, it is 38 %.")


def test_a_published_chance_comes_first(numbered, scenario):
    first, *_, last = answer(ForecastView(numbered, with_sources(scenario, "report")))
    said = "The scenario puts the chance of an offensive by 30 April 2024 at 75 %; if it comes, 5,000 people leave"
    assert first.startswith(said)
    assert "assum" not in first + last
    assert last.startswith("Over all courses, with and without an offensive, the chance that more than 6,000")
    assert last.endswith("is 38 %.")


def test_one_assumed_course_is_enough(numbered, scenario):
    published = with_sources(scenario, "report")
    courses = (published.courses[0], scenario.courses[1])
    view = ForecastView(numbered, published.model_copy(update={"courses": courses}))
    assert "an assumption: 75 %" in answer(view)[0]


def test_intervals_of_several_courses_are_said_once(numbered, scenario):
    noted = with_sources(scenario, "assumption: judged", FITS)
    attack, calm = noted.courses
    again = attack.model_copy(update={"name": "again"})
    view = ForecastView(numbered, noted.model_copy(update={"courses": (attack, again, calm)}))
    assert answer(view)[0].count(FITS) == 1


def test_counts_weigh_the_assumption(numbered, scenario):
    view = ForecastView(numbered, with_sources(scenario, "assumption: judged", FITS), observed=True)
    # The interval is that of the chance before the counts.
    assert answer(view)[0].endswith("The chance of one is an assumption weighed by the counts: 75 %.")


@pytest.mark.parametrize(
    ("source", "heading", "chance"),
    [
        ("assumption: judged", "Chance (assumed)", f"75 % ({FITS}), an assumption"),
        ("report", "Chance", f"75 % ({FITS})"),
    ],
)
def test_page_tables_and_brief(numbered, scenario, source, heading, chance):
    changed = with_sources(scenario, source, FITS)
    model = build_page_model(ForecastView(numbered, changed))
    assert model.planning.columns[1] == model.course_table.columns[1] == heading
    assert model.offensive_chance == chance
    page = re.sub(r"\s+", " ", render_page(numbered, changed))
    assert f"Chance of an offensive: <strong>{chance}</strong>." in page


@pytest.mark.parametrize(("source", "said"), [("assumption: judged", True), ("report", False)])
def test_the_terminal_calls_only_assumptions_so(numbered, scenario, source, said, monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(command, "Console", lambda: Console(file=out, width=400))
    command.print_headline(ForecastView(numbered, with_sources(scenario, source)))
    assert ("The probabilities of courses are assumptions" in out.getvalue()) == said
    assert answer(ForecastView(numbered, with_sources(scenario, source)))[0] in out.getvalue()


def test_planning_figures_in_python_say_it():
    figures = forewarn.planning_figures(forewarn.run("crossroads", members=4, seed=1))
    assert figures["probability"].attrs["comment"].startswith("an assumption of the scenario")
