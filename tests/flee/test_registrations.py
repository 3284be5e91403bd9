"""Registrations: what is read in a documented way, what is an error, and never a silent drop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.errors import ForewarnError
from forewarn.flee.registrations import RegistrationError, read_registrations

PLAIN = {
    "input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,200\n",
    "input_csv/locations.csv": "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
    "Town,R,A,1,1,conflict_zone,0,1000\nNorth,R,B,2,1,camp,,500\nSouth,R,B,0,1,camp,,500\n",
    "source_data/data_layout.csv": "total,all.csv\nNorth,north.csv\nSouth,south.csv\n",
    "source_data/all.csv": "2020-01-01,10\n",
    "source_data/north.csv": "2020-01-01,0\n2020-02-01,100\n2020-03-01,300\n",
    "source_data/south.csv": "2020-01-01,5\n2020-02-01,50\n",
}


def directory(tmp_path, changes=()):
    """A small Flee directory; `changes` replaces files, and takes away those that are None."""
    for name, text in {**PLAIN, **dict(changes)}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path


def read(tmp_path, changes=()):
    return read_registrations(directory(tmp_path, changes))


def rows(found, place="North"):
    series = next(series for series in found.series if series.place == place)
    return list(zip(series.days.tolist(), series.counts.tolist(), strict=True))


def test_a_plain_directory(tmp_path):
    found = read(tmp_path)
    assert found.places == ("North", "South")
    assert rows(found) == [(0, 0), (31, 100), (60, 300)]
    assert found.total is not None
    assert found.remarks == ()


# What is read in a documented way: the files changed, the rows of North, a word of the remark.
READINGS = {
    "dates out of order": ("2020-03-01,300\n2020-01-01,0\n", [(0, 0), (60, 300)], "put in order"),
    "two counts for a day": ("2020-02-01,100\n2020-02-01,80\n", [(31, 80), (31, 100)], "both are kept"),
    "blank count": ("2020-01-01,\n2020-02-01,7\n", [(31, 7)], "blank"),
    "no count at all": ("2020-01-01\n2020-02-01,7\n", [(31, 7)], "blank"),
    "latin-1": ("# Côte\n2020-02-01,7\n".encode("latin-1"), [(31, 7)], "Latin-1"),
}
# What is read without a word, since nothing can be meant but this.
SILENT = {
    "the same row twice": ("2020-02-01,7\n2020-02-01,7\n", [(31, 7)]),
    "CRLF": ("2020-01-01,1\r\n2020-02-01,7\r\n", [(0, 1), (31, 7)]),
    "old Mac line ends": ("2020-01-01,1\r2020-02-01,7\r", [(0, 1), (31, 7)]),
    "byte order mark": (b"\xef\xbb\xbf2020-02-01,7\n", [(31, 7)]),
    "header, comment, blank line": ("Date,North\n# note\n\n2020-02-01,7\n", [(31, 7)]),
    "time of day": ("2020-02-01 00:00:00,7\n2020-02-02T12:00,8\n", [(31, 7), (32, 8)]),
    "before the start": ("2019-12-31,3\n2020-02-01,7\n", [(-1, 3), (31, 7)]),
    "quotes and blanks": ('"2020-02-01" , 7 ,\n', [(31, 7)]),
}


@pytest.mark.parametrize("case", READINGS)
def test_readings_with_a_remark(tmp_path, case):
    text, expected, word = READINGS[case]
    found = read(tmp_path, {"source_data/north.csv": text})
    assert rows(found) == expected
    assert any(word in str(remark) for remark in found.remarks)


@pytest.mark.parametrize("case", SILENT)
def test_readings_without_a_remark(tmp_path, case):
    text, expected = SILENT[case]
    found = read(tmp_path, {"source_data/north.csv": text})
    assert rows(found) == expected
    assert found.remarks == ()


ERRORS = {
    "no period": ({"input_csv/sim_period.csv": None}, "sim_period.csv: file not found"),
    "empty period": ({"input_csv/sim_period.csv": ""}, "the row 'StartDate' is missing"),
    "no length": ({"input_csv/sim_period.csv": "StartDate,2020-01-01\n"}, "the row 'Length' is missing"),
    "length in words": ({"input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,long\n"}, "'long'"),
    "length of ages": (
        {"input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,999999999\n"},
        "not a length",
    ),
    "start in words": ({"input_csv/sim_period.csv": "StartDate,soon\nLength,9\n"}, "'soon' is not a day"),
    "no locations": ({"input_csv/locations.csv": None}, "locations.csv: file not found"),
    "no layout": ({"source_data/data_layout.csv": None}, "data_layout.csv: file not found"),
    "no camp's file": ({"source_data/south.csv": None}, "south.csv: file not found"),
    "camp without a file": ({"source_data/data_layout.csv": "North\n"}, "no file is named for 'North'"),
    "no camp": ({"source_data/data_layout.csv": "Else,north.csv\n"}, "names no camp"),
    "path out of the folder": ({"source_data/data_layout.csv": "North,../../x.csv\n"}, "is not a file of"),
    "negative": ({"source_data/north.csv": "2020-01-01,-4\n"}, "line 1: '-4' is not a count"),
    "nan": ({"source_data/north.csv": "2020-01-01,nan\n"}, "'nan' is not a count"),
    "infinite": ({"source_data/north.csv": "2020-01-01,1e999\n"}, "'1e999' is not a count"),
    "separators": ({"source_data/north.csv": '2020-01-01,"1,000"\n'}, "without separators"),
    "day first": ({"source_data/north.csv": "01/02/2020,4\n"}, "'01/02/2020' is not a day"),
    "no such day": ({"source_data/north.csv": "2020-02-30,4\n"}, "'2020-02-30' is not a day"),
    "semicolons": ({"source_data/north.csv": "2020-02-01;4\n"}, "'2020-02-01;4' is not a day"),
    "zero bytes": ({"source_data/north.csv": b"2\x000\x002\x000"}, "zero bytes"),
    "correction without a date": (
        {"input_csv/registration_corrections.csv": "North\n"},
        "a correction without a date",
    ),
    "correction on no day": (
        {"input_csv/registration_corrections.csv": "North,then\n"},
        "'then' is not a day",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors_say_where_and_what(tmp_path, case):
    changes, words = ERRORS[case]
    with pytest.raises(RegistrationError) as caught:
        read(tmp_path, changes)
    assert words in str(caught.value)


def test_all_problems_are_listed_at_once(tmp_path):
    with pytest.raises(RegistrationError) as caught:
        read(tmp_path, {"source_data/north.csv": "x,1\n2020-01-01,-1\n", "source_data/south.csv": None})
    assert len(caught.value.problems) == 3


def test_a_camp_that_is_no_location_is_left_out_with_a_remark(tmp_path):
    layout = PLAIN["source_data/data_layout.csv"] + "Else,north.csv\n"
    found = read(tmp_path, {"source_data/data_layout.csv": layout})
    assert found.places == ("North", "South")
    assert "'Else' is not in locations.csv: left out" in str(found.remarks[0])


def test_a_camp_without_registrations_is_left_out_with_a_remark(tmp_path):
    found = read(tmp_path, {"source_data/south.csv": "# none yet\n"})
    assert found.places == ("North",)
    assert "'South' has no registrations" in str(found.remarks[0])


def test_several_files_add_up_at_every_date_of_any(tmp_path):
    layout = "North,north.csv,more.csv\nSouth,south.csv\n"
    more = "2020-01-20,7\n2020-02-01,8\n2020-04-01,9\n"
    found = read(tmp_path, {"source_data/data_layout.csv": layout, "source_data/more.csv": more})
    assert rows(found) == [(0, 0), (19, 7), (31, 108), (60, 308), (91, 309)]


def test_rows_of_one_camp_are_added(tmp_path):
    """As if their files stood in one row."""
    one = read(
        tmp_path / "one", {"source_data/data_layout.csv": "North,north.csv,south.csv\nSouth,south.csv\n"}
    )
    rows = "North,north.csv\nNorth,south.csv\nSouth,south.csv\n"
    two = read(tmp_path / "two", {"source_data/data_layout.csv": rows})
    for ours, theirs in zip(two.series, one.series, strict=True):
        assert ours.counts.tolist() == theirs.counts.tolist()
    assert "'North' stands there twice" in str(two.remarks[0])


def test_a_file_named_twice_counts_once(tmp_path):
    layout = "North,north.csv,north.csv\nSouth,south.csv\n"
    found = read(tmp_path, {"source_data/data_layout.csv": layout})
    assert rows(found) == [(0, 0), (31, 100), (60, 300)]
    assert "names a file twice" in str(found.remarks[0])


@pytest.mark.parametrize(
    ("correction", "word"),
    [
        ("North,2020-02-02", "that day has no registration"),
        ("North,2020-02-01", "nobody was registered before"),
        ("South,2020-01-01", "nobody was registered before"),
        ("Nroth,2020-02-01", "Did you mean 'North'?"),
        ("North,2020-03-01\nNorth,2020-03-01", "applied once"),
    ],
)
def test_corrections_that_cannot_be_applied_are_remarked_on(tmp_path, correction, word):
    found = read(
        tmp_path, {"input_csv/registration_corrections.csv": f"#name,date\n{correction},normalize\n"}
    )
    assert word in str(found.remarks[0])
    assert len(found.corrections) == (1 if "once" in word else 0)


def test_a_correction_is_kept(tmp_path):
    found = read(tmp_path, {"input_csv/registration_corrections.csv": "name,date\nNorth,2020-03-01\n"})
    assert [(entry.place, entry.day) for entry in found.corrections] == [("North", 60)]
    assert found.remarks == ()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(PLAIN)),
    content=st.one_of(
        st.binary(max_size=60),
        st.text(alphabet='2019-0,"#\r\n .eé', max_size=60).map(str.encode),
    ),
)
def test_anything_is_read_or_refused(tmp_path, name, content):
    try:
        series = read(tmp_path, {name: content}).series
    except ForewarnError:
        return
    assert all(np.all(np.diff(one.days) >= 0) and np.all(one.counts >= 0) for one in series)


@pytest.mark.reference
def test_the_ten_conflicts_are_read():
    folder = Path(__file__).parents[3] / "shared" / "data" / "flee"
    if not folder.is_dir():
        pytest.skip("needs ../shared")
    found = [read_registrations(path) for path in sorted(folder.iterdir()) if path.is_dir()]
    assert [len(conflict.series) for conflict in found] == [5, 14, 7, 14, 3, 4, 10, 18, 4, 4]
    assert [len(conflict.corrections) for conflict in found] == [5, 10, 5, 4, 11, 7, 9, 10, 22, 4]


MANY = "2020-01-01,2000000000\n"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"source_data/north.csv": "2020-01-01,2147483648\n"},
            "source_data/north.csv, line 1: '2147483648' is not a count of people in 'North'",
        ),
        ({"source_data/all.csv": "2020-01-01,9e9\n"}, "'9e9' is not a count of people in 'total'"),
        (
            {"source_data/north.csv": MANY, "source_data/south.csv": "2020-02-01,1500000000\n"},
            "data_layout.csv, 'North': 3,500,000,000 people are registered in all",
        ),
        (
            {
                "source_data/data_layout.csv": "North,north.csv,more.csv\nSouth,south.csv\n",
                "source_data/north.csv": MANY,
                "source_data/more.csv": MANY,
            },
            "data_layout.csv, 'North': 4,000,000,050 people",
        ),
    ],
)
def test_more_people_than_can_be_recorded_are_refused(tmp_path, changes, words):
    with pytest.raises(RegistrationError) as caught:
        read(tmp_path, changes)
    assert words in str(caught.value)


def test_as_many_people_as_can_be_recorded_are_read(tmp_path):
    files = {"source_data/north.csv": "2020-01-01,2147483597\n"}  # and 50 in South
    assert rows(read(tmp_path, files)) == [(0, 2**31 - 51)]


def test_a_file_of_more_than_fifty_million_bytes_is_refused(tmp_path):
    folder = directory(tmp_path)
    with (folder / "source_data" / "north.csv").open("r+b") as file:
        file.truncate(50_000_001)
    with pytest.raises(RegistrationError, match="at most 50,000,000"):
        read_registrations(folder)
