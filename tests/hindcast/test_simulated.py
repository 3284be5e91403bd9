"""The project's own simulation as a forecaster: updated with what was known, and with nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from forewarn.errors import UsageError
from forewarn.flee.reading import read_directory
from forewarn.flee.registrations import RegistrationSeries
from forewarn.hindcast.data.as_of import Known
from forewarn.hindcast.forecasters.catalogue import chosen
from forewarn.hindcast.forecasters.simulated import Simulation, _observations, since

HEAD = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
DAYS = 240


@pytest.fixture
def folder(tmp_path):
    """Conflict in A, which ends or goes on after day 60; camps C and D over the border."""

    def make(name, *, after="1,0"):
        path = tmp_path / name
        (path / "input_csv").mkdir(parents=True)
        rows = "".join(f"{day},1,0\n" if day <= 60 else f"{day},{after}\n" for day in range(DAYS))
        files = {
            "sim_period.csv": f"StartDate,2020-01-01\nLength,{DAYS}\n",
            "locations.csv": HEAD + "A,R,X,1,2,conflict_zone,0,90000\nB,R,X,1.2,2,town,,5000\n"
            "C,R,Y,2,2,camp,,9\nD,R,Y,2,2.1,camp,,9\n",
            "routes.csv": "#a\nA,B,50,0\nB,C,40,\nB,D,40,\n",
            "conflicts.csv": "#Day,A,B\n" + rows,
            "closures.csv": "#closure_type,name1,name2,closure_start,closure_end\n",
        }
        for file, text in files.items():
            (path / "input_csv" / file).write_text(text)
        return path

    return make


def known(c=(1000, 3000), d=(100, 200), day=60):
    series = [
        RegistrationSeries(place, np.array([20, 50]), np.array(counts, float))
        for place, counts in zip("CD", (c, d), strict=True)
    ]
    return Known(day, tuple(series), np.full(2, np.nan))


def point(path, seen=None, total=None, horizon=30):
    return Simulation((path,)).of(path.name).point(seen or known(), horizon, total)


def test_it_starts_from_what_was_registered(folder):
    found = point(folder("x"))
    assert found[0] >= 3000
    assert found[0] > found[1]


def test_what_comes_is_shared_to_the_total(folder):
    found = point(folder("x"), total=8000.0)
    assert found.sum() == pytest.approx(8000)
    assert (found >= (3000, 200)).all()


def test_a_total_that_falls_is_shared_as_the_last_counts_are(folder):
    assert point(folder("x"), total=1600.0).tolist() == pytest.approx([1500, 100])


def test_what_comes_after_the_issue_day_is_not_seen(folder):
    assert np.array_equal(point(folder("x"), horizon=90), point(folder("y", after="0,1"), horizon=90))


def test_conflict_before_the_issue_day_is_seen(folder):
    early = known(day=40)
    assert not np.array_equal(point(folder("x"), early), point(folder("y", after="0,1"), known(day=60)))


def test_nothing_registered_is_a_forecast_all_the_same(folder):
    nothing = Known(
        60,
        tuple(RegistrationSeries(place, np.zeros(0, dtype=int), np.zeros(0)) for place in "CD"),
        np.full(2, np.nan),
    )
    assert point(folder("x"), nothing).sum() > 0


def test_a_register_that_begins_is_not_met_as_arrivals():
    """The first count is of those who were there; those of D came after it."""
    scenario = SimpleNamespace(places=[SimpleNamespace(name=name) for name in "CD"])
    seen = known(c=(0, 103_000), d=(100, 200))
    met = {(each.area, each.day): each.people for each in _observations(seen, scenario, 0).rows}
    assert met == {("C", 20): 0, ("C", 50): 0, ("D", 20): 0, ("D", 50): 100}


def test_only_the_window_before_the_issue_day_is_simulated(folder):
    cut = since(read_directory(folder("x")), 100)
    assert cut.length_days == DAYS - 100
    assert cut.start.isoformat() == "2020-04-10"
    assert cut.conflicts is not None
    assert len(cut.conflicts) == DAYS - 100


def test_it_needs_the_folder_of_the_conflict(folder):
    path = folder("x")
    with pytest.raises(UsageError, match="'simulation' needs the folder"):
        Simulation((path,)).learn({"x": ()}, 30, "total-given")
    assert [each.name for each in chosen(["simulation"], folders=[path])] == ["simulation"]


def test_its_distribution_holds_errors_of_other_conflicts(folder):
    path = folder("x")
    issued = Simulation((path,)).learn({}, 30, "total-forecast").issue(known(), 30)
    assert [len(samples) for samples in issued.samples] == [1, 1]
