"""``forewarn draft``: reports in, a scenario to be corrected out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forewarn.cli.consoles import wide_console
from forewarn.cli.options import parse_day

if TYPE_CHECKING:
    from forewarn.drafting import Draft

Reports = Annotated[
    list[str], typer.Argument(metavar="REPORT…", help="Files, folders, addresses, or - for standard input.")
]
Issued = Annotated[
    str | None,
    typer.Option("--issued", metavar="DATE", help="Day of the forecast; default the latest report's."),
]
NoPack = Annotated[
    bool,
    typer.Option("--no-pack", help="Draw places from the gazetteer even where a country pack knows them."),
]

OwnFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--places", metavar="FILE", help="Your own places: table or map extract; again for one with people."
    ),
]
OwnRoads = Annotated[
    str | None, typer.Option("--routes", metavar="FILE", help="Your own roads: table or map extract.")
]

Located = Annotated[
    list[str] | None,
    typer.Option(
        "--locate",
        metavar="NAME=LAT,LON[,PEOPLE]",
        help="Where a place is that the report names; once for each.",
    ),
]


def draft(
    reports: Reports,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write; default the name of the draft.")
    ] = None,
    issued: Issued = None,
    no_pack: NoPack = False,
    places: OwnFiles = None,
    routes: OwnRoads = None,
    locate: Located = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print what each number rests on.")] = False,
) -> None:
    """Draft a scenario from reports; correct it before anybody relies on it."""
    from forewarn.drafting import write_draft

    made = drafted(reports, issued, use_packs=not no_pack, places=places, routes=routes, locate=locate)
    target = write_draft(made, output or Path(made.scenario.name))
    say(made)
    if explain:
        print_explained(made)
    typer.echo(f"Written to {target}. Correct it, then: forewarn outlook {target.parent}")


def drafted(
    reports: list[str],
    issued: str | None,
    *,
    use_packs: bool = True,
    places: list[str] | None = None,
    routes: str | None = None,
    locate: list[str] | None = None,
) -> Draft:
    """Read reports, and the user's own places and roads, and draft a scenario."""
    from forewarn.drafting import draft as make
    from forewarn.drafting.report.days import with_day
    from forewarn.drafting.report.located import located_names
    from forewarn.drafting.user_tables import read_places
    from forewarn.reading.documents.loading import list_documents, load, read_boxed

    day = parse_day("--issued", issued)
    own = read_places(places) if places else None
    located = located_names(locate or ())
    readings = [read_boxed(with_day(load(where, issued=day))) for where in list_documents(reports)]
    return make(readings, issued=day, use_packs=use_packs, places=own, routes=routes, located=located)


def say(made: Draft) -> None:
    """Say on standard error that it is a draft, and what to look at."""
    from forewarn.scenario import tally

    counted = tally(made.scenario)
    typer.echo(
        f"DRAFT, not corrected by anybody: {counted.sourced} numbers have a source, {counted.assumed} none.",
        err=True,
    )
    for note in made.notes:
        typer.echo(f"  {note}", err=True)


def print_explained(made: Draft) -> None:
    """Print path, sentence or assumption, and report."""
    from rich.table import Table
    from rich.text import Text

    table = Table("What", "Rests on", "Report")
    for path, words, source in made.explained:
        table.add_row(Text(path), Text(words), Text(source))
    wide_console().print(table)
