"""Hold forecasts of north-west Syria against what came, and store that in src/forewarn/data/skill.

    python tools/score_reissues.py

Weekly re-issues of `idlib-2019`, and what `idlib-2018` said of its gravest course. A check of consistency and no
skill: those who wrote the scenarios knew what came. Then ``make skill`` writes docs/skill.md.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from forewarn.forecast import run, summary
from forewarn.forecast.updating import Observations, parse_observations, update
from forewarn.hindcast.reissuing import Reissue, reissue
from forewarn.hindcast.writing import reissues_as_csv
from forewarn.receptions import load_receptions
from forewarn.scenario import Scenario, load, narrow
from forewarn.scenario.loading import beside

SKILL = Path(__file__).resolve().parent.parent / "src" / "forewarn" / "data" / "skill"
SEED = 20180830
REISSUED, EVERY_DAYS, AHEAD_DAYS, REISSUE_MEMBERS = "idlib-2019", 7, 28, 300
CAME_COURSE, CAME_MEMBERS = "both-motorways", 400  # the course nearest to what came
FIRST_COUNT = "2020-01-08,turkish-backed,arrivals,31200"  # a tenth of 312,000 (OCHA, Situation Report No. 5)
FIRST_COUNT_DAY = 39
BEFORE, GRAVEST, BEFORE_MEMBERS = "idlib-2018", "staged", 1000
PROBABILITIES = {"p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}


def counts() -> tuple[Scenario, Observations]:
    """Give the scenario that is issued again, and the counts of its offensive."""
    scenario = load(REISSUED)
    return scenario, parse_observations(beside(REISSUED, "observed.csv"), scenario, name=REISSUED)


def reissues() -> tuple[Reissue, ...]:
    """Issue `idlib-2019` week by week."""
    scenario, observed = counts()
    with ThreadPoolExecutor() as executor:
        return reissue(
            scenario, observed, every_days=EVERY_DAYS, ahead_days=AHEAD_DAYS, members=REISSUE_MEMBERS,
            seed=SEED, executor=executor,
        )  # fmt: skip


def before() -> Mapping[str, object]:
    """Forecast the gravest course of `idlib-2018`, and say where the offensive that came lies in it."""
    scenario = narrow(load(BEFORE), course=GRAVEST)
    forecast = run(scenario, members=BEFORE_MEMBERS, seed=SEED)
    people = np.sort(summary.displaced_people(forecast, measure="offensive").isel(day=-1).values)
    came = max(each.people for each in counts()[1].rows if each.measure == "displaced")
    ranks = {
        name: max(0, int(np.ceil(share * len(people) - 1e-9)) - 1) for name, share in PROBABILITIES.items()
    }
    return {
        "scenario": BEFORE,
        "issued": scenario.issued.isoformat(),
        "course": GRAVEST,
        "title": scenario.courses[0].title,
        "day": scenario.horizon_days,
        "members": BEFORE_MEMBERS,
        "seed": SEED,
        **{name: int(people[rank]) for name, rank in ranks.items()},
        "came": came,
        "below": f"{float((people < came).mean()):.4f}",
    }


def where_came() -> list[dict[str, object]]:
    """Hold shares of destinations of `idlib-2019` against what came: as issued, and after a first count.

    The spreadsheet shares people out as the displaced of the issue day outside what the course attacks.
    """
    scenario, observed = counts()
    course = next(each for each in scenario.courses if each.name == CAME_COURSE)
    attacked = {name for stage in course.stages for name in stage.places}
    displaced = np.array([place.displaced * (place.name not in attacked) for place in scenario.places])
    first = parse_observations(f"date,place,measure,people\n{FIRST_COUNT}\n", scenario)
    known = tuple(each for each in observed.rows if each.known <= FIRST_COUNT_DAY)
    forecasts = {
        "issued": run(narrow(scenario, course=CAME_COURSE), members=CAME_MEMBERS, seed=SEED),
        "counted": update(
            scenario, replace(observed, rows=known + first.rows), members=3 * CAME_MEMBERS, seed=SEED
        ).forecast,
    }
    rows = []
    for row in load_receptions().receptions:
        if not row.event.startswith("syr_nw") or str(row.from_date) != str(scenario.issued):
            continue
        code = UNITS[row.destination]
        inside = np.array([code in (place.pcode, place.zone) for place in scenario.places])
        found: dict[str, object] = {
            "destination": row.destination,
            "until": row.as_of,
            "came": f"{row.share:.3f}",
            "spreadsheet": f"{displaced[inside].sum() / displaced.sum():.3f}",
        }
        for name, forecast in forecasts.items():
            chosen = forecast["course"].values == CAME_COURSE
            people = forecast["present"].values[chosen, (row.as_of - scenario.issued).days].astype(float)
            shares = people[:, inside].sum(axis=1) / people.sum(axis=1)
            low, high = np.quantile(shares, (0.1, 0.9))
            found |= {name: f"{shares.mean():.3f}", f"{name}_p10": f"{low:.3f}", f"{name}_p90": f"{high:.3f}"}
        rows.append(found)
    return rows


UNITS = {
    "Dana": "SY070301",
    "A'zaz": "SY020400",
    "Maaret Tamsrin": "SY070005",
    "Northern Aleppo": "turkish-backed",
}


def as_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    (SKILL / "reissues.csv").write_text(reissues_as_csv(reissues()), encoding="utf-8")
    as_csv(SKILL / "against-what-came.csv", [before()])
    as_csv(SKILL / "where-came.csv", where_came())
