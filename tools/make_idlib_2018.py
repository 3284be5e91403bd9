"""Make the tables of the bundled scenario idlib-2018 from the shared data pack.

Reads ``../shared/data/north-west-syria`` and writes ``places.csv`` and ``routes.csv``. The same pack gives
the same bytes. Run from anywhere: ``python tools/make_idlib_2018.py``.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
PACK = REPOSITORY.parent / "shared" / "data" / "north-west-syria"
SCENARIO = REPOSITORY / "src" / "forewarn" / "data" / "scenarios" / "idlib-2018"

# OCHA planning paper of 15 August 2018 (population_facts.csv): people in the enclave, May 2018.
ENCLAVE_PEOPLE = 2_987_716
ENCLAVE_DISPLACED = 1_379_629
# CCCM Cluster/REACH, March 2018: displaced people in the whole north-west, the Turkish-backed north included.
NORTH_WEST_DISPLACED = 1_780_560
NORTH_DISPLACED = (("A'zaz", 167_463), ("Al Bab", 101_146))
# Afrin district: 324,000 people in January 2018 (UNHCR), 137,070 still displaced from it in April (OCHA).
AFRIN_PEOPLE = 324_000 - 137_070
AFRIN_PCODE = "SY0203"
# The pack's only figure for Rukban is of November 2018, too late; this is an order of magnitude.
RUKBAN_DISPLACED = 45_000

PLACE_COLUMNS = (
    "name",
    "pcode",
    "admin1",
    "country",
    "lat",
    "lon",
    "kind",
    "zone",
    "residents",
    "displaced",
    "capacity",
    "capacity_low",
    "capacity_high",
    "attraction",
    "isolated",
    "source",
    "population_source",
    "capacity_source",
)
ROUTE_COLUMNS = ("from", "to", "km", "road", "crossing", "source")


class Split(NamedTuple):
    """Percent of a sub-district's residents and displaced people that live in one place of it."""

    place: str
    head: str
    residents: int
    displaced: int


# What is left stays with the head place. Two heads lean on a count: REACH found 70,000 displaced people in
# Dana town and 34,500 in Maaret Tamsrin town in November 2017, about 18 and 66 percent of the sub-districts.
SPLITS = (
    Split("Sarmada", "Dana", 25, 12),
    Split("Atma (camp cluster)", "Dana", 10, 35),
    Split("Qah (camp cluster)", "Dana", 5, 20),
    Split("Deir Hassan (camp cluster)", "Dana", 10, 15),
    Split("Kelly (camp cluster)", "Maaret Tamsrin", 15, 27),
    Split("Maaret Elekhwan (reception centre)", "Maaret Tamsrin", 3, 7),
    Split("Kherbet Eljoz (camp cluster)", "Badama", 10, 60),
    Split("Mezanaz (reception centre)", "Atareb", 2, 3),
    Split("Kafr Nabutha", "Madiq Castle", 25, 25),
    Split("Hbit", "Khan Shaykun", 25, 25),
    Split("Latmana", "Kafr Zeita", 35, 35),
    Split("Jarjnaz", "Ma'arrat An Nu'man", 25, 25),
    Split("Andan", "Haritan", 35, 35),
    Split("Salama (Bab al-Salama camps)", "A'zaz", 0, 35),
    Split("Deir Ballut", "Jandairis", 2, 20),
)

# Government-held part of divided sub-districts, percent of the 2004 census (the pack's own judgement).
GOVERNMENT_PERCENT = (("Sanjar", 95),)
SURAN_TOWN = "Suran (Hama) town"
SURAN_NORTH = "Suran (Hama), northern part with Morek"
SURAN_TOWN_PERCENT = 75

FOREIGN_ATTRACTION = (("Reyhanli", 200_000), ("Antakya", 245_000), ("Kilis", 130_000), ("Gaziantep", 375_000))
CAMP_CAPACITY_PERCENT = (100, 130, 250)

KINDS = (("town", "town"), ("camp cluster", "camp"), ("border", "crossing"), ("foreign", "foreign"))
ZONES = (("us-backed garrison", "garrison"),)
ISOLATED = ("Rukban", "Al-Tanf")

CROSSINGS = (
    ("Atma (camp cluster)", "Deir Ballut", "deir-ballut"),
    ("Daret Azza", "Afrin", "ghazawiya"),
    ("Reyhanli", "Bab al-Hawa crossing", "bab-al-hawa"),
    ("Kilis", "Bab al-Salama crossing", "bab-al-salama"),
    ("Kherbet Eljoz (camp cluster)", "Antakya", "khirbet-al-joz"),
    ("Abul Thohur", "Saraqab", "abu-duhur"),
)

ADDED_FACTOR = 1.25
# Links the pack lacks: without them a place would hang in the air, or the government side fall apart.
ADDED_LINKS = (
    ("Kherbet Eljoz (camp cluster)", "Antakya"),
    ("Maaret Elekhwan (reception centre)", "Maaret Tamsrin"),
    ("Maaret Elekhwan (reception centre)", "Kelly (camp cluster)"),
    ("Mezanaz (reception centre)", "Atareb"),
    ("Mezanaz (reception centre)", "Kelly (camp cluster)"),
    ("Andan", "Haritan"),
    ("Andan", "Daret Azza"),
    ("Nabul", "Aleppo city"),
    ("Nabul", "Andan"),
    ("Nabul", "Tall Refaat"),
    ("Tall Refaat", "A'zaz"),
    ("Tall Refaat", "Mare'"),
    ("Menbij", "Al Bab"),
    ("Menbij", "Jarablus"),
    ("Menbij", "Aleppo city"),
    ("Al Bab", "Aleppo city"),
    ("Hadher", "Aleppo city"),
    ("Hadher", "Zarbah"),
    ("Hadher", "Abul Thohur"),
    ("Abul Thohur", "Sanjar"),
    ("Sanjar", "Hama city"),
    (SURAN_TOWN, "Hama city"),
    (SURAN_TOWN, SURAN_NORTH),
    ("As-Suqaylabiyah", "Hama city"),
    ("As-Suqaylabiyah", "Karnaz"),
    ("Karnaz", "Muhradah"),
    ("Karnaz", "Kafr Nabutha"),
    ("Muhradah", "Latmana"),
    ("Shat-ha", "As-Suqaylabiyah"),
    ("Shat-ha", "Ziyara"),
    ("Shat-ha", "Lattakia"),
    ("Kansaba", "Lattakia"),
    ("Kansaba", "Badama"),
    ("Rabee'a", "Lattakia"),
    ("Rabee'a", "Kansaba"),
)

ENCLAVE_SOURCE = (
    f"assumption: share of the published totals of ocha-2018-08-15 ({ENCLAVE_PEOPLE:,} people, "
    f"{ENCLAVE_DISPLACED:,} of them displaced); shares by sub-district are estimates"
)
ENCLAVE_PART_SOURCE = ENCLAVE_SOURCE + ", and so is this place's part of its sub-district"
NORTH_SOURCE = (
    "assumption: residents as in the 2004 census; displaced: what cccm-2018-03 counts in the north-west "
    "beyond ocha-2018-08-15, less A'zaz and Al Bab, by census share"
)
AFRIN_SOURCE = (
    "assumption: 324,000 people in the district (reach-afrin-2018-03) less 137,070 displaced from it "
    "(ocha-afrin-2018-04-05), by census share; those who came after April 2018 are not counted"
)
NORTH_CITY_SOURCE = (
    "assumption: displaced people as counted in cccm-2018-03, camps of the sub-district included by an "
    "estimated share; residents as in the 2004 census"
)
CENSUS_PART_SOURCE = (
    "assumption: government-held part of the sub-district's 2004 census, by an estimated share"
)
RUKBAN_SOURCE = "assumption: order of magnitude; the one figure in the pack is newer than the issue date"
FOREIGN_SOURCE = (
    "assumption: position approximate, general reference; pull of the order of the Syrians registered in the "
    "province, undated table of 2018"
)
CAPACITY_SOURCE = (
    "assumption: no capacity was published; 1 to 2.5 times the people estimated to live there, "
    "most likely 1.3 times"
)
APPROXIMATE_SOURCE = "assumption: position approximate, general reference"

Row = dict[str, str]
People = dict[str, int]


def read(path: Path) -> list[Row]:
    """Rows of one table of the pack."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def whole_shares(total: int, weights: Mapping[str, int]) -> People:
    """Share `total` in whole numbers by `weights`: largest remainder, ties in the order given."""
    weight_sum = sum(weights.values())
    shares = {name: total * weight // weight_sum for name, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda name: -(total * weights[name] % weight_sum))
    for name in by_remainder[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def split_off(people: People, percent_of: Mapping[str, tuple[str, int]]) -> People:
    """Move the stated percent of each head place to the places inside its sub-district."""
    result = dict(people)
    for head in dict.fromkeys(head for head, _ in percent_of.values()):
        parts = {place: percent for place, (of, percent) in percent_of.items() if of == head}
        weights = {head: 100 - sum(parts.values()), **parts}
        result.update(whole_shares(people[head], weights))
    return result


def enclave(pack: Sequence[Row], column: str, total: int) -> People:
    """Scale the pack's estimates for opposition-held sub-districts to the published total."""
    weights = {
        row["name"]: int(row[column])
        for row in pack
        if row["zone_of_control_2018-08"] == "opposition" and row[column]
    }
    return whole_shares(total, weights)


def north(pack: Sequence[Row]) -> tuple[People, People]:
    """Residents and displaced people of the Turkish-backed north before camps are split off."""
    census = {
        row["name"]: int(row["population_census_2004"])
        for row in pack
        if row["zone_of_control_2018-08"] == "turkish-backed" and row["population_census_2004"]
    }
    counted = dict(NORTH_DISPLACED)
    rest = NORTH_WEST_DISPLACED - ENCLAVE_DISPLACED - sum(counted.values())
    displaced = counted | whole_shares(rest, {name: n for name, n in census.items() if name not in counted})
    afrin = {row["name"]: census[row["name"]] for row in pack if in_afrin(row) and row["name"] in census}
    afrin_residents = AFRIN_PEOPLE - sum(displaced[name] for name in afrin)
    return census | whole_shares(afrin_residents, afrin), displaced


def in_afrin(row: Row) -> bool:
    """Whether the place lies in Afrin district."""
    return row["pcode"].startswith(AFRIN_PCODE)


def government(pack: Sequence[Row]) -> People:
    """Residents of places outside the opposition's and Turkey's reach, from the 2004 census."""
    percent = dict(GOVERNMENT_PERCENT)
    census = {row["name"]: int(row["population_census_2004"] or 0) for row in pack}
    residents = {
        row["name"]: census[row["name"]] * percent.get(row["name"], 100) // 100
        for row in pack
        if row["zone_of_control_2018-08"] in ("government", "sdf")
    }
    residents[SURAN_TOWN] = census[SURAN_NORTH] * SURAN_TOWN_PERCENT // 100
    return residents


def populations(pack: Sequence[Row]) -> tuple[People, People]:
    """Residents and displaced people by place; a place that is not named has none."""
    north_residents, north_displaced = north(pack)
    residents = enclave(pack, "est_residents_2018", ENCLAVE_PEOPLE - ENCLAVE_DISPLACED) | north_residents
    displaced = enclave(pack, "est_idps_2018", ENCLAVE_DISPLACED) | north_displaced
    residents = split_off(residents, {part.place: (part.head, part.residents) for part in SPLITS})
    displaced = split_off(displaced, {part.place: (part.head, part.displaced) for part in SPLITS})
    return residents | government(pack), displaced | {"Rukban": RUKBAN_DISPLACED}


def population_source(row: Row) -> str:
    """Where the place's counts come from; empty if it has none."""
    name, zone = row["name"], row["zone_of_control_2018-08"]
    heads_and_parts = {word for part in SPLITS for word in (part.place, part.head)}
    if name == "Rukban":
        return RUKBAN_SOURCE
    if row["kind"] in ("border", "foreign"):
        return ""
    if zone == "opposition":
        return ENCLAVE_PART_SOURCE if name in heads_and_parts else ENCLAVE_SOURCE
    if zone == "turkish-backed":
        if row["pcode"] in ("SY020400", "SY020200"):
            return NORTH_CITY_SOURCE
        return AFRIN_SOURCE if in_afrin(row) else NORTH_SOURCE
    return CENSUS_PART_SOURCE if name in (*dict(GOVERNMENT_PERCENT), SURAN_TOWN) else "census-2004"


def place_row(row: Row, residents: People, displaced: People) -> Row:
    """One row of places.csv."""
    name = row["name"]
    kind = dict(KINDS)[row["kind"]]
    zone = row["zone_of_control_2018-08"]
    place = dict.fromkeys(PLACE_COLUMNS, "") | {
        "name": name,
        "pcode": row["pcode"],
        "admin1": row["admin1"].split(" / ")[0],
        "country": "TUR" if row["pcode"].startswith("TR") or zone == "turkey" else "SYR",
        "lat": row["lat"],
        "lon": row["lon"],
        "kind": kind,
        "zone": dict(ZONES).get(zone, zone),
        "residents": str(residents.get(name, "")),
        "displaced": str(displaced.get(name, "")),
        "isolated": "yes" if name in ISOLATED else "",
        "source": "ocha-cod" if row["settlement_pcode"] else APPROXIMATE_SOURCE,
        "population_source": population_source(row),
    }
    if kind == "camp" and name not in ISOLATED:
        people = residents.get(name, 0) + displaced.get(name, 0)
        low, mode, high = (math.ceil(people * percent / 10_000) * 100 for percent in CAMP_CAPACITY_PERCENT)
        place |= {"capacity_low": str(low), "capacity": str(mode), "capacity_high": str(high)}
        place["capacity_source"] = CAPACITY_SOURCE
    if kind == "crossing":
        place["attraction"] = "0"
    if kind == "foreign":
        place |= {"attraction": str(dict(FOREIGN_ATTRACTION)[name]), "source": FOREIGN_SOURCE}
    return place


def straight_km(a: Row, b: Row) -> float:
    """Great-circle distance, km."""
    lat_a, lon_a, lat_b, lon_b = (math.radians(float(row[key])) for row in (a, b) for key in ("lat", "lon"))
    across = math.sin((lat_b - lat_a) / 2) ** 2
    along = math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(across + along))


def crossing_of(start: str, end: str) -> str:
    """Name of the crossing on the road, or empty."""
    return next((name for a, b, name in CROSSINGS if {a, b} == {start, end}), "")


def pack_route(row: Row) -> Row | None:
    """Turn a link of the pack into a row of routes.csv; links that only add up others are left out."""
    if row["road"].startswith("whole route"):
        return None
    factor = row["note"].split(" x ")[1].split(" ")[0]
    return {
        "from": row["from"],
        "to": row["to"],
        "km": row["km"],
        "road": row["road"],
        "crossing": crossing_of(row["from"], row["to"]),
        "source": f"assumption: straight line between town points x {factor}; road from general reference",
    }


def added_route(start: str, end: str, places: Mapping[str, Row]) -> Row:
    """Make a link the pack lacks."""
    return {
        "from": start,
        "to": end,
        "km": str(round(straight_km(places[start], places[end]) * ADDED_FACTOR)),
        "road": "link not in the pack",
        "crossing": crossing_of(start, end),
        "source": f"assumption: link not in the pack; straight line between town points x {ADDED_FACTOR}",
    }


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Text of a table."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def make_tables(folder: Path) -> dict[str, str]:
    """Make the text of ``places.csv`` and ``routes.csv`` from the pack in `folder`."""
    pack = read(folder / "places.csv")
    residents, displaced = populations(pack)
    by_name = {row["name"]: row for row in pack}
    routes = [route for row in read(folder / "routes.csv") if (route := pack_route(row))]
    routes += [added_route(start, end, by_name) for start, end in ADDED_LINKS]
    return {
        "places.csv": as_csv(PLACE_COLUMNS, (place_row(row, residents, displaced) for row in pack)),
        "routes.csv": as_csv(ROUTE_COLUMNS, routes),
    }


def main() -> None:
    """Write the tables into the scenario's folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, default=PACK, help="folder of the shared pack")
    parser.add_argument("--scenario", type=Path, default=SCENARIO, help="folder to write to")
    options = parser.parse_args()
    for name, text in make_tables(options.pack).items():
        (options.scenario / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
