import csv
import io

import numpy as np
import pytest

from forewarn.csvfiles import csv_text
from forewarn.outlook.tables import tidy as tables
from forewarn.outlook.tables.sheets import BY_PLACE, BY_ROUTE
from forewarn.outlook.view import ForecastView

COUNTS = ("population_p05", "population_p25", "population_median", "population_p75", "population_p95")
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


PLACE_COLUMNS = tuple(column.name for column in BY_PLACE)
FLOW_COLUMNS = tuple(column.name for column in BY_ROUTE)


def read(rows, columns=PLACE_COLUMNS):
    return list(csv.DictReader(io.StringIO(csv_text(rows, columns))))


def brute_force(values):
    """Quantiles by NumPy's own inverted distribution function."""
    return [int(np.quantile(values, share, method="inverted_cdf")) for share in SHARES]


@pytest.mark.parametrize("name", ["arrivals", "departures"])
def test_numbers_equal_brute_force(dataset, name):
    rows = read(getattr(tables, name)(dataset, suppress_below=0))
    assert len(rows) == 2 * 2 * dataset.sizes["place"]
    for row in rows:
        end = np.datetime64(row["reference_period_end"])
        own = dataset.isel(member=(dataset["course"] == row["course"]).values)
        own = own.isel(place=int((dataset["place"] == row["place"]).values.argmax()))
        totals = own[name].isel(day=(dataset["date"] <= end).values).values.sum(axis=1)
        assert [int(row[column]) for column in COUNTS] == brute_force(totals)


def test_present_is_a_stock(dataset, scenario):
    rows = read(tables.present(ForecastView(dataset, scenario, 0)))
    assert all(row["reference_period_start"] == row["reference_period_end"] for row in rows)
    last = [row for row in rows if row["course"] == "attack"][-1]
    own = dataset["present"].isel(member=(dataset["course"] == "attack").values, day=-1, place=-1)
    assert [int(last[column]) for column in COUNTS] == brute_force(own.values)


def test_flows_name_both_ends(dataset, scenario):
    rows = read(tables.flows(ForecastView(dataset, scenario, 0)), FLOW_COLUMNS)
    assert len(rows) == 2 * 2 * 2 * dataset.sizes["route"]
    start, end = dataset["route_from"].values[0], dataset["route_to"].values[0]
    back = [row for row in rows if row["origin_place"] == end and row["destination_place"] == start]
    own = dataset["flows"].isel(
        member=(dataset["course"] == "attack").values, table_day=-1, route=0, direction=1
    )
    attack = [row for row in back if row["course"] == "attack"][-1]
    assert [int(attack[column]) for column in COUNTS] == brute_force(own.values)


def test_periods_and_probabilities(dataset, scenario):
    row = read(tables.arrivals(ForecastView(dataset, scenario)))[0]
    first = np.datetime64(row["reference_period_start"])
    assert first == np.datetime64(scenario.issued) + 1
    assert np.datetime64(row["reference_period_end"]) - np.datetime64(scenario.issued) == 30
    assert row["probability_of_course"] == "0.75"
    assert row["location_code"] == ""


@pytest.fixture
def few(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=2)
    dataset["arrivals"][:, 1, :4] = [0, 9, 10, 1]
    return dataset


def medians(rows):
    return [row["population_median"] for row in rows[:4]]


def test_small_numbers_are_suppressed(few, scenario):
    rows = read(tables.arrivals(ForecastView(few, scenario)))
    assert medians(rows) == ["0", "", "10", ""]
    assert [row["suppressed"] for row in rows[:4]] == ["no", "yes", "no", "yes"]


def test_suppression_can_be_seen_to_be_off(few, scenario):
    rows = read(tables.arrivals(ForecastView(few, scenario, 0)))
    assert medians(rows) == ["0", "9", "10", "1"]
    assert {row["suppressed"] for row in rows} == {"no"}


def test_no_small_number_in_any_table(dataset, scenario):
    for make in (tables.arrivals, tables.departures, tables.present, tables.flows):
        for row in make(ForecastView(dataset, scenario)):
            assert all(row[column] == "" or int(row[column]) not in range(1, 10) for column in COUNTS)


@pytest.mark.parametrize("name", ["=1+1", "+A1", "-A1", "@SUM(A1)", "a;=1+1", "\uff1d1+1", " =1+1"])
def test_formulas_are_text(name):
    row = dict.fromkeys(PLACE_COLUMNS, "") | {"place": name}
    assert read([row])[0]["place"] == "'" + name
