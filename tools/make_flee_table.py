"""Write the table of Flee directories into docs/flee.md: which run, and why the others are refused.

    python tools/make_flee_table.py ../shared/data/flee ../shared/data/flee-wild

Each directory is run over its own days, with its own settings or Flee's defaults. `tests/flee/test_table.py`
compares the page with what this gives.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from forewarn.flee.checking import check_directory

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "flee.md"
HEAD: Final = "| directory | here | first reason, or number of notes |\n| --- | --- | --- |\n"
TITLE: Final = "## Directories\n"


def directories(roots: Sequence[Path]) -> list[Path]:
    """Find all Flee directories under `roots`, by name."""
    found = {path.parent for root in roots for path in root.glob("**/input_csv")}
    return sorted(found, key=lambda path: path.name.lower())


def row(folder: Path) -> str:
    """Write the row of one directory."""
    found = check_directory(folder, None)
    if not found.wrong:
        number = len(found.assumed)
        return f"| {folder.name} | runs | {number or 'no'} note{'s' * (number != 1)} |\n"
    first = found.wrong[0]
    return f"| {folder.name} | refused | {first.where}: {first.what} |\n"


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
