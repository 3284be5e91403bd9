"""``forewarn scenario``: list, show and check scenarios, and the schema for editors."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(help="Scenarios: the documents that forecasts are made of.", no_args_is_help=True)

ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A bundled name or a folder.")]


@app.command(name="list")
def list_bundled() -> None:
    """List the scenarios that come with Forewarn."""
    from forewarn.scenario import bundled

    for each in bundled():
        typer.echo(f"{each.name:16}{each.issued}  {each.title}")


@app.command()
def show(scenario: ScenarioArgument) -> None:
    """Print a scenario in its explicit form, with no default and no inherited source left."""
    from forewarn.scenario import dump, load

    typer.echo(dump(load(scenario)), nl=False)


@app.command()
def check(scenario: ScenarioArgument) -> None:
    """Check a scenario and count what is sourced and what is assumed."""
    from forewarn.scenario import load, tally

    resolved = load(scenario)
    counted = tally(resolved)
    courses = ", ".join(course.name for course in resolved.courses)
    everything = counted.sourced + counted.assumed
    typer.echo(f"{resolved.name} is valid: {len(resolved.places)} places, {len(resolved.routes)} routes, "
               f"courses {courses}; issued {resolved.issued}.")  # fmt: skip
    typer.echo(f"{counted.sourced} of {everything} numbers have a source; {counted.assumed} are assumed:")
    table = Table(show_header=False, box=None)
    for assumption in counted.assumptions:
        table.add_row(assumption.path, assumption.why)
    Console().print(table)


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario.yaml, for editors."""
    from forewarn.scenario import schema as make

    typer.echo(json.dumps(make(), indent=2, ensure_ascii=False))
