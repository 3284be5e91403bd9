"""``forewarn analogues`` on Typer's runner."""

import pytest
from typer.testing import CliRunner

from forewarn.cli.analogues import app
from forewarn.errors import UsageError

HEADER = "id,start_date,end_date,scope,attack_kind,exits_open,population_exposed,displaced_total"


def run(*arguments):
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, [*arguments], catch_exceptions=False)


def test_the_listing():
    found = run("--as-of", "2018-08-30", "--leave-out", "Idlib")
    assert found.exit_code == 0
    assert "23 shares, 27 days to half." in found.output
    assert "38 past events as of 2018-08-30" in found.output


def test_like_gives_prediction_cases_sources_and_warnings(tmp_path):
    drawing = tmp_path / "a.svg"
    found = run("--like", "place, siege, exits closed, 400000 people", "--plot", str(drawing))
    for words in ("share displaced", "people displaced", "nearest past cases", "Sources:"):
        assert words in found.output
    said = " ".join(found.output.split())
    assert "within 120 days after 9 of 19 (4 of 14 without the offensives that were warned of)" in said
    assert "chance 48%, 16% to 62%. Alarms that were mostly false" in said
    assert drawing.read_text(encoding="utf-8").startswith("<svg")
    assert list(tmp_path.iterdir()) == [drawing]


@pytest.mark.slow
def test_score():
    found = run("score")
    assert "Share displaced: The fit beats pooled quantiles within scope" in found.output
    said = " ".join(found.output.split())
    assert "attack within 120 days of a warning: 48% said on average, 47% came; no better than 0.5." in said


def test_score_of_a_users_table(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(f"{HEADER}\na,2020-01-01,2020-02-01,place,ground offensive,open,100000,40000\n")
    found = run("score", "--table", str(own))
    assert found.exit_code == 0
    assert "Share displaced" in found.output
    assert "Days to half" not in found.output
    assert "Brier" not in found.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--as-of", "soon"], "'soon' is not a day"),
        (["--plot", "a.svg"], "nothing to draw"),
        (["--as-of", "2018-08-30", "score"], "options before 'score'"),
    ],
)
def test_bad_use(arguments, message):
    with pytest.raises(UsageError, match=message):
        run(*arguments)
