"""People within their own place are told apart from those who came from elsewhere, and never give away a few."""

from __future__ import annotations

import csv

import numpy as np
import pyogrio
import pypdf
import pytest

from forewarn.outlook.brief.document import write_brief
from forewarn.outlook.contents.answer import answer
from forewarn.outlook.contents.within import HEADING
from forewarn.outlook.format.suppression import suppressed_parts
from forewarn.outlook.page.model import build_page_model
from forewarn.outlook.page.render import render_page
from forewarn.outlook.tables import tidy as tables
from forewarn.outlook.view import ForecastView
from forewarn.outlook.writing import write
from forewarn.scenario import explicit, resolve

WORDS = "within their own place"
RANKS = ("p05", "p25", "median", "p75", "p95")


def in_attack(dataset, variable, people, *, day=-1):
    """Put the same people into every future with an attack: by place, from the first place on."""
    attack = np.flatnonzero((dataset["course"] == "attack").values)
    dataset[variable].values[attack, day, : len(people)] = people


@pytest.fixture
def stayed(synthetic, scenario):
    """In each place 100 newly displaced people, and 100 who left home; fewer and fewer are within their own."""
    dataset = synthetic.empty(scenario, members=24)
    for variable in ("present", "departures"):
        in_attack(dataset, variable, [100, 100, 100, 100, 5])
    in_attack(dataset, "within", [100, 95, 60, 4, 0])
    return dataset


def within(rows):
    """Cell of the median on the last day by place, and whether the row says that something is blank."""
    last = [row for row in rows if row["course"] == "attack"][-5:]
    return [(row["within_median"], row["suppressed"]) for row in last]


@pytest.mark.parametrize("table", [tables.present, tables.departures])
def test_tables_give_the_part_unless_it_gives_away_the_rest(stayed, scenario, table):
    rows = table(ForecastView(stayed, scenario))
    assert within(rows) == [("100", "no"), ("", "yes"), ("60", "no"), ("", "yes"), ("", "yes")]
    whole = table(ForecastView(stayed, scenario, 0))
    assert within(whole) == [("100", "no"), ("95", "no"), ("60", "no"), ("4", "no"), ("0", "no")]


def test_a_number_blank_in_one_table_is_blank_in_the_others(stayed, scenario):
    """Of 1,000 people present 97 are within their own place, of 100 who left home: 3 went elsewhere."""
    in_attack(stayed, "present", [1000])
    in_attack(stayed, "within", [97])
    view = ForecastView(stayed, scenario)
    assert within(tables.departures(view))[0] == within(tables.present(view))[0] == ("", "yes")


def test_no_row_gives_away_a_small_rest(dataset, scenario):
    generator = np.random.Generator(np.random.Philox(3))
    share = generator.random(dataset["present"].shape) ** 0.1
    mixed = dataset.assign(within=(dataset["present"] * share).astype(np.int32))
    rows = tables.present(ForecastView(mixed, scenario))
    pairs = [(row[f"population_{rank}"], row[f"within_{rank}"]) for row in rows for rank in RANKS]
    rests = [int(whole) - int(part) for whole, part in pairs if whole and part]
    assert [rest for rest in rests if 0 < rest < 10] == []
    whole = tables.present(ForecastView(mixed, scenario, 0))
    assert any(
        0 < int(row[f"population_{rank}"]) - int(row[f"within_{rank}"]) < 10
        for row in whole
        for rank in RANKS
    )


def test_parts_are_those_of_each_whole():
    part, one, other = (np.array(each) for each in ([50, 50, 0, 0], [100, 100, 9, 0], [100, 55, 100, 10]))
    assert suppressed_parts(part, one, other).tolist() == [False, True, True, False]


def test_the_quantiles_are_those_of_the_futures(dataset, scenario):
    halved = dataset.assign(within=dataset["present"] // 2)
    row = next(r for r in tables.present(ForecastView(halved, scenario, 0)) if r["course"] == "attack")
    own = halved["within"].isel(member=(dataset["course"] == "attack").values, place=0).sel(day=30).values
    found = [int(np.quantile(own, share, method="inverted_cdf")) for share in (0.05, 0.25, 0.5, 0.75, 0.95)]
    assert [int(row[f"within_{rank}"]) for rank in RANKS] == found


def test_the_page_says_who_is_within_their_own_place(stayed, scenario):
    view = ForecastView(stayed, scenario)
    model = build_page_model(view)
    course = next(each for each in model.courses if each.title == view.formatter.title("attack"))
    for table in (course.destinations, course.origins):
        found = {row[0].split(" (")[0]: row[table.columns.index(HEADING)] for row in table.rows}
        names = [place.name for place in scenario.places]
        assert [found[name] for name in names[:5]] == ["100", "suppressed", "60", "under 10", "suppressed"]
    assert model.blocked_table.note.count(WORDS) == 1


def test_the_answer_counts_them(stayed, scenario):
    stayed["left_home"].values[(stayed["course"] == "attack").values, -1, 0] = 400
    (said,) = [sentence for sentence in answer(ForecastView(stayed, scenario)) if WORDS in sentence]
    assert "259" not in said
    assert "Of all newly displaced people 260 (median) are" in said  # 100 + 95 + 60 + 4


def test_nothing_is_said_where_nobody_is(dataset, scenario, stayed, tmp_path):
    assert not dataset["within"].any()
    assert WORDS not in render_page(dataset, scenario)
    assert WORDS in render_page(stayed, scenario)
    unknown = resolve(explicit(scenario) | {"draft": {"reports": ["report.txt"], "where_known": False}})
    assert WORDS not in render_page(stayed, unknown)
    for name, made, said in (("none", dataset, False), ("some", stayed, True)):
        write_brief(made, scenario, tmp_path / f"{name}.pdf")
        pages = pypdf.PdfReader(tmp_path / f"{name}.pdf").pages
        text = " ".join(" ".join(page.extract_text().split()) for page in pages)
        assert (WORDS in text) is said
        assert len(pages) == 2


def test_files_keep_to_one_rule(stayed, scenario, tmp_path):
    folder = write(stayed, scenario, tmp_path / "o")
    places = pyogrio.read_dataframe(folder / "places.gpkg", layer="places")
    found = places["attack_within_median"].tolist()[:5]
    assert [None if np.isnan(each) else int(each) for each in found] == [100, None, 60, None, None]
    with (folder / "present.csv").open(encoding="utf-8", newline="") as stream:
        assert within(list(csv.DictReader(stream))) == [
            ("100", "no"), ("", "yes"), ("60", "no"), ("", "yes"), ("", "yes"),
        ]  # fmt: skip
