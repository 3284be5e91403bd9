"""``forewarn hindcast`` as a user runs it."""

from __future__ import annotations

import contextlib
import csv
import io
import sys
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

from forewarn.cli import main as entry
from tests.hindcast.conflicts import conflict, drawn, series, write


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    base = tmp_path_factory.mktemp("conflicts")
    return [
        str(write(drawn(seed, name=name), base / name)) for seed, name in enumerate(("one", "two", "three"))
    ]


def forewarn(*words):
    """Run the entry point in this process: to start one for each command takes longer than most commands."""
    code, out, err = 0, io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patched,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patched.setattr(sys, "argv", ["forewarn", "hindcast", *words])
        try:
            entry()
        except SystemExit as stop:
            code = stop.code or 0
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())


def table(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_tables_plot_and_sentences(folders, tmp_path):
    out = tmp_path / "new" / "out"
    done = forewarn(*folders, "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert "forewarn, total given, 30 days: CRPS is" in done.stdout
    assert {path.name for path in out.iterdir()} == {
        *("issues.csv", "summary.csv", "comparison.csv", "calibration.csv", "triggers.csv"),
        "hindcast.svg",
    }
    issues, summary = table(out / "issues.csv"), table(out / "summary.csv")
    assert {row["conflict"] for row in issues} == {"one", "two", "three"}
    assert {row["mode"] for row in summary} == {"total-given", "total-forecast"}
    one = next(row for row in issues if row["issue_date"] == "2020-01-31" and row["horizon_days"] == "30")
    assert one["target_date"] == "2020-03-01"
    assert float(one["low_90"]) <= float(one["median"]) <= float(one["high_90"])
    # Two modes, two horizons, three measures: forewarn, the pool and open camps.
    assert len(table(out / "comparison.csv")) == 3 * 12
    assert {row["forecaster"] for row in table(out / "triggers.csv")} > {"forewarn", "last_value"}
    pooled = [row for row in table(out / "calibration.csv") if row["conflict"] == "pooled"]
    assert all(
        sum(float(row[f"rank_{n}"]) for n in range(1, 11)) == pytest.approx(1, abs=1e-3) for row in pooled
    )
    ET.parse(out / "hindcast.svg")  # noqa: S314
    assert not list(out.parent.glob(".*"))


def test_errors_in_the_summary_follow_from_the_issues(folders, tmp_path):
    out = tmp_path / "out"
    assert (
        forewarn(*folders, "--forecaster", "drift", "--mode", "total-given", "-o", str(out)).returncode == 0
    )
    sums = {}
    for row in table(out / "issues.csv"):
        if row["conflict"] == "two" and row["horizon_days"] == "30":
            pair = sums.setdefault(row["issue_date"], [0.0, 0.0])
            pair[0] += abs(float(row["forecast"]) - float(row["truth"]))
            pair[1] += float(row["truth"])
    mean = sum(error / people for error, people in sums.values()) / len(sums)
    (found,) = (
        row for row in table(out / "summary.csv") if (row["conflict"], row["horizon_days"]) == ("two", "30")
    )
    assert float(found["error"]) == pytest.approx(mean, abs=2e-4)


def test_learning_from_a_conflict_without_scoring_it(folders, tmp_path):
    out = tmp_path / "out"
    done = forewarn(folders[0], "--learn-from", folders[1], "--forecaster", "forewarn", "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert {row["conflict"] for row in table(out / "summary.csv")} == {"one", "pooled"}
    assert table(out / "comparison.csv") == []


def test_one_conflict_alone_learns_from_what_is_shipped(folders, tmp_path):
    outs = tmp_path / "with", tmp_path / "without"
    done = [
        forewarn(folders[0], "--mode", "total-forecast", "-o", str(out), *options)
        for out, options in zip(outs, ([], ["--given-alone"]), strict=True)
    ]
    assert [one.returncode for one in done] == [0, 0], done[0].stderr
    assert "learnt from 10 published conflicts" in " ".join(done[0].stderr.split())
    assert "nothing to learn from" not in " ".join(done[0].stdout.split())
    assert "nothing to learn from" in " ".join(done[1].stdout.split())

    def first(out):
        rows = table(out / "issues.csv")
        return next(row for row in rows if row["forecaster"] == "forewarn")

    with_errors, without = map(first, outs)
    assert float(with_errors["low_80"]) < float(with_errors["high_80"])
    assert without["low_80"] == without["high_80"]


def test_a_pool_of_two_forecasters(folders, tmp_path):
    out = tmp_path / "out"
    words = ["--forecaster", "drift", "--pool", "drift", "--pool", "last_value", "--mode", "total-forecast"]
    done = forewarn(*folders, *words, "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert {row["forecaster"] for row in table(out / "summary.csv")} == {"drift", "pool"}


def test_a_pool_of_one_or_of_somebody_unknown(folders):
    done = forewarn(folders[0], "--pool", "drift")
    assert done.returncode == 2
    assert "'drift' alone is not a pool" in done.stderr
    done = forewarn(folders[0], "--pool", "drift", "--pool", "drfit")
    assert done.returncode == 2
    assert "unknown forecaster 'drfit'" in done.stderr


def test_the_interpolated_variant_is_reported_apart(folders):
    done = forewarn(*folders, "--interpolated", "--forecaster", "drift")
    assert done.returncode == 0, done.stderr
    assert "Interpolated across the issue day" in done.stdout


def test_what_is_wrong_with_every_folder_is_said_at_once(folders, tmp_path):
    short = conflict(series("A", (0, 5.0)), series("B", (0, 6.0)), length_days=20)
    done = forewarn(str(tmp_path / "none"), str(write(short, tmp_path / "short")), *folders)
    assert done.returncode == 1
    assert "folder not found: input_csv, source_data" in done.stderr
    assert "no issue can be scored at 30 days" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_folders_of_one_name(folders, tmp_path):
    again = write(drawn(9, name="one"), tmp_path / "one")
    done = forewarn(folders[0], str(again))
    assert done.returncode == 1
    assert "a second folder with the name 'one'" in done.stderr


def test_a_forecaster_that_cannot_do_the_mode(folders):
    done = forewarn(folders[0], "--forecaster", "equal", "--mode", "total-forecast")
    assert done.returncode == 2
    assert "none of the chosen forecasters works in mode total-forecast" in done.stderr


def test_a_folder_with_something_else_is_left_alone(folders, tmp_path):
    (tmp_path / "letter.txt").write_text("keep me")
    done = forewarn(folders[0], "--forecaster", "drift", "-o", str(tmp_path))
    assert done.returncode == 1
    assert "holds something else: letter.txt" in done.stderr
    assert (tmp_path / "letter.txt").read_text() == "keep me"


def test_an_older_hindcast_is_replaced(folders, tmp_path):
    out = tmp_path / "out"
    for mode in ("total-given", "total-forecast"):
        assert forewarn(folders[0], "--forecaster", "drift", "--mode", mode, "-o", str(out)).returncode == 0
    assert {row["mode"] for row in table(out / "summary.csv")} == {"total-forecast"}


def test_an_output_that_is_a_file(folders, tmp_path):
    (tmp_path / "file").write_text("x")
    done = forewarn(folders[0], "--forecaster", "drift", "-o", str(tmp_path / "file"))
    assert done.returncode == 1
    assert "cannot write" in done.stderr
