"""One distribution given an offensive, the same people in figures and needs, and courses that are ruled out."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from pypdf import PdfReader
from rich.console import Console

from forewarn.cli import outlook as command
from forewarn.forecast import summary
from forewarn.outlook import headline
from forewarn.outlook.brief.document import write_brief
from forewarn.outlook.contents.answer import answer
from forewarn.outlook.contents.planning import ANY_COURSE
from forewarn.outlook.page.model import build_page_model
from forewarn.outlook.page.render import render_page
from forewarn.outlook.view import ForecastView
from forewarn.outlook.writing import write

CHANCES = [
    (0.25, 0.25, 0.15, 0.35),  # as in idlib-2018
    (0.2, 0.2, 0.2, 0.4),
    (0.6, 0.0, 0.1, 0.3),  # one of them ruled out
    (0.01, 0.01, 0.97, 0.01),
]
MEMBERS = 400


def with_chances(scenario, chances):
    """The crossroads with three courses that hold an offensive, and one that holds none."""
    attack, calm = scenario.courses
    made = [
        (calm if name == "calm" else attack).model_copy(
            update={
                "name": name,
                "title": f"Course {name}",
                "probability": attack.probability.model_copy(update={"value": chance}),
            }
        )
        for name, chance in zip(("first", "second", "third", "calm"), chances, strict=True)
    ]
    claims = tuple(claim.model_copy(update={"courses": ()}) for claim in scenario.claims)
    return scenario.model_copy(update={"courses": tuple(made), "claims": claims})


def forecast_of(synthetic, scenario):
    """Each course spreads round a median of its own: about 45,000, 70,000 and 55,000 people; calm 1,820."""
    dataset = synthetic.empty(scenario, members=MEMBERS)
    generator = np.random.Generator(np.random.Philox(3))
    for name, people in (("first", 45_000), ("second", 70_000), ("third", 55_000)):
        own = dataset["course"].values == name
        drawn = people * generator.lognormal(0.0, 0.5, own.sum())
        dataset["left_home"].values[own, -1, 0] = np.round(drawn)
    dataset["left_home"].values[dataset["course"].values == "calm", -1, 0] = 1820
    # Ordinary moves and whoever lives at places are other people.
    dataset["left_home"].values[:, -1, 3] = 12_345
    dataset["present"].values[:, -1, 1] = 23_456
    return dataset


@pytest.fixture(params=CHANCES, ids=str)
def told(request, synthetic, scenario):
    changed = with_chances(scenario, request.param)
    return forecast_of(synthetic, changed), changed


def share(dataset, people, wanted):
    """Count the weight of the members of courses with an offensive whose people are as wanted."""
    offensive = dataset["course"].values != "calm"
    weights = dataset["weight"].values[offensive]
    return float(weights[wanted(people[offensive])].sum() / weights.sum())


def left(dataset):
    return dataset["left_home"].values[:, -1, :3].sum(axis=1)


def test_half_of_the_outcomes_given_an_offensive_are_half(told):
    dataset, scenario = told
    found = summary.offensive_figure(dataset, scenario)
    people = left(dataset)
    one = 4 / MEMBERS  # at most, what one member weighs given an offensive
    half = share(dataset, people, lambda n: (n > found.people.p25) & (n <= found.people.p75))
    assert half == pytest.approx(0.5, abs=one)
    assert share(dataset, people, lambda n: n <= found.people.median) == pytest.approx(0.5, abs=one)
    assert share(dataset, people, lambda n: n > found.planning.worst_case) == pytest.approx(0.1, abs=one)
    assert found.planning.worst_case_low < found.planning.worst_case < found.planning.worst_case_high
    assert found.planning.probability == pytest.approx(summary.offensive_probability(dataset, scenario))


def test_the_range_of_medians_is_no_such_interval(synthetic, scenario):
    changed = with_chances(scenario, CHANCES[0])
    dataset = forecast_of(synthetic, changed)
    medians = [each.most_likely for each in summary.planning_figures(dataset) if each.course != "calm"]
    assert share(dataset, left(dataset), lambda n: (n > min(medians)) & (n <= max(medians))) < 0.45


def test_the_answer_tells_that_distribution_and_then_the_courses(told):
    dataset, scenario = told
    view = ForecastView(dataset, scenario, 10)
    found = summary.offensive_figure(dataset, scenario)
    first, second, *_ = answer(view)
    low, median, high, worst = (
        view.formatter.people(n)
        for n in (found.people.p25, found.people.median, found.people.p75, found.planning.worst_case)
    )
    assert (
        f"{median} people leave their homes because of it (median; half of the futures lie between" in first
    )
    assert f"between {low} and {high})" in first
    chance = view.formatter.chance(found.planning.probability)
    end = f"in one future out of ten more than {worst}. The chance of one is an assumption: {chance}."
    assert first.endswith(end)
    for figure in summary.planning_figures(dataset):
        told_here = (
            f"{view.formatter.people(figure.most_likely)} and {view.formatter.people(figure.worst_case)}"
            in second
        )
        assert told_here == (figure.course != "calm" and figure.probability > 0)


def test_page_and_brief_begin_with_it(told, tmp_path):
    dataset, scenario = told
    first = answer(ForecastView(dataset, scenario, 10))[0]
    assert first in render_page(dataset, scenario)
    write_brief(dataset, scenario, tmp_path / "brief.pdf")
    brief = PdfReader(tmp_path / "brief.pdf").pages[0].extract_text()
    assert re.sub(r"\s", "", first) in re.sub(r"\s", "", brief)


def test_a_single_offensive_stands_for_itself(dataset, scenario):
    model = build_page_model(ForecastView(dataset, scenario))
    assert [row[0] for row in model.planning.rows] == ["Millbrook is attacked", "Nothing happens"]
    assert not any("Course by course" in sentence for sentence in model.answer)


def test_no_offensive_no_distribution(dataset, scenario):
    calm = scenario.model_copy(
        update={"courses": tuple(each.model_copy(update={"stages": ()}) for each in scenario.courses)}
    )
    assert summary.offensive_figure(dataset, calm) is None
    assert answer(ForecastView(dataset, calm, 10)) == (
        "No course of this scenario holds an offensive up to 30 April 2024.",
    )


def test_figures_and_needs_are_of_the_same_people(told):
    model = build_page_model(ForecastView(*told))
    needs = {each.title: each.needs.rows[0][1:] for each in model.needs.courses}
    assert needs == {row[0]: row[2:4] for row in model.planning.rows}
    assert list(needs)[0] == ANY_COURSE
    by_age = {each.title: each.people.rows for each in model.needs.courses}
    assert len(set(by_age.values())) == len(by_age)


GONE = "Ruled out (chance 0 %), so without figures here: {}. The CSV files hold their rows."


@pytest.mark.parametrize(
    ("chances", "names"),
    [
        ((0.5, 0.3, 0.2, 0.0), "Course calm"),
        ((0.6, 0.0, 0.1, 0.3), "Course second"),
        ((1.0, 0.0, 0.0, 0.0), "Course second; Course third; Course calm"),
        ((0.0, 0.0, 0.0, 1.0), "Course first; Course second; Course third"),
    ],
)  # fmt: skip
def test_courses_that_are_ruled_out_have_one_line_and_no_figures(
    synthetic, scenario, tmp_path, chances, names
):
    changed = with_chances(scenario, chances)
    dataset = forecast_of(synthetic, changed)
    gone = names.split("; ")
    model = build_page_model(ForecastView(dataset, changed))
    assert model.ruled_out == GONE.format(names)
    text = render_page(dataset, changed)
    assert text.count(GONE.format(names)) == 1
    # The table of all courses with their chances names them once more.
    assert [text.count(name) for name in gone] == [2] * len(gone)
    write_brief(dataset, changed, tmp_path / "brief.pdf")
    brief = re.sub(
        r"\s+", " ", " ".join(each.extract_text() for each in PdfReader(tmp_path / "brief.pdf").pages)
    )
    assert [brief.count(name) for name in gone] == [1] * len(gone)
    assert {row.course for row in headline(dataset, changed)}.isdisjoint(gone)
    kept = {each.title for each in changed.courses} - set(gone)
    assert (
        {row.course for row in headline(dataset, changed)} == kept == {each.title for each in model.courses}
    )


def test_the_terminal_says_so_too(synthetic, scenario, monkeypatch):
    changed = with_chances(scenario, (0.5, 0.3, 0.2, 0.0))
    out = io.StringIO()
    monkeypatch.setattr(command, "Console", lambda: Console(file=out, width=300))
    command.print_headline(ForecastView(forecast_of(synthetic, changed), changed))
    assert GONE.format("Course calm") in out.getvalue()
    assert "1,820" not in out.getvalue()
    assert answer(ForecastView(forecast_of(synthetic, changed), changed, 10))[0] in out.getvalue()
    out.truncate(0)
    possible = with_chances(scenario, (0.5, 0.3, 0.1, 0.1))
    command.print_headline(ForecastView(forecast_of(synthetic, possible), possible))
    assert "1,820" in out.getvalue()
    assert "Ruled out" not in out.getvalue()


def test_the_tidy_tables_keep_their_rows(synthetic, scenario, tmp_path):
    changed = with_chances(scenario, (0.5, 0.3, 0.2, 0.0))
    folder = write(forecast_of(synthetic, changed), changed, tmp_path / "outlook")
    rows = (folder / "present.csv").read_text(encoding="utf-8").splitlines()
    assert any(",calm,0," in row for row in rows)


def test_layers_show_a_course_that_may_come(synthetic, scenario, tmp_path):
    import pyogrio

    changed = with_chances(scenario, (0.0, 0.0, 0.5, 0.5))
    folder = write(forecast_of(synthetic, changed), changed, tmp_path / "outlook")
    styles = pyogrio.read_dataframe(folder / "places.gpkg", layer="layer_styles", read_geometry=False)
    used = set(re.findall(r"(\w+)_present_median", " ".join(styles["styleQML"])))
    assert used == {"third"}
