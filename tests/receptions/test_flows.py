"""Cases of flows: what is known, and that nothing later is."""

from datetime import date

import numpy as np
import pytest

from forewarn.receptions import Flow, FlowPlace, FlowTable, flow_cases, read_flows
from forewarn.receptions.baselines import all_stay, own_history, population

PLACES = [
    FlowPlace("A", 0.0, 0.0, 1000.0, "west", True),
    FlowPlace("B", 0.0, 1.0, 2000.0, "west"),
    FlowPlace("C", 0.0, 3.0, float("nan"), "east", True),
    FlowPlace("D", 1.0, 3.0, 5000.0, "east"),
]
FLOWS = [
    Flow(date(2020, 1, 31), "A", "B", 600),
    Flow(date(2020, 2, 29), "A", "A", 300),
    Flow(date(2020, 2, 29), "A", "B", 900),
    Flow(date(2020, 2, 29), "C", "D", 2000),
    Flow(date(2020, 3, 31), "A", "C", 1500),
]


def cases(flows=FLOWS):
    return {
        (one.stage, one.event, one.as_of): one for one in flow_cases(FlowTable(flows, PLACES), dataset="x")
    }


def test_the_cases():
    assert set(cases()) == {
        ("cold", "A", "2020-02-29"), ("history", "A", "2020-02-29"), ("cold", "C", "2020-02-29"),
        ("cold", "A", "2020-03-31"), ("history", "A", "2020-03-31"),
    }  # fmt: skip
    one = cases()["history", "A", "2020-02-29"]
    assert one.truth == pytest.approx([0.25, 0.75, 0, 0])
    assert one.people == 1200
    assert one.before == pytest.approx([0, 600 * 0.5 ** (1 / 182.6), 0, 0])


def test_a_history_is_mixed_with_500_people_of_gravity():
    one = cases()["history", "A", "2020-02-29"]
    assert own_history(one)[1] > 0.5
    assert own_history(one).sum() == pytest.approx(1)
    assert own_history(one)[0] == 0  # gravity moves everybody


def test_what_is_known():
    known = cases()["cold", "A", "2020-03-31"].covariates
    assert known["own"].tolist() == [1, 0, 0, 0]
    assert known["region"].tolist() == [0, 1, 0, 0]
    assert known["seat"].tolist() == [0, 0, 1, 0]
    assert known["log_people"][2] == 0  # unknown: as the mean
    assert known["raw_displaced"][3] == pytest.approx(2000 * 0.5 ** (1 / 182.6))
    assert known["raw_km"] == pytest.approx([0, 111.2, 333.6, 351.6], abs=0.2)


def test_nothing_later_is_known_and_nothing_of_the_origin_when_cold():
    before = cases()
    later = cases([*FLOWS, Flow(date(2020, 4, 30), "D", "C", 9000)])
    own = cases([*FLOWS, Flow(date(2020, 1, 31), "A", "D", 9000)])
    for key, one in before.items():
        for name, values in one.covariates.items():
            assert (values == later[key].covariates[name]).all()
            if one.stage == "cold" and one.event == "A":
                assert (values == own[key].covariates[name]).all()
    changed = cases([*FLOWS, Flow(date(2020, 1, 31), "B", "D", 9000)])
    key = ("cold", "A", "2020-03-31")
    assert (changed[key].covariates["log_near"] != before[key].covariates["log_near"]).any()


def test_baselines():
    one = cases()["cold", "A", "2020-03-31"]
    assert all_stay(one).tolist() == [1, 0, 0, 0]
    assert population(one).sum() == pytest.approx(1)


HEADER = "date,origin,destination,people\n"
PLACE_HEADER = "place,lat,lon,population,region,seat,level\n"
GOOD_PLACES = "A,0,0,1000,west,yes,district\nB,0,1,,west,no,district\n"


def write(tmp_path, flows, places=GOOD_PLACES):
    (tmp_path / "flows.csv").write_text(HEADER + flows, encoding="utf-8")
    (tmp_path / "places.csv").write_text(PLACE_HEADER + places, encoding="utf-8")
    return [tmp_path / "flows.csv"], tmp_path / "places.csv"


def test_a_good_table(tmp_path):
    table = read_flows(*write(tmp_path, "2020-01-31,A,B,1200\n"))
    (one,) = flow_cases(table, dataset="x")
    assert one.truth.tolist() == [0, 1]
    assert np.isnan(table.population[1])


@pytest.mark.parametrize(
    ("flows", "places", "message"),
    [
        (
            "2020-01-31,A,Bb,5\n",
            GOOD_PLACES,
            "flows.csv, line 2, destination: 'Bb' is not in places.csv.*Add it there",
        ),
        ("31 January,A,B,5\n", GOOD_PLACES, "line 2, date: '31 January'.*a day such as"),
        ("2020-01-31,A,B,many\n", GOOD_PLACES, "people: 'many'.*a number from 0"),
        ("2020-01-31,A,B,\n", GOOD_PLACES, "people: the cell is empty"),
        ("2020-01-31,A,,5\n", GOOD_PLACES, "destination: the cell is empty"),
        ("", GOOD_PLACES, "flows.csv: the table has no rows"),
        ("2020-01-31,A,B,5\n", "A,0,0,,,,\nA,0,0,,,,\n", "line 3, place: 'A' stands there twice"),
        (
            "2020-01-31,Al Kaim,B,5\n",
            "Al Kaim,0,0,,,,\nAl-Ka'im District,0,0,,,,\n",
            "one place under two names",
        ),
        (
            "2020-01-31,A,B,5\n",
            "A,0,0,,,,state\nB,0,0,,,,district\n",
            "level 'district', others of 'state'.*tables of their own",
        ),
        ("2020-01-31,A,B,5\n", "A,95,0,,,,\nB,0,0,,,,\n", "lat: '95'.*from -90 to 90"),
        ("2020-01-31,A,B,5\n", "A,,0,,,,\nB,0,0,,,,\n", "lat: the cell is empty"),
        ("2020-01-31,A,B,5\n", "A,0,0,,,perhaps,\nB,0,0,,,,\n", "unknown seat 'perhaps'"),
    ],
)
def test_bad_tables(tmp_path, flows, places, message):
    from forewarn.errors import ForewarnError

    with pytest.raises(ForewarnError, match=message):
        read_flows(*write(tmp_path, flows, places))
