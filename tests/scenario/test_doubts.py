"""What a scenario says and hardly means: behaviour of an example, swapped coordinates, roads that are too short."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
from importlib.resources import files

import openpyxl
import pytest

from forewarn.forecast import run
from forewarn.forecast.summary import planning_figures
from forewarn.scenario import bundled, change, doubts, explicit, load, resolve
from forewarn.scenario.checks.land import country_code, lies_in, lies_on_land
from forewarn.scenario.workbook import export_workbook, import_workbook
from forewarn.sphere import great_circle_km

WHY = "assumption: a test"
TEACHING = "are those of the teaching example"
EXACT = "every number of behaviour is exact"
SWAPPED = "latitude and longitude look swapped"


def said(scenario):
    return "\n".join(str(problem) for problem in doubts(scenario))


# Behaviour.

OWN = {
    "places": (
        "name lat lon kind zone residents displaced attraction isolated source population_source",
        ["Alba", 12.0, 25.0, "town", "home", 51_800, 0, 51_800, "no", WHY, WHY],
        ["Brook", 12.2, 25.3, "town", "home", 40_000, 0, 40_000, "no", WHY, WHY],
        ["Cedar", 11.9, 25.2, "town", "home", 9_000, 0, 9_000, "no", WHY, WHY],
    ),
    "routes": ("from to km source", ["Alba", "Brook", 48, WHY], ["Brook", "Cedar", 42, WHY]),
    "courses": (
        "name title probability.value probability.source",
        ["raid", "Alba is attacked", 0.8, WHY],
        ["calm", "Nothing happens", 0.2, WHY],
    ),
    "stages": (
        "course name places kind start.value start.source duration_days.value duration_days.source",
        ["raid", "raid", "Alba", "ground-attack", 1, WHY, 60, WHY],
    ),
    "zones": ("key title", ["home", "Home"]),
    "crossings": ("name",),
    "claims": ("people",),
}
"""Columns and rows of sheets."""


def own_workbook(path, *, behaviour):
    """Take out the teaching example and replace every place, road, course and stage; behaviour if wanted."""
    export_workbook(load("crossroads"), path)
    book = openpyxl.load_workbook(path)
    for sheet, (columns, *rows) in OWN.items():
        book[sheet].delete_rows(1, book[sheet].max_row)
        for row in (columns.split(), *rows):
            book[sheet].append(row)
    settings = book["settings"]
    for number in range(settings.max_row, 1, -1):
        if not behaviour and str(settings.cell(number, 1).value).startswith("model."):
            settings.delete_rows(number)
    book.save(path)
    return import_workbook(path)


def test_the_teaching_example_filled_with_other_places_is_noticed(tmp_path):
    """Six in ten of 51,800 leave, all but exactly: no real place is known so well."""
    found = own_workbook(tmp_path / "book.xlsx", behaviour=True)
    assert f"38 numbers of behaviour {TEACHING}" in said(found)
    assert EXACT in said(found)
    figure = planning_figures(run(found, members=40, seed=1))[0]
    assert 31_000 <= figure.most_likely <= 31_200
    assert figure.worst_case - figure.most_likely < 300


def test_without_its_behaviour_the_defaults_stand_in_and_nothing_is_said(tmp_path):
    found = own_workbook(tmp_path / "book.xlsx", behaviour=False)
    assert doubts(found) == ()
    figure = planning_figures(run(found, members=40, seed=1))[0]
    assert figure.worst_case - figure.most_likely > 3_000


def test_one_range_does_not_silence_the_rest():
    wider = change(load("crossroads"), ["model.flight.share_leaving={low: 0.4, high: 0.8}"])
    assert f"37 numbers of behaviour {TEACHING}" in said(wider)
    assert EXACT not in said(wider)


def test_exact_behaviour_is_noticed_whoever_says_so():
    document = explicit(load("crossroads"))
    text = json.dumps(document["model"]).replace("assumption: teaching example", WHY)
    found = said(resolve(document | {"model": json.loads(text)}))
    assert EXACT in found
    assert TEACHING not in found


def test_what_has_to_be_exact_is_no_spread_and_the_default_figure_is_none():
    """Shares by age, the radius and an unpublished warning are exact in every scenario."""
    document = explicit(load("crossroads"))
    del document["model"]
    assert EXACT not in said(resolve(document))


@pytest.mark.parametrize("name", [each.name for each in bundled() if each.name != "crossroads"])
def test_nothing_is_said_of_what_is_right(name):
    assert doubts(load(name)) == ()


# Places and roads.


def world(places, roads=(), country="", pcode=""):
    """Make a scenario of places by name, (lat, lon), with roads (from, to, km)."""
    if not roads:
        names = list(places)
        straight = {
            (a, b): great_circle_km(*places[a], *places[b]) for a, b in zip(names, names[1:], strict=False)
        }
        roads = [(a, b, max(1.0, 1.3 * km)) for (a, b), km in straight.items()]
    rows = [
        {"name": name, "lat": lat, "lon": lon, "kind": "town", "zone": "home", "residents": 1000}
        | ({"country": country} if country else {})
        | ({"pcode": f"{pcode}{number:04}"} if pcode else {})
        for number, (name, (lat, lon)) in enumerate(places.items())
    ]
    return resolve(
        {
            **{"format": 1, "name": "world", "title": "World", "issued": dt.date(2024, 3, 1)},
            **{"horizon_days": 30, "source": WHY, "zones": {"home": {}}, "places": rows},
            "routes": [{"from": a, "to": b, "km": km} for a, b, km in roads],
            "courses": [{"name": "calm", "probability": 1}],
        }
    )


def exchanged(places, names=None):
    return {
        name: (lon, lat) if names is None or name in names else (lat, lon)
        for name, (lat, lon) in places.items()
    }


AREAS = {
    "SYR": {"Idleb": (35.93, 36.63), "Saraqab": (35.86, 36.80), "Ariha": (35.81, 36.61)},
    "SDN": {"El Fasher": (13.63, 25.35), "Kebkabiya": (13.64, 24.09), "Mellit": (14.13, 25.55)},
    "COD": {"Goma": (-1.68, 29.22), "Sake": (-1.57, 29.04), "Rutshuru": (-1.19, 29.45)},
    "UKR": {"Bakhmut": (48.6, 38.0), "Kramatorsk": (48.72, 37.56), "Sloviansk": (48.87, 37.62)},
    "CPV": {"Praia": (14.93, -23.51), "Mindelo": (16.88, -24.98), "Assomada": (15.1, -23.68)},
}


@pytest.mark.parametrize("country", AREAS)
def test_all_places_swapped_lie_outside_their_country(country):
    found = said(world(exchanged(AREAS[country]), country=country))
    assert SWAPPED in found
    assert all(name in found for name in AREAS[country])
    assert doubts(world(AREAS[country], country=country)) == ()


@pytest.mark.parametrize(
    ("country", "pcode"), [("SYR", "SY07"), ("SDN", "SD02"), ("COD", "CD61"), ("UKR", "UKR1")]
)
def test_a_p_code_names_the_country_too(country, pcode):
    assert SWAPPED in said(world(exchanged(AREAS[country]), pcode=pcode))
    assert doubts(world(AREAS[country], pcode=pcode)) == ()


@pytest.mark.parametrize("country", AREAS)
def test_one_place_swapped_is_told_by_its_roads(country):
    """Nobody names a country; each place in turn is swapped, and it alone is told."""
    places = {
        **AREAS[country],
        "Middle": tuple(sum(x) / 3 + 0.03 for x in zip(*AREAS[country].values(), strict=True)),
    }
    roads = [
        (a, b, 1.3 * great_circle_km(*places[a], *places[b]))
        for number, a in enumerate(places)
        for b in list(places)[number + 1 :]
    ]
    for name in places:
        turned = exchanged(places, {name})
        try:
            found = said(world(turned, roads))
        except ValueError as error:  # so far away that it is an error
            found = str(error)
        assert name in found, name
        assert "swapped" in found
        assert not any(other in found for other in places if other != name)
    assert doubts(world(places, roads)) == ()


@pytest.mark.parametrize("country", ["CPV", "COD"])
def test_without_a_country_places_at_sea_are_told(country):
    at_sea = {
        "Valley": (40.0, 5.0),
        "Ridge": (39.9, 5.2),
    }  # between Menorca and Sardinia; exchanged in Ethiopia
    assert SWAPPED in said(world(at_sea))
    assert doubts(world(exchanged(at_sea))) == ()
    assert doubts(world(AREAS[country])) == ()


def test_a_place_across_the_border_of_its_country_is_no_swap():
    assert doubts(world({"Reyhanli": (36.27, 36.57), "Harim": (36.21, 36.52)}, country="SYR")) == ()


def test_a_place_that_is_wrong_both_ways_is_not_called_swapped():
    assert SWAPPED not in said(world({"A": (10.0, 40.0), "B": (10.1, 40.1)}, country="SYR"))


LINE = {"Alba": (12.0, 25.0), "Brook": (13.44, 25.0)}  # 160 km apart


@pytest.mark.parametrize("km", [11, 0.3, 127])
def test_a_road_shorter_than_the_straight_line_is_noticed(km):
    found = said(world(LINE, [("Alba", "Brook", km)]))
    assert f"routes.Alba>Brook.km: the road has {km} km, the straight line 160 km" in found
    assert SWAPPED not in found


@pytest.mark.parametrize("km", [129, 160, 250])
def test_rough_coordinates_explain_a_fifth(km):
    assert doubts(world(LINE, [("Alba", "Brook", km)])) == ()


def test_below_five_km_nothing_is_said():
    assert doubts(world({"A": (12.0, 25.0), "B": (12.04, 25.0)}, [("A", "B", 1)])) == ()


def test_of_many_short_roads_the_worst_are_named_and_the_others_counted():
    places = {f"P{number}": (12.0 + number, 25.0) for number in range(9)}
    roads = [(f"P{number}", f"P{number + 1}", 50 - number) for number in range(8)]
    found = [str(problem) for problem in doubts(world(places, roads))]
    assert len(found) == 6
    assert found[0].startswith("routes.P7>P8.km: the road has 43 km")
    assert found[-1] == "routes: 3 more roads are too short."


# The map's countries.


def test_every_country_of_the_list_has_an_outline_and_its_codes():
    import pycountry

    folder = files("forewarn") / "data" / "basemap"
    outlines = json.loads(gzip.decompress(folder.joinpath("world-50m.json.gz").read_bytes()))["countries"]
    rows = list(csv.DictReader(folder.joinpath("countries.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["outline"] for row in rows} <= set(outlines)
    assert len({row["outline"] for row in rows}) == len(rows) > 230
    known = {country.alpha_3: country.alpha_2 for country in pycountry.countries} | {"XKX": "XK"}
    assert {row["iso3"]: row["iso2"] for row in rows}.items() <= known.items()


@pytest.mark.parametrize(
    ("country", "pcode", "code"),
    [
        ("SDN", "", "SDN"),
        ("", "SY0703", "SYR"),
        ("", "SSD0101", "SSD"),
        ("", "1234", ""),
        ("", "", ""),
        ("QQQ", "ZZ1", ""),
    ],
)
def test_codes_of_countries(country, pcode, code):
    assert country_code(country, pcode) == code


def test_land_and_sea():
    assert lies_in("SDN", 13.63, 25.35)
    assert not lies_in("LBY", 13.63, 25.35)
    assert lies_on_land(13.63, 25.35)
    assert not lies_on_land(0.0, 0.0, near=0.2)
