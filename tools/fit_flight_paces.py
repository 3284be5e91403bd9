"""Fit how fast people leave, score what was tried, and write both down.

    python tools/fit_flight_paces.py

Reads the dated counts of the shipped reference class and the tables of movements in ``../shared/data/movements`` (which are not
part of the project), and writes to ``src/forewarn/data/analogues``: ``flight_paces.json`` (half-lives as known in 2018 and
now, with credit) and ``flight_paces_tried.csv`` (every structure that was tried, each cluster left out in turn). A minute on
one core. Then ``make skill`` writes docs/analogues.md's table.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from forewarn.analogues import select
from forewarn.analogues.flight_paces import DatedShare, PaceLaw, crps, dated_shares, weights
from forewarn.analogues.reading import load_counts

ROOT = Path(__file__).resolve().parents[1]
MOVEMENTS = ROOT.parent / "shared" / "data" / "movements"
TABLES = ROOT / "src" / "forewarn" / "data" / "analogues"
THEN, NOW = date(2018, 8, 30), date(2026, 3, 31)
CREDIT = (
    "Half-lives fitted by the Forewarn project on the reference class of this folder, on UNHCR/NRC Protection and Return Monitoring "
    "Network (Somalia, conflict, January 2016 to June 2021), OCHA Afghanistan (conflict-induced displacement 2021) and IOM DTM (Iraq, "
    "28 September 2014). None of their tables is part of Forewarn, and none of the publishers has reviewed it."
)
WAVE_DAYS, QUIET_DAYS = 28, 28
FEWEST, QUIET_SHARE = 1000, 0.1
"""A wave: so many people or more in 28 days from an area, of whom at most a tenth left in the 28 days before. Assumptions."""
MEDIANS = tuple(np.geomspace(0.5, 16, 16))
SPREADS = tuple(np.arange(0.5, 2.51, 0.25))
# The exponential of version 0.1.0: days to half of the class of 2018, all under attack from the first day.
FORMER = PaceLaw(15.5, 1.0, reach=0.0)
FORMER_DAYS = np.interp(
    (np.arange(100) + 0.5) / 100, (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1), (2.5, 3.6, 6.8, 15.5, 31, 61, 71)
)


class Structure(NamedTuple):
    """A family of laws, each fitted by trying all of its members."""

    name: str
    laws: Sequence[PaceLaw]


STRUCTURES = (
    Structure(
        "all reached on the first day, one pace", [PaceLaw(m, s, 0.0) for m, s in product(MEDIANS, SPREADS)]
    ),
    Structure(
        "all reached on the first day, a part at once",
        [
            PaceLaw(m, s, 0.0, p, 1.0)
            for m, s, p in product(MEDIANS, SPREADS, (0.05, 0.1, 0.2, 0.3, 0.4, 0.5))
        ],
    ),
    Structure("reached one after another, one pace", [PaceLaw(m, s) for m, s in product(MEDIANS, SPREADS)]),
    Structure(
        "reached one after another, a part at once",
        [
            PaceLaw(m, s, 1.0, p, 1.0)
            for m, s, p in product(MEDIANS, SPREADS, (0.05, 0.1, 0.2, 0.3, 0.4, 0.5))
        ],
    ),
    Structure(
        "reached over up to half of the event, one pace",
        [PaceLaw(m, s, 0.5) for m, s in product(MEDIANS, SPREADS)],
    ),
    Structure(
        "reached over up to one and a half events, one pace",
        [PaceLaw(m, s, 1.5) for m, s in product(MEDIANS, SPREADS)],
    ),
)
CLASS = "reference class"
CHOSEN = "reached one after another, one pace"
Source = Mapping[str, Sequence[DatedShare]]


def rows(path: str) -> list[dict[str, str]]:
    """Read a table of the packs, compressed or not."""
    file = MOVEMENTS / path
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))


def waves(
    people: Mapping[tuple[str, str], Mapping[date, float]], step: int, days: Sequence[int]
) -> Iterator[DatedShare]:
    """Cut departures of areas, by (cluster, area) and date, into waves of 28 days that begin after quiet."""
    first = min(min(dates) for dates in people.values())
    for (cluster, area), dates in people.items():
        series = np.zeros(1 + (max(dates) - first).days // step)
        for day, count in dates.items():
            series[(day - first).days // step] += count
        at, length, quiet = 0, WAVE_DAYS // step, QUIET_DAYS // step
        while at + length <= len(series):
            wave = series[at : at + length]
            before = series[max(0, at - quiet) : at].sum()
            if series[at] > 0 and wave.sum() >= FEWEST and before <= QUIET_SHARE * wave.sum():
                gone = np.cumsum(wave) / wave.sum()
                for by in days:
                    yield DatedShare(cluster, f"{area} {at}", by, WAVE_DAYS, float(gone[by // step - 1]))
                at += length
            else:
                at += 1


def summed(found: Iterator[tuple[tuple[str, str], date, float]]) -> dict[tuple[str, str], dict[date, float]]:
    """Add people up by area and date."""
    table: dict[tuple[str, str], dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for area, day, people in found:
        table[area][day] += people
    return table


def somalia(until: date) -> list[DatedShare]:
    """Make the waves of Somalia, by departure district and week, clustered by region."""
    found = (
        (
            (row["departure_region"], row["departure_district"]),
            date.fromisocalendar(int(row["year_week"][:4]), min(52, max(1, int(row["year_week"][4:]))), 1),
            float(row["individuals"]),
        )
        for row in rows("somalia-prmn/displacement.csv.gz")
        if row["reason"].startswith("Conflict") and date.fromisoformat(row["month_end"]) <= until
    )
    return list(waves(summed(found), 7, (7, 14, 21)))


def afghanistan() -> list[DatedShare]:
    """Make the waves of Afghanistan to September 2021, by district of origin and day, clustered by province."""
    found = (
        (
            (row["origin_province"], row["origin_district_code"]),
            date.fromisoformat(row["date"]),
            float(row["individuals"]),
        )
        for row in rows("afghanistan-ocha-2021/displacement.csv")
        if row["date"] < "2021-10-01"
    )
    return list(waves(summed(found), 1, (1, 3, 7, 14, 21)))


def iraq() -> list[DatedShare]:
    """Make the waves of Iraq in 2014, by governorate of origin and day, as listed on 28 September."""
    found = (
        (
            (row["origin_governorate"], row["origin_governorate"]),
            date.fromisoformat(row["displaced_on"]),
            6 * float(row["families_by_shelter"]),
        )
        for row in rows("iraq-dtm-2014-dated/groups.csv.gz")
        if row["as_of"] == "2014-09-28" and row["displaced_on"] >= "2014-01-01"
    )
    return list(waves(summed(found), 1, (1, 3, 7, 14, 21)))


def sources(as_of: date) -> dict[str, list[DatedShare]]:
    """List every source that was known on a day."""
    found = {
        CLASS: list(dated_shares(select(as_of=as_of), load_counts())),
        "Somalia": somalia(as_of - timedelta(days=30)),
        "Iraq 2014": iraq(),
    }
    return found | ({"Afghanistan 2021": afghanistan()} if as_of >= date(2022, 1, 1) else {})


class Scored(NamedTuple):
    """CRPS of every law of a structure on every count of a source, over that of the exponential of 0.1.0."""

    clusters: np.ndarray
    weight: np.ndarray
    ratio: np.ndarray  # (law, count); its weighted sum is the ratio


def scored(laws: Sequence[PaceLaw], found: Sequence[DatedShare]) -> Scored:
    """Score every law on a source."""
    weight = weights(found)
    former = weight @ crps(FORMER, found, half_lives=FORMER_DAYS)
    table = np.array([crps(law, found) for law in laws]) / former
    return Scored(np.array([row.cluster for row in found]), weight, table)


def of_source(name: str, tables: Mapping[str, Scored]) -> float:
    """Weigh a source: events are what is forecast, so that they weigh as much as all movements together."""
    return 0.5 if name == CLASS else 0.5 / (len(tables) - 1)


def left_out(tables: Mapping[str, Scored]) -> dict[str, float]:
    """Score the law that is best on all sources without a cluster, on that cluster: by source."""
    result = {}
    for name, table in tables.items():
        others = sum(
            of_source(key, tables) * (other.ratio @ other.weight)
            for key, other in tables.items()
            if key != name
        )
        total = 0.0
        for cluster in np.unique(table.clusters):
            here = table.clusters == cluster
            rest = table.ratio[:, ~here] @ table.weight[~here] / table.weight[~here].sum()
            best = int(np.argmin(others + of_source(name, tables) * rest))
            total += float(table.ratio[best, here] @ table.weight[here])
        result[name] = total
    return result


def main() -> None:
    """Fit, score and store."""
    fits: list[dict[str, object]] = []
    tried: list[list[object]] = []
    for as_of in (THEN, NOW):
        found = sources(as_of)
        sizes = {
            name: (len(of), len({row.event for row in of}), len({row.cluster for row in of}))
            for name, of in found.items()
        }
        print(as_of, sizes)
        for structure in STRUCTURES:
            tables = {name: scored(structure.laws, of) for name, of in found.items()}
            together = sum(
                of_source(name, tables) * (table.ratio @ table.weight) for name, table in tables.items()
            )
            best = structure.laws[int(np.argmin(together))]
            out = left_out(tables)
            print(structure.name, best, {name: round(value, 3) for name, value in out.items()})
            if structure.name == CHOSEN:
                words = ", ".join(
                    f"{name} ({counts} counts of {events} events)"
                    for name, (counts, events, _) in sizes.items()
                )
                fits.append({"known_by": as_of.isoformat(), "median": round(best.median, 2), "spread": round(best.spread, 2), "sources": words})  # fmt: skip
            if as_of == NOW:
                fitted = [round(best.median, 2), round(best.spread, 2), best.at_once]
                tried.extend(
                    [structure.name, *fitted, name, *sizes[name], f"{ratio:.3f}"]
                    for name, ratio in out.items()
                )
    (TABLES / "flight_paces.json").write_text(
        json.dumps({"credit": CREDIT, "fits": fits}, indent=1) + "\n", "utf-8"
    )
    with (TABLES / "flight_paces_tried.csv").open("w", newline="", encoding="utf-8") as file:
        header = [
            "structure",
            "median_days",
            "spread_log",
            "at_once",
            "source",
            "counts",
            "events",
            "clusters",
            "crps_ratio",
        ]
        csv.writer(file, lineterminator="\n").writerows([header, *tried])


if __name__ == "__main__":
    main()
