"""``forewarn analogues``: the reference class of past offensives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forewarn.cli.consoles import make_table, print_all
from forewarn.cli.options import parse_day, write_text
from forewarn.errors import Problem, UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from forewarn.analogues import (
        Attributes,
        ChanceScores,
        PastOffensive,
        Predictive,
        Prospect,
        ReferenceClass,
        Scores,
    )
    from forewarn.analogues.likeness import Analogue

"""Width of tables that do not go to a terminal, in characters."""

app = typer.Typer(help="Past offensives: what happened to people, and what it says about a new one.")

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Use only events that had ended and figures that were published by this day.",
    ),
]
LeaveOut = Annotated[
    list[str] | None,
    typer.Option(
        "--leave-out", metavar="AREA", help="Leave out an area: the one to be forecast. Repeatable."
    ),
]
TableFile = Annotated[
    Path | None,
    typer.Option("--table", metavar="FILE", help="A table of events of your own (CSV, docs/analogues.md)."),
]


@app.callback(invoke_without_command=True)
def show_analogues(
    context: typer.Context,
    like: Annotated[
        str | None,
        typer.Option("--like", metavar="WORDS", help="Such as 'place, siege, exits closed, 400000 people'."),
    ] = None,
    as_of: AsOf = None,
    leave_out: LeaveOut = None,
    table: TableFile = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw the prediction of --like.")
    ] = None,
    horizon: Annotated[
        int, typer.Option("--horizon", min=1, max=730, help="Days after a warning, for its prospects.")
    ] = 120,
) -> None:
    """List past offensives, or predict one that is like WORDS from them."""
    if context.invoked_subcommand is not None:
        if any(option is not None for option in (like, as_of, leave_out, table, plot)):
            raise UsageError(
                Problem("forewarn analogues", "options before 'score'", remedy="Put them after it")
            )
        return
    from forewarn.analogues import nearest_cases, parse, predictive, prospect, select, select_warnings

    if plot is not None and like is None:
        raise UsageError(Problem("--plot", "nothing to draw", remedy="Say --like too"))
    if plot is not None and plot.suffix.lower() != ".svg":
        raise UsageError(Problem("--plot", f"the name '{plot}' does not end in .svg"))
    attributes = None if like is None else parse(like)
    events = _table(table)
    day, left_out = parse_day("--as-of", as_of), leave_out or []
    chosen = select(as_of=day, leave_out=left_out, events=events)
    if attributes is None:
        print_all(_listing(chosen), f"{len(chosen.shares())} shares, {len(chosen.days())} days to half.")
        return
    cases = nearest_cases(attributes, chosen)
    found = predictive(attributes, as_of=day, leave_out=left_out, events=events)
    print_all(_title(attributes), _prediction(found), _cases(cases), *_sources(cases))
    # A user's table may know areas that the warnings do not; its names are checked above.
    warned = prospect(
        select_warnings(as_of=day, leave_out=left_out if events is None else []), horizon_days=horizon
    )
    print_all(*_warned(warned))
    if plot is not None:
        from forewarn.analogues.plotting import plot as draw

        write_text("--plot", plot, draw(found, cases))
        print_all(f"Plot: {plot}")


@app.command()
def score(
    as_of: AsOf = None,
    leave_out: LeaveOut = None,
    table: TableFile = None,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.", min=0)] = 1,
) -> None:
    """Score the fit: each cluster left out in turn; with --table, the shipped fit on your events."""
    from forewarn.analogues import score as score_class
    from forewarn.analogues import score_chances, select
    from forewarn.analogues.scoring import QUANTITIES

    events = _table(table)
    day = parse_day("--as-of", as_of)
    chosen = select(as_of=day, leave_out=leave_out or [])
    scores = [
        score_class(chosen, quantity=quantity, table=events, seed=seed)
        for quantity in QUANTITIES
        if events is None or quantity == "share" or any(_has(event, quantity) for event in events)
    ]
    print_all(_score_table(scores), *(f"{_NAMES[entry.quantity]}: {entry.verdict()}" for entry in scores))
    print_all(
        "CRPS: lower is better; of days on the log scale. Intervals: 90 %, paired bootstrap over clusters."
    )
    if events is None:
        chances = score_chances(as_of=day, leave_out=leave_out or [])
        print_all(_chance_table(chances), *(f"{each.forecast}: {each.verdict()}" for each in chances))
        print_all("The cases are a selected sample: neither warnings nor attacks were collected as such.")


_NAMES = {
    "share": "Share displaced",
    "days": "Days to half",
    "days-known-window": "Days to half, window known",
    "crossing": "Share crossing a border",
}


def _has(event: PastOffensive, quantity: str) -> bool:
    return (event.crossing() if quantity == "crossing" else event.days()) is not None


def _table(path: Path | None) -> Sequence[PastOffensive] | None:
    from forewarn.analogues import read_events

    return None if path is None else read_events(path)


def _listing(chosen: ReferenceClass) -> Table:
    by = f" as of {chosen.as_of}" if chosen.as_of else ""
    left, right = ("event", "start", "scope", "kind", "exits"), ("people", "share", "days to half", "abroad")
    table = make_table(f"{len(chosen.events)} past events{by}", left, right)
    for event in sorted(chosen.events, key=lambda event: event.start):
        table.add_row(
            *(_plain(event.name), str(event.start), event.scope, event.kind, event.exits),
            "–" if event.population is None else _people(event.population),
            *(_percent(event.share(chosen.as_of)), _number(event.days(chosen.as_of))),
            _percent(event.crossing(chosen.as_of)),
        )
    return table


def _title(attributes: Attributes) -> str:
    from forewarn.analogues.attributes import known

    return f"Like: {', '.join(known(attributes))}"


def _prediction(found: Predictive) -> Table:
    heads = [f"{probability:.0%}" for probability in found.probabilities]
    table = make_table("Predictive distribution (percentiles)", ("",), (*heads, "past events"))
    table.add_row("share displaced", *map(_percent, found.share), str(found.share_events))
    if found.attributes.people is not None:
        people = [_people(share * found.attributes.people) for share in found.share]
        table.add_row("people displaced", *people, "")
    table.add_row("days to half", *map(_number, found.days_to_half), str(found.days_events))
    if found.crossing is not None:
        table.add_row("of them abroad", *map(_percent, found.crossing), str(found.crossing_events))
    return table


def _cases(cases: Sequence[Analogue]) -> Table:
    left, right = ("event", "year", "scope", "kind", "exits"), ("people", "share", "days to half", "unlike")
    table = make_table(f"The {len(cases)} nearest past cases", left, right)
    for case in cases:
        event = case.event
        table.add_row(
            *(_plain(event.name), str(event.start.year), event.scope, event.kind, event.exits),
            *(f"{event.population or 0:,.0f}", _percent(case.share), _number(case.days_to_half)),
            f"{case.distance:.1f}",
        )
    return table


def _sources(cases: Sequence[Analogue]) -> list[str]:
    from forewarn.analogues.likeness import shares_range

    if not cases:
        return []
    low, middle, high = shares_range(cases)
    said = f"In these {len(cases)} cases {low:.0%} to {high:.0%} left, {middle:.0%} in the middle one."
    return [
        said,
        "Sources:",
        *(f"  {case.event.name}: {case.event.source} {case.event.url}" for case in cases),
    ]


def _warned(found: Prospect) -> list[str]:
    low, middle, high = found.chance
    alarms, warned = found.false_alarms, found.warned
    lines = [
        f"Past warnings: the attack came within {found.horizon_days} days after {warned.came:.0f} of "
        f"{warned.cases} ({alarms.came:.0f} of {alarms.cases} without the offensives that were warned of): "
        f"chance {middle:.0%}, {low:.0%} to {high:.0%}. {found.caution}"
    ]
    if found.moved_without_attack is not None:
        middle, top = found.moved_without_attack[2], found.moved_without_attack[-1]
        bottom = found.moved_without_attack[0]
        lines.append(
            f"Without the attack, {bottom:.0%} to {top:.0%} of the published figure moved (80 %), "
            f"{middle:.0%} in the middle; {len(found.moved)} cases."
        )
    if found.days_until_attack is not None:
        lines.append(
            f"Where it came, it did so after {found.days_until_attack[0]:.0f} to "
            f"{found.days_until_attack[-1]:,.0f} days (80 %); {len(found.lags)} cases."
        )
    return lines


def _score_table(scores: Sequence[Scores]) -> Table:
    heads = ("CRPS fit", "in scope", "all", "ratio to in scope", "50 %", "80 %", "90 %")
    table = make_table(
        "Fit beside pooled quantiles; coverage of the fit", ("",), ("events", "clusters", *heads)
    )
    for entry in scores:
        table.add_row(
            *(_NAMES[entry.quantity], str(entry.events), str(entry.clusters)),
            *(f"{value:.3f}" for value in (entry.crps_fit, entry.crps_pooled, entry.crps_all)),
            f"{entry.ratio:.2f} ({entry.ratio_low:.2f}–{entry.ratio_high:.2f})",
            *(f"{value:.2f}" for value in entry.coverage_fit),
        )
    return table


def _chance_table(scores: Sequence[ChanceScores]) -> Table:
    heads = ("cases", "clusters", "base rate", "share that came", "0.5")
    table = make_table("Chances: Brier score, lower is better", ("",), heads)
    for each in scores:
        briers = (each.brier, each.brier_climatology, each.brier_half)
        row = (str(each.cases), str(each.clusters), *(f"{value:.3f}" for value in briers))
        table.add_row(each.forecast, *row)
    return table


def _people(number: float) -> str:
    """Round to three digits: no past count is better than that."""
    return f"{float(f'{number:.3g}'):,.0f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}" if value < 10 else f"{value:.0f}"


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
