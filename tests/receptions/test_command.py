"""``forewarn destinations`` on Typer's runner."""

import pytest
from typer.testing import CliRunner

from forewarn.cli.destinations import app
from forewarn.errors import ForewarnError, UsageError


def run(*arguments):
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [*arguments], catch_exceptions=False)


def words(found):
    return " ".join(found.output.split())


RECEPTIONS = (
    "event,as_of,from_date,destination,unit,share,measure,complete\n"
    + "".join(f"e,2020-02-01,2020-01-01,{name},town,0.25,people,all\n" for name in "ABCD")
    + "".join(f"e,2020-03-01,2020-01-01,{name},town,0.25,people,all\n" for name in "ABCD")
)
RECEIVING = "event,place,km_from_origin,population\n" + "".join(f"e,{name},10,1000\n" for name in "ABCD")
FLOWS = "date,origin,destination,people\n2020-01-31,A,A,600\n2020-02-29,A,B,1500\n2020-03-31,A,B,1200\n"
AREAS = "place,lat,lon,population\nA,0,0,1000\nB,0,1,1000\nC,1,1,1000\n"


@pytest.fixture
def own(tmp_path):
    for name, text in (
        ("receptions.csv", RECEPTIONS), ("receiving.csv", RECEIVING), ("flows.csv", FLOWS), ("areas.csv", AREAS)
    ):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_listing():
    found = run()
    assert found.exit_code == 0
    assert "39 past events" in found.output
    assert "Nagorno-Karabakh" in found.output


def test_like_gives_nearest_cases_sources_and_a_plot(tmp_path):
    drawing = tmp_path / "a.svg"
    found = run("--like", "screening, 400000 people", "--plot", str(drawing))
    assert "Mosul" in found.output
    assert "IOM DTM Iraq" in words(found)
    assert drawing.read_text(encoding="utf-8").startswith("<svg")
    assert list(tmp_path.iterdir()) == [drawing]


def test_the_record():
    found = run("score")
    for name in ("receptions, cold", "receptions, first-count", "somalia, history", "afghanistan, cold"):
        assert name in words(found)


def test_scores_of_a_users_receptions(own):
    found = run("score", "--table", str(own / "receptions.csv"), "--places", str(own / "receiving.csv"))
    assert found.exit_code == 0
    assert "receptions, cold: 2 cases" in words(found)
    assert "receptions, first-count: 1 cases" in words(found)


def test_scores_of_a_users_flows(own):
    found = run("score", "--flows", str(own / "flows.csv"), "--places", str(own / "areas.csv"))
    assert "flows, cold: 2 cases" in words(found)
    assert "flows, history: 2 cases" in words(found)
    later = ["--since", "2020-03-01"]
    found = run("score", "--flows", str(own / "flows.csv"), "--places", str(own / "areas.csv"), *later)
    assert "flows, cold: 1 cases" in words(found)


def test_a_users_listing(own):
    found = run("--table", str(own / "receptions.csv"), "--places", str(own / "receiving.csv"))
    assert "1 past events" in found.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--plot", "a.svg"], "nothing to draw"),
        (["--like", "siege", "--plot", "a.png"], "does not end in .svg"),
        (["--like", "siege", "score"], "options before 'score'"),
        (["--table", "a.csv"], "one without the other"),
        (["score", "--places", "a.csv"], "Say --table or --flows too"),
        (["score", "--flows", "a.csv"], "no table of places"),
        (["score", "--flows", "a.csv", "--table", "b.csv"], "Score one at a time"),
        (["score", "--flows", "a.csv", "--places", "b.csv", "--period", "day"], "Allowed: month, week"),
        (["score", "--flows", "a.csv", "--places", "b.csv", "--since", "soon"], "'soon' is not a day"),
    ],
)
def test_bad_use(arguments, message):
    with pytest.raises(UsageError, match=message):
        run(*arguments)


def test_nothing_to_score(own):
    (own / "flows.csv").write_text("date,origin,destination,people\n2020-01-31,A,A,6\n", encoding="utf-8")
    with pytest.raises(ForewarnError, match="no case can be made.*at least 1,000 people"):
        run("score", "--flows", str(own / "flows.csv"), "--places", str(own / "areas.csv"))
