"""Flee's rules as a forecaster see nothing that comes after the issue day."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import UsageError
from forewarn.flee.reading import read_directory
from forewarn.flee.registrations import RegistrationSeries
from forewarn.hindcast.data.as_of import Known
from forewarn.hindcast.forecasters.catalogue import chosen
from forewarn.hindcast.forecasters.flee_rules import FleeForecaster, as_of, driving_counts

HEAD = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
CLOSURES = "#closure_type,name1,name2,closure_start,closure_end\n"
DAYS = 60


def folder(make, *, after="0,0,1", closures="location,D,,2,40\nlink,A,B,30,-1\n", capacity=9):
    """Conflict in A; what comes after day 20 is `after`."""
    rows = "".join(f"{day},1,0,0\n" if day <= 20 else f"{day},{after}\n" for day in range(DAYS))
    return make(
        {
            "input_csv/sim_period.csv": f"StartDate,2020-01-01\nLength,{DAYS}\n",
            "input_csv/locations.csv": HEAD + "A,R,X,1,2,conflict_zone,0,1000\nB,R,X,1,2,town,,500\n"
            f"C,R,Y,2,2,camp,,{capacity}\nD,R,Y,2,2,camp,,{capacity}\n",
            "input_csv/routes.csv": "#a\nA,B,50,0\nB,C,40,\nB,D,40,\n",
            "input_csv/conflicts.csv": "#Day,A,B,C\n" + rows,
            "input_csv/closures.csv": CLOSURES + closures,
        }
    )


def known(*counts, day=20):
    series = [
        RegistrationSeries(place, np.array([0, 15]), np.array(pair, float))
        for place, pair in zip("CD", counts, strict=False)
    ]
    return Known(day, tuple(series), np.full(len(series), np.nan))


def forecast(path, **changes):
    rules = FleeForecaster((path,), members=4)
    seen = changes.pop("known", known((100, 200), (0, 50)))
    return rules.learn({}, 30, "total-given").issue(seen, 30, **{"total": 400.0, **changes}).point


def test_closures_conflict_and_capacity_are_cut(make):
    seen = as_of(read_directory(folder(make)), 20, 51)
    assert [(c.first, c.last) for c in seen.closures] == [(2, -1)]
    assert (seen.conflicts[20:] == seen.conflicts[20]).all()
    assert [place.people for place in seen.locations] == [1000, 500, 0, 0]


def test_what_comes_after_the_issue_day_changes_nothing(make):
    path = folder(make)
    before = forecast(path)
    later = forecast(
        folder(make, after="1,1,1", closures="location,D,,2,25\nlocation,C,,21,-1\n", capacity=7)
    )
    np.testing.assert_array_equal(before, later)
    earlier = forecast(folder(make, closures="location,C,,15,-1\n"))
    assert (earlier != before).any()


def test_people_come_as_given(make):
    directory = as_of(read_directory(folder(make)), 20, 51)
    counts = driving_counts(directory, known((100, 200), (0, 50)), 30, 400.0)
    assert counts.initial.tolist() == [100, 0]
    assert counts.new[:16].sum() == 150
    assert counts.new[16:21].sum() == 0
    assert counts.new[21:].sum() == 150
    rate = driving_counts(directory, known((100, 200), (0, 50)), 30, None)
    assert rate.new[21:].sum() == 100  # D's register begins on day 15: nobody is known to have come there


def test_the_total_is_kept_and_everybody_has_a_sample(make):
    path = folder(make)
    issued = FleeForecaster((path,), members=2).learn({}, 30, "total-given")
    found = issued.issue(known((100, 200), (0, 50)), 30, total=400.0)
    assert found.point.sum() == pytest.approx(400)
    assert all(len(samples) for samples in found.samples)


def test_without_anybody_shares_are_equal(make):
    nobody = Known(
        20,
        (
            RegistrationSeries("C", np.array([], int), np.array([])),
            RegistrationSeries("D", np.array([], int), np.array([])),
        ),
        np.full(2, np.nan),
    )
    assert forecast(folder(make), known=nobody, total=0.0).tolist() == [0, 0]


def test_the_folder_must_be_given(make):
    with pytest.raises(UsageError, match="unknown forecaster 'flee'"):
        chosen(["flee"])
    path = folder(make)
    assert chosen(["flee"], folders=[path])[0].name == "flee"
    with pytest.raises(UsageError, match="needs the folder"):
        FleeForecaster((path,)).learn({path.name: []}, 30, "total-given")


def test_from_registrations_everybody_begins_where_he_is_registered(make):
    """Without anybody new, and camps that few leave, people stay; with new ones, registered people stay too."""
    path = folder(make)
    rules = FleeForecaster((path,), members=4, from_registrations=True)
    issued = rules.learn({}, 30, "total-given")
    still = issued.issue(known((100, 200), (0, 5000)), 30, total=5200.0).point
    np.testing.assert_allclose(still, [200, 5000], rtol=0.05)
    from_the_start = FleeForecaster((path,), members=4).learn({}, 30, "total-given")
    elsewhere = from_the_start.issue(known((100, 200), (0, 5000)), 30, total=5200.0).point
    assert elsewhere[0] > 2 * still[0]  # the rules share people out anew, whatever is registered
    more = issued.issue(known((100, 200), (0, 5000)), 30, total=6200.0).point
    np.testing.assert_allclose(more, [1200, 5000], rtol=0.05)  # D is closed: whoever comes is in C


def test_from_registrations_nothing_after_the_issue_day_is_seen(make):
    def issued(path):
        rules = FleeForecaster((path,), members=4, from_registrations=True)
        return rules.learn({}, 30, "total-given").issue(known((100, 200), (0, 50)), 30, total=900.0).point

    before = issued(folder(make))
    later = issued(folder(make, after="1,1,1", closures="location,D,,2,25\nlocation,C,,21,-1\n", capacity=7))
    np.testing.assert_array_equal(before, later)
