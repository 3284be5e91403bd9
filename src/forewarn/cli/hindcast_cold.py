"""``forewarn hindcast --cold-start``: who goes where before anybody was registered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from forewarn.cli.consoles import wide_console
from forewarn.cli.hindcast_notes import say_remarks, shipped

if TYPE_CHECKING:
    from forewarn.hindcast.cold_start.table import ColdStart


def score_cold_start(
    folders: Sequence[Path],
    learn_from: Sequence[Path],
    *,
    output: Path | None,
    given_alone: bool,
    seed: int,
) -> None:
    """Score a cold start, print it and write it."""
    from forewarn.cli.progress import progress_bar
    from forewarn.hindcast.cold_start.table import cold_start, read_cold_cases
    from forewarn.hindcast.data.cases import read_cases
    from forewarn.hindcast.writing import COLD_FILES, write_cold_start

    read = [*folders, *learn_from]
    cases = read_cases(read)
    say_remarks(cases)
    learnt = None if given_alone else shipped(cases)
    with progress_bar("Sharing what arrived") as progress:
        found = cold_start(
            {case.name: folder for case, folder in zip(cases, read, strict=True)},
            read_cold_cases(read, cases),
            only=[case.name for case in cases[: len(folders)]],
            prior=None if learnt is None else learnt.cold,
            seed=seed,
            progress=progress,
        )
    _print(found)
    if output is not None:
        write_cold_start(output, found)
        typer.echo(f"Written to {output}: {', '.join(COLD_FILES)}")


def _print(found: ColdStart) -> None:
    from rich.table import Table
    from rich.text import Text

    console = wide_console()
    table = Table(title="Cold start: rescaled ARD, the total of every day given", title_justify="left")
    names = list(dict.fromkeys(row.forecaster for row in found.rows))
    for name in ("", *names):
        table.add_column(name, justify="right" if name else "left")
    for conflict in dict.fromkeys(row.conflict for row in found.rows):
        own = {row.forecaster: row.error for row in found.rows if row.conflict == conflict}
        table.add_row(conflict, *(f"{own[name]:.3f}" for name in names))
    console.print(table)
    for one in found.comparisons:
        where = f"less in {one.better_in} of {one.conflicts}"
        console.print(Text(f"gravity has {one.ratio} of the error of {one.other}; {where}."))
    console.print(
        Text("flee: its rules, faults mended or not, camps unlimited: their capacity was not known before.")
    )
