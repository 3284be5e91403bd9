"""Make the tables of the bundled scenario idlib-2019 from those of idlib-2018 and the shared data pack.

Places and roads are those of August 2018. Seven places in the south that the government took between May and
August 2019 change hands; their people live displaced in the places that held displaced people before, in
proportion. Counts of the offensive of December 2019 to March 2020 are taken from the pack's timeline, with the
days on which they were published. Run from anywhere: ``python tools/make_idlib_2019.py``.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACK = REPOSITORY.parent / "shared" / "data" / "north-west-syria"
SCENARIOS = REPOSITORY / "src" / "forewarn" / "data" / "scenarios"
BEFORE, AFTER = SCENARIOS / "idlib-2018", SCENARIOS / "idlib-2019"

# Taken by the government between 6 May and 23 August 2019: general knowledge.
TAKEN = (
    "Madiq Castle",
    "Kafr Nabutha",
    "Kafr Zeita",
    "Latmana",
    "Suran (Hama), northern part with Morek",
    "Khan Shaykun",
    "Hbit",
)
WHY = (
    "assumption: as in idlib-2018; people of the seven places taken in 2019 were added to those displaced, "
    "in proportion"
)
EPISODE = "C_2019-12_2020-03"
# Days of publication that the pack's source names; otherwise two days after the count (assumption).
PUBLISHED = {
    ("2019-12-29", "284000"): "2019-12-30",
    ("2020-01-01", "300000"): "2020-01-02",
    ("2020-01-08", "312000"): "2020-01-08",
    ("2020-01-27", "390000"): "2020-01-29",
    ("2020-02-02", "586000"): "2020-02-06",
    ("2020-02-09", "689100"): "2020-02-12",
    ("2020-02-12", "800000"): "2020-02-13",
    ("2020-02-17", "875000"): "2020-02-19",
    ("2020-02-17", "900000"): "2020-02-17",
    ("2020-02-20", "900000"): "2020-02-20",
    ("2020-02-23", "948000"): "2020-02-26",
    ("2020-03-03", "961300"): "2020-03-03",
    ("2020-03-08", "959000"): "2020-03-16",
    ("2020-03-10", "960000"): "2020-03-10",
}
ERROR = "0.1"  # assumption: two agencies differ by 3 % on the same day, rounded figures by as much again


def places() -> list[dict[str, str]]:
    """Give the places of August 2018 with seven of them taken and their people displaced elsewhere."""
    rows = _read(BEFORE / "places.csv")
    gone = 0
    for row in rows:
        if row["name"] in TAKEN:
            gone += int(row["residents"]) + int(row["displaced"])
            row |= {"zone": "government", "residents": "0", "displaced": "0", "population_source": WHY}
            row["attraction"] = "0"
    hosts = [row for row in rows if row["zone"] in ("opposition",) and int(row["displaced"] or 0)]
    held = [int(row["displaced"]) for row in hosts]
    edges = [gone * sum(held[: i + 1]) // sum(held) for i in range(len(held))]
    for row, people, end, start in zip(hosts, held, edges, [0, *edges], strict=False):
        row |= {"displaced": str(people + end - start), "population_source": WHY}
    return rows


def counts() -> list[dict[str, str]]:
    """Give the cumulative counts of the episode as observations."""
    found = []
    for row in _read(PACK / "arrivals_timeline.csv"):
        if row["episode"] != EPISODE or row["measure"] != "people displaced (cumulative)":
            continue
        day, people = row["date"], row["cumulative_displaced"]
        late = (date.fromisoformat(day) + timedelta(days=2)).isoformat()
        start = date.fromisoformat(row["start_date"])
        found.append(
            {
                "date": day,
                "place": "anywhere",
                "measure": "displaced",
                "people": people,
                "since": "" if start == date(2019, 12, 1) else (start - timedelta(days=1)).isoformat(),
                "error": ERROR,
                "published": PUBLISHED.get((day, people), late),
                "source": row["source"],
            }
        )
    return found


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    AFTER.mkdir(exist_ok=True)
    _write(AFTER / "places.csv", places())
    (AFTER / "routes.csv").write_bytes((BEFORE / "routes.csv").read_bytes())
    _write(AFTER / "observed.csv", counts())
