"""A zoo of bad inputs, each with its message."""

from datetime import date

import pytest

from forewarn.analogues import Attributes, parse, predictive, read_events, score, select
from forewarn.errors import ForewarnError

HEADER = "id,start_date,end_date,scope,attack_kind,exits_open,population_exposed,displaced_total"
GOOD = "a,2020-01-01,2020-02-01,place,ground offensive,open,1000,400"


def table(tmp_path, *lines, name="own.csv"):
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("place, sieg", "'sieg' is not understood. Allowed: place"),
        ("galaxy", "'galaxy' is not understood"),
        ("place, region", "'region' is a second scope"),
        ("exits ajar", "'exits ajar' is not understood"),
        ("0 people", "people: 0 is not a possible number"),
        ("1.2.3 people", "people: 0 is not a possible number"),
        ("", "nothing is said of the event"),
    ],
)
def test_unknown_attributes(words, message):
    with pytest.raises(ForewarnError, match=message.replace(".", r"\.")):
        parse(words)


def test_unknown_attributes_in_code():
    with pytest.raises(ForewarnError, match="unknown kind 'seige'.*Did you mean 'siege'"):
        Attributes(kind="seige")


def test_a_day_before_the_first_event():
    with pytest.raises(ForewarnError, match="1990-01-01 is before the end of the first event.*1995-08-09"):
        select(as_of=date(1990, 1, 1))


def test_too_few_events_after_the_cut():
    with pytest.raises(ForewarnError, match="1 events with a share displaced were known by then.*at least 5"):
        predictive(Attributes(scope="place"), as_of=date(1996, 1, 1))


def test_nothing_left_after_leaving_out():
    with pytest.raises(ForewarnError, match="no event is left of 1"):
        select(as_of=date(1996, 1, 1), leave_out=["Krajina"])


def test_an_area_that_nobody_knows():
    with pytest.raises(ForewarnError, match="no event of the class is in 'Idlip'.*Did you mean 'Idlib'"):
        select(leave_out=["Idlip"])


def test_a_good_table(tmp_path):
    (event,) = read_events(table(tmp_path, HEADER, GOOD))
    assert (event.kind, event.exits, event.share(), event.cluster) == ("ground", "open", 0.4, "a")


def test_a_blank_description_is_unknown(tmp_path):
    (event,) = read_events(table(tmp_path, HEADER, GOOD.replace("open", "")))
    assert event.exits == ""
    found = score(select(), table=[event])
    assert found.events == 1


def test_the_column_names_of_the_compilation_are_read(tmp_path):
    path = table(tmp_path, f"{HEADER},fraction_usable,days_to_50pct,note", f"{GOOD},no,7,x")
    (event,) = read_events(path)
    assert (event.share(), event.days()) == (None, 7)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["id,scope", "a,place"], "own.csv, line 1: the column 'start_date' is missing"),
        ([HEADER + ",clusters", GOOD + ",x"], "unknown column 'clusters'"),
        ([HEADER.replace(",", ";"), GOOD], "not separated by commas"),
        ([HEADER], "the table has no rows"),
        ([""], "the file is empty"),
        ([HEADER, GOOD + ",1"], "own.csv, line 2: 9 cells"),
        ([HEADER, GOOD, GOOD], "line 3, id: 'a' stands there twice"),
        ([HEADER, GOOD.replace(",400", ",1400")], "line 2, displaced_total: 1,400 of 1,000 .* share of 1.40"),
        ([HEADER, GOOD.replace("2020-02-01", "2019-12-01")], "end_date: 2019-12-01 is before the start"),
        ([HEADER, GOOD.replace("2020-02-01", "1 Feb")], "end_date: '1 Feb'"),
        ([HEADER, GOOD.replace("place", "village")], "scope: unknown scope 'village'"),
        ([HEADER, GOOD.replace("ground offensive", "parade")], "attack_kind: no known kind in 'parade'"),
        ([HEADER, GOOD.replace("open", "who knows")], "exits_open: no known exits in 'who knows'"),
        ([HEADER, GOOD.replace("1000", "many")], "population_exposed: 'many'"),
        ([HEADER, GOOD.replace("400", "-4")], "displaced_total: '-4'"),
        ([HEADER, GOOD.replace("400", "nan")], "displaced_total: 'nan'"),
        (
            [HEADER + ",displaced_published", GOOD + ",2019-01-01"],
            "displaced_published: 2019-01-01 is before the start",
        ),
    ],
)
def test_bad_tables(tmp_path, lines, message):
    with pytest.raises(ForewarnError, match=message):
        read_events(table(tmp_path, *lines))


def test_all_problems_at_once(tmp_path):
    bad = GOOD.replace("place", "village").replace("1000", "many")
    with pytest.raises(ForewarnError) as caught:
        read_events(table(tmp_path, HEADER, bad, bad.replace("a,", "b,", 1)))
    assert len(caught.value.problems) == 4


def test_no_file(tmp_path):
    with pytest.raises(ForewarnError, match="file not found"):
        read_events(tmp_path / "nowhere.csv")


def test_not_utf8(tmp_path):
    path = tmp_path / "own.csv"
    path.write_bytes(b"id,\xff\n")
    with pytest.raises(ForewarnError, match="not in UTF-8"):
        read_events(path)
