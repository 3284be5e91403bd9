"""Score drafts of whole reports: how many parts of what a planner expects they meet.

    .venv/bin/python tools/score_drafts.py corpus/reports/build [../shared/cases/reports] [--missed]

A folder holds NAME.txt beside NAME.yaml with the labels of corpus/reports/README.md; for the reports of
../shared/cases the labels stand in tests/drafting/cases.yaml. A part is one place, border or number that is
expected. A place that is asked for, by a question or in the refusal, counts as there; it is nowhere attacked.
Prints parts met and expected, by kind and in all, and for reports that are read (English) apart.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from forewarn.drafting import Draft, draft
from forewarn.errors import ForewarnError
from forewarn.facts import Reading
from forewarn.reading.documents.loading import load
from forewarn.reading.places.gazetteer import fold
from forewarn.reading.reader import read

CASES = Path(__file__).parents[1] / "tests" / "drafting" / "cases.yaml"
WITHIN = 0.25  # part by which the people of a draft may differ from the report's


@dataclass(frozen=True)
class Part:
    """Something that is expected, and whether the draft has it."""

    kind: str
    what: str
    is_met: bool


class Made:
    """A draft, or its refusal, to be asked for the places of a report by the report's names."""

    def __init__(self, reading: Reading, made: Draft | None, refusal: str) -> None:
        self.refusal = refusal
        self.document: Mapping[str, Any] = made.document if made is not None else {}
        self.notes = [refusal, *(made.notes if made is not None else ())]
        self.called: dict[str, set[str]] = {}
        for place in reading.places:
            self.called.setdefault(fold(place.span.text), set()).add(fold(place.name))
        courses = self.document.get("courses", ())
        longest = max((course.get("stages", []) for course in courses), key=len, default=[])
        self.stages = [set(stage["places"]) for stage in longest]

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """Places of the draft that a name of the report, or a country, means."""
        said = fold(name)
        wanted = {said, *self.called.get(said, ())}
        for bare in (said.removesuffix(" camp"), said.partition(" ")[2]):
            wanted |= {bare, *self.called.get(bare, ())} if bare else set()
        found = []
        for row in self.document.get("places", ()):
            bare = row["name"].partition(" (")[0]
            if {fold(row["name"]), fold(bare), fold(bare).removesuffix(" camp")} & wanted:
                found.append(row)
        return found

    def asks(self, name: str) -> bool:
        """Whether the draft, or its refusal, asks for a place."""
        asking = [note for note in self.notes if "--locate" in note or "--places" in note]
        return any(fold(name) in fold(note) for note in asking)

    def crossings(self, name: str) -> list[Mapping[str, Any]]:
        """Crossings of that name, or into a place or country of it."""
        zones = {row["zone"] for row in self.rows(name)}
        countries = {fold(name), *self.called.get(fold(name), ())}
        found = [c for c in self.document.get("crossings", ()) if fold(name) in fold(c["title"])]
        return found or [
            crossing
            for crossing in self.document.get("crossings", ())
            if zones & set(crossing["between"]) or countries & set(map(fold, crossing["between"]))
        ]

    def is_shut(self, name: str) -> bool:
        """Whether nobody is sent to a place: it is not there, has no pull, or lies behind closed crossings."""
        rows = self.rows(name)
        attacked = set().union(*self.stages) if self.stages else set()
        crossings = self.crossings(name)
        return all(
            row.get("attraction") == 0 or row["name"] in attacked or row.get("isolated") for row in rows
        ) or (bool(crossings) and all(each["status"] == "closed" for each in crossings))


def made_of(path: Path, issued: date) -> tuple[Reading, Draft | None, str]:
    """Read a report and draft it."""
    reading = read(load(str(path), issued=issued))
    try:
        return reading, draft([reading], issued=issued), ""
    except ForewarnError as error:
        return reading, None, str(error)


def parts_of(made: Made, labels: Mapping[str, Any]) -> Iterator[Part]:
    """Go through what is expected of one report."""
    yield Part(
        "refused",
        str(labels.get("refuse")),
        bool(labels.get("refuse"))
        == (not made.document and "--places" not in made.refusal and "--locate" not in made.refusal),
    )
    if labels.get("refuse"):
        return
    everywhere = set().union(*made.stages) if made.stages else set()
    for each in labels.get("attacked", ()):
        names = {row["name"] for row in made.rows(each["place"])}
        asked = made.asks(each["place"])
        yield Part("attacked", each["place"], bool(names & everywhere) or asked)
        later = each["stage"] == "later" and len({a["stage"] == "later" for a in labels["attacked"]}) > 1
        first = made.stages[0] if made.stages else set()
        in_time = bool(names & everywhere) and bool(names & first) != later
        yield Part("stage", each["place"], in_time or (asked and not names & everywhere))
        for side in each.get("sides", ()):
            yield Part(
                "stage",
                f"{side} of {each['place']}",
                any(side in name.partition(" (")[2] for name in names & first),
            )
    spared = [*labels.get("fallen", ()), *labels.get("not_attacked", ())]
    wrong = [name for name in spared if any(row["name"] in everywhere for row in made.rows(name))]
    yield Part("spared", ", ".join(wrong) or "all", bool(made.document) and not wrong)
    for each in labels.get("refuges", ()):
        name, state = each["place"], each["state"]
        there = bool(made.rows(name)) or made.asks(name) or bool(made.crossings(name))
        yield Part("refuge", name, there)
        if state == "closed":
            yield Part("shut", name, there and (made.is_shut(name) or not made.rows(name)))
        elif state == "open" and each["kind"] == "crossing":
            yield Part(
                "open", name, any(c["status"] != "closed" for c in made.crossings(name)) or made.asks(name)
            )
    for name in labels.get("parties", ()):
        yield Part("party", name, bool(made.document) and made.is_shut(name))
    under = [row for row in made.document.get("places", ()) if row["name"] in everywhere]
    at_risk = [each["number"] for each in labels.get("people", ()) if each["group"] == "at-risk"]
    if at_risk:
        total = sum(row["residents"] + row["displaced"] for row in under)
        yield Part("people", f"{total:,} for {at_risk}", any(_fits(total, number) for number in at_risk))
    if "displaced" in labels:
        displaced = sum(row["displaced"] for row in under)
        yield Part("people", f"{displaced:,} displaced", displaced == labels["displaced"])
    if "claim" in labels:
        claims = [claim.get("people") for claim in made.document.get("claims", ())]
        yield Part("people", f"claims {claims}", labels["claim"] in claims)
    runs = any(
        "goes on" in course["title"] or "stops" in course["title"]
        for course in made.document.get("courses", ())
    )
    state = labels["event_state"]
    yield Part("state", state, bool(made.document) and runs == (state in ("under-way", "paused")))


def _fits(total: int, number: int | str) -> bool:
    ends = [int(part) for part in str(number).split("-")]
    return min(ends) * (1 - WITHIN) <= total <= max(ends) * (1 + WITHIN)


def cases_of(folder: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Reports of a folder with their labels."""
    own = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    for path in sorted(folder.glob("*.txt")):
        beside = path.with_suffix(".yaml")
        if beside.exists():
            yield path, yaml.safe_load(beside.read_text(encoding="utf-8"))
        elif path.stem in own:
            yield path, own[path.stem]


def main() -> None:
    """Score the folders that are given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--missed", action="store_true", help="print each part that is not met")
    given = parser.parse_args()
    for folder in given.folders:
        met: Counter[str] = Counter()
        wanted: Counter[str] = Counter()
        for path, labels in cases_of(folder):
            reading, made, refusal = made_of(path, date.fromisoformat(str(labels["issued"])))
            parts = list(parts_of(Made(reading, made, refusal), labels))
            foreign = "" if labels.get("language", "en") == "en" else " (not read)"
            for part in parts:
                kind = part.kind + foreign
                wanted[kind] += 1
                met[kind] += part.is_met
            if given.missed:
                print(f"{path.stem}{foreign}: {sum(p.is_met for p in parts)} of {len(parts)} {refusal[:200]}")
                for part in parts:
                    print("" if part.is_met else f"    {part.kind}: {part.what}\n", end="")
        print(f"{folder}: {met.total()} of {wanted.total()} parts")
        english = [kind for kind in wanted if "(" not in kind]
        print(f"    in English {sum(met[k] for k in english)} of {sum(wanted[k] for k in english)}: ", end="")
        print(", ".join(f"{kind} {met[kind]}/{wanted[kind]}" for kind in english))


if __name__ == "__main__":
    main()
