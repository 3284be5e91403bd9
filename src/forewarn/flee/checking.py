"""What is wrong in a Flee directory, and what a run of it assumes, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forewarn.errors import Problem
from forewarn.flee.counts import read_counts
from forewarn.flee.directory import FleeDirectory, FleeError
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings, settings_of

MOST_LINES: Final = 20  # of each kind, so that both fit on a page; an assumption


@dataclass(frozen=True, slots=True)
class DirectoryCheck:
    """What was found in a directory.

    Parameters
    ----------
    title
        The directory in one line.
    wrong
        What stops a run.
    assumed
        What was read in a documented way rather than as it stands.
    """

    title: str
    wrong: tuple[Problem, ...]
    assumed: tuple[Problem, ...]

    def page(self) -> str:
        """Write both lists, the first `MOST_LINES` of each."""
        verdict = "It does not run." if self.wrong else "It runs."
        return "\n".join(
            (f"{self.title}. {verdict}", *_listed("Wrong", self.wrong), *_listed("Assumed", self.assumed))
        )


def _listed(heading: str, problems: Sequence[Problem]) -> list[str]:
    lines = [f"  {problem}" for problem in problems[:MOST_LINES]]
    if len(problems) > MOST_LINES:
        lines.append(f"  and {len(problems) - MOST_LINES} more")
    return ["", f"{heading}: {len(problems) or 'nothing'}", *lines]


def check_directory(
    folder: Path, chosen: Path | None, *, days: int = 0, faults: bool = False
) -> DirectoryCheck:
    """Read a directory and run one member of it, collecting the problems of every step that can be taken.

    Parameters
    ----------
    folder
        The directory.
    chosen
        Settings file; None: that of the directory, or Flee's defaults.
    days
        Length of the run, 0 for that of ``sim_period.csv``.
    faults
        Check it as it runs with Flee's faults.
    """
    wrong: list[Problem] = []
    assumed: list[Problem] = []
    settings, directory = FleeSettings(), None
    try:
        settings, said = settings_of(folder, chosen)
        assumed += said
    except FleeError as error:
        wrong += error.problems
    try:
        directory = read_directory(folder, days=days)
        assumed += directory.remarks
        counts = read_counts(directory, settings, faults=faults)
        assumed += counts.remarks
        if not wrong:
            run(make_world(directory, counts, settings, faults=faults), seed=1)
    except FleeError as error:
        wrong += error.problems
    return DirectoryCheck(_title(folder, directory), tuple(wrong), tuple(assumed))


def _title(folder: Path, directory: FleeDirectory | None) -> str:
    if directory is None:
        return folder.resolve().name
    size = f"{len(directory.locations)} places, {len(directory.routes)} roads, {directory.length_days} days"
    return f"{directory.name}: {size} from {directory.start}"
