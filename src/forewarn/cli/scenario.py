"""``forewarn scenario``: list, show and check scenarios, and the schema for editors."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from forewarn.cli.consoles import say_doubts, wide_console
from forewarn.cli.options import parse_day
from forewarn.errors import ForewarnError, Problem, UsageError

app = typer.Typer(help="Scenarios: the documents that forecasts are made of.", no_args_is_help=True)

MOST_PATHS = 9
"""That `check` lists for one assumption."""
OTHER_FILES = (".csv", ".ods", ".xls", ".xlsm", ".yaml", ".yml", ".zip")
"""Endings by which no folder is meant."""
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
    if resolved.flow_history:
        people = sum(flow.people for flow in resolved.flow_history)
        typer.echo(
            f"History of flows: {people:,.0f} people between {len(resolved.flow_history)} pairs of places."
        )
    if resolved.boundaries is not None:
        typer.echo(
            f"Boundaries of {len(resolved.boundaries.areas)} areas. {resolved.boundaries.note}".rstrip()
        )
    typer.echo(f"{counted.sourced} of {everything} numbers have a source; {counted.assumed} are assumed:")
    resting: dict[str, list[str]] = {}
    for assumption in counted.assumptions:
        resting.setdefault(assumption.why, []).append(assumption.path)
    table = Table(show_header=False, box=None)
    for why, paths in resting.items():
        table.add_row(escape(_shortened(paths)), escape(why))
    wide_console().print(table)
    say_doubts(resolved)


def _shortened(paths: list[str]) -> str:
    """List what rests on one assumption; long lists are cut with a count."""
    more = f"\nand {len(paths) - MOST_PATHS} more" if len(paths) > MOST_PATHS else ""
    return "\n".join(paths[:MOST_PATHS]) + more


@app.command()
def new(
    target: Annotated[Path, typer.Argument(metavar="FILE.xlsx|FOLDER", help="Workbook or folder to write.")],
    issued: Annotated[
        str | None, typer.Option("--issued", metavar="DATE", help="Day of the forecast; default today.")
    ] = None,
) -> None:
    """Write a template to be filled in: placeholders, and the shipped defaults of how people behave."""
    from forewarn.scenario.template import FILES, write_book, write_folder

    day = parse_day("--issued", issued) or date.today()
    if target.suffix.lower() == ".xlsx":
        _refuse_existing(target)
        write_book(target, issued=day)
        typer.echo(f"Written to {target}. Fill it in, then: forewarn scenario import {target} FOLDER")
        return
    if target.suffix.lower() in OTHER_FILES:
        raise UsageError(
            Problem(str(target), "no template is written as such a file", "FILE.xlsx, or a folder")
        )
    for name in FILES:
        _refuse_existing(target / name)
    write_folder(target, issued=day)
    typer.echo(f"Written to {target}. Fill in {', '.join(FILES)}, then: forewarn scenario check {target}")


def _refuse_existing(file: Path) -> None:
    """Never write over what somebody may have edited."""
    if file.exists():
        raise ForewarnError(Problem(str(file), "is there already", remedy="Give another name"))


@app.command(name="export")
def export_to_workbook(
    scenario: ScenarioArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to write.")],
) -> None:
    """Write a scenario as a workbook, to be changed in a spreadsheet."""
    from forewarn.scenario import load
    from forewarn.scenario.workbook import export_workbook

    if file.suffix.lower() != ".xlsx":
        raise UsageError(Problem(str(file), "the name does not end in .xlsx"))
    _refuse_existing(file)
    export_workbook(load(scenario), file)
    typer.echo(f"Written to {file}. Read it back with: forewarn scenario import {file} FOLDER")


@app.command(name="import")
def import_from_workbook(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to read.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="New folder for the scenario.")],
) -> None:
    """Make a scenario from a workbook and check it."""
    from forewarn.scenario import dump
    from forewarn.scenario.workbook import import_workbook

    document = folder / "scenario.yaml"
    _refuse_existing(document)
    scenario = import_workbook(file)
    folder.mkdir(parents=True, exist_ok=True)
    document.write_text(dump(scenario), encoding="utf-8")
    say_doubts(scenario)
    typer.echo(f"Written to {document}. Forecast it with: forewarn outlook {folder}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario.yaml, for editors."""
    from forewarn.scenario import schema as make

    typer.echo(json.dumps(make(), indent=2, ensure_ascii=False))
