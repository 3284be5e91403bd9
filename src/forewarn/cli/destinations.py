"""``forewarn destinations``: where people went in past offensives, and what forecasts of it are worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forewarn.cli.consoles import make_table, print_all
from forewarn.cli.options import parse_day, write_text
from forewarn.errors import ForewarnError, Problem, UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from forewarn.receptions import DestinationCase, DestinationScores, PastDestinations, ReceptionTables

app = typer.Typer(help="Where people went in past offensives, and what forecasts of it are worth.")

TableFile = Annotated[
    Path | None,
    typer.Option("--table", metavar="FILE", help="Receptions of your own (CSV, docs/destinations.md)."),
]
PlacesFile = Annotated[
    Path | None,
    typer.Option("--places", metavar="FILE", help="The places of --table or --flows (CSV)."),
]


@app.callback(invoke_without_command=True)
def destinations(
    context: typer.Context,
    like: Annotated[
        str | None,
        typer.Option("--like", metavar="WORDS", help="Such as 'siege, border closed, 400000 people'."),
    ] = None,
    table: TableFile = None,
    places: PlacesFile = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw the nearest cases of --like.")
    ] = None,
) -> None:
    """List past offensives with where their people went, or the ones most like WORDS."""
    if context.invoked_subcommand is not None:
        if any(option is not None for option in (like, table, places, plot)):
            raise UsageError(
                Problem("forewarn destinations", "options before 'score'", remedy="Put them after it")
            )
        return
    from forewarn.receptions import nearest_destinations, parse_words, past_destinations

    if plot is not None and like is None:
        raise UsageError(Problem("--plot", "nothing to draw", remedy="Say --like too"))
    if plot is not None and plot.suffix.lower() != ".svg":
        raise UsageError(Problem("--plot", f"the name '{plot}' does not end in .svg"))
    words = None if like is None else parse_words(like)
    tables = _tables(table, places)
    if words is None:
        cases = past_destinations(tables)
        print_all(_listing(f"{len(cases)} past events: their last count that covers its total", cases))
        return
    cases = nearest_destinations(words, tables)
    print_all(_listing(f"Like: {like}. The {len(cases)} nearest past events", cases, unlike=True))
    print_all("Sources:", *(f"  {case.name}: {source}" for case in cases for source in case.sources))
    print_all(
        "How like they are is a convention, not a fit; where people go differs between like events too."
    )
    if plot is not None:
        from forewarn.receptions.plotting import plot_destinations

        write_text("--plot", plot, plot_destinations(cases, f"Where people went: {like}"))
        print_all(f"Plot: {plot}")


@app.command()
def score(
    table: TableFile = None,
    places: PlacesFile = None,
    flows: Annotated[
        list[Path] | None,
        typer.Option(
            "--flows", metavar="FILE", help="Who went from where to where (CSV), with --places. Repeatable."
        ),
    ] = None,
    period: Annotated[
        str, typer.Option("--period", metavar="month|week", help="Of cases of --flows.")
    ] = "month",
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DATE", help="Score --flows from this day; earlier ones are history."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of draws and bootstrap.", min=0)] = 1,
) -> None:
    """Print the record of scores; with tables of yours, score the shipped fit on them."""
    from forewarn.receptions import load_scores, score_shipped

    if table is None and not flows:
        if places is not None or since is not None:
            raise UsageError(
                Problem(
                    "forewarn destinations score",
                    "places or a day alone",
                    remedy="Say --table or --flows too",
                )
            )
        print_all(*_score_tables(load_scores()), _HOW)
        return
    if table is not None and flows:
        raise UsageError(Problem("--flows", "given together with --table", remedy="Score one at a time"))
    cases = (
        _table_cases(table, places) if table is not None else _flow_cases(flows or [], places, period, since)
    )
    groups: dict[str, list[DestinationCase]] = defaultdict(list)
    for case in cases:
        groups[case.stage].append(case)
    if not groups:
        allowed = (
            "four places of one unit with known shares"
            if table
            else "1,000 people from one origin in a period"
        )
        raise ForewarnError(Problem(str(table or flows), "no case can be made", f"at least {allowed}"))
    print_all(
        *_score_tables([row for group in groups.values() for row in score_shipped(group, seed=seed)]), _HOW
    )


_HOW = (
    "S: half the sum over places of the CRPS of shares, lower is better; means of cases in events, of events "
    "in crises, of crises. TV: total variation of the point forecast. Ratio: to the best baseline (*), with "
    "a 90 % interval from a bootstrap over events. Held: places with a mean share of at least 2 % inside "
    "the 80 % interval."
)


def _tables(table: Path | None, places: Path | None) -> ReceptionTables:
    from forewarn.receptions import load_receptions, read_receptions

    if (table is None) != (places is None):
        raise UsageError(Problem("--table, --places", "one without the other", remedy="Give both"))
    return load_receptions() if table is None or places is None else read_receptions(table, places)


def _table_cases(table: Path | None, places: Path | None) -> list[DestinationCase]:
    from forewarn.receptions import reception_cases

    return list(reception_cases(_tables(table, places)))


def _flow_cases(
    flows: Sequence[Path], places: Path | None, period: str, since: str | None
) -> list[DestinationCase]:
    from forewarn.receptions import flow_cases, read_flows

    if places is None:
        raise UsageError(Problem("--flows", "no table of places", remedy="Say --places too"))
    if period not in ("month", "week"):
        raise UsageError(Problem("--period", f"'{period}'", "month, week"))
    start = parse_day("--since", since)
    cases = flow_cases(
        read_flows(flows, places), dataset=flows[0].stem, period="week" if period == "week" else "month"
    )
    return [case for case in cases if start is None or date.fromisoformat(case.as_of) >= start]


def _listing(title: str, cases: Sequence[PastDestinations], *, unlike: bool = False) -> Table:
    from rich.markup import escape

    right = ("people", "unlike") if unlike else ("people",)
    table = make_table(escape(title), ("event", "by", "quality", "movement", "where people went"), right)
    for case in cases:
        shares = ", ".join(f"{place} {share:.0%}" for place, share in case.shares)
        cells = [case.name, str(case.as_of), case.quality or "–", case.movement or "–", shares]
        numbers = [f"{case.people:,.0f}" if isfinite(case.people) else "–"]
        numbers += [f"{case.distance:.1f}"] if unlike else []
        table.add_row(*map(escape, cells), *numbers)
    return table


def _score_tables(rows: Sequence[DestinationScores]) -> list[Table]:
    groups: dict[tuple[str, str], list[DestinationScores]] = defaultdict(list)
    for row in rows:
        if row.forecast.startswith("fitted on"):
            continue
        groups[row.dataset, row.stage].append(row)
    tables = []
    for (dataset, stage), group in groups.items():
        one = group[0]
        counted = f"{one.cases} cases, {one.events} events or origins, {one.crises} crises"
        table = make_table(
            f"{dataset}, {stage}: {counted}", ("forecast",), ("S", "TV", "ratio", "80 % held", "cells")
        )
        for row in group:
            table.add_row(
                row.forecast + (" *" if row.forecast == row.rival else ""),
                *(f"{value:.3f}" for value in (row.s, row.total_variation)),
                f"{row.ratio:.2f} ({row.ratio_low:.2f}–{row.ratio_high:.2f})",
                *(f"{row.coverage:.2f}", str(row.cells)),
            )
        tables.append(table)
    return tables
