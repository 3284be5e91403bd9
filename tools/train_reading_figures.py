"""Train the choices about figures on our own corpus: data/reading/figures.json.gz.

    .venv/bin/python tools/train_reading_figures.py             # train on build and lines, write the weights
    .venv/bin/python tools/train_reading_figures.py --folds 8   # score on build, by folds over its dispatches

Examples are the dispatches of corpus/build, as both readers annotated them (each reader weighs half), and the short
texts of corpus/lines. Other annotated texts (IDETECT) state no licence and are only scored. The choices are
logistic regressions with a quadratic penalty; features are kept that hold in three examples. The same corpus gives
the same weights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

import corpus
from forewarn.facts import Document, Reading
from forewarn.reading.documents.document import from_text
from forewarn.reading.figures.candidate_features import features, surroundings
from forewarn.reading.figures.candidates import Candidate, find_candidates
from forewarn.reading.figures.classify import FIELDS
from forewarn.reading.figures.field_features import Before, flow_and_status, term_features, unit_features
from forewarn.reading.figures.find import find_figures
from forewarn.reading.figures.linear_models import WEIGHTS, Choice
from forewarn.reading.places.find import find_places
from forewarn.reading.text.rules import load_rules
from forewarn.reading.text.sentences import build_pipeline

LINES = corpus.CORPUS / "lines" / "figures.txt"
# Quadratic penalty by choice, chosen by folds over build.
PENALTIES = {"figure": 2.0, "unit": 1.0, "term": 1.0, "flow": 2.0, "status": 2.0}
LEAST = 3  # examples in which a feature must hold
STEPS = 60  # of the optimiser: later ones change no score
MARK = re.compile(r"\{([^|}]+)\|(\S+) (\S+) (\S+?)(?: (\S+?))?\}")

Row = tuple[Sequence[str], str, float]
Labels = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its candidates, their features, and what each reader says of each of them."""

    document: Document
    candidates: Sequence[Candidate]
    listed: Sequence[Sequence[str]]
    readers: Sequence[Mapping[int, Labels]]


def example(
    document: Document, readings: Sequence[tuple[Sequence[corpus.Range], Sequence[Labels]]], raw: str
) -> Example:
    """Pair the candidates of a text with the figures of its readers."""
    candidates = list(find_candidates(build_pipeline()(document.text), document, load_rules("en")))
    around = surroundings(candidates, len(document.text))
    listed = [features(candidates, at, around, document.text) for at in range(len(candidates))]
    back = corpus.unmend(raw, document.text)
    spans = [back(one.counted.start, one.counted.end) for one in candidates]
    readers = []
    for ranges, labels in readings:
        pairs = corpus.match(
            (corpus.overlap([wanted], [span]), i, j)
            for i, wanted in enumerate(ranges)
            for j, span in enumerate(spans)
        )
        readers.append({j: labels[i] for i, j in pairs.items()})
    return Example(document, candidates, listed, readers)


def dispatches(folder: Path) -> list[Example]:
    """All dispatches of a folder, as both readers annotated them."""
    found = []
    for path in corpus.dispatches([folder]):
        raw = path.read_text(encoding="utf-8")
        annotations = [
            corpus.load(path, reader)
            for reader in ("first", "second")
            if path.with_suffix(f".{reader}.json").exists()
        ]
        located = [corpus.locate_all(raw, each).figures for each in annotations]
        readings = [([one.quantity for one in all_], [one.labels for one in all_]) for all_ in located]
        document = from_text(raw, name=path.name, issued=annotations[0].issued)
        found.append(example(document, readings, raw))
    return found


def lines(path: Path = LINES) -> list[Example]:
    """The short texts: "{quantity|unit term flow [status]}" is a figure, every other number is none."""
    found = []
    for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
        if paragraph.startswith("#"):
            continue
        text, ranges, labels, last = "", [], [], 0
        for mark in MARK.finditer(paragraph.strip()):
            text += paragraph[last : mark.start()]
            ranges.append(corpus.Range(len(text), len(text) + len(mark[1])))
            labels.append(dict(zip(FIELDS, (*mark.groups()[1:4], mark[5] or "reported"), strict=True)))
            text, last = text + mark[1], mark.end()
        text += paragraph[last:].strip("\n")
        found.append(example(from_text(text, name="line"), [(ranges, labels)], text))
    return found


def rows(examples: Sequence[Example]) -> Iterator[tuple[str, Row]]:
    """Yield (choice, row) for all that readers chose; the figure before is that of the reader."""
    rules = load_rules("en")
    for one in examples:
        weight = 1 / len(one.readers)
        for reader in one.readers:
            last: int | None = None
            for at, listed in enumerate(one.listed):
                yield "figure", (listed, "yes" if at in reader else "no", weight)
                if at not in reader:
                    continue
                labels, candidate = reader[at], one.candidates[at]
                before = {field: _before(one, reader, last, at, field) for field in FIELDS}
                last = at
                _, _, flows, statuses = flow_and_status(
                    one.document.text,
                    candidate,
                    listed,
                    rules,
                    str(labels["term"]),
                    (before["flow"], before["status"]),
                )
                terms = term_features(one.candidates, at, listed, before["term"])
                for field, seen in (("term", terms), ("flow", flows), ("status", statuses)):
                    yield field, (seen, str(labels[field]), weight)
                if candidate.noun is None:
                    yield (
                        "unit",
                        (unit_features(candidate, listed, before["unit"]), str(labels["unit"]), weight),
                    )


def _before(one: Example, reader: Mapping[int, Labels], last: int | None, at: int, field: str) -> Before:
    if last is None:
        return Before("none", False)
    return Before(str(reader[last][field]), one.candidates[last].words is one.candidates[at].words)


def fit(examples: Sequence[Row], penalty: float) -> Choice:
    """Fit a multinomial logistic regression; the bias is hardly penalised."""
    labels = sorted({label for _, label, _ in examples})
    counts = Counter(name for seen, _, _ in examples for name in set(seen))
    places = {name: at for at, name in enumerate(sorted(name for name in counts if counts[name] >= LEAST))}
    chosen = [sorted({places[name] for name in seen if name in places}) for seen, _, _ in examples]
    ends = np.cumsum([0, *(len(each) for each in chosen)])
    matrix = csr_matrix((np.ones(ends[-1]), np.concatenate(chosen), ends), shape=(len(examples), len(places)))
    wanted = np.array([[label == each for each in labels] for _, label, _ in examples], dtype=float)
    weights = np.array([weight for *_, weight in examples])[:, None]
    ridge = np.full((len(places), 1), penalty)
    ridge[places["bias"]] = 1e-3

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        values = flat.reshape(len(places), len(labels))
        scores = matrix @ values
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        slope = matrix.T @ ((np.exp(logs) - wanted) * weights) + ridge * values
        return float(-(weights * wanted * logs).sum() + 0.5 * (ridge * values**2).sum()), slope.ravel()

    found = minimize(
        loss, np.zeros(len(places) * len(labels)), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    values = np.round(found.x.reshape(len(places), len(labels)), 3)
    return Choice(
        tuple(labels), {name: tuple(values[at].tolist()) for name, at in places.items() if values[at].any()}
    )


def train(examples: Sequence[Example]) -> dict[str, Choice]:
    """Train all choices."""
    by_choice: dict[str, list[Row]] = {name: [] for name in PENALTIES}
    for name, row in rows(examples):
        by_choice[name].append(row)
    return {name: fit(found, PENALTIES[name]) for name, found in by_choice.items()}


def score(folds: int) -> corpus.Tally:
    """Score figures and their fields on build, each dispatch by choices that have not seen it."""
    paths = corpus.dispatches([corpus.CORPUS / "build"])
    examples, short = dispatches(corpus.CORPUS / "build"), lines()
    tally = corpus.Tally()
    for fold in range(folds):
        choices = train([*(one for at, one in enumerate(examples) if at % folds != fold), *short])
        for path, one in list(zip(paths, examples, strict=True))[fold::folds]:
            raw = path.read_text(encoding="utf-8")
            doc = build_pipeline()(one.document.text)
            places = find_places(doc, one.document)
            figures, _ = find_figures(doc, one.document, places, choices=choices)
            reading = Reading(document=one.document, reader="folds", figures=figures, places=places)
            first = corpus.locate_all(raw, corpus.load(path, "first"))
            corpus.compare(first, corpus.locate_reading(raw, reading), tally)
    return tally


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--folds", type=int, help="score by folds and write nothing")
    options = arguments.parse_args()
    if options.folds:
        tally = score(options.folds)
        print(
            *(
                line
                for line in tally.table().splitlines()
                if "statement" not in line and "denial" not in line
            ),
            sep="\n",
        )
        precision = tally.both["figures"] / tally.second["figures"]
        recall = tally.both["figures"] / tally.first["figures"]
        print(f"figures: precision {100 * precision:.1f}, recall {100 * recall:.1f}")
        return
    choices = train([*dispatches(corpus.CORPUS / "build"), *lines()])
    stored = {name: {"labels": one.labels, "weights": one.weights} for name, one in choices.items()}
    text = json.dumps(stored, separators=(",", ":"), sort_keys=True).encode()
    WEIGHTS.write_bytes(gzip.compress(text, mtime=0))
    print({name: len(one.weights) for name, one in choices.items()}, WEIGHTS.stat().st_size, "bytes")


if __name__ == "__main__":
    sys.exit(main())
