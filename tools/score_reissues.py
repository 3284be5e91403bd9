"""Hold forecasts of north-west Syria against what came, and store that in src/forewarn/data/skill.

    python tools/score_reissues.py

Weekly re-issues of `idlib-2019`, and what `idlib-2018` said of its gravest course. A check of consistency and no
skill: those who wrote the scenarios knew what came. Then ``make skill`` writes docs/skill.md.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from forewarn.forecast import run, summary
from forewarn.forecast.updating import Observations, parse_observations
from forewarn.hindcast.reissuing import Reissue, reissue
from forewarn.hindcast.writing import reissues_as_csv
from forewarn.scenario import Scenario, load, narrow
from forewarn.scenario.loading import beside

SKILL = Path(__file__).resolve().parent.parent / "src" / "forewarn" / "data" / "skill"
SEED = 20180830
REISSUED, EVERY_DAYS, AHEAD_DAYS, REISSUE_MEMBERS = "idlib-2019", 7, 28, 150
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


def as_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    (SKILL / "reissues.csv").write_text(reissues_as_csv(reissues()), encoding="utf-8")
    as_csv(SKILL / "against-what-came.csv", [before()])
