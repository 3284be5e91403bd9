"""Check, compare and score the annotated dispatches of corpus/.

    python tools/corpus.py check
    python tools/corpus.py find corpus/build/01-slug.txt "words"
    python tools/corpus.py agreement [FOLDER …]
    python tools/corpus.py score FOLDER

`check` lists every fault of the files; `find` gives the occurrences of words (the `at` of an annotation);
`agreement` compares the second reader with the first; `score` compares what `forewarn.reading` reads with the
first reader. corpus/README.md says how to annotate and how to read the table.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from forewarn.facts import (
    Bound,
    FigureStatus,
    Flow,
    Hedge,
    PlaceRole,
    Quotation,
    Reading,
    StatementKind,
    Term,
    Unit,
)
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

CORPUS = Path(__file__).parents[1] / "corpus"
FOLDERS = ("build", "held")
WORDS = (300, 600)  # assumption: the length that issue 4 asks for
LINKED = 0.5  # assumption: share of characters in common from which two spans are one
Style = Literal[
    "agency",
    "un-flash",
    "ngo-sitrep",
    "radio",
    "machine-translated",
    "monitor-blog",
    "press-conference",
    "local-paper",
    "broken-entities",
    "pdf-joined",
]


class Closed(BaseModel):
    """Frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Passage(Closed):
    """Words of a dispatch and which of their occurrences is meant, counted from 0."""

    text: str = Field(min_length=1)
    at: int = Field(0, ge=0)


class HedgePassage(Passage):
    """Words that hedge a statement."""

    label: Hedge


class PlaceNote(Closed):
    """A place of a figure, as written."""

    text: str = Field(min_length=1)
    role: PlaceRole


class FigureNote(Passage):
    """A figure as annotated; `statement` is the innermost statement that it stands in."""

    quantity: str
    value: float | None
    low: float | None
    high: float | None
    bound: Bound
    share: float | None = Field(None, ge=0, le=1)
    unit: Unit
    term: Term
    flow: Flow
    status: FigureStatus
    places: tuple[PlaceNote, ...]
    statement: int | None


class StatementNote(Closed):
    """A statement as annotated."""

    source: Passage | None
    cue: Passage | None
    content: tuple[Passage, ...] = Field(min_length=1)
    quotation: Quotation
    kind: StatementKind
    hedges: tuple[HedgePassage, ...]
    chain: tuple[Passage, ...]
    inside: int | None
    date: tuple[date, date] | None


class Annotation(Closed):
    """All that one reader found in a dispatch."""

    invented: Literal[True]
    style: Style
    region: str = Field(min_length=1)
    issued: date
    figures: tuple[FigureNote, ...]
    statements: tuple[StatementNote, ...]
    denials: tuple[tuple[int, int], ...]


class Range(NamedTuple):
    """Characters of a text, half open."""

    start: int
    end: int


Size = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class LocatedFigure:
    """A figure with offsets; `labels` hold what is compared field by field."""

    quantity: Range
    labels: dict[str, object]
    statement: int | None


@dataclass(frozen=True, slots=True)
class LocatedStatement:
    """A statement with offsets."""

    source: Range | None
    content: tuple[Range, ...]
    chain: tuple[Range, ...]
    labels: dict[str, object]


@dataclass(frozen=True, slots=True)
class Located:
    """What was found in a text, by whomever."""

    figures: tuple[LocatedFigure, ...]
    statements: tuple[LocatedStatement, ...]
    denials: tuple[tuple[int, int], ...]


def occurrences(text: str, words: str) -> Iterator[int]:
    """Where `words` start in `text`, overlapping ones included."""
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def locate(text: str, passage: Passage) -> Range | None:
    """Offsets of a passage; nothing if it is not there as often as it says."""
    starts = list(occurrences(text, passage.text))
    if passage.at >= len(starts):
        return None
    return Range(starts[passage.at], starts[passage.at] + len(passage.text))


def size_of(value: float | None, low: float | None, high: float | None, bound: str) -> Size:
    """Magnitude that is compared: the bounds of a range, the number of anything else."""
    return (None, low, high) if bound == "range" else (value, None, None)


def locate_all(text: str, annotation: Annotation) -> Located:
    """Give an annotation offsets; it must have passed `faults`."""

    def at(passage: Passage) -> Range:
        found = locate(text, passage)
        if found is None:
            message = f"not in the text: {passage.text!r}, occurrence {passage.at}"
            raise ValueError(message)
        return found

    figures = []
    for each in annotation.figures:
        start = at(each).start + each.text.index(each.quantity)
        labels: dict[str, object] = {
            "size": size_of(each.value, each.low, each.high, each.bound),
            "bound": each.bound,
            "unit": each.unit,
            "term": each.term,
            "flow": each.flow,
            "status": each.status,
            "places": frozenset((place.text.casefold(), place.role) for place in each.places),
        }
        figures.append(LocatedFigure(Range(start, start + len(each.quantity)), labels, each.statement))
    statements = [
        LocatedStatement(
            at(each.source) if each.source else None,
            tuple(at(part) for part in each.content),
            tuple(at(teller) for teller in each.chain),
            {
                "kind": each.kind,
                "quotation": each.quotation,
                "hedges": frozenset(hedge.label for hedge in each.hedges),
                "date": each.date,
            },
        )
        for each in annotation.statements
    ]
    return Located(tuple(figures), tuple(statements), annotation.denials)


def unmend(text: str, mended: str) -> Callable[[int, int], Range]:
    """Make a function from offsets of mended text to those of the text as it came."""
    origin: list[int] = []
    for _, a, b, c, d in SequenceMatcher(None, mended, text, autojunk=False).get_opcodes():
        origin += [min(c + step, d) for step in range(b - a)]
    origin.append(len(text))

    def at(start: int, end: int) -> Range:
        return Range(origin[start], max(origin[end - 1] + 1, origin[start]) if end > start else origin[start])

    return at


def locate_reading(text: str, reading: Reading) -> Located:
    """Give a reading the offsets of the text as it came: the reader mends it before it counts."""
    at = unmend(text, reading.document.text)
    figures = []
    for each in reading.figures:
        quantity = each.quantity
        labels: dict[str, object] = {
            "size": size_of(quantity.value, quantity.low, quantity.high, quantity.bound),
            "bound": quantity.bound,
            "unit": each.unit,
            "term": each.term,
            "flow": each.flow,
            "status": each.status,
            "places": frozenset((place.span.text.casefold(), place.role) for place in each.places),
        }
        span = each.quantity_span
        figures.append(LocatedFigure(at(span.start, span.end), labels, each.statement))
    statements = [
        LocatedStatement(
            at(each.source.start, each.source.end) if each.source else None,
            tuple(at(part.start, part.end) for part in each.content),
            tuple(at(teller.start, teller.end) for teller in each.chain),
            {
                "kind": each.kind,
                "quotation": each.quotation,
                "hedges": frozenset(label for label, _ in each.hedges),
                "date": (each.date.earliest, each.date.latest)
                if each.date and each.date.earliest and each.date.latest
                else None,
            },
        )
        for each in reading.statements
    ]
    denials = tuple(
        (each.first, each.second)
        for each in reading.relations
        if each.of == "statements" and each.kind in ("denies", "disputes")
    )
    return Located(tuple(figures), tuple(statements), denials)


def overlap(one: Iterable[Range], other: Iterable[Range]) -> float:
    """Characters in common over characters of either, 0 to 1."""
    mine = {position for span in one for position in range(*span)}
    theirs = {position for span in other for position in range(*span)}
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0


def match(scores: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """Pair first with second, the best overlap first, each at most once."""
    pairs: dict[int, int] = {}
    for score, one, other in sorted(scores, key=lambda each: (-each[0], each[1], each[2])):
        if score >= LINKED and one not in pairs and other not in pairs.values():
            pairs[one] = other
    return pairs


def linked(one: LocatedStatement, other: LocatedStatement) -> float:
    """Overlap of the contents if the sources overlap too (or nobody is named in both), else 0."""
    if one.source is None or other.source is None:
        same = one.source is other.source
    else:
        same = overlap([one.source], [other.source]) >= LINKED
    return overlap(one.content, other.content) if same else 0.0


class Tally:
    """Counts behind a table: what both have, what the first has, what the second has."""

    def __init__(self) -> None:
        self.both: Counter[str] = Counter()
        self.first: Counter[str] = Counter()
        self.second: Counter[str] = Counter()

    def count(self, row: str, both: int, first: int, second: int) -> None:
        """Add to a row."""
        self.both[row] += both
        self.first[row] += first
        self.second[row] += second

    def f1(self, row: str) -> float:
        """Harmonic mean of precision and recall; for a field of matched pairs it is their agreement."""
        total = self.first[row] + self.second[row]
        return 2 * self.both[row] / total if total else float("nan")

    def table(self) -> str:
        """All rows as a Markdown table."""
        lines = ["| compared | first | second | both | F1 or agreement, % |", "|---|--:|--:|--:|--:|"]
        lines += [
            f"| {row} | {self.first[row]} | {self.second[row]} | {self.both[row]} | {100 * self.f1(row):.1f} |"
            for row in self.first
        ]
        return "\n".join(lines)


def compare(first: Located, second: Located, tally: Tally) -> None:
    """Add to a tally how two readings of one text agree."""
    figures = match(
        (overlap([one.quantity], [other.quantity]), i, j)
        for i, one in enumerate(first.figures)
        for j, other in enumerate(second.figures)
    )
    statements = match(
        (linked(one, other), i, j)
        for i, one in enumerate(first.statements)
        for j, other in enumerate(second.statements)
    )
    tally.count("figures", len(figures), len(first.figures), len(second.figures))
    for i, j in figures.items():
        one, other = first.figures[i], second.figures[j]
        for field, label in one.labels.items():
            tally.count(f"figure: {field}", int(label == other.labels[field]), 1, 1)
        mine = None if one.statement is None else statements.get(one.statement, -1)
        tally.count("figure: statement", int(mine == other.statement), 1, 1)
    tally.count(
        "statements, source and content", len(statements), len(first.statements), len(second.statements)
    )
    for i, j in statements.items():
        says, told = first.statements[i], second.statements[j]
        for field, label in says.labels.items():
            tally.count(f"statement: {field}", int(label == told.labels[field]), 1, 1)
        same = len(says.chain) == len(told.chain) and all(
            overlap([a], [b]) >= LINKED for a, b in zip(says.chain, told.chain, strict=True)
        )
        tally.count("statement: chain", int(same), 1, 1)
        if says.chain or told.chain:
            tally.count("statement: chain, where either has one", int(same), 1, 1)
    kept = sum((statements.get(a), statements.get(b)) in second.denials for a, b in first.denials)
    tally.count("denial pairs", kept, len(first.denials), len(second.denials))


def dispatches(folders: Sequence[Path]) -> list[Path]:
    """Texts of the folders, in order."""
    return sorted(path for folder in folders for path in folder.glob("*.txt"))


def load(path: Path, reader: str) -> Annotation:
    """Annotation of a text by the `first` or the `second` reader."""
    return Annotation.model_validate_json(path.with_suffix(f".{reader}.json").read_bytes())


def faults(text: str, annotation: Annotation) -> list[str]:
    """Everything that is wrong with an annotation, in words."""
    wrong = []
    length = len(annotation.statements)
    passages: list[tuple[str, Passage]] = []
    for number, figure in enumerate(annotation.figures):
        where = f"figures[{number}]"
        passages.append((where, figure))
        wrong += [f"{where}: {each}" for each in figure_faults(text, figure, length)]
    for number, said in enumerate(annotation.statements):
        where = f"statements[{number}]"
        for part in (said.source, said.cue, *said.content, *said.hedges, *said.chain):
            if part is not None:
                passages.append((where, part))
        if said.inside is not None and (said.inside == number or not 0 <= said.inside < length):
            wrong.append(f"{where}: inside {said.inside} is no other statement")
        if said.date and not said.date[0] <= said.date[1] <= annotation.issued:
            wrong.append(f"{where}: dates out of order, or after the day of issue")
    wrong += [
        f"{where}: not in the text: {part.text!r}, occurrence {part.at}"
        for where, part in passages
        if locate(text, part) is None
    ]
    wrong += [
        f"denials: {pair} are not two statements"
        for pair in annotation.denials
        if pair[0] == pair[1] or not all(0 <= index < length for index in pair)
    ]
    return wrong


def figure_faults(text: str, figure: FigureNote, statements: int) -> Iterator[str]:
    """What is wrong with one figure."""
    if figure.quantity not in figure.text:
        yield f"the quantity {figure.quantity!r} is not in {figure.text!r}"
    low, high, value = figure.low, figure.high, figure.value
    if figure.bound == "range" and (low is None or high is None or low >= high or value is not None):
        yield "a range has a low and a higher high, and no value"
    counted = value is not None
    if counted and figure.bound == "at-least" and (low is None or high is not None):
        yield "at-least has a low and no high"
    if counted and figure.bound == "at-most" and (high is None or low is not None):
        yield "at-most has a high and no low"
    if figure.bound != "range" and value is None and figure.share is None:
        yield "no value and no share"
    if figure.statement is not None and not 0 <= figure.statement < statements:
        yield f"there is no statement {figure.statement}"
    for place in figure.places:
        if place.text not in text:
            yield f"the place {place.text!r} is not in the text"


def check(folders: Sequence[Path]) -> list[str]:
    """Everything that is wrong with the files of the folders, in words."""
    wrong = []
    for path in dispatches(folders):
        text = path.read_text(encoding="utf-8")
        words = len(text.split())
        if not WORDS[0] <= words <= WORDS[1]:
            wrong.append(f"{path.name}: {words} words; {WORDS[0]} to {WORDS[1]} are allowed")
        if not re.fullmatch(r"\d\d-[a-z0-9-]+", path.stem):
            wrong.append(f"{path.name}: a name is NN-slug.txt")
        if not path.with_suffix(".first.json").exists():
            wrong.append(f"{path.name}: nobody has annotated it; add {path.stem}.first.json")
        for reader in ("first", "second"):
            if not path.with_suffix(f".{reader}.json").exists():
                continue
            try:
                found = faults(text, load(path, reader))
            except ValidationError as error:
                found = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
            wrong += [f"{path.stem}.{reader}.json: {each}" for each in found]
    return wrong


def agreement(folders: Sequence[Path]) -> Tally:
    """How the second reader agrees with the first, where both have read."""
    tally = Tally()
    for path in dispatches(folders):
        if path.with_suffix(".second.json").exists():
            text = path.read_text(encoding="utf-8")
            first, second = (locate_all(text, load(path, reader)) for reader in ("first", "second"))
            compare(first, second, tally)
    return tally


def score(folder: Path) -> Tally:
    """How what the reader of the package reads agrees with the first reader."""
    tally = Tally()
    for path in dispatches([folder]):
        text = path.read_text(encoding="utf-8")
        annotation = load(path, "first")
        reading = read(from_text(text, name=path.name, issued=annotation.issued))
        compare(locate_all(text, annotation), locate_reading(text, reading), tally)
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 1 if a check fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=("check", "find", "agreement", "score"))
    parser.add_argument("rest", nargs="*", help="folders, or a file and words to find")
    given = parser.parse_args(arguments)
    folders = [Path(each) for each in given.rest] or [CORPUS / each for each in FOLDERS]
    if given.command == "find":
        if len(given.rest) != 2:
            parser.error("find takes a file and the words to find")
        text = Path(given.rest[0]).read_text(encoding="utf-8")
        for at, start in enumerate(occurrences(text, given.rest[1])):
            around = text[max(0, start - 40) : start + len(given.rest[1]) + 40]
            print(f"{at:4d}  {start:5d}  {around!r}")
        return 0
    if given.command == "score":
        if len(given.rest) != 1:
            parser.error("score takes one folder")
        print(score(folders[0]).table())
        return 0
    if given.command == "agreement":
        print(agreement(folders).table())
        return 0
    wrong = check(folders)
    print(*wrong, f"{len(dispatches(folders))} dispatches, {len(wrong)} faults", sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
