"""Which statements of a document contradict, dispute or support each other, and which figures differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations

from forewarn.facts import Event, Figure, Quantity, Relation, Statement
from forewarn.reading.cues import read_rows

# A figure may round, or be a day older: within a tenth it repeats (assumption).
_SAME = 0.1
_CLAIMS = frozenset({"accusation", "report", "warning", "estimate", "fear", "assessment"})
_REFERS = re.compile(
    r"\b(?:claims?|accusations?|allegations?|charges?|denials?|statements?|warnings?|reports?)\b",
    re.IGNORECASE,
)


@cache
def load_topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Load (topic, pattern) of `data/reading/topics.csv`: what two statements must share to be compared."""
    return tuple(
        (row["topic"], re.compile(rf"\b(?:{row['pattern']})\b", re.IGNORECASE))
        for row in read_rows("topics.csv")
    )


def topics_of(statement: Statement) -> frozenset[str]:
    """Tell what a statement is about.

    Parameters
    ----------
    statement
        Its content counts, with its target.
    """
    words = content_of(statement)
    return frozenset(topic for topic, pattern in load_topics() if pattern.search(words))


def content_of(statement: Statement) -> str:
    """Join the words of the content and of its target."""
    target = [statement.target.text] if statement.target else []
    return " ".join(" ".join([*target, *(span.text for span in statement.content)]).split())


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
        *_supports(statements),
        *_figures(figures, statements),
    ]
    unique: dict[tuple[str, str, int, int], Relation] = {}
    for one in found:
        unique.setdefault((one.kind, one.of, one.first, one.second), one)
    return tuple(unique.values())


def _same_voice(first: Statement, second: Statement) -> bool:
    if first.actor and first.actor == second.actor:
        return True
    words = [one.source.text.lower() if one.source else "" for one in (first, second)]
    if words[0] and words[0] == words[1]:
        return True
    # "The Russian ambassador" speaks for the actor `russia`, whatever key the ambassador has.
    pairs = ((first.actor, words[1]), (second.actor, words[0]))
    return any(len(key) > 4 and re.search(rf"\b{re.escape(key[:4])}", said) for key, said in pairs)


def _passes_on(statements: Sequence[Statement], index: int) -> bool:
    """Whether a statement only passes on what another source says."""
    return any(one.inside == index and not _same_voice(one, statements[index]) for one in statements)


def _denials(statements: Sequence[Statement]) -> Iterator[Relation]:
    """Pair every denial with the accusations, warnings and reports of others about the same thing."""
    for k, denial in enumerate(statements):
        if denial.kind != "denial":
            continue
        about = topics_of(denial)
        for j, claim in enumerate(statements):
            if j == k or claim.kind not in ("accusation", "warning", "fear", "report") or claim.inside == k:
                continue
            if _passes_on(statements, j):
                continue
            if claim.kind == "report" and j > k:
                continue
            shared = about & topics_of(claim)
            if not shared or _same_voice(denial, claim) or denial.inside == j:
                continue
            topic = sorted(shared, key=_rank)[0]
            if _rank(topic) > 0 and claim.kind not in ("accusation", "report"):
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
        words = assessment.target.text if assessment.target else ""
        if not _REFERS.search(words) and not (
            assessment.kind in ("denial", "assessment") and _REFERS.search(content_of(assessment)[:60])
        ):
            continue
        earlier = [
            j
            for j in range(len(statements))
            if j != k
            and statements[j].kind in ("accusation", "denial", "report", "estimate")
            and statements[j].content[0].start < assessment.content[0].start
            and statements[j].inside != k
            and not _passes_on(statements, j)
            and not _same_voice(statements[j], assessment)
        ]
        accused = [j for j in earlier if statements[j].kind in ("accusation", "denial")]
        if not accused:
            continue
        claim = accused[-1]
        topic = next(iter(sorted(topics_of(statements[claim]), key=_rank)), "a claim")
        reason = f"{_name(assessment)} assesses a claim of {_name(statements[claim])}: {words or topic}"
        yield Relation(kind="disputes", about=topic, of="statements", first=claim, second=k, reason=reason)


def _supports(statements: Sequence[Statement]) -> Iterator[Relation]:
    """Pair like statements of different sources about the same thing; one source's are repeats."""
    for j, k in combinations(range(len(statements)), 2):
        first, second = statements[j], statements[k]
        if first.kind != second.kind or first.kind not in _CLAIMS | {"denial"}:
            continue
        if first.inside == k or second.inside == j or not (first.source and second.source):
            continue
        shared = topics_of(first) & topics_of(second)
        alike = _overlap(content_of(first), content_of(second))
        needed = 0.5 if first.kind in ("report", "assessment") else 0.25  # share of content words: assumption
        if not shared or (alike < needed and not (first.kind == "denial" and min(map(_rank, shared)) == 0)):
            continue
        topic = sorted(shared, key=_rank)[0]
        same = _same_voice(first, second)
        yield Relation(
            kind="repeats" if same else "supports",
            about=topic,
            of="statements",
            first=j,
            second=k,
            reason=f"both are {_article(first.kind)} about {topic}, of "
            + ("one source" if same else "two sources"),
        )


def _overlap(first: str, second: str) -> float:
    words = [set(re.findall(r"[a-z]{4,}", text.lower())) for text in (first, second)]
    smaller = min(len(words[0]), len(words[1]))
    return len(words[0] & words[1]) / smaller if smaller else 0.0


def _figures(figures: Sequence[Figure], statements: Sequence[Statement]) -> Iterator[Relation]:
    """Pair figures of one term, place and time that cannot both hold, or that repeat each other."""
    for j, k in combinations(range(len(figures)), 2):
        first, second = figures[j], figures[k]
        if (first.term, first.unit, first.flow) != (second.term, second.unit, second.flow):
            continue
        places = {place.name for place in first.places}
        if not places or places != {place.name for place in second.places} or not _same_time(first, second):
            continue
        if any("part" in note or "total" in note for note in (*first.notes, *second.notes)):
            continue
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


def _same_time(first: Figure, second: Figure) -> bool:
    if first.period is None or second.period is None:
        return first.period is second.period
    bounds = [(one.period.earliest, one.period.latest) for one in (first, second) if one.period]
    return bounds[0] == bounds[1]


def _compatible(first: Quantity, second: Quantity) -> bool:
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
