"""``forewarn hindcast``: forecasts of the past with only what was known, scored beside naive ones."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forewarn.cli.consoles import wide_console
from forewarn.cli.hindcast_notes import say_remarks, shipped

if TYPE_CHECKING:
    from rich.table import Table

    from forewarn.hindcast.forecasters.base import Forecaster
    from forewarn.hindcast.scores.summary import Comparison, MeanScores


class Mode(StrEnum):
    """What is known of the later total."""

    total_given = "total-given"
    total_forecast = "total-forecast"


def score_hindcasts(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Flee directories, one for each conflict.")
    ],
    forecaster: Annotated[
        list[str] | None,
        typer.Option("--forecaster", metavar="NAME", help="Score this forecaster only. Repeatable."),
    ] = None,
    mode: Annotated[Mode | None, typer.Option(help="Score in this mode only; by default in both.")] = None,
    learn_from: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Learn from this conflict too, without scoring it. Repeatable."),
    ] = None,
    pool: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Add a linear pool of these forecasters. Give it twice or more."),
    ] = None,
    given_alone: Annotated[
        bool,
        typer.Option("--given-alone", help="Learn from the given conflicts only, not from those shipped."),
    ] = False,
    cold_start: Annotated[
        bool, typer.Option("--cold-start", help="Score instead who goes where before anybody was registered.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Write tables and a plot here.")
    ] = None,
    interpolated: Annotated[
        bool,
        typer.Option(
            "--interpolated", help="Interpolate across the issue day (uses future data; for comparison only)."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 1,
) -> None:
    """Issue forecasts every 30 days for 30 and 90 days ahead, and score them against what came."""
    from forewarn.cli.hindcast_cold import score_cold_start
    from forewarn.cli.progress import progress_bar
    from forewarn.hindcast.data.cases import read_cases
    from forewarn.hindcast.forecasters.base import MODES
    from forewarn.hindcast.forecasters.catalogue import chosen
    from forewarn.hindcast.forecasters.learnt import NOTHING
    from forewarn.hindcast.forecasters.naive import naive_names
    from forewarn.hindcast.running import run
    from forewarn.hindcast.scores.calibration import calibrate
    from forewarn.hindcast.scores.summary import compare, summarise
    from forewarn.hindcast.scores.triggers import trigger_skill
    from forewarn.hindcast.writing import FILES, write

    if cold_start:
        _check_cold(forecaster, mode, pool, interpolated)
        score_cold_start(folders, learn_from or [], output=output, given_alone=given_alone, seed=seed)
        return
    read = [*folders, *(learn_from or [])]
    modes = MODES if mode is None else (mode.value,)
    _check(chosen(forecaster or [], folders=read, pooled=pool or []), modes)
    cases = read_cases(read, interpolated=interpolated)
    scored_cases = cases[: len(folders)]
    say_remarks(cases)
    learnt = None if given_alone or interpolated else shipped(cases)
    prior = NOTHING if learnt is None else learnt.prior
    forecasters = chosen(forecaster or [], folders=read, pooled=pool or [], prior=prior)
    with progress_bar("Issuing forecasts") as progress:
        scored = list(
            run(
                {case.name: case.issues for case in cases},
                forecasters,
                modes=modes,
                only=[case.name for case in scored_cases],
                progress=progress,
            )
        )
    rows, comparisons = summarise(scored), compare(scored, naive=naive_names(), seed=seed)
    alone = len(cases) == 1 and not prior
    _print(rows, comparisons, interpolated=interpolated, alone=alone)
    if output is not None:
        write(
            output,
            cases=scored_cases,
            scored=scored,
            rows=rows,
            comparisons=comparisons,
            calibrations=calibrate(scored, seed=seed),
            triggers=trigger_skill(scored, naive=naive_names(), seed=seed),
        )
        typer.echo(f"Written to {output}: {', '.join(FILES)}")


def _check_cold(
    forecaster: Sequence[str] | None, mode: Mode | None, pool: Sequence[str] | None, interpolated: bool
) -> None:
    """Refuse options that say nothing about a cold start."""
    from forewarn.errors import Problem, UsageError

    given = {"--forecaster": forecaster, "--mode": mode, "--pool": pool, "--interpolated": interpolated}
    problems = [
        Problem(option, "cannot be used with --cold-start", remedy="Leave one of them out")
        for option, value in given.items()
        if value
    ]
    if problems:
        raise UsageError(problems)


def _check(forecasters: Sequence[Forecaster], modes: Sequence[str]) -> None:
    from forewarn.errors import Problem, UsageError

    able = [one for one in forecasters if any(one.can(mode) for mode in modes)]
    if not able:
        what = f"none of the chosen forecasters works in mode {' or '.join(modes)}"
        raise UsageError(
            Problem("--mode", what, remedy="Choose 'total-given', or drift, last_value, forewarn")
        )


def _print(
    rows: Sequence[MeanScores], comparisons: Sequence[Comparison], *, interpolated: bool, alone: bool
) -> None:
    from rich.text import Text

    console = wide_console()
    if interpolated:
        console.print(
            Text("Interpolated across the issue day, as in papers on Flee: naive forecasts use future data.")
        )
    if alone:
        console.print(
            Text(
                "One conflict alone: nothing to learn from, so early forecasts are points. See --learn-from."
            )
        )
    for mode, horizon in dict.fromkeys((row.mode, row.horizon_days) for row in rows):
        chosen = [row for row in rows if (row.mode, row.horizon_days) == (mode, horizon)]
        title = f"{mode.replace('-', ' ').capitalize()}, {horizon} days ahead"
        console.print(_scores(title, chosen))
    for found in comparisons:
        if found.measure != "weighted_interval_score":
            console.print(Text(_sentence(found)))
    console.print(
        Text(
            "ARD is the error per person there, rescaled that of the shares alone, CRPS per person too; "
            "lower is better. Every conflict counts the same in the pool."
        )
    )


def _scores(title: str, rows: Sequence[MeanScores]) -> Table:
    from rich.table import Table

    from forewarn.hindcast.scores.summary import POOLED

    conflicts = [name for name in dict.fromkeys(row.conflict for row in rows) if name != POOLED]
    table = Table(title=f"{title}: error by conflict, then pooled scores", title_justify="left")
    table.add_column("")
    for name in (*conflicts, "ARD", "rescaled", "CRPS", "WIS", "50 %", "80 %", "90 %"):
        table.add_column(name, justify="right")
    for forecaster in dict.fromkeys(row.forecaster for row in rows):
        own = {row.conflict: row for row in rows if row.forecaster == forecaster}
        pool = own[POOLED]
        numbers = [*(own[name].error for name in conflicts), pool.ard, pool.rescaled_ard, pool.crps]
        cells = [f"{number:.3f}" for number in (*numbers, pool.weighted_interval_score)]
        table.add_row(forecaster, *cells, *(f"{part:.2f}" for part in pool.coverage))
    return table


def _sentence(found: Comparison) -> str:
    measure = {"error": "error", "crps": "CRPS"}[found.measure]
    return (
        f"{found.forecaster}, {found.mode.replace('-', ' ')}, {found.horizon_days} days: {measure} is "
        f"{found.ratio} of that of {found.naive}, the best naive forecast."
    )
