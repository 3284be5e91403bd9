"""``forewarn compare``: the same scenario with something changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from forewarn.cli.consoles import wide_console
from forewarn.cli.outlook import DEFAULT_MEMBERS, DEFAULT_SEED, Members, Seed
from forewarn.cli.progress import ensemble_progress
from forewarn.cli.scenario import ScenarioArgument
from forewarn.csvfiles import csv_text

if TYPE_CHECKING:
    from forewarn.forecast import Difference


def compare(
    scenario: ScenarioArgument,
    changes: Annotated[
        list[str],
        typer.Option(
            "--with", metavar="CHANGE", help="Such as crossings.bab-al-hawa.status=open. Repeatable."
        ),
    ],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="CSV file to write.")] = None,
    members: Members = DEFAULT_MEMBERS,
    seed: Seed = DEFAULT_SEED,
) -> None:
    """Forecast a scenario with and without changes, with the same luck, and show the difference."""
    from forewarn.forecast import compare as run_both
    from forewarn.forecast import differences
    from forewarn.forecast.summary import course_probability
    from forewarn.scenario import change, load

    base = load(scenario)
    changed = change(base, changes)
    with ensemble_progress(f"Comparing {base.name}") as progress:
        before, after = run_both(base, changed, members=members, seed=seed, progress=progress)
    # A draft that does not know who holds the places tells totals alone.
    rows = [row for row in differences(before, after) if base.where_known or not row.place]
    file = output or Path("out") / f"{base.name}-difference.csv"
    _write(rows, file)
    chances = [course_probability(each) for each in (before, after)]
    gone = [name for name in chances[0] if not any(each[name] for each in chances)]
    _print([row for row in rows if row.course not in gone], changes)
    if gone:
        typer.echo(f"Ruled out (chance 0 %), so without figures here: {', '.join(gone)}. The file holds all.")
    typer.echo(f"Written to {file}")


def _write(rows: Sequence[Difference], file: Path) -> None:
    from forewarn.forecast.comparing import Difference
    from forewarn.replacing import replacing_file

    text = csv_text((asdict(row) for row in rows), [field.name for field in fields(Difference)])
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing_file(file) as draft:
        draft.write_text(text, encoding="utf-8")


def _print(rows: Sequence[Difference], changes: Sequence[str]) -> None:
    from forewarn.outlook.format.values import people, signed, signed_range

    table = Table(
        title="Difference made by " + ", ".join(changes),
        caption="Changed less base, in paired worlds: the interval is that of the change, not of the dice. "
        "People displaced: by the offensive, fear or a warning. "
        "By place: newly displaced people living there.",
    )
    for name in ("Course", "By day", "What"):
        table.add_column(name)
    for name in ("Base (median)", "Difference (median)", "9 of 10 futures"):
        table.add_column(name, justify="right")
    for row in rows:
        what = row.place or "People displaced"
        spread = signed_range(round(row.low), round(row.high))
        median = signed(round(row.median))
        table.add_row(row.course, str(row.day), what, people(round(row.base)), median, spread)
    wide_console().print(table)
