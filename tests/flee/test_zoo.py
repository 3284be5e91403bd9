"""Bad directories: one mistake each, and what is said of it."""

from __future__ import annotations

import pytest

from forewarn.flee.counts import read_counts
from forewarn.flee.directory import FleeError
from forewarn.flee.reading import read_directory
from forewarn.flee.settings import FleeSettings, settings_of

HEAD = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
ROUTES = "#name1,name2,distance,forced_redirection\n"
CLOSURES = "#closure_type,name1,name2,closure_start,closure_end\n"
L, R, C, P = (f"input_csv/{name}.csv" for name in ("locations", "routes", "closures", "sim_period"))
K, S, D = "input_csv/conflicts.csv", "source_data/c.csv", "source_data/data_layout.csv"
X = "input_csv/registration_corrections.csv"
A, B, CAMP = "A,R,X,1,2,conflict_zone,0,9\n", "B,R,X,1,2,town,,\n", "C,R,Y,2,2,camp,,5\n"

BAD = {
    "no locations": ({L: None}, "file not found"),
    "no routes": ({R: None}, "file not found"),
    "no period": ({P: None}, "file not found"),
    "no layout": ({D: None}, "file not found"),
    "no camp file": ({S: None}, "file not found"),
    "no start": ({P: "Length,10\n"}, "'StartDate' is missing"),
    "bad start": ({P: "StartDate,1 May\nLength,10\n"}, "'1 May' is not a day"),
    "length 0": ({P: "StartDate,2020-01-01\nLength,0\n"}, "is not a length"),
    "length endless": ({P: "StartDate,2020-01-01\nLength,1e300\n"}, "is not a length"),
    "unknown kind": ({L: HEAD + A + B + "C,R,Y,2,2,harbour,,5\n"}, "not a kind of place"),
    "coordinate": ({L: HEAD + A + B + "C,R,Y,north,2,camp,,5\n"}, "'north' is not a coordinate"),
    "negative people": ({L: HEAD + A + B + "C,R,Y,2,2,camp,,-5\n"}, "'-5' is not a number of people"),
    "short row": ({L: HEAD + A + B + "C,R\n"}, "has 2 columns"),
    "no places": ({L: HEAD}, "names no place"),
    "route to nowhere": ({R: ROUTES + "A,Bee,50,0\n"}, "'Bee' is not in locations.csv"),
    "route to itself": ({R: ROUTES + "A,A,50,0\n"}, "to itself"),
    "distance 0": ({R: ROUTES + "A,B,0,0\n"}, "'0' is not a distance"),
    "distance blank": ({R: ROUTES + "A,B,,0\n"}, "nothing is not a distance"),
    "distance nan": ({R: ROUTES + "A,B,nan,0\n"}, "'nan' is not a distance"),
    "redirection 3": ({R: ROUTES + "A,B,50,3\n"}, "'3' is not a forced_redirection"),
    "closure kind": ({C: CLOSURES + "contry,X,Y,0,5\n"}, "Did you mean 'country'"),
    "closure place": ({C: CLOSURES + "camp,Q,,0,5\n"}, "'Q' is not in locations.csv"),
    "closure day": ({C: CLOSURES + "camp,C,,soon,5\n"}, "'soon' is not a day"),
    "conflicts short": ({K: "#Day,A,B,C\n0,1,0,0\n"}, "ends on day 0"),
    "conflicts cell": ({K: "#Day,A\n" + "".join(f"{d},2\n" for d in range(10))}, "'2' is not a conflict intensity"),
    "conflicts headless": ({K: "0,1,0,0\n"}, "header not found"),
    "layout without file": ({D: "C\n"}, "no file is named"),
    "layout outside": ({D: "C,../../etc/passwd\n"}, "outside source_data"),
    "layout without camps": ({D: "total,refugees.csv\n"}, "names no camp"),
    "negative count": ({S: "2020-01-01,-4\n"}, "'-4' is not a number of people"),
    "count with comma": ({S: '2020-01-01,"1,000"\n'}, "is not a number of people"),
    "count date": ({S: "01/02/2020,5\n"}, "is not a day"),
    "no counts": ({S: "2020-01-01,\n", D: "C,c.csv\n"}, "no place has a registration"),
    "correction of no day": ({X: "C,2020-01-05\n"}, "no registration on 2020-01-05"),
    "zero bytes": ({R: b"\0\0"}, "holds zero bytes"),
}  # fmt: skip
ODD = {
    "windows line ends": ({R: ROUTES.replace("\n", "\r\n") + "A,B,50,0\r\nB,C,40,\r\n"}, ""),
    "latin-1": ({L: (HEAD + A + B + "C,Ré,Y,2,2,camp,,5\n").encode("latin-1")}, "read as Latin-1"),
    "header without #": ({R: ROUTES[1:] + "A,B,50,0\nB,C,40,\n"}, "does not start with '#'"),
    "road twice": ({R: ROUTES + "A,B,50,0\nB,A,50,0\nB,C,40,\n"}, "the same road"),
    "no closures": ({C: None}, "nothing closes"),
    "dates out of order": ({S: "2020-01-10,1135\n2020-01-01,1000\n"}, "put in order"),
    "blank count": ({S: "2020-01-01,1000\n2020-01-03,\n2020-01-10,1135\n"}, "the count is blank"),
    "dates without zeros": ({S: "2020-1-1,1000\n2020-1-10,1135\n"}, ""),
    "closure backwards": ({C: CLOSURES + "camp,C,,7,5\n"}, "closes for good, as in Flee"),
    "closure of yesterday": ({C: CLOSURES + "camp,C,,-4,5\n"}, "never closes"),
    "conflict before the period": ({L: HEAD + A.replace("zone,0", "zone,-3") + B + CAMP}, ""),
    "conflicts place": ({K: "#Day,A,Bee\n" + "".join(f"{d},1,1\n" for d in range(10))}, "'Bee' is not in locations.csv: its column is not used"),
    "conflicts order": ({K: "#Day,A\n" + "".join(f"{d},1\n" for d in range(1, 11))}, "in their order"),
    "conflicts dated": ({K: "#Day,A\n" + "".join(f"2020-01-{d:02},1\n" for d in range(1, 11))}, "in their order"),
    "conflicts trailing commas": ({K: "#Day,A,,\n" + "".join(f"{d},1,,\n" for d in range(10))}, ""),
    "food": ({"input_csv/region_attributes_IPC.csv": "#Day\n"}, "which is not carried: not used"),
    "roads of other rules": ({"input_csv/major_routes.csv": "A,B\n"}, "'fixed_routes' alone"),
    "place twice, another time else": ({L: HEAD + B.replace("B,", "C,") + A + B + CAMP}, "'C' stands there twice, and differs: this row counts"),
    "place twice": ({L: HEAD + A + A + B + CAMP}, "'A' stands there twice alike: taken once"),
    "blank coordinates": ({L: HEAD + "A,R,X,,,conflict_zone,0,9\n" + B + CAMP}, "coordinates are blank for A: taken as 0"),
    "layout twice": ({D: "C,c.csv\nC,c.csv\n"}, "'C' stands there twice: taken once"),
    "camp without counts": ({L: HEAD + A + B + CAMP + "D,R,X,2,2,idpcamp,,\n", "source_data/d.csv": "2020-01-01,\n", D: "C,c.csv\nD,d.csv\n"}, "'D' has no registration: nobody is registered there"),
    "camp without a road": ({L: HEAD + A + B + CAMP + "D,R,X,2,2,camp,,\n"}, "no road leads to the camp 'D'"),
    "conflicts without places": ({K: "#Day\n" + "".join(f"{d}\n" for d in range(10))}, ""),
    "conflicts column without a name": ({K: "#Day,,A\n" + "".join(f"{d},,1\n" for d in range(10))}, "a column has no name"),
    "camp off the map": ({D: "C,c.csv\nZ,c.csv\n"}, "no column of its own"),
}  # fmt: skip


def read(folder):
    directory = read_directory(folder)
    counts = read_counts(directory, FleeSettings())
    return directory, counts


def test_the_small_directory_is_good(make):
    directory, counts = read(make())
    assert not directory.remarks
    assert not counts.remarks


@pytest.mark.parametrize("case", BAD)
def test_a_bad_directory_is_a_clear_error(case, make):
    changes, message = BAD[case]
    with pytest.raises(FleeError) as error:
        read(make(changes))
    assert message in str(error.value)


@pytest.mark.parametrize("case", ODD)
def test_an_odd_directory_is_read_as_documented(case, make):
    changes, remark = ODD[case]
    directory, counts = read(make(changes))
    assert remark in "\n".join(map(str, (*directory.remarks, *counts.remarks)))
    assert counts.people[-1, 0] == 1135


def test_the_right_folder_is_named(make):
    folder = make()
    with pytest.raises(FleeError, match="Name the folder above it"):
        read_directory(folder / "input_csv")
    with pytest.raises(FleeError, match="folders in it: small"):
        read_directory(folder.parent)


def test_settings_lie_where_people_keep_them(make):
    """In the directory, or beside the tables; those that are named come first; those of Flee 2 are said."""
    folder = make()
    assert settings_of(folder, None) == (FleeSettings(), ())
    (folder / "simsetting.csv").write_text("AwarenessLevel,1\n")
    assert "Flee 2" in str(settings_of(folder, None)[1][0])
    (folder / "input_csv" / "simsetting.yml").write_text("move_rules:\n  awareness_level: 2\n")
    assert settings_of(folder, None)[0].awareness_level == 2
    (folder / "simsetting.yml").write_text("move_rules:\n  awareness_level: 3\n")
    found, said = settings_of(folder, None)
    assert (found.awareness_level, said[0].where) == (3, "simsetting.yml")
    other = folder / "other.yml"
    other.write_text("move_rules:\n  awareness_level: 0\n")
    assert settings_of(folder, other)[0].awareness_level == 0
    other.write_text("spawn_rules:\n  read_from_agents_csv_file: True\n")
    with pytest.raises(FleeError, match="not carried yet"):
        settings_of(folder, other)
