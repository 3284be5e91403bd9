"""A zoo of bad tables and words, each with its message."""

import pytest

from forewarn.errors import ForewarnError
from forewarn.receptions import parse_words, read_receptions, reception_cases

HEADER = "event,as_of,from_date,destination,unit,share,measure,complete\n"
PLACE_HEADER = "event,place,kind,km_from_origin,population,control,overlaps,count\n"
PLACES = "".join(
    f"e,{name},town,{km},1000,same,,\n" for name, km in zip("ABCD", (10, 20, 30, 40), strict=True)
)
GOOD = "".join(f"e,2020-02-01,2020-01-01,{name},town,0.25,people,all\n" for name in "ABCD")


def read(tmp_path, table=GOOD, places=PLACES, header=HEADER):
    (tmp_path / "own.csv").write_text(header + table, encoding="utf-8")
    (tmp_path / "places.csv").write_text(PLACE_HEADER + places, encoding="utf-8")
    return read_receptions(tmp_path / "own.csv", tmp_path / "places.csv")


def test_good_tables(tmp_path):
    (case,) = reception_cases(read(tmp_path))
    assert (case.stage, case.crisis, case.people, case.places) == ("cold", "e", 10_000, ("A", "B", "C", "D"))
    assert case.truth.tolist() == [0.25] * 4


def test_remainders_and_kinds_of_shelter_are_no_places(tmp_path):
    more = "e,2020-02-01,2020-01-01,other (not said),zone,0.0,people,all\n"
    shelter = "e,2020-02-01,2020-01-01,collective centres,zone,,people,partial\n"
    (case,) = reception_cases(read(tmp_path, GOOD + more + shelter))
    assert len(case.places) == 4


def test_a_place_without_a_row_is_unknown_and_a_zero_is_one(tmp_path):
    three = GOOD.replace("D,town,0.25", "D,town,")
    assert reception_cases(read(tmp_path, three)) == ()
    (case,) = reception_cases(read(tmp_path, GOOD.replace("D,town,0.25", "D,town,0")))
    assert case.truth == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])


def test_camps_that_opened_later_are_not_known(tmp_path):
    header = PLACE_HEADER.replace("\n", ",camps\n")
    rows = PLACES.replace("\n", ",opened\n").replace("10,1000,same,,,opened", "10,1000,same,,,before")
    (tmp_path / "own.csv").write_text(HEADER + GOOD, encoding="utf-8")
    (tmp_path / "places.csv").write_text(header + rows, encoding="utf-8")
    (case,) = reception_cases(read_receptions(tmp_path / "own.csv", tmp_path / "places.csv"))
    assert case.covariates["camp"].tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("table", "places", "message"),
    [
        (GOOD.replace("A,town,0.25", "A,town,62"), PLACES, r"own.csv, line 2, share: 62 is not a share. Allowed: 0 to 1. Write 62 % as 0.62"),
        (GOOD.replace("A,town,0.25", "A,town,-0.1"), PLACES, "share: -0.1 is not a share"),
        (GOOD.replace("A,town,0.25", "A,town,nan"), PLACES, "share: 'nan'"),
        (GOOD.replace("A,town", "Aa,town"), PLACES, "line 2, destination: 'Aa' is not a place of 'e'.*Add it to the table of places"),
        (GOOD.replace("A,town,0.25", "A,region,0.9"), PLACES, "add up to 1.65 .region, town.*Keep levels apart"),
        (GOOD, PLACES + "e,Al Kaim,town,5,10,same,,\ne,Al-Ka'im,town,5,10,same,,\n", "line 7, place: 'Al-Ka'im' and 'Al Kaim' are one place under two names"),
        (GOOD, PLACES + "e,A,town,5,10,same,,\n", "line 6, place: 'A' stands there twice for 'e'"),
        (GOOD.replace("e,2020-02-01,2020-01-01,A", "f,2020-02-01,2020-01-01,A"), PLACES, "event: no place of 'f' is in the table of places"),
        (GOOD.replace("A,town", "A,village"), PLACES, "unknown unit 'village'"),
        (GOOD.replace("0.25,people,all", "0.25,people,some", 1), PLACES, "unknown complete 'some'"),
        (GOOD.replace("e,2020-02-01", "e,soon", 1), PLACES, "as_of: 'soon'"),
        (GOOD, PLACES.replace("1000,same", "1000,ours", 1), "unknown control 'ours'"),
        (GOOD, PLACES.replace("A,town,10", "A,town,far"), "km_from_origin: 'far'"),
        (GOOD + "e,2020-02-01\n", PLACES, "line 6: 2 cells"),
        ("", PLACES, "own.csv: the table has no rows"),
    ],
)  # fmt: skip
def test_bad_tables(tmp_path, table, places, message):
    with pytest.raises(ForewarnError, match=message):
        read(tmp_path, table, places)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("share", "part"), "the column 'share' is missing"),
        (HEADER.replace("from_date", "fromdate"), "unknown column 'fromdate'.*Did you mean 'from_date'"),
        (HEADER.replace(",", ";"), "not separated by commas"),
        (HEADER.replace("unit", "event"), "stands there twice"),
    ],
)
def test_bad_headers(tmp_path, header, message):
    with pytest.raises(ForewarnError, match=message):
        read(tmp_path, header=header)


def test_all_problems_at_once(tmp_path):
    bad = GOOD.replace("A,town,0.25", "A,village,62").replace("B,town", "Bb,town")
    with pytest.raises(ForewarnError) as caught:
        read(tmp_path, bad)
    assert len(caught.value.problems) == 3


def test_no_file(tmp_path):
    with pytest.raises(ForewarnError, match="file not found"):
        read_receptions(tmp_path / "nowhere.csv", tmp_path / "places.csv")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("sieg", "'sieg' is not understood.*Did you mean 'siege'"),
        ("siege, flight", "'flight' is a second movement"),
        ("border ajar", "'border ajar' is not understood"),
        ("0 people", "'0 people' is not understood"),
        ("1.2.3 people", "is not understood"),
        (" , ", "nothing is said of the event"),
    ],
)
def test_bad_words(words, message):
    with pytest.raises(ForewarnError, match=message):
        parse_words(words)
