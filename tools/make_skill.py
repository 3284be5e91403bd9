"""Write docs/skill.md and its figures from the stored scores (src/forewarn/data/skill): ``make skill``."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from forewarn import record
from forewarn.analogues import score_chances
from forewarn.charts import svg

ROOT = Path(__file__).resolve().parent.parent
SKILL = ROOT / "src" / "forewarn" / "data" / "skill"
OWN = ("forewarn", "forewarn-open-camps", "forewarn-nested", "forewarn-open-camps-nested", "forewarn-pool")
DRESSED = ("flow_share_60d+pooled", "last_value+pooled", "drift+pooled")
SIMULATED = ("forewarn-pool+simulation", "simulation", "flee")
GROUPS = (("total-given", 30), ("total-given", 90), ("total-forecast", 30), ("total-forecast", 90))
# What was asked for: loss / loss of the best naive forecast.
TARGETS = {
    ("total-given", 30, "error"): 0.92, ("total-given", 90, "error"): 0.85,
    ("total-given", 30, "crps"): 0.92, ("total-given", 90, "crps"): 0.85,
    ("total-forecast", 30, "error"): 0.85, ("total-forecast", 90, "error"): 0.85,
    ("total-forecast", 30, "crps"): 0.80, ("total-forecast", 90, "crps"): 0.75,
}  # fmt: skip
COVERAGE = (0.75, 0.87)
FLEE_PUBLISHED = {
    "burundi2015": 0.474, "car2013": 0.387, "mali2012": 0.331, "nigeria2016": 0.253,
    "ssudan2013": 0.548, "syria2013": 0.341,
    "mali2017_adm1": 0.224, "nigeria2022_adm2": 0.467, "ssudan2016": 0.503, "tigray2020": 0.375,
}  # fmt: skip  # one run of Flee 3 each, with capacities; measured for this project
UNSHOWN = ("(0.05)", "(0.2)", "(0.3)", "(0.4)", "(0.6)", "(0.7)", "(0.8)", "(0.95)")
MUCH = 0.9  # weight of persistence that the first line has to say


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def rows_of(name: str) -> list[dict[str, str]]:
    """Read a stored table that `record` does not read."""
    with (SKILL / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def named(mode: str, horizon: int) -> str:
    """Name a group."""
    return f"{mode.replace('-', ' ')}, {horizon} days"


def spread(one: record.EstimateInterval | None, digits: int = 2) -> str:
    """Write a value and its interval."""
    if one is None:
        return "–"
    return f"{one.value:.{digits}f} ({one.low:.{digits}f}–{one.high:.{digits}f})"


def first_line() -> str:
    """Say how much of the pool persistence gets."""
    weights = [
        float(row["value"])
        for row in rows_of("parameters.csv")
        if row["forecaster"].startswith("forewarn-pool") and row["parameter"] == "persistence"
    ]
    low, high = min(weights), max(weights)
    if high > MUCH:
        return f"**Persistence gets up to {high:.2f} of the pool's weight: little is known beyond the last count.**"
    return (
        f"In a pool with the project's statistical forecast, persistence (the last counts, dressed with past errors) "
        f"gets {low:.2f} to {high:.2f} of the weight, whatever conflict is left out."
    )


def unseen() -> str:
    """List scores on conflicts that were not learnt from, by version."""
    rows = []
    for row in rows_of("unseen.csv"):
        ratios = [float(row[name]) for name in ("error_ratio", "crps_ratio")]
        cells = [f"**{ratio:.2f}**" if ratio > 1 else f"{ratio:.2f}" for ratio in ratios]
        held = " / ".join(f"{float(row[f'coverage_{level}']):.2f}" for level in (50, 80, 90))
        rows.append([f"{row['version']}, {named(row['mode'], int(row['horizon_days']))}", *cells, held])
    return table(["", "error / best naive", "CRPS / best naive", "50 / 80 / 90 % held"], rows)


def headline() -> str:
    """Compare with the best naive forecast, by mode and horizon."""
    rows = []
    pooled = {
        (one.mode, one.horizon_days, one.forecaster): one
        for one in record.scores()
        if one.conflict == record.POOLED
    }
    ratios = {(one.mode, one.horizon_days, one.forecaster, one.measure): one for one in record.comparisons()}
    for group in GROUPS:
        for name in (*OWN, *DRESSED, *SIMULATED):
            if (*group, name) not in pooled or (*group, name, "error") not in ratios:
                continue
            error, crps = (ratios[*group, name, measure] for measure in ("error", "crps"))
            scores = pooled[*group, name]
            cells = [f"{scores.error:.3f}", f"{scores.crps:.3f}", _ratio(group, error), _ratio(group, crps)]
            rows.append([named(*group), f"`{name}`", *cells, f"`{error.best_naive}`, `{crps.best_naive}`"])
    head = ("", "forecaster", "error", "CRPS", "error / best naive", "CRPS / best naive", "best naive")
    return table(head, rows)


def _ratio(group: tuple[str, int], one: record.ComparisonRecord) -> str:
    target = TARGETS.get((*group, one.measure))
    mark = "" if target is None else (" ✓" if one.ratio <= target else f" (asked {target:.2f})")
    return f"{one.ratio:.3f} ({one.low:.3f}–{one.high:.3f}){mark}"


def by_conflict() -> str:
    """List the CRPS by conflict beside the best naive forecast of that conflict."""
    parts = []
    for group in GROUPS:
        found = {
            (one.conflict, one.forecaster): one
            for one in record.scores()
            if (one.mode, one.horizon_days) == group and one.conflict != record.POOLED
        }
        names = [
            name
            for name in ("forewarn", "forewarn-open-camps", "forewarn-pool")
            if any(n == name for _, n in found)
        ]
        rows = []
        for conflict in dict.fromkeys(conflict for conflict, _ in found):
            naive = {
                name: one for (where, name), one in found.items() if where == conflict and _is_naive(name)
            }
            best = min(naive, key=lambda name: naive[name].crps)
            own = [f"{found[conflict, name].crps:.3f}" for name in names]
            marked = [f"**{cell}**" if float(cell) > naive[best].crps else cell for cell in own]
            rows.append(
                [
                    conflict,
                    str(found[conflict, "forewarn"].issues),
                    f"{naive[best].crps:.3f} (`{best}`)",
                    *marked,
                ]
            )
        parts.append(
            f"{named(*group).capitalize()}:\n\n"
            + table(["", "issues", "best naive there", *(f"`{n}`" for n in names)], rows)
        )
    return "\n".join(parts)


def _is_naive(name: str) -> bool:
    return not name.startswith("forewarn") and "+" not in name and name not in SIMULATED


def coverage() -> str:
    """List coverage, pooled, with intervals."""
    rows = []
    for group in GROUPS:
        for one in record.calibrations():
            shown = one.forecaster in (*OWN, *SIMULATED, "flow_share_60d", "last_value")
            if (one.mode, one.horizon_days) == group and one.conflict == record.POOLED and shown:
                low, high = COVERAGE
                mark = "" if low <= one.coverage_80.value <= high else f" (asked {low}–{high})"
                cells = [spread(one.coverage_50), spread(one.coverage_80) + mark, spread(one.coverage_90)]
                rows.append([named(*group), f"`{one.forecaster}`", str(one.forecasts), *cells])
    return table(["", "forecaster", "places × issues", "50 %", "80 %", "90 %"], rows)


def triggers() -> str:
    """List the triggers of the total forecast that act above a probability of one half."""
    rows = []
    for one in record.triggers():
        if (one.mode, one.forecaster, one.activates_above) != ("total-forecast", "forewarn", 0.5):
            continue
        of = "of the place" if one.threshold_of == "place" else "of all"
        rows.append(
            [
                f"{one.horizon_days} days, above {one.threshold_part:.0%} {of}",
                f"{one.events} of {one.forecasts}",
                spread(one.activation),
                spread(one.detection),
                spread(one.false_alarm_ratio),
                spread(one.false_alarm_rate),
                f"{one.brier:.3f}",
                f"{spread(one.brier_skill)} (`{one.best_naive}`)",
            ]
        )
    head = ("arrivals", "events", "activation", "detection", "false-alarm ratio", "false-alarm rate", "Brier")
    return table((*head, "Brier skill"), rows)


def cold() -> str:
    """List the cold start by conflict."""
    found = {
        (row["conflict"], row["forecaster"]): float(row["rescaled_ard"]) for row in rows_of("cold-start.csv")
    }
    names = list(dict.fromkeys(name for _, name in found))
    rows = []
    for conflict in dict.fromkeys(conflict for conflict, _ in found):
        mean = sum(FLEE_PUBLISHED.values()) / len(FLEE_PUBLISHED)
        published = FLEE_PUBLISHED.get(conflict, mean)
        rows.append([conflict, *(f"{found[conflict, name]:.3f}" for name in names), f"{published:.3f}"])
    return table(["", *(f"`{name}`" for name in names), "Flee 3, capacities known"], rows)


def cold_sentences() -> str:
    """Say in how many conflicts the gravity model does better than each other."""
    words = [
        f"{float(row['ratio']):.2f} ({float(row['low']):.2f}–{float(row['high']):.2f}) of the error of `{row['other']}`, "
        f"less in {row['better_in']} of {row['conflicts']}"
        for row in rows_of("cold-start-comparison.csv")
    ]
    own = {
        row["conflict"]: float(row["rescaled_ard"])
        for row in rows_of("cold-start.csv")
        if row["forecaster"] == "gravity"
    }
    better = sum(own[name] < published for name, published in FLEE_PUBLISHED.items())
    return (
        f"`gravity` has {'; '.join(words)}. Beside Flee 3 as run with the capacities of the directories it has less in "
        f"{better} of {len(FLEE_PUBLISHED)}. Asked was less than all of them in five of six: not reached."
    )


def reissues() -> str:
    """List the weekly re-issues of one scenario beside a straight line and what came."""
    rows = [
        [
            f"day {row['day']}, for day {row['target_day']}",
            row["counts"],
            *(_thousands(row, who) for who in ("forecast", "line")),
            *(f"{float(row[name]):,.0f}" for name in ("truth", "crps", "crps_line")),
        ]
        for row in rows_of("reissues.csv")
    ]
    head = ("issued", "counts", "forecast (8 of 10)", "line (8 of 10)", "came", "CRPS", "CRPS of the line")
    return table(head, rows)


def _thousands(row: dict[str, str], who: str) -> str:
    low, middle, high = (f"{float(row[f'{who}_{rank}']):,.0f}" for rank in ("p10", "median", "p90"))
    return f"{middle} ({low}–{high})"


def reissued() -> str:
    """Sum up the re-issues."""
    rows = rows_of("reissues.csv")
    ours, lines = (sum(float(row[name]) for row in rows) for name in ("crps", "crps_line"))
    held = sum(
        float(row["forecast_p10"]) <= float(row["truth"]) <= float(row["forecast_p90"]) for row in rows
    )
    return (
        f"CRPS {ours / len(rows):,.0f} people against {lines / len(rows):,.0f} of the line: {ours / lines:.2f} times. The 80 % "
        f"interval held {held} of {len(rows)}."
    )


def against_what_came() -> str:
    """Say where what came lies in the forecast that was made before."""
    (row,) = rows_of("against-what-came.csv")
    people = {name: int(row[name]) for name in ("p05", "p25", "median", "p75", "p95", "came")}
    wide = people["p95"] / people["p05"]
    return (
        f"`{row['scenario']}` gives its gravest course, “{row['title']}”, issued for {row['issued']}, a median of "
        f"{people['median']:,} people by day {row['day']}, half of its futures between {people['p25']:,} and {people['p75']:,}, and nine in "
        f"ten between {people['p05']:,} and {people['p95']:,} ({int(row['members']):,} futures, seed {row['seed']}). What came, sixteen "
        f"months later, displaced {people['came']:,}: above {100 * float(row['below']):.0f} % of the futures. **The interval is wide: its upper "
        f"end is {wide:.0f} times its lower.** Nearly any offensive would have been inside."
    )


def dressed() -> str:
    """Say what `forewarn` gains over the last count where both are dressed alike, without the later total."""
    crps = {
        (row["forecaster"], row["horizon_days"]): float(row["crps"])
        for row in rows_of("summary.csv")
        if row["mode"] == "total-forecast" and row["conflict"] == record.POOLED
    }
    ratios = [crps["forewarn", days] / crps["last_value+pooled", days] for days in ("30", "90")]
    return f"{ratios[0]:.2f} at 30 days and {ratios[1]:.2f} at 90"


def chances() -> str:
    """List the Brier scores of base rates of attacks, worked out here: no forecast is run for them."""
    rows = [
        [
            each.forecast,
            str(each.cases),
            *(f"{value:.3f}" for value in (each.brier, each.brier_climatology, each.brier_half)),
            f"{each.said:.0%}",
            f"{each.came:.0%}",
        ]
        for each in score_chances()
    ]
    return table(["", "cases", "base rate", "share that came", "always 0.5", "said on average", "came"], rows)


def totals() -> str:
    """List the ways to carry totals forward that were tried."""
    ideas: dict[str, list[dict[str, str]]] = {}
    for row in rows_of("totals.csv"):
        ideas.setdefault(row["idea"], []).append(row)
    cells = [
        [
            idea,
            *(f"{row['error_ratio']} ({row['error_better_in']})" for row in found),
            *(f"{row['crps_ratio']} ({row['crps_better_in']})" for row in found),
            *(row["held_80"] for row in found),
        ]
        for idea, found in ideas.items()
    ]
    return table(
        ["", "error, 30 days", "90 days", "CRPS, 30 days", "90 days", "80 % held, 30 days", "90 days"], cells
    )


def sizes() -> str:
    """List scores by size of place, without the later total."""
    found: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for row in rows_of("sizes.csv"):
        if row["mode"] == "total-forecast":
            found.setdefault((row["horizon_days"], row["registered"]), {})[row["forecaster"]] = row
    rows = []
    for (horizon, registered), by_name in found.items():
        own, last = by_name["forewarn"], by_name["last_value+pooled"]
        scores = [own["crps"], last["crps"], own["held_80"], last["held_80"]]
        rows.append(
            [f"{registered}, {horizon} days", own["places"], *(f"{float(score):.2f}" for score in scores)]
        )
    head = (
        "registered on the issue day",
        "forecasts",
        "CRPS",
        "of the last count",
        "80 % held",
        "of the last count",
    )
    return table(head, rows)


def weights() -> str:
    """List fitted parameters: with all conflicts, and their range with each left out."""
    found: dict[tuple[str, int, str], dict[str, dict[str, float]]] = {}
    for row in rows_of("parameters.csv"):
        key = (row["mode"], int(row["horizon_days"]), row["forecaster"])
        found.setdefault(key, {}).setdefault(row["parameter"], {})[row["left_out"]] = float(row["value"])
    rows = []
    for (mode, horizon, name), values in found.items():
        for parameter, by_left_out in values.items():
            folds = [value for left_out, value in by_left_out.items() if left_out]
            if max(by_left_out.values()) > 0 and not parameter.endswith(UNSHOWN):
                cells = [f"{by_left_out['']:.2f}", f"{min(folds):.2f}–{max(folds):.2f}"]
                rows.append([named(mode, horizon), f"`{name}`", parameter, *cells])
    return table(["", "forecaster", "parameter", "all", "one left out"], rows)


def ranks_figure() -> str:
    """Draw rank histograms of `forewarn` and the best naive forecast, pooled."""
    width, height, left, gap = 200, 90, 20, 30
    parts = []
    for column, group in enumerate(GROUPS):
        for line, name in enumerate(
            ("forewarn", "flow_share_60d" if group[0] == "total-given" else "last_value")
        ):
            (one,) = (
                row
                for row in record.calibrations()
                if (row.mode, row.horizon_days, row.forecaster, row.conflict) == (*group, name, record.POOLED)
            )
            x, y = left + column * (width + gap), 54 + line * (height + 40)
            parts.append(svg.text(x, y - 8, f"{name}: {named(*group)}"))
            for number, part in enumerate(one.ranks):
                tall = round(part / 0.3 * height, 1)
                at, top = x + number * width // 10, round(y + height - tall, 1)
                parts.append(svg.bar(at, top, width // 10 - 2, tall, "#08519c" if line == 0 else "#999999"))
            level = round(y + height * (1 - 0.1 / 0.3), 1)
            parts.append(svg.line(x, level, x + width, level, stroke="#d95f02", stroke_dasharray="4 3"))
    title = "Where the truth lay in the distribution forecast, in tenths; the dashed line is right"
    return drawing(left + 4 * (width + gap), 2 * (height + 50) + 20, title, parts)


def crps_figure() -> str:
    """Draw CRPS / CRPS of the best naive forecast of each conflict."""
    parts, y = [], 40
    scale, left = 260, 330

    def at(ratio: float) -> float:
        return round(left + min(ratio, 2.0) * scale, 1)

    scored = {(one.mode, one.horizon_days, one.forecaster, one.conflict): one.crps for one in record.scores()}
    conflicts = [
        name for name in dict.fromkeys(one.conflict for one in record.scores()) if name != record.POOLED
    ]
    parts += [
        svg.circle(330, 36, "#08519c", radius=4.5),
        svg.text(340, 40, "forewarn"),
        svg.circle(430, 36, "#e66101", radius=4.5),
        svg.text(440, 40, "forewarn-open-camps"),
    ]
    y = 66
    for group in GROUPS:
        parts.append(svg.text(10, y, named(*group).capitalize(), font_weight="bold"))
        for conflict in conflicts:
            y += 18
            naive = [
                value
                for (*where, name, c), value in scored.items()
                if (tuple(where), c) == (group, conflict) and _is_naive(name)
            ]
            parts.append(svg.text(30, y, conflict))
            for name, colour in (("forewarn-open-camps", "#e66101"), ("forewarn", "#08519c")):
                if (*group, name, conflict) in scored:
                    parts.append(
                        svg.circle(at(scored[*group, name, conflict] / min(naive)), y - 4, colour, radius=4.5)
                    )
        y += 28
    lines = [
        svg.line(at(r), 50, at(r), y - 18, stroke="#d95f02" if r == 1 else svg.GRID)
        for r in (0.0, 0.5, 1.0, 1.5)
    ]
    marks = [svg.text(at(r) - 8, y - 2, f"{r:g}") for r in (0.0, 0.5, 1.0, 1.5)]
    title = "CRPS / CRPS of the naive forecast that was best in that conflict: left of 1 is better"
    return drawing(860, y + 10, title, [*lines, *marks, *parts])


def drawing(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    """Wrap parts in a drawing below its title."""
    return svg.document(width, height, title, [svg.text(10, 18, title), *parts], font_size=12)


def page() -> dict[str, str]:
    """Make the page and its figures: file name in docs to content."""
    about = record.about()
    template = (ROOT / "tools" / "skill_page.md").read_text(encoding="utf-8")
    filled = template.format(
        first_line=first_line(), unseen=unseen(), number=len(about["conflicts"]), headline=headline(), by_conflict=by_conflict(), coverage=coverage(),
        triggers=triggers(), cold=cold(), cold_sentences=cold_sentences(), weights=weights(),
        reissues=reissues(), reissued=reissued(), totals=totals(), sizes=sizes(), chances=chances(), dressed=dressed(), against_what_came=against_what_came(),
        conflicts=", ".join(about["conflicts"]), issues_30=about["issues"]["30"], issues_90=about["issues"]["90"],
    )  # fmt: skip
    return {"skill.md": filled, "skill-ranks.svg": ranks_figure(), "skill-crps.svg": crps_figure()}


if __name__ == "__main__":
    for name, content in page().items():
        (ROOT / "docs" / name).write_text(content, encoding="utf-8")
