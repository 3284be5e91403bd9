"""Write the list of cases that forecasts of destinations are scored on: ``src/forewarn/data/receptions/cases.csv``.

The list was written before anything was fitted and is never changed: a second run that would change a line stops.
It names what is forecast (who left from where and when, which places may take people in), no figures. Rules:

* receptions: tables that cover their total (``all``) or its largest places (``top``), places of one unit, at least four
  of them with a known share (a zero is one), remainders and overlapping rows left out. Of the units of an event the one
  that covers most of its people. Left out: counts of a part of the displaced (sub-populations) and the Vanni, where
  nobody chose.
* Somalia: origin district x month with at least 1,000 people who fled conflict; Afghanistan: origin district x week with
  at least 1,000 people. All districts of the table are the choice.
* Sudan, Nigeria, Iraq (reported, no target): stocks by origin. Sudan: state of origin with at least 1,000 people.
  Nigeria: LGA of origin with at least 5,000 people in every fifth round. Iraq: governorate of origin with at least 1,000
  families in the last round of each year.
* stage ``history``: Somalia's cases with at least 500 people from the same origin in earlier months. Stage
  ``first-count``: first date of an event, unit and measure, to each later date; at least four places on both.

Run from anywhere: ``python tools/make_destination_cases.py``.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
LIST = ROOT / "src" / "forewarn" / "data" / "receptions" / "cases.csv"
COLUMNS = (
    *("dataset", "stage", "crisis", "event", "from_date", "as_of", "first_as_of", "unit", "measure", "fold"),
    *("places", "destinations"),
)
FEWEST_PLACES = 4
FEWEST_PEOPLE = 1000
FEWEST_BEFORE = 500
FEWEST_NIGERIA = 5000
NOT_CHOSEN = {"lka_vanni_2009"}  # people were taken to closed camps by the army
REMAINDERS = {"other", "outside", "part of Georgia"}

Row = dict[str, str]


def rows(path: str) -> list[Row]:
    """Read a table of the packs, compressed or not."""
    file = SHARED / path
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))


def crisis_of(event: str) -> str:
    """All of Iraq is one crisis, and all of Sudan; elsewhere each offensive is its own."""
    country = event.split("_")[0]
    return {"irq": "iraq", "sdn": "sudan"}.get(country, event)


def receptions() -> Iterator[Row]:
    """List the cases of the reception tables, cold and after the first count."""
    places = {(row["event"], row["place"]): row for row in rows("receptions/places.csv")}
    tables: dict[tuple[str, str, str], dict[tuple[str, str], dict[str, float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for row in rows("receptions/receptions.csv"):
        place = places.get((row["event"], row["destination"]))
        if (
            place is None
            or row["event"] in NOT_CHOSEN
            or row["complete"] not in ("all", "top")
            or "sub-population" in row["measure"]
            or place["count"] in REMAINDERS
            or place["overlaps"] == "yes"
            or not row["share"]
        ):
            continue
        key = row["event"], row["measure"], row["unit"]
        tables[key][row["from_date"], row["as_of"]][row["destination"]] = float(row["share"])
    for (event, measure, unit), dates in sorted(tables.items()):
        kept = {day: shares for day, shares in sorted(dates.items()) if len(shares) >= FEWEST_PLACES}
        if not kept or unit != widest(tables, event, measure):
            continue
        first: dict[str, tuple[str, dict[str, float]]] = {}
        for (start, day), shares in kept.items():
            common = {
                "dataset": "receptions", "crisis": crisis_of(event), "event": event, "from_date": start,
                "as_of": day, "unit": unit, "measure": measure, "fold": crisis_of(event),
            }  # fmt: skip
            yield common | listed("cold", sorted(shares))
            if start in first:
                both = sorted(shares.keys() & first[start][1].keys())
                if len(both) >= FEWEST_PLACES:
                    yield common | listed("first-count", both) | {"first_as_of": first[start][0]}
            else:
                first[start] = day, shares


def widest(tables: dict, event: str, measure: str) -> str:
    """Find the unit of an event that covers most people, on the mean of its dates."""
    covered = {}
    for (other, counted, unit), dates in tables.items():
        sums = [sum(shares.values()) for shares in dates.values() if len(shares) >= FEWEST_PLACES]
        if (other, counted) == (event, measure) and sums:
            covered[unit] = sum(sums) / len(sums)
    return max(covered, key=lambda unit: (round(covered[unit], 9), unit), default="")


def listed(stage: str, names: list[str]) -> Row:
    """Name the places of a case."""
    return {"stage": stage, "places": str(len(names)), "destinations": "; ".join(names)}


def somalia() -> Iterator[Row]:
    """List origin district x month."""
    known = {row["prmn_name"] for row in rows("movements/somalia-prmn/districts.csv")}
    left: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows("movements/somalia-prmn/displacement.csv.gz"):
        if row["reason"].startswith("Conflict") and row["departure_district"] in known:
            left[row["departure_district"]][row["month_end"]] += int(float(row["individuals"]))
    for origin, months in sorted(left.items()):
        before = 0
        for month, people in sorted(months.items()):
            if people >= FEWEST_PEOPLE:
                common = {
                    "dataset": "somalia", "crisis": "somalia", "event": origin,
                    "from_date": month[:8] + "01", "as_of": month, "unit": "district",
                    "measure": "people fleeing conflict in the month", "fold": origin,
                    "places": str(len(known)), "destinations": "all districts",
                }  # fmt: skip
                yield common | {"stage": "cold"}
                if before >= FEWEST_BEFORE:
                    yield common | {"stage": "history"}
            before += people


def afghanistan() -> Iterator[Row]:
    """List origin district x week, weeks from Monday to Sunday."""
    left: dict[tuple[str, date], int] = defaultdict(int)
    province = {}
    for row in rows("movements/afghanistan-ocha-2021/displacement.csv"):
        day = date.fromisoformat(row["date"])
        monday = day - timedelta(days=day.weekday())
        left[row["origin_district_code"], monday] += int(row["individuals"])
        province[row["origin_district_code"]] = row["origin_province"]
    number = len(rows("movements/afghanistan-ocha-2021/districts.csv"))
    for (origin, monday), people in sorted(left.items()):
        if people >= FEWEST_PEOPLE:
            yield {
                "dataset": "afghanistan", "stage": "cold", "crisis": "afghanistan", "event": origin,
                "from_date": str(monday), "as_of": str(monday + timedelta(days=6)), "unit": "district",
                "measure": "people displaced by conflict in the week",
                "fold": f"{province[origin]} {monday}", "places": str(number), "destinations": "all districts",
            }  # fmt: skip


def sudan() -> Iterator[Row]:
    """List states of origin on the one date."""
    left: dict[str, float] = defaultdict(float)
    for row in rows("movements/sudan-dtm-2024/origin_state_by_locality.csv"):
        left[row["origin_state"]] += float(row["individuals"])
    number = len({row["state"] for row in rows("movements/sudan-dtm-2024/localities.csv")})
    for origin, people in sorted(left.items()):
        if people >= FEWEST_PEOPLE:
            yield stock("sudan", origin, "2024-03-25", "state", "IDPs present", number, "all states")


def nigeria() -> Iterator[Row]:
    """List LGAs of origin in every fifth round."""
    ends = {row["round"]: row["period_to"] for row in rows("movements/nigeria-dtm-rounds/rounds_meta.csv")}
    left: dict[tuple[int, str], float] = defaultdict(float)
    reached: dict[int, set[str]] = defaultdict(set)
    for row in rows("movements/nigeria-dtm-rounds/rounds.csv.gz"):
        reached[int(row["round"])].add(row["lga_pcode"])
        if row["origin_lga_pcode"]:
            left[int(row["round"]), row["origin_lga_pcode"]] += float(row["individuals"] or 0)
    for (number, origin), people in sorted(left.items()):
        if number % 5 == 2 and people >= FEWEST_NIGERIA:
            places = len(reached[number] - {""})
            yield stock(
                "nigeria", origin, ends[str(number)], "LGA", "IDPs present", places, f"LGAs of round {number}"
            )


def iraq() -> Iterator[Row]:
    """List governorates of origin in the last round of each year."""
    table = rows("receptions/dtm_iraq_districts.csv.gz")
    last = {}
    for row in table:
        last[row["date"][:4]] = max(row["date"], last.get(row["date"][:4], ""))
    for day in sorted(last.values()):
        present = [row for row in table if row["date"] == day]
        for column in (name for name in table[0] if name.startswith("from ")):
            if sum(float(row[column] or 0) for row in present) >= FEWEST_PEOPLE:
                name = column.removeprefix("from ")
                yield stock(
                    "iraq", name, day, "district", "families present", len(present), f"districts of {day}"
                )


def stock(dataset: str, origin: str, day: str, unit: str, measure: str, number: int, names: str) -> Row:
    """Describe a case of people present by origin."""
    return {
        "dataset": dataset, "stage": "cold", "crisis": dataset, "event": origin, "as_of": day, "unit": unit,
        "measure": measure, "fold": dataset, "places": str(number), "destinations": names,
    }  # fmt: skip


def main() -> None:
    """Write the list, unless there is another."""
    cases = [*receptions(), *somalia(), *afghanistan(), *sudan(), *nigeria(), *iraq()]
    lines = [COLUMNS, *(tuple(case.get(name, "") for name in COLUMNS) for case in cases)]
    if LIST.exists():
        with LIST.open(encoding="utf-8", newline="") as file:
            if [tuple(line) for line in csv.reader(file)] != lines:
                sys.exit(f"{LIST} differs from what the packs give now: the list of cases is never changed")
        return
    LIST.parent.mkdir(parents=True, exist_ok=True)
    with LIST.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


if __name__ == "__main__":
    main()
