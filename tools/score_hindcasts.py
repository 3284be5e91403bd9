"""Run the hindcasts of the published conflicts and store their scores in src/forewarn/data/skill.

    python tools/score_hindcasts.py ../shared/data/flee [--simulations]

It takes six minutes of one core; with `--simulations` those that simulate are run too, which takes an hour or
more. Scores alone are stored, nothing that was registered. Then ``make skill`` writes docs/skill.md.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from forewarn.hindcast.cold_start.table import cold_start, learn_grid, read_cold_cases
from forewarn.hindcast.data.as_of import Issue
from forewarn.hindcast.data.cases import Case, read_cases
from forewarn.hindcast.forecasters import linear_quantiles
from forewarn.hindcast.forecasters.base import MODES, Forecaster
from forewarn.hindcast.forecasters.catalogue import chosen, shippable
from forewarn.hindcast.forecasters.learnt import LearntGrid
from forewarn.hindcast.forecasters.naive import naive_names
from forewarn.hindcast.forecasters.shared_arrivals import IDEAS
from forewarn.hindcast.forecasters.shipped import NAME, learn_all, to_json
from forewarn.hindcast.running import run
from forewarn.hindcast.scores.calibration import calibrate
from forewarn.hindcast.scores.formulas import LEVELS, crps
from forewarn.hindcast.scores.records import Scored
from forewarn.hindcast.scores.summary import POOLED, compare, summarise
from forewarn.hindcast.scores.triggers import trigger_skill
from forewarn.hindcast.writing import write_cold_tables, write_tables

SKILL = Path(__file__).resolve().parent.parent / "src" / "forewarn" / "data" / "skill"
NAIVE = (
    *("last_value", "stock_share", "flow_share_15d", "flow_share_30d", "flow_share_60d", "drift", "equal"),
    "distance",
)
FORECASTERS = (
    *NAIVE,
    *("flow_share_60d+pooled", "last_value+pooled", "drift+pooled", "forewarn", "forewarn-open-camps"),
    *("forewarn-nested", "forewarn-open-camps-nested", "forewarn-pool"),
)
SIMULATING = ("flee", "simulation", "forewarn-pool+simulation")
# The conflicts that the forecaster was made with; the others were scored once before anybody looked at them.
FIRST = ("burundi2015", "car2013", "mali2012", "nigeria2016", "ssudan2013", "syria2013")
# Earlier versions on those others, as they were: error and CRPS over those of the best naive forecast, coverage.
UNSEEN_BEFORE = (
    ["0.1.0", "total-given", 30, 0.90, 0.73, 0.51, 0.74, 0.91],
    ["0.1.0", "total-given", 90, 0.94, 0.735, 0.48, 0.79, 0.95],
    ["0.1.0", "total-forecast", 30, 1.24, 1.12, 0.41, 0.69, 0.83],
    ["0.1.0", "total-forecast", 90, 1.50, 1.33, 0.29, 0.61, 0.82],
    ["0.4.0", "total-forecast", 30, 0.93, 0.86, 0.48, 0.72, 0.82],
    ["0.4.0", "total-forecast", 90, 0.93, 0.84, 0.47, 0.67, 0.80],
)
UNSEEN_COLUMNS = [
    *("version", "mode", "horizon_days", "error_ratio", "crps_ratio"),
    *("coverage_50", "coverage_80", "coverage_90"),
]
# Stored; all naive ones are rivals.
TRIGGERS_OF = ("last_value", "flow_share_60d", "drift", "forewarn", "forewarn-open-camps", "forewarn-pool")


# Places by people registered on the issue day, the largest first.
SIZES = (
    (50_000, "50,000 and more"),
    (10_000, "10,000 to 49,999"),
    (1_000, "1,000 to 9,999"),
    (1, "below 1,000"),
    (0, "nobody"),
)
SIZES_OF = ("last_value+pooled", "forewarn")
SIZES_COLUMNS = ["mode", "horizon_days", "forecaster", "registered", "places", "crps", "held_80"]

Issues = Mapping[str, Mapping[int, Sequence[Issue]]]
PARAMETER_COLUMNS = ["mode", "horizon_days", "forecaster", "left_out", "parameter", "value"]


def directories(folder: Path) -> list[Path]:
    """List every Flee directory of a folder."""
    return sorted(path for path in folder.iterdir() if (path / "input_csv").is_dir())


def score(cases: Sequence[Case], forecasters: Sequence[Forecaster]) -> list[Scored]:
    """Issue and score every forecast, each conflict with what was learnt from the others."""
    return list(run({case.name: case.issues for case in cases}, forecasters, modes=MODES))


def unseen(cases: Sequence[Case]) -> list[list[object]]:
    """Score ``forewarn``, learnt from the `FIRST` conflicts alone, on the others."""
    forecasters = chosen((*NAIVE, "forewarn"))
    first = {case.name: case.issues for case in cases if case.name in FIRST}
    scored = [
        one
        for case in cases
        if case.name not in FIRST
        for one in run({**first, case.name: case.issues}, forecasters, modes=MODES, only=[case.name])
    ]
    ratios = {
        (one.mode, one.horizon_days, one.measure): one.ratio.value
        for one in compare(scored, naive=naive_names())
    }
    rows = [
        [
            *("0.5.0", row.mode, row.horizon_days),
            *(f"{ratios[row.mode, row.horizon_days, measure]:.4f}" for measure in ("error", "crps")),
            *(f"{part:.4f}" for part in row.coverage),
        ]
        for row in summarise(scored)
        if (row.forecaster, row.conflict) == ("forewarn", POOLED)
    ]
    return sorted(rows, key=lambda row: (MODES.index(row[1]), row[2]))


def parameters(issues: Issues, forecasters: Sequence[Forecaster]) -> Iterator[list[object]]:
    """List what was fitted, with each conflict left out and with all of them."""
    fitted = [one for one in forecasters if one.name.startswith("forewarn")]
    for left_out in ("", *issues):
        kept = {other: found for other, found in issues.items() if other != left_out}
        for (forecaster, mode, horizon), found in learn_all(fitted, kept, MODES).items():
            names = parameter_names(forecaster, mode)
            for name, value in zip(names, found.parameters, strict=True):
                yield [mode, horizon, forecaster, left_out, name, f"{value:.4f}"]


def parameter_names(forecaster: str, mode: str) -> tuple[str, ...]:
    """Name the parameters of a forecaster in order."""
    if forecaster == "forewarn-pool":
        return ("forewarn", "persistence")
    if forecaster == "forewarn-pool+simulation":
        return ("forewarn", "persistence", "simulation")
    return tuple(IDEAS) if mode == "total-given" else linear_quantiles.PARAMETERS


def _lines(document: dict[str, object]) -> str:
    """Write JSON with an entry a line, so that changes can be read."""
    entries = ",\n".join(json.dumps(entry) for entry in document["learnt"])
    head = [f'"{key}": {json.dumps(value)}' for key, value in document.items() if key != "learnt"]
    return "{\n" + ",\n".join(head) + f',\n"learnt": [\n{entries}\n]\n}}\n'


def store_cold_start(folders: Sequence[Path], cases: Sequence[Case]) -> LearntGrid:
    """Score a cold start and store it; give what is shipped of it."""
    places = read_cold_cases(folders, cases)
    named = {case.name: folder for case, folder in zip(cases, folders, strict=True)}
    write_cold_tables(SKILL, cold_start(named, places))
    return learn_grid(places)


def store_sizes(scored: Sequence[Scored]) -> None:
    """Store scores by how many people were registered in a place on the issue day."""
    found: dict[tuple[object, ...], list[tuple[float, float, bool]]] = defaultdict(list)
    for one in scored:
        if one.forecaster not in SIZES_OF:
            continue
        now = one.issue.known.only(one.issue.places).counts()
        held = one.covered[LEVELS.index(0.8)]
        for place, people, truth, inside in zip(
            one.forecast.samples, now, one.issue.truth, held, strict=True
        ):
            size = next(name for least, name in SIZES if people >= least)
            key = (one.mode, one.issue.horizon_days, one.forecaster, size)
            found[key].append((crps(place, truth), float(truth), inside))
    order = [name for _, name in SIZES]
    with (SKILL / "sizes.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SIZES_COLUMNS)
        for key in sorted(
            found, key=lambda key: (str(key[0]), key[1], str(key[2]), order.index(str(key[3])))
        ):
            losses, truths, inside = (np.array(each) for each in zip(*found[key], strict=True))
            writer.writerow([*key, len(losses), f"{losses.sum() / truths.sum():.4f}", f"{inside.mean():.4f}"])


def store_unseen(cases: Sequence[Case]) -> None:
    """Store scores on conflicts that nobody had looked at: as they were once, and of this version."""
    with (SKILL / "unseen.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([UNSEEN_COLUMNS, *UNSEEN_BEFORE, *unseen(cases)])


def main(folder: Path, *, simulations: bool = False) -> None:
    """Score and store."""
    folders = directories(folder)
    cases = read_cases(folders)
    forecasters = chosen((*FORECASTERS, *SIMULATING) if simulations else FORECASTERS, folders=folders)
    scored = score(cases, forecasters)
    triggers = [row for row in trigger_skill(scored, naive=naive_names()) if row.forecaster in TRIGGERS_OF]
    write_tables(SKILL, summarise(scored), compare(scored, naive=naive_names()), calibrate(scored), triggers)
    store_sizes(scored)
    issues = {case.name: case.issues for case in cases}
    learnt = learn_all(shippable(), issues, MODES)
    cold = store_cold_start(folders, cases)
    document = to_json([case.registrations for case in cases], learnt, cold)
    (SKILL / NAME).write_text(_lines(document), encoding="utf-8")
    with (SKILL / "parameters.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([PARAMETER_COLUMNS, *parameters(issues, forecasters)])
    store_unseen(cases)
    about = {
        "made_by": "tools/score_hindcasts.py",
        "conflicts": [case.name for case in cases],
        "issues": {
            str(horizon): sum(len(case.issues[horizon]) for case in cases) for horizon in cases[0].issues
        },
        "bootstrap_seed": 1,
    }
    (SKILL / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), simulations="--simulations" in sys.argv[2:])
