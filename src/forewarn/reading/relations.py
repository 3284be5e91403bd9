"""Which statements of a document contradict, dispute or support each other, and which figures differ."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, lru_cache

from forewarn.facts import Event, Figure, Quantity, Relation, Statement
from forewarn.reading.cues import read_rows

# A figure may round, or be a day older: within a tenth it repeats (assumption).
_SAME = 0.1
_CLAIMS = frozenset({"accusation", "report", "warning", "estimate", "fear", "assessment"})
_REFERS = re.compile(
    r"\b(?:claims?|accusations?|allegations?|charges?|denials?|statements?|warnings?|threats?|reports?)\b",
    re.IGNORECASE,
)


# What somebody else may deny; a denial may itself be denied.
_DENIABLE = _CLAIMS | {"denial", "threat", "commitment", "description", "position", "condemnation"}
# An answer stands near what it answers: statements back, and back if they share no word (assumptions).
_BACK, _NEAR = 12, 4
# Claims back among which the like of one are sought: about ten pages (assumption).
_ECHO = 200
# Share of the words of the shorter content that like statements have in common (assumptions).
_ALIKE, _ALIKE_REPORTS = 0.25, 0.5
_POINTS_BACK = re.compile(
    r"^(?:that |as )?(?:this|these|those|neither|any such|such|the (?:opposite|contrary))\b|"
    r"^(?:it|that|them)$|"
    r"\b(?:no|any|nothing of) (?:such|the kind|the sort)\b|"
    r"\b(?:claims?|accusations?|allegations?|charges?|reports?|story|stories|rumou?rs?|figures?|numbers?|"
    r"wrong|untrue|false|lies?|invented|fabricat\w+|exaggerat\w+|nonsense|propaganda|fantasy|baseless)\b",
    re.IGNORECASE,
)
_ACCUSED = re.compile(r"\b(?:accusations?|allegations?|charges?)\b", re.IGNORECASE)
# Words that two statements may share by chance.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
    about after against also area because been before being city could days even families from have hours
    households hundred into just last many million month months more most never nobody none nothing
    number only other over people persons said says should since some such than that their them there
    these they this those thousand town until upon very week weeks were what when where which while will
    with would years your
        """,
    )
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
    return _topics(content_of(statement))


@lru_cache(maxsize=512)
def _topics(words: str) -> frozenset[str]:
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
        *sorted(_supports(statements), key=lambda one: (one.first, one.second)),
        *_figures(figures, statements),
    ]
    unique: dict[tuple[str, str, int, int], Relation] = {}
    for one in found:
        if one.kind == "denies" and _tells_of(statements, one.first, one.second):
            continue
        unique.setdefault((one.kind, one.of, one.first, one.second), one)
    return tuple(unique.values())


def _tells_of(statements: Sequence[Statement], first: int, second: int) -> bool:
    """Whether the first statement only tells of what the second's own voice said: nobody denies himself."""
    return any(one.inside == first and _same_voice(one, statements[second]) for one in statements)


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
    """Whether a statement only passes on what another source says: that makes up most of it."""
    holder = statements[index]
    half = 0.5 * len(content_of(holder))  # assumption
    return any(
        one.inside == index and len(content_of(one)) > half and not _same_voice(one, holder)
        for one in statements
    )


def find_denied(statements: Sequence[Statement], k: int) -> int | None:
    """Find the claim of somebody else that a statement most likely answers.

    Parameters
    ----------
    statements
        Of one document, in its order.
    k
        Index of the statement that denies, or that may.

    Returns
    -------
    int or None
        Index of the claim: one that stands in the denial itself ("denied the claim that …"), else the
        earlier one that shares most words and topics with it, the nearest of equals; else, if the denial
        only points back ("denied it", "called the allegation …"), the last claim of another voice before it.
    """
    denial = statements[k]
    stems, about = stems_of(content_of(denial)), topics_of(denial)
    best: tuple[float, int] | None = None
    for j in range(max(0, k - _BACK), min(len(statements), k + 3)):
        claim = statements[j]
        if j == k or claim.kind not in _DENIABLE or denial.inside == j or _same_voice(claim, denial):
            continue
        if claim.inside == k:
            return j
        if claim.content[0].start >= denial.content[0].start or _passes_on(statements, j):
            continue
        shared = len(stems & stems_of(content_of(claim))) + len(about & topics_of(claim))
        if shared or (claim.sentence == denial.sentence and claim.inside is None):
            best = max(best or (0, 0), (shared + (claim.kind == "accusation"), j))
    if best:
        return best[1]
    if not _POINTS_BACK.search(content_of(denial)):
        return None
    near = [
        j
        for j in range(max(0, k - _NEAR), k)
        if statements[j].kind in _DENIABLE
        and denial.inside != j
        and not _same_voice(statements[j], denial)
        and not _passes_on(statements, j)
    ]
    accused = [j for j in near if statements[j].kind == "accusation"]
    if accused and _ACCUSED.search(content_of(denial)):
        return accused[-1]
    return near[-1] if near else None


@lru_cache(maxsize=512)
def stems_of(words: str) -> frozenset[str]:
    """Take the first five letters of the words of content, so that "burned" meets "burning" (assumption).

    Examples
    --------
    >>> sorted(stems_of("that rebels had burned the houses"))
    ['burne', 'house', 'rebel']
    """
    long = re.findall(r"[^\W\d_]{4,}", words.lower())
    return frozenset(word[:5] for word in long if word not in _EMPTY)


def _denials(statements: Sequence[Statement]) -> Iterator[Relation]:
    """Pair every denial with the claim that it answers, and with all claims on a topic that is narrow."""
    about = [topics_of(one) for one in statements]
    for k, denial in enumerate(statements):
        if denial.kind != "denial":
            continue
        answered = find_denied(statements, k)
        for j, claim in enumerate(statements):
            shared = about[k] & about[j]
            topic = next(iter(sorted(shared, key=_rank)), "the same claim")
            if j != answered:
                narrow = bool(shared) and _rank(topic) == 0
                if j == k or claim.inside == k or not narrow or denial.inside == j:
                    continue
                if claim.kind not in ("accusation", "warning", "fear", "report") or _passes_on(statements, j):
                    continue
                if claim.kind == "report" and j > k or _same_voice(denial, claim):
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
            for j in range(len(statements))
            if j != k
            and statements[j].kind in ("accusation", "denial", "threat", "report", "estimate")
            and statements[j].content[0].start < assessment.content[0].start
            and statements[j].inside != k
            and not _passes_on(statements, j)
            and not _same_voice(statements[j], assessment)
        ]
        accused = [j for j in earlier if statements[j].kind in ("accusation", "denial", "threat")]
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
    likely = [k for k, one in enumerate(statements) if one.source and one.kind in _CLAIMS | {"denial"}]
    for place, k in enumerate(likely):
        for j in likely[max(0, place - _ECHO) : place]:
            first, second, shared = statements[j], statements[k], about[j] & about[k]
            if not shared or first.kind != second.kind or first.inside == k or second.inside == j:
                continue
            alike = _overlap(words[j], words[k])
            needed = (
                0.5 if first.kind in ("report", "assessment") else 0.25
            )  # share of content words: assumption
            if alike < needed and not (first.kind == "denial" and min(map(_rank, shared)) == 0):
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
