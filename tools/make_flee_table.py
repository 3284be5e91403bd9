"""Write the table of Flee directories into docs/flee.md: which run, how far from Flee, and why others do not.

    python tools/make_flee_table.py ../shared/data/flee ../shared/data/flee-wild

Each directory is run over its own days, with its own settings or Flee's defaults. Where a run of Flee is at hand
(``reference.csv`` or ``reference-vectors`` beside the directory) members with Flee's faults are compared with it.
`tests/flee/test_table.py` compares the page with what this gives.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from forewarn.arraytypes import Floats, Stored
from forewarn.flee.checking import check_directory
from forewarn.flee.counts import DailyCounts, read_counts
from forewarn.flee.reading import read_directory
from forewarn.flee.running import FleeResult, make_world, run
from forewarn.flee.settings import FleeSettings, read_settings, settings_of

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "flee.md"
HEAD: Final = (
    "| directory | here | differs from Flee | first reason, or number of notes |\n| --- | --- | --- | --- |\n"
)
TITLE: Final = "## Directories\n"
MEMBERS: Final = 20


def directories(roots: Sequence[Path]) -> list[Path]:
    """Find all Flee directories under `roots`, by name."""
    found = {path.parent for root in roots for path in root.glob("**/input_csv")}
    return sorted(found, key=lambda path: path.name.lower())


def row(folder: Path) -> str:
    """Write the row of one directory."""
    found = check_directory(folder, None)
    if not found.wrong:
        number = len(found.assumed)
        notes = f"{number or 'no'} note{'s' * (number != 1)}"
        return f"| {folder.name} | runs | {differs(folder)} | {notes} |\n"
    first = found.wrong[0]
    return f"| {folder.name} | refused | – | {first.where}: {first.what} |\n"


def differs(folder: Path) -> str:
    """Say how far members with Flee's faults are from Flee's own runs, if those are at hand."""
    known = _registered_errors(folder.parent / "reference.csv")
    if folder.name in known:
        result, counts = members_of(folder, read_settings(folder.parent / "modern125.yml"))
        apart = rescaled_error(result, counts) - known[folder.name]
        return f"{apart:+.3f} error of shares".replace("-", "−")
    vectors = folder.parent / "reference-vectors" / f"{_vectors_of(folder.name)}.csv"
    if not vectors.is_file():
        return "–"
    result, _ = members_of(folder, settings_of(folder, None)[0])
    if "place" in vectors.read_text(encoding="utf-8").splitlines()[0]:
        expected, agents = read_vectors(vectors, result.world.directory.names)
        return f"{away(result.present, expected, agents):.3f} of people elsewhere"
    apart = _in_camps(result, vectors, settings_of(folder, None)[0].hasten)
    return f"{100 * apart:+.1f} % in camps".replace("-", "−")


def members_of(
    folder: Path, settings: FleeSettings, members: int = MEMBERS
) -> tuple[FleeResult, DailyCounts]:
    """Run a directory with Flee's faults."""
    directory = read_directory(folder)
    counts = read_counts(directory, settings, faults=True)
    return run(make_world(directory, counts, settings, faults=True), members=members, seed=1), counts


def rescaled_error(result: FleeResult, counts: DailyCounts) -> float:
    """Normalised error of shares over camps (Flee's rescaled ARD, FLEE.md, 1.11), mean over days and members."""
    names = result.world.directory.names
    there = result.present[:, :, [names.index(camp) for camp in counts.camps]].astype(float)
    registered = counts.people.sum(axis=1)
    scale = registered / np.maximum(there.sum(axis=2), 1)
    missed = np.abs(there * scale[:, :, None] - counts.people).sum(axis=2)
    return float((missed / np.maximum(registered, 1)).mean())


def read_vectors(path: Path, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Read people in places on average, (day, place), and all people, (day,), of several runs of Flee."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    agents = np.array(list({int(row["day"]): float(row["agents"]) for row in rows}.values()))
    expected = np.zeros((len(agents), len(names)))
    for row in rows:
        expected[int(row["day"]), names.index(row["place"])] = float(row["mean"])
    return expected, agents


def away(present: Stored, expected: Floats, agents: Floats) -> float:
    """Total variation over places of the mean of members from expected people, on the worst day."""
    return float((np.abs(present.mean(axis=0) - expected).sum(axis=1) / 2 / agents).max())


def _in_camps(result: FleeResult, vectors: Path, hasten: int) -> float:
    """Difference in people in camps on the worst day, as a share of Flee's."""
    with vectors.open(encoding="utf-8") as file:
        expected = np.array([float(row["in_camps_mean"]) for row in csv.DictReader(file)]) * hasten
    is_camp = [place.kind in ("camp", "idpcamp") for place in result.world.directory.locations]
    there = result.present[:, :, is_camp].sum(axis=2).mean(axis=0)
    apart = there / expected - 1
    return float(apart[np.abs(apart).argmax()])


def _registered_errors(reference: Path) -> dict[str, float]:
    if not reference.is_file():
        return {}
    with reference.open(encoding="utf-8") as file:
        return {row["conflict"]: float(row["flee_ard_rescaled"]) for row in csv.DictReader(file)}


def _vectors_of(name: str) -> str:
    return name.lower().removeprefix("dflee_test_").removeprefix("dflee_").removesuffix("_dflee")


def table(roots: Sequence[Path]) -> str:
    """Write the table."""
    return HEAD + "".join(row(folder) for folder in directories(roots))


def on_page(page: str) -> str:
    """Cut the table out of the page."""
    section = page.partition(TITLE)[2].partition("\n## ")[0]
    return "".join(f"{line}\n" for line in section.splitlines() if line.startswith("|"))


def main() -> None:
    """Replace the table on the page."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        page.replace(on_page(page), table([Path(root) for root in sys.argv[1:]])), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
