import pytest

from forewarn.errors import ScenarioError
from forewarn.forecast.updating import parse_observations
from forewarn.scenario import load

CROSSROADS = load("crossroads")
HEADER = "date,place,measure,people"


def read(*rows, header=HEADER):
    return parse_observations("\n".join((header, *rows)), CROSSROADS, name="counts.csv")


def test_a_row_is_read_with_its_days_places_and_usual_error():
    [found] = read("2024-03-11,Elm Camp,present,220").rows
    assert (found.day, found.since, found.known, found.places) == (10, 0, 10, ("Elm Camp",))
    assert (found.people, found.error, found.measure) == (220, 0.15, "present")


def test_areas_are_names_regions_zones_and_anywhere():
    rows = ("2024-03-11,valley,arrivals,5", "2024-03-11,Hills,arrivals,5", "2024-03-11,Anywhere,displaced,5")
    places = {each.area: each.places for each in read(*rows).rows}
    assert places["valley"] == ("Millbrook", "Oakford", "Elm Camp")
    assert places["Hills"] == ("Highgate",)
    assert len(places["Anywhere"]) == len(CROSSROADS.places)


def test_households_become_people_and_a_note_says_so():
    found = read("2024-03-11,Elm Camp,present,100,households", header=HEADER + ",unit")
    size = CROSSROADS.model.demographics.household_size.typical()
    assert found.rows[0].people == round(100 * size)
    assert "Households" in found.notes[0]


def test_two_sources_for_one_day_become_their_mean_with_an_error_that_covers_both():
    found = read("2024-03-11,Elm Camp,present,100,0.1,A", "2024-03-11,Elm Camp,present,300,0.1,B",
                 header=HEADER + ",error,source")  # fmt: skip
    [one] = found.rows
    assert (one.people, one.error, one.source) == (200, 0.5, "A; B")
    assert "2 counts" in found.notes[0]


def test_a_row_that_stands_twice_is_used_once():
    found = read("2024-03-11,Elm Camp,present,100", "2024-03-11,Elm Camp,present,100")
    assert len(found.rows) == 1
    assert "more than once" in found.notes[0]


def test_a_row_of_tags_is_passed_over():
    found = read("#date,#loc,#indicator,#affected", "2024-03-11,Elm Camp,present,100")
    assert len(found.rows) == 1


def test_a_cumulative_count_may_fall_within_its_error():
    assert len(read("2024-03-11,anywhere,displaced,1000", "2024-03-12,anywhere,displaced,900").rows) == 2


def test_only_what_was_published_is_known():
    found = read("2024-03-11,Elm Camp,present,100,2024-03-20", header=HEADER + ",published")
    assert found.as_of(18).rows == ()
    assert len(found.as_of(19).rows) == 1


ZOO = {
    "2024-03-11,Elm Kamp,present,5": "counts.csv, line 2, place: 'Elm Kamp' is not in the scenario",
    "2024-02-01,Elm Camp,present,5": "counts.csv, line 2, date: 2024-02-01",
    "2024-03-01,Elm Camp,present,5": "counts.csv, line 2, date: 2024-03-01",
    "2025-03-11,Elm Camp,present,5": "60 days long",
    "11.3.2024,Elm Camp,present,5": "counts.csv, line 2, date: '11.3.2024'",
    ",Elm Camp,present,5": "counts.csv, line 2, date: blank",
    "2024-03-11,Elm Camp,present,-5": "counts.csv, line 2, people: '-5'",
    "2024-03-11,Elm Camp,present,": "counts.csv, line 2, people: blank",
    '2024-03-11,Elm Camp,present,"1,200"': "counts.csv, line 2, people: '1,200'",
    "2024-03-11,Elm Camp,presence,5": "counts.csv, line 2, measure: 'presence'",
    "2024-03-11,Elm Camp,displaced,5": "'anywhere' for 'displaced'",
    "2024-03-11,,present,5": "counts.csv, line 2, place: blank",
    "2024-03-11,Elm Camp,present": "3 cells",
}


@pytest.mark.parametrize("row", ZOO)
def test_rows_that_cannot_be_used_are_errors_that_say_where(row):
    with pytest.raises(ScenarioError) as error:
        read(row)
    assert ZOO[row] in str(error.value)


MORE = {
    ("error", "3"): "counts.csv, line 2, error: '3.0'",
    ("error", "-0.1"): "counts.csv, line 2, error",
    ("unit", "families"): "counts.csv, line 2, unit: 'families'",
    ("since", "2024-03-12"): "after 'since'",
    ("since", "2024-03-05"): "blank for 'present'",
    ("published", "2024-03-10"): "not before 'date'",
    ("colour", "red"): "unknown column 'colour'",
}


@pytest.mark.parametrize("column", MORE)
def test_further_columns_are_checked(column):
    name, value = column
    with pytest.raises(ScenarioError) as error:
        read(f"2024-03-11,Elm Camp,present,5,{value}", header=f"{HEADER},{name}")
    assert MORE[column] in str(error.value)


def test_a_cumulative_count_that_falls_is_an_error():
    with pytest.raises(ScenarioError, match=r"500 after 1,000 on day 10"):
        read("2024-03-11,anywhere,displaced,1000", "2024-03-12,anywhere,displaced,500")


def test_every_problem_is_named_at_once():
    with pytest.raises(ScenarioError) as error:
        read("x,Elm Camp,present,5", "2024-03-11,Nowhere,present,y")
    assert len(error.value.problems) == 3


@pytest.mark.parametrize("text", ["", "\n\n", HEADER, f"{HEADER}\n#date,#loc,#x,#y"])
def test_a_table_without_counts_is_an_error(text):
    with pytest.raises(ScenarioError):
        parse_observations(text, CROSSROADS)
