"""The reader against a reading of the reference dispatch by hand: offsets and labels, never its text."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from forewarn.facts import Document
from forewarn.reading.statements.find import find_statements
from forewarn.reading.statements.relations import find_relations
from forewarn.reading.text.sentences import build_pipeline

GOLD = Path(__file__).parent / "golden" / "idlib-2018-08.json"
DISPATCH = Path(__file__).resolve().parents[3] / "shared" / "dispatches" / "idlib-2018-08.txt"
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not DISPATCH.exists(), reason="needs the reference dispatch in ../shared"),
]


@pytest.fixture(scope="module")
def gold():
    return json.loads(GOLD.read_text())


@pytest.fixture(scope="module")
def statements(gold):
    raw = DISPATCH.read_bytes()
    document = Document(
        name="idlib",
        sha256=hashlib.sha256(raw).hexdigest(),
        text=raw.decode(),
        issued=date.fromisoformat(gold["issued"]),
    )
    assert document.sha256 == gold["sha256"]
    return find_statements(build_pipeline()(document.text), document)


def overlap(spans, ranges):
    ours = {at for span in spans for at in range(span.start, span.end)}
    theirs = {at for start, end in ranges for at in range(start, end)}
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 1.0


def agreement(gold, statements):
    """Yield, for each statement of the gold, which of its parts were read: content, source, kind, hedges, date."""
    for wanted in gold["statements"]:
        best = max(statements, key=lambda one: overlap(one.content, wanted["content"]))
        if overlap(best.content, wanted["content"]) < 0.5:
            yield frozenset()
            continue
        parts = {"content"}
        sources = [best.source] if best.source else []
        if overlap(sources, [wanted["source"]]) >= 0.5:
            parts.add("source")
        if best.kind == wanted["kind"]:
            parts.add("kind")
        if {label for label, _ in best.hedges} == {label for label, _ in wanted["hedges"]}:
            parts.add("hedges")
        day = [str(best.date.earliest), str(best.date.latest)] if best.date else None
        if day == ([wanted["date"]["earliest"], wanted["date"]["latest"]] if wanted["date"] else None):
            parts.add("date")
        yield frozenset(parts)


# Of 28; the floors are what is reached, so that nothing is lost unseen.
FLOORS = {"content": 28, "source": 28, "kind": 28, "hedges": 28, "date": 28}


def test_statements_of_the_reference_dispatch(gold, statements):
    read = list(agreement(gold, statements))
    counts = {part: sum(part in one for one in read) for part in FLOORS}
    missed = {k: sorted(set(FLOORS) - one) for k, one in enumerate(read) if len(one) < len(FLOORS)}
    assert all(counts[part] >= floor for part, floor in FLOORS.items()), (counts, missed)


def test_a_reader_of_nothing_fails(gold, statements):
    assert sum("content" in one for one in agreement(gold, statements[:1])) <= 1


def test_relations_of_the_reference_dispatch(gold, statements):
    def index(k):
        return max(
            range(len(statements)),
            key=lambda i: overlap(statements[i].content, gold["statements"][k]["content"]),
        )

    pairs = {(r.kind, r.first, r.second) for r in find_relations(statements)}
    accusation, powers, warning, denial = index(21), index(23), index(10), index(25)
    assert ("disputes", accusation, powers) in pairs
    assert ("denies", warning, denial) in pairs
