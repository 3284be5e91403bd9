"""``forewarn outlook``: a scenario in, an outlook out."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from forewarn.cli.consoles import say_doubts
from forewarn.cli.drafting import Located, OwnFiles, OwnRoads
from forewarn.cli.progress import ensemble_progress, progress_bar
from forewarn.errors import Problem, UsageError
from forewarn.reading.documents.formats import SUFFIXES

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView
    from forewarn.scenario import Scenario

DEFAULT_MEMBERS = 1000
DEFAULT_SEED = 20180830

ScenarioOrReports = Annotated[
    list[str],
    typer.Argument(
        metavar="SCENARIO | REPORT…", help="A bundled name, a folder, or reports about one offensive."
    ),
]
Members = Annotated[
    int, typer.Option(min=1, max=1_000_000, help="Number of futures, spread over the courses.")
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the random numbers: same seed, same forecast.")]
PairedRuns = Annotated[
    int,
    typer.Option(
        "--paired-runs",
        min=0,
        max=1000,
        help="Futures run again for each of the ten numbers that move the result most; 0 for none.",
    ),
]
DEFAULT_PAIRED_RUNS = 20
WRITING = "Trying what moves it most, and writing"


def make_outlook(
    scenario: ScenarioOrReports,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write; default out/NAME.")
    ] = None,
    members: Members = DEFAULT_MEMBERS,
    seed: Seed = DEFAULT_SEED,
    days: Annotated[int | None, typer.Option(min=1, max=730, help="Length of the forecast.")] = None,
    course: Annotated[
        str | None, typer.Option(help="Forecast one course alone, as if it were certain.")
    ] = None,
    hxl: Annotated[
        bool, typer.Option("--hxl", help="Put a row of HXL tags below the header of the tables.")
    ] = False,
    issued: Annotated[
        str | None, typer.Option("--issued", metavar="DATE", help="With a report: the day of the forecast.")
    ] = None,
    places: OwnFiles = None,
    routes: OwnRoads = None,
    locate: Located = None,
    ledger: Annotated[
        str | None,
        typer.Option("--ledger", metavar="PATH_OR_URL", help="Note the head of this ledger in run.json."),
    ] = None,
    actual: Annotated[
        bool, typer.Option("--actual", help="Write alerts with status Actual; otherwise they say Test.")
    ] = False,
    paired_runs: PairedRuns = DEFAULT_PAIRED_RUNS,
) -> None:
    """Forecast a scenario and write its outlook."""
    from forewarn.forecast import run
    from forewarn.outlook.view import ForecastView
    from forewarn.outlook.writing import refuse_foreign, write_view
    from forewarn.scenario import narrow

    found = _found(scenario, issued, places=places, routes=routes, locate=locate)
    wanted = narrow(found, horizon_days=days, course=course)
    # Before the long part, which a wrong name should not have to wait for.
    head = _head(ledger)
    folder = output or Path("out") / wanted.name
    refuse_foreign(folder)
    with ensemble_progress(f"Forecasting {wanted.name}") as progress:
        forecast = run(wanted, members=members, seed=seed, progress=progress)
    command = "forewarn " + " ".join(sys.argv[1:])
    with progress_bar(WRITING) as progress:
        view = ForecastView(forecast, wanted, paired_runs=paired_runs, progress=progress)
        write_view(view, folder, hxl=hxl, actual=actual, command=command, ledger_head=head)
    print_headline(view)
    typer.echo(f"Written to {folder}: open {folder / 'index.html'}")


def is_report(word: str) -> bool:
    """Whether the argument is a report to be read, or a folder of them, and no scenario."""
    path = Path(word)
    if not word.strip():
        return False  # and not the current folder, which an empty path would be
    if path.is_dir():
        inside = {each.suffix.lower() for each in path.iterdir() if each.is_file()}
        return not (path / "scenario.yaml").exists() and bool(inside & set(SUFFIXES))
    return word == "-" or "://" in word or path.suffix.lower() in SUFFIXES


def _found(
    words: list[str],
    issued: str | None,
    *,
    places: list[str] | None,
    routes: str | None,
    locate: list[str] | None,
) -> Scenario:
    """Load a scenario, or draft one from reports."""
    from forewarn.cli.drafting import drafted, say
    from forewarn.scenario import load

    if all(is_report(word) for word in words):
        made = drafted(words, issued, places=places, routes=routes, locate=locate)
        say(made)
        return made.scenario
    if len(words) > 1:
        remedy = "Give one scenario, or reports about one offensive"
        raise UsageError(Problem(" ".join(words), "more than one, and not all are reports", remedy=remedy))
    options = {"--issued": issued, "--places": places, "--routes": routes, "--locate": locate}
    given = [name for name, value in options.items() if value]
    if given:
        remedy = "Change scenario.yaml, places.csv and routes.csv of the scenario instead"
        raise UsageError(Problem(", ".join(given), "only for reports", "forewarn outlook REPORT", remedy))
    return load(words[0])


def _head(ledger: str | None) -> str:
    from forewarn.ledger import ledger_head

    return "" if ledger is None else ledger_head(ledger)


def print_headline(view: ForecastView) -> None:
    """Print the first sentence of the answer, the figures of each course, and what makes them doubtful."""
    from forewarn.outlook.contents.answer import answer
    from forewarn.outlook.contents.blocked import blocked_sentences
    from forewarn.outlook.contents.console import headline_rows
    from forewarn.outlook.contents.planning import ruled_out_sentence
    from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN

    scenario = view.scenario
    console = Console()
    console.print(f"\n[bold]{escape(scenario.title)}[/bold]", highlight=False)
    console.print(escape(answer(view)[0]), highlight=False)
    console.print("\nDistinct people displaced by the offensive, fear or a warning:")
    for (course, chance), rows in groupby(headline_rows(view), key=lambda row: (row.course, row.chance)):
        console.print(f"\n[bold]{escape(course)}[/bold] (probability {chance})", highlight=False)
        table = _empty_table()
        for row in rows:
            table.add_row(str(row.day), row.median, row.half, row.most, row.ordinary)
        console.print(table)
    for words in blocked_sentences(view):
        console.print(f"\n[bold]{escape(words)}[/bold]", highlight=False)
    ruled_out = ruled_out_sentence(view)
    if ruled_out:
        console.print(f"\n{escape(ruled_out)}", highlight=False)
    if not scenario.where_known:
        console.print(f"\n[bold]{escape(WHERE_UNKNOWN)}[/bold]", highlight=False)
    assumed = " The probabilities of courses are assumptions, to be set by you."
    console.print(f"\nOrdinary moves are medians.{assumed if scenario.chances_assumed else ''}")
    say_doubts(scenario)


def _empty_table() -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Day", justify="right", width=5)
    for name in ("Median", "Half of futures", "9 of 10 futures", "Ordinary moves"):
        table.add_column(name, justify="right", no_wrap=True, width=19 if "futures" in name else 14)
    return table
