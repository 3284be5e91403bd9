"""Score the reader on IDETECT's excerpts with the scorer of ../shared (displacement facts, places, country).

    .venv/bin/python tools/score_reading.py ../shared/data/reading [--half even|odd|all] [--errors FIELD]

Rules were written on the excerpts whose text group is even; the odd ones are only scored. Prints top-1 F1 by
clean labels; the scorer's own protocol stands in its `--help`.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from forewarn.reading.documents.document import from_text
from forewarn.reading.figures.context import salience
from forewarn.reading.places.find import country_of
from forewarn.reading.reader import read_figures
from forewarn.reading.text.sentences import build_pipeline

TERMS = {
    "displaced": "Displaced",
    "evacuated": "Evacuated",
    "forced-to-flee": "Forced to Flee",
    "homeless": "Homeless",
    "in-relief-camp": "In Relief Camp",
    "sheltered": "Sheltered",
    "relocated": "Relocated",
    "destroyed-housing": "Destroyed Housing",
    "partially-destroyed-housing": "Partially Destroyed Housing",
    "uninhabitable-housing": "Uninhabitable Housing",
}


def facts(text: str) -> list[dict[str, object]]:
    """Facts of a text in the scorer's form, the headline figure first."""
    document = from_text(text, name="excerpt")
    figures, places, _ = read_figures(build_pipeline()(document.text), document)
    country = country_of(places, document.text) or None
    found = []
    for figure in sorted(figures, key=salience):
        if figure.term in TERMS and figure.quantity.share is None:
            quantity = figure.quantity.value if figure.quantity.value is not None else figure.quantity.low
            found.append(
                {
                    "quantity": int(quantity or 0),
                    "unit": figure.unit.title(),
                    "term": TERMS[figure.term],
                    "location": [place.span.text for place in figure.places] or [p.span.text for p in places],
                    "country": country,
                }
            )
    return found


def load_scorer(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_idetect", folder / "score_idetect.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score(
    folder: Path, half: str = "all"
) -> tuple[dict[str, tuple[float, float, float, int]], dict[str, list[tuple[object, ...]]]]:
    """Score: field -> (precision, recall, F1, number), and the errors by field."""
    scorer = load_scorer(folder)
    docs = scorer.load_gold(folder / "idetect_train.csv", "clean", None)
    wanted = {"even": {0}, "odd": {1}, "all": {0, 1}}[half]
    docs = {group: doc for group, doc in docs.items() if int(group[1:]) % 2 in wanted}
    ids = {excerpt for doc in docs.values() for excerpt in doc["ids"]}
    with (folder / "idetect_train.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["excerpt_id"] in ids]
    predictions = {row["excerpt_id"]: facts(row["excerpt"]) for row in rows}
    return scorer.score(docs, predictions, "top1")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--half", choices=("even", "odd", "all"), default="all")
    arguments.add_argument("--errors")
    options = arguments.parse_args()
    scores, errors = score(options.folder, options.half)
    for field, (precision, recall, f1, number) in scores.items():
        print(f"{field:14}{number:5d}  P {100 * precision:5.1f}  R {100 * recall:5.1f}  F1 {100 * f1:5.1f}")
    if options.errors:
        for error in errors[options.errors]:
            print(*error)


if __name__ == "__main__":
    sys.exit(main())
