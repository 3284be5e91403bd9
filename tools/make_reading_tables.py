"""Write the tables of docs/reading.md about our own corpus from its stored scores: ``make skill``.

    python tools/make_reading_tables.py                                  # the page, from corpus/scores.csv
    python tools/make_reading_tables.py --score corpus/build --as "build, 1 Dec"

With ``--score`` the reader as it is now is scored on a folder, and the scores are stored under the name given
before the page is written; a name that is there already gets them anew. The held part is scored seldom, and
its texts are not looked at (docs/reading.md).
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
SCORES = ROOT / "corpus" / "scores.csv"
PAGE = ROOT / "docs" / "reading.md"
LAST: Final = "two people"
# Rows of the page, with what tools/corpus.py calls what stands in them.
ROWS: Final = {
    "figures": {
        "figures": ("figures",),
        "their precision, recall": ("figures: precision", "figures: recall"),
        "size, bound, unit": ("figure: size, bound, unit",),
        "term": ("figure: term",),
        "flow": ("figure: flow",),
        "status": ("figure: status",),
        "exact set of places": ("figure: places",),
    },
    "statements": {
        "source and content": ("statements, source and content",),
        "kind, hedges, date": ("statement: kind", "statement: hedges", "statement: date"),
        "chain, where either has one": ("statement: chain, where either has one",),
        "denial pairs": ("denial pairs",),
    },
}
Scores = dict[str, dict[str, dict[str, str]]]  # table -> column -> row -> per cent


def stored() -> Scores:
    """Read the stored scores."""
    found: Scores = {}
    with SCORES.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            column = found.setdefault(line["table"], {}).setdefault(line["column"], {})
            column[line["row"]] = line["value"]
    return found


def store(scores: Scores) -> None:
    """Write the scores back."""
    with SCORES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("table", "column", "row", "value"))
        for table, columns in scores.items():
            for column, rows in columns.items():
                writer.writerows((table, column, row, value) for row, value in rows.items())


def scored(folder: Path) -> dict[str, str]:
    """Score the reader as it is now on a folder of the corpus: row -> per cent."""
    spec = importlib.util.spec_from_file_location("corpus", ROOT / "tools" / "corpus.py")
    corpus = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = corpus
    spec.loader.exec_module(corpus)
    tally = corpus.score(folder)
    found = {row: f"{100 * tally.f1(row):.1f}" for row in tally.first}
    both, marked, read = (part["figures"] for part in (tally.both, tally.first, tally.second))
    found |= {
        "figures: precision": f"{100 * both / read:.1f}",
        "figures: recall": f"{100 * both / marked:.1f}",
    }
    alike = sorted(round(100 * tally.f1(f"figure: {field}")) for field in ("size", "bound", "unit"))
    return found | {"figure: size, bound, unit": f"{alike[0]}–{alike[-1]}"}


def add(scores: Scores, column: str, found: Mapping[str, str]) -> None:
    """Put scores into the tables, before the agreement of two people."""
    for table, rows in ROWS.items():
        wanted = {name: found[name] for names in rows.values() for name in names}
        columns = scores[table]
        people = columns.pop(LAST)
        columns[column] = wanted
        columns[LAST] = people


def table(columns: Mapping[str, Mapping[str, str]], rows: Mapping[str, Sequence[str]], name: str) -> str:
    """Write a table in Markdown."""
    lines = [[name, *columns], ["---"] * (1 + len(columns))]
    for title, parts in rows.items():
        cells = (", ".join(column[part] for part in parts if part in column) for column in columns.values())
        lines.append([title, *cells])
    return "\n".join(("| " + " | ".join(line) + " |").replace("|  |", "| |") for line in lines) + "\n"


def page(text: str, scores: Scores) -> str:
    """Put the tables between their marks in the text of the page."""
    for name, rows in ROWS.items():
        begin, end = f"<!-- {name}: made by tools/make_reading_tables.py -->\n", f"<!-- end of {name} -->\n"
        before, _, rest = text.partition(begin)
        _, mark, after = rest.partition(end)
        if not mark:
            raise SystemExit(f"docs/reading.md lacks the marks of the table of {name}")
        text = f"{before}{begin}\n{table(scores[name], rows, name)}\n{end}{after}"
    return text


def main(arguments: Sequence[str] | None = None) -> None:
    """Score if asked to, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--score", type=Path, help="folder of the corpus to score now")
    parser.add_argument("--as", dest="column", help="name of the column")
    given = parser.parse_args(arguments)
    if (given.score is None) != (given.column is None):
        parser.error("--score and --as belong together")
    scores = stored()
    if given.score:
        add(scores, given.column, scored(given.score))
        store(scores)
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), scores), encoding="utf-8")


if __name__ == "__main__":
    main()
