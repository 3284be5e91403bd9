"""``forewarn reissue``: a scenario forecast again and again as counts come in, and scored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from forewarn.cli.consoles import wide_console
from forewarn.cli.outlook import DEFAULT_SEED, Seed
from forewarn.cli.progress import ensemble_progress
from forewarn.cli.scenario import ScenarioArgument

if TYPE_CHECKING:
    from forewarn.hindcast.reissuing import Reissue

OBSERVATIONS = "observed.csv"


def reissue(
    scenario: ScenarioArgument,
    observations: Annotated[
        Path | None,
        typer.Argument(
            metavar="OBSERVATIONS", help=f"CSV file of observations. Default: the scenario's {OBSERVATIONS}."
        ),
    ] = None,
    every: Annotated[int, typer.Option(min=1, max=365, help="Days between issues.")] = 7,
    ahead: Annotated[int, typer.Option(min=1, max=365, help="Days from an issue to its target.")] = 28,
    members: Annotated[int, typer.Option(min=30, max=100_000, help="Number of futures of an issue.")] = 300,
    seed: Seed = DEFAULT_SEED,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="CSV file to write.")] = None,
) -> None:
    """Forecast again and again with the counts known by then, and score each forecast against later ones."""
    from forewarn.forecast.updating import parse_observations, read_observations
    from forewarn.hindcast.reissuing import reissue as issue_again
    from forewarn.hindcast.writing import reissues_as_csv
    from forewarn.scenario import load
    from forewarn.scenario.loading import beside

    found = load(scenario)
    counts = (
        parse_observations(beside(scenario, OBSERVATIONS), found, name=OBSERVATIONS)
        if observations is None
        else read_observations(observations, found)
    )
    with ensemble_progress(f"Issuing {found.name} again") as progress:
        rows = issue_again(
            found, counts, every_days=every, ahead_days=ahead, members=members, seed=seed, progress=progress
        )
    _print(rows)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(reissues_as_csv(rows), encoding="utf-8")
        typer.echo(f"Written to {output}")


def _print(rows: Sequence[Reissue]) -> None:
    console = wide_console()
    for series in dict.fromkeys(row.series for row in rows):
        mine = [row for row in rows if row.series == series]
        table = Table(title=f"{series}: issued and scored, people", title_justify="left", box=None)
        for name in ("Day", "For", "Forecast (8 of 10)", "Line (8 of 10)", "Came", "CRPS", "of line"):
            table.add_column(name, justify="right", no_wrap=True)
        for row in mine:
            numbers = (f"{row.truth:,.0f}", f"{row.crps:,.0f}", f"{row.crps_line:,.0f}")
            table.add_row(str(row.day), str(row.target_day), _told(row.forecast), _told(row.line), *numbers)
        console.print(table)
        ours, lines = (sum(getattr(row, name) for row in mine) for name in ("crps", "crps_line"))
        held = sum(row.forecast[0] <= row.truth <= row.forecast[2] for row in mine)
        console.print(
            f"CRPS {ours / len(mine):,.0f} people, of the line {lines / len(mine):,.0f}: "
            f"{ours / lines if lines else float('nan'):.2f} times. "
            f"The 80 % interval held {held} of {len(mine)}."
        )


def _told(three: tuple[float, float, float]) -> str:
    low, middle, high = (f"{value / 1000:,.0f}" for value in three)
    return f"{middle},000 ({low}–{high})"
