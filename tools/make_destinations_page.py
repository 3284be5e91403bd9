"""Write docs/destinations.md from the stored scores (src/forewarn/data/receptions): ``make skill``."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from forewarn.receptions.scoring import DestinationScores
from forewarn.receptions.shipped import load_fitted, load_scores, load_table

ROOT = Path(__file__).resolve().parent.parent
COVERAGE = (0.75, 0.87)
FITTED = ("fitted", "fitted elsewhere", "fitted on somalia", "fitted on afghanistan")
# What was asked for: S over that of a rival (nothing: the best baseline).
TARGETS = {
    ("somalia", "cold"): (0.80, ""),
    ("afghanistan", "cold"): (0.90, ""),
    ("receptions", "cold"): (0.95, ""),
    ("somalia", "history"): (0.90, "own history, decayed"),
    ("receptions", "first-count"): (0.93, "last shares, 10 % gravity"),
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def record(scores: Sequence[DestinationScores]) -> str:
    """Tell every forecast's scores by data set and stage."""
    rows = []
    for row in scores:
        name = f"**{row.forecast}**" if row.forecast in FITTED else row.forecast
        rows.append(
            [
                f"{row.dataset}, {row.stage}: {name}",
                *(f"{value:.3f}" for value in (row.s, row.total_variation)),
                f"{row.ratio:.2f} ({row.ratio_low:.2f}–{row.ratio_high:.2f})",
                f"{row.coverage:.2f} of {row.cells:,}",
            ]
        )
    head = ("", "S", "total variation", "S / best baseline (90 %)", "80 % intervals held")
    return table(head, rows)


def reached(scores: Sequence[DestinationScores]) -> str:
    """Hold the targets against the record."""
    rows = []
    for (dataset, stage), (target, rival) in TARGETS.items():
        group = {row.forecast: row for row in scores if (row.dataset, row.stage) == (dataset, stage)}
        fitted = group["fitted"]
        against = group[rival or fitted.rival]
        ratio = fitted.s / against.s
        held = COVERAGE[0] <= fitted.coverage <= COVERAGE[1]
        rows.append(
            [
                f"{dataset}, {stage}: {fitted.cases} cases, {fitted.events} events or origins, {fitted.crises} crises",
                against.forecast,
                f"{ratio:.2f}",
                f"≤ {target:.2f} {'✓' if ratio <= target else '– missed'}",
                f"{fitted.coverage:.2f} {'✓' if held else '– missed'}",
            ]
        )
    head = ("", "against", "ratio", "asked", "80 % intervals held (asked 0.75–0.87)")
    return table(head, rows) + "\n" + by_crisis()


def by_crisis() -> str:
    """Tell S and coverage by crisis after a first count, and coverage where there are enough cells."""
    means: dict[str, dict[str, str]] = defaultdict(dict)
    names: list[str] = []
    for row in load_table("by_crisis.csv"):
        if (row["dataset"], row["stage"]) == ("receptions", "first-count"):
            means[row["crisis"]][row["forecast"]] = row["s"]
            names += [row["forecast"]] if row["forecast"] not in names else []
    first = table(
        ("S after the first count", *names),
        ([crisis, *(found[name] for name in names)] for crisis, found in means.items()),
    )
    held = table(
        ("80 % intervals held, crises with at least 40 places", "part", "places"),
        (
            [
                f"{row['dataset']}, {row['stage']}: {row['crisis']}",
                f"{float(row['coverage']):.2f}",
                row["cells"],
            ]
            for row in load_table("coverage.csv")
        ),
    )
    return first + "\n" + held


def coefficients() -> str:
    """Tell the fitted numbers."""
    models = {
        name: model["covariates"] for name, model in load_fitted()["models"].items() if "covariates" in model
    }
    every = list(dict.fromkeys(name for found in models.values() for name in found))
    rows = [
        [f"`{name}`", *(f"{found[name]:.2f}" if name in found else "–" for found in models.values())]
        for name in every
    ]
    dressed = load_fitted()["models"]
    rows.append(["concentration", *(f"{dressed[name]['dressing']['concentration']:.2g}" for name in models)])
    return table(("", *models), rows)


def law() -> str:
    """Tell the numbers of the simulation's law, by crisis and as percentiles."""
    found = load_fitted()["simulation"]
    head = ("", "attraction a", "distance b", "spread of the factor")
    rows = [
        [crisis.replace("_", " "), *(f"{value:.2f}" for value in choice)]
        for crisis, choice in found["now"]["crises"].items()
    ]
    for of, name in ((f"as of {found['as_of']}: the defaults", "then"), ("all", "now")):
        rows += [
            [
                f"**{percentile:.0%} of crises**, {of}".replace("%", " %"),
                *(f"{found[name][key][at]:.2f}" for key in ("attraction", "distance", "spread")),
            ]
            for at, percentile in enumerate(found["percentiles"])
        ]
    return table(head, rows)


def simulation() -> str:
    """Tell the scores of the simulation's law."""
    rows = [
        [
            f"{row['cases_of']}: {'**' + row['forecast'] + '**' if row['forecast'] == 'simulation' else row['forecast']}",
            f"{float(row['s']):.3f}",
            f"{float(row['coverage']):.2f} of {int(row['cells']):,}" if int(row["cells"]) else "–",
        ]
        for row in load_table("simulation.csv")
    ]
    return table(("", "S", "80 % intervals held"), rows)


def trends() -> str:
    """Tell how far changes of shares go on."""
    rows = [
        [f"{row['what']}, {row['over']}", row["triples"], row["slope"]] for row in load_table("trends.csv")
    ]
    return table(("", "times three dates", "seen again"), rows)


def came() -> str:
    """Tell forecast, spreadsheet and what came in north-west Syria."""
    path = ROOT / "src" / "forewarn" / "data" / "skill" / "where-came.csv"
    with path.open(encoding="utf-8") as file:
        rows = [
            [
                f"{row['destination']}, by {row['until']}",
                *(_share(row[name]) for name in ("came", "spreadsheet")),
                *(
                    f"{_share(row[name])} ({_share(row[f'{name}_p10'])}–{_share(row[f'{name}_p90'])})"
                    for name in ("issued", "counted")
                ),
            ]
            for row in csv.DictReader(file)
        ]
    return table(
        ("share of newly displaced", "came", "spreadsheet", "as issued (80 %)", "counted (80 %)"), rows
    )


def _share(text: str) -> str:
    return f"{float(text) * 100:.0f} %"


def candidates() -> str:
    """Tell what each candidate did."""
    kept: dict[tuple[str, str], float] = {}
    rows = []
    for row in load_table("candidates.csv"):
        key, value = (row["dataset"], row["stage"]), float(row["s"])
        if row["change"] == "kept":
            kept[key] = value
            rows.append([f"**{row['dataset']}, {row['stage']}**", f"{value:.4f}", ""])
        else:
            rows.append([f"{row['change']} {row['candidate']}", f"{value:.4f}", f"{value - kept[key]:+.4f}"])
    return table(("", "S", "change"), rows)


def main() -> None:
    """Write the page."""
    page = (ROOT / "tools" / "destinations_page.md").read_text(encoding="utf-8")
    parts = {
        "record": record(load_scores()),
        "reached": reached(load_scores()),
        "law": law(),
        "simulation": simulation(),
        "trends": trends(),
        "came": came(),
        "coefficients": coefficients(),
        "candidates": candidates(),
        "credit": load_fitted()["credit"],
    }
    for name, text in parts.items():
        page = page.replace("{" + name + "}", text.rstrip("\n"))
    (ROOT / "docs" / "destinations.md").write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
