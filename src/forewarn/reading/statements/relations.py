"""Which statements of a document contradict, dispute or support each other, and which figures differ."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from forewarn.facts import Event, Figure, Relation, StatedNumber, Statement
from forewarn.reading.statements.denials import (
    CLAIMS,
    content_of,
    find_denied,
    passes_on,
    same_voice,
    topics_of,
)
from forewarn.reading.text.lexicon import read_rows

# A figure may round, or be a day older: within a tenth it repeats (assumption).
_SAME = 0.1
_REFERS = re.compile(
    r"\b(?:claims?|accusations?|allegations?|charges?|denials?|statements?|warnings?|threats?|reports?)\b",
    re.IGNORECASE,
)


# Claims back among which the like of one are sought: about ten pages (assumption).
_ECHO = 200
# Share of the words of the shorter content that like statements have in common (assumptions).
_ALIKE, _ALIKE_REPORTS = 0.25, 0.5


def find_relations(
    statements: Sequence[Statement], figures: Sequence[Figure] = (), events: Sequence[Event] = ()
) -> tuple[Relation, ...]:
    """Find pairs: a denial of a claim, an assessment of a claim, figures that differ, support.

    Parameters
    ----------
    statements, figures
        Of one document, in its order; relations carry their indexes.
    events
        Not needed yet: statements carry the topics.
    """
    found = [
        *_denials(statements),
        *_disputes(statements),
        *sorted(_supports(statements), key=lambda one: (one.first, one.second)),
        *_figures(figures, statements),
    ]
    unique: dict[tuple[str, str, int, int], Relation] = {}
    inside: dict[int | None, list[Statement]] = defaultdict(list)
    for statement in statements:
        inside[statement.inside].append(statement)
    for one in found:
        told = inside.get(one.first, ()) if one.kind == "denies" else ()
        # The first only tells of what the second's own voice said: nobody denies himself.
        if any(same_voice(each, statements[one.second]) for each in told):
            continue
        unique.setdefault((one.kind, one.of, one.first, one.second), one)
    return tuple(unique.values())


def _denials(statements: Sequence[Statement]) -> Iterator[Relation]:
    """Pair every denial with the claim that it answers, and with all claims on a topic that is narrow."""
    about = [topics_of(one) for one in statements]
    for k, denial in enumerate(statements):
        if denial.kind != "denial":
            continue
        answered = find_denied(statements, k)
        for j in range(max(0, k - _ECHO), min(len(statements), k + _ECHO)):
            claim = statements[j]
            shared = about[k] & about[j]
            topic = next(iter(sorted(shared, key=_rank)), "the same claim")
            if j != answered:
                narrow = bool(shared) and _rank(topic) == 0
                if j == k or claim.inside == k or not narrow or denial.inside == j:
                    continue
                if claim.kind not in ("accusation", "warning", "fear", "report") or passes_on(statements, j):
                    continue
                if claim.kind == "report" and j > k or same_voice(denial, claim):
                    continue
            said = f"{_name(denial)} denies what {_name(claim)} says as {_article(claim.kind)}"
            yield Relation(
                kind="denies", about=topic, of="statements", first=j, second=k, reason=f"{said}: {topic}"
            )


def _disputes(statements: Sequence[Statement]) -> Iterator[Relation]:
    """Pair an assessment of "the accusations", "these claims" with the claim last made before it."""
    for k, assessment in enumerate(statements):
        if assessment.kind not in ("assessment", "denial", "condemnation", "description"):
            continue
        if assessment.kind == "denial" and find_denied(statements, k) is not None:
            continue
        words = assessment.target.text if assessment.target else ""
        if not _REFERS.search(words) and not (
            assessment.kind in ("denial", "assessment") and _REFERS.search(content_of(assessment)[:60])
        ):
            continue
        earlier = [
            j
            for j in range(max(0, k - _ECHO), min(len(statements), k + _ECHO))
            if j != k
            and statements[j].kind in ("accusation", "denial", "threat", "report", "estimate")
            and statements[j].content[0].start < assessment.content[0].start
            and statements[j].inside != k
            and not passes_on(statements, j)
            and not same_voice(statements[j], assessment)
        ]
        said = f"{words} {content_of(assessment)[:60]}".lower()
        wanted = ("denial",) if "denial" in said else ("accusation", "denial", "threat")
        accused = [j for j in earlier if statements[j].kind in wanted]
        if not accused:
            continue
        claim = accused[-1]
        topic = next(iter(sorted(topics_of(statements[claim]), key=_rank)), "a claim")
        reason = f"{_name(assessment)} assesses a claim of {_name(statements[claim])}: {words or topic}"
        yield Relation(kind="disputes", about=topic, of="statements", first=claim, second=k, reason=reason)


def _supports(statements: Sequence[Statement]) -> Iterator[Relation]:
    """Pair like statements of different sources about the same thing; one source's are repeats."""
    about = [topics_of(one) for one in statements]
    words = [frozenset(re.findall(r"[a-z]{4,}", content_of(one).lower())) for one in statements]
    likely = [k for k, one in enumerate(statements) if one.source and one.kind in CLAIMS | {"denial"}]
    for place, k in enumerate(likely):
        for j in likely[max(0, place - _ECHO) : place]:
            first, second, shared = statements[j], statements[k], about[j] & about[k]
            if not shared or first.kind != second.kind or first.inside == k or second.inside == j:
                continue
            alike = _overlap(words[j], words[k])
            needed = _ALIKE_REPORTS if first.kind in ("report", "assessment") else _ALIKE
            if alike < needed and not (first.kind == "denial" and min(map(_rank, shared)) == 0):
                continue
            topic = sorted(shared, key=_rank)[0]
            same = same_voice(first, second)
            yield Relation(
                kind="repeats" if same else "supports",
                about=topic,
                of="statements",
                first=j,
                second=k,
                reason=f"both are {_article(first.kind)} about {topic}, of "
                + ("one source" if same else "two sources"),
            )


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def _figures(figures: Sequence[Figure], statements: Sequence[Statement]) -> Iterator[Relation]:
    """Pair figures of one term, place and time that cannot both hold, or that repeat each other."""
    alike: dict[object, list[int]] = defaultdict(list)
    for k, figure in enumerate(figures):
        places = frozenset(place.name for place in figure.places)
        is_part = any("part" in note or "total" in note for note in figure.notes)
        if places and not is_part:
            alike[figure.term, figure.unit, figure.flow, places, _time_of(figure)].append(k)
    pairs = (
        (j, k) for same in alike.values() for n, k in enumerate(same) for j in same[max(0, n - _ECHO) : n]
    )
    for j, k in sorted(pairs):
        first, second = figures[j], figures[k]
        places = frozenset(place.name for place in first.places)
        apart = not _compatible(first.quantity, second.quantity)
        where = ", ".join(sorted(places))
        yield Relation(
            kind="differs" if apart else "repeats",
            about=f"{first.term}, {where}",
            of="figures",
            first=j,
            second=k,
            reason=f"'{first.quantity_span.text}' and '{second.quantity_span.text}' for {where}",
        )


def _time_of(figure: Figure) -> tuple[date | None, date | None] | None:
    return (figure.period.earliest, figure.period.latest) if figure.period else None


def _compatible(first: StatedNumber, second: StatedNumber) -> bool:
    low = [one.low if one.low is not None else one.value for one in (first, second)]
    high = [
        one.high if one.high is not None else (None if one.bound == "at-least" else one.value)
        for one in (first, second)
    ]
    for lower, upper in ((low[0], high[1]), (low[1], high[0])):
        if lower is not None and upper is not None and lower > upper * (1 + _SAME):
            return False
    return True


def _name(statement: Statement) -> str:
    return statement.source.text if statement.source else "an unnamed source"


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


@cache
def _ranks() -> dict[str, int]:
    return {row["topic"]: int(row["rank"]) for row in read_rows("topics.csv")}


def _rank(topic: str) -> int:
    """Rank 0 is narrow enough to set a denial against a warning."""
    return _ranks()[topic]
