"""``forewarn update``: a scenario and what was counted since, an outlook out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from forewarn.cli.consoles import say_note, say_warning, wide_console
from forewarn.cli.options import parse_day
from forewarn.cli.outlook import (
    DEFAULT_MEMBERS,
    DEFAULT_PAIRED_RUNS,
    DEFAULT_SEED,
    WRITING,
    Members,
    PairedRuns,
    Seed,
    print_headline,
)
from forewarn.cli.progress import ensemble_progress, progress_bar
from forewarn.cli.scenario import ScenarioArgument

if TYPE_CHECKING:
    from forewarn.forecast.updating import Diagnosis, Observations
    from forewarn.scenario import Scenario


def update(
    scenario: ScenarioArgument,
    observations: Annotated[
        Path, typer.Argument(metavar="OBSERVATIONS", help="CSV file of observations: counts of people.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write; default out/NAME-updated.")
    ] = None,
    members: Members = DEFAULT_MEMBERS,
    seed: Seed = DEFAULT_SEED,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Use only what was published up to this day."),
    ] = None,
    hxl: Annotated[
        bool, typer.Option("--hxl", help="Put a row of HXL tags below the header of the tables.")
    ] = False,
    actual: Annotated[
        bool, typer.Option("--actual", help="Write alerts with status Actual; otherwise they say Test.")
    ] = False,
    paired_runs: PairedRuns = DEFAULT_PAIRED_RUNS,
) -> None:
    """Forecast a scenario from what was counted since its issue day."""
    from forewarn.forecast.updating import read_observations
    from forewarn.forecast.updating import update as learn
    from forewarn.outlook.view import ForecastView
    from forewarn.outlook.writing import refuse_foreign, write_view
    from forewarn.scenario import load

    found = load(scenario)
    counts = _known(read_observations(observations, found), found, as_of)
    folder = output or Path("out") / f"{found.name}-updated"
    refuse_foreign(folder)  # before the long part
    with ensemble_progress(f"Updating {found.name}") as progress:
        updated = learn(found, counts, members=members, seed=seed, progress=progress)
    command = "forewarn " + " ".join(sys.argv[1:])
    with progress_bar(WRITING) as progress:
        view = ForecastView(
            updated.forecast, found, updated=updated, paired_runs=paired_runs, progress=progress
        )
        write_view(view, folder, hxl=hxl, actual=actual, command=command)
    print_headline(view)
    _print(updated.diagnosis)
    typer.echo(f"Written to {folder}: open {folder / 'index.html'}")


def _known(observations: Observations, scenario: Scenario, as_of: str | None) -> Observations:
    day = parse_day("--as-of", as_of)
    return observations if day is None else observations.as_of((day - scenario.issued).days)


def _print(found: Diagnosis) -> None:
    console = wide_console()
    table = Table(title="Chances of the courses", box=None, pad_edge=False)
    table.add_column("Course")
    for name in ("Before", "With the counts"):
        table.add_column(name, justify="right")
    for each in found.chances:
        table.add_row(each.course, f"{each.before:.0%}", f"{each.after:.1%}")
    console.print(table)
    for note in found.notes:
        say_note(note)
    for warning in found.warnings:
        say_warning(warning)
