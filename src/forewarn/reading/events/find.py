"""Events and arrangements: attacks with their stages, deals, talks, posts, borders, control, support.

The rules stand in data/reading/events.toml: what names an event, and which words around it say whether it
is past, under way, planned, threatened, possible, asked for, alleged or denied.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from forewarn.facts import (
    Actor,
    Document,
    Event,
    EventKind,
    EventStatus,
    PartialDate,
    PlaceMention,
    Span,
    Statement,
)
from forewarn.reading.dates.find import FoundDates
from forewarn.reading.events.sectors import find_excluded, find_sectors, is_for_now
from forewarn.reading.text.lexicon import saying
from forewarn.reading.text.spans import BySentence

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class EventRules:
    """What names an event, what tells its status, its stage and its details; in order of precedence."""

    kinds: tuple[tuple[EventKind, re.Pattern[str]], ...]
    pseudo: re.Pattern[str]
    statuses: tuple[tuple[EventStatus, str, re.Pattern[str]], ...]
    stages: tuple[tuple[int, re.Pattern[str]], ...]
    details: Mapping[str, re.Pattern[str]]


@cache
def load_rules() -> EventRules:
    """Load and compile the rules."""
    table = tomllib.loads(files("forewarn").joinpath("data", "reading", "events.toml").read_text("utf-8"))
    return EventRules(
        kinds=tuple(
            (row["kind"], _compile(rf"(?<![\w-])(?:{row['pattern']})(?!\w)")) for row in table["kinds"]
        ),
        pseudo=_compile(rf"\b(?:{table['status']['pseudo']})\b"),
        statuses=tuple((status, where, _compile(words)) for status, where, words in table["status"]["rows"]),
        stages=tuple((stage, _compile(words)) for stage, words in table["stages"]["rows"]),
        details={name: _compile(words) for name, words in table["details"].items()},
    )


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ATTACKS = ("attack", "chemical-attack")


@dataclass(frozen=True, slots=True)
class EventClause:
    """An event's words, their sentence, and the bounds of the clause around them; characters of the text."""

    text: str
    sentence: tuple[int, int]
    start: int
    end: int
    bounds: tuple[int, int]

    @property
    def before(self) -> str:
        """Words of the clause before the event."""
        return self.text[self.bounds[0] : self.start]

    @property
    def after(self) -> str:
        """Words of the clause after it."""
        return self.text[self.end : self.bounds[1]]


def find_events(
    doc: Doc,
    document: Document,
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    places: Sequence[PlaceMention],
    *,
    dates: FoundDates | None = None,
) -> tuple[Event, ...]:
    """Find the events and arrangements of a document.

    An attack that is to come "but not yet" on a place excludes that place, and implies a later stage there
    of status ``possible``. Nothing is said of who is responsible: an alleged event is ``alleged``.

    Parameters
    ----------
    doc
        Tokens and sentences of ``document.text``.
    actors, statements, places
        Found in the same document.
    dates
        Of the document; found if none are given.

    Returns
    -------
    tuple of Event
        By place in the text.

    Examples
    --------
    >>> from forewarn.reading.documents.document import from_text
    >>> from forewarn.reading.text.sentences import build_pipeline
    >>> document = from_text("The army is preparing an offensive.", name="note", issued=None)
    >>> [(e.kind, e.status) for e in find_events(build_pipeline()(document.text), document, (), (), ())]
    [('attack', 'planned')]
    """
    rules = load_rules()
    dates = FoundDates(document) if dates is None else dates
    events: list[Event] = []
    sentences = [(sentence.start_char, sentence.end_char) for sentence in doc.sents]
    named = BySentence(sentences, _mentions(actors), lambda mention: [mention[:2]])
    stated = BySentence(
        sentences, enumerate(statements), lambda pair: [(span.start, span.end) for span in pair[1].content]
    )
    placed = BySentence(sentences, places, lambda place: [(place.span.start, place.span.end)])
    for index, sentence in enumerate(sentences):
        here: list[Event] = []
        found = _Found(named.of(index), stated.of(index), placed.of(index), dates)
        for kind, clause in _triggers(document.text, sentence, rules):
            if _is_named(clause, found.mentions):
                continue
            event = _make(kind, clause, found, rules)
            if _repeats(event, here, clause):
                continue
            here.append(event)
            if kind in _ATTACKS and event.excluded and is_for_now(document.text[slice(*sentence)]):
                here.append(_later(event, document.text))
            here += _continued(event, clause)
        events += here
    return tuple(sorted(events, key=lambda event: (event.span.start, event.span.end)))


Mention = tuple[int, int, Actor]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the sentence of an event holds: mentions in the order of the text, statements with their index.

    Dates are those of the whole document.
    """

    mentions: Sequence[Mention]
    statements: Sequence[tuple[int, Statement]]
    places: Sequence[PlaceMention]
    dates: FoundDates


def _mentions(actors: Sequence[Actor]) -> list[Mention]:
    return sorted(
        ((m.start, m.end, actor) for actor in actors for m in actor.mentions), key=lambda row: row[:2]
    )


def _triggers(
    text: str, sentence: tuple[int, int], rules: EventRules
) -> Iterator[tuple[EventKind, EventClause]]:
    """Yield kinds and clauses of a sentence; of two kinds for the same words the first in the table."""
    taken: list[tuple[int, int]] = []
    sentence = (sentence[0], min(sentence[1], sentence[0] + _LONGEST))
    for kind, pattern in rules.kinds:
        for found in pattern.finditer(text, *sentence):
            start, end = found.start(), found.start() + len(found[0].rstrip())
            if end > start and all(end <= a or b <= start for a, b in taken):
                taken.append((start, end))
                yield kind, EventClause(text, sentence, start, end, _bounds(text, sentence, start, end))


# Characters of a sentence that are read: longer ones are no prose (assumption), and must not cost more.
_LONGEST = 2000

# What parts clauses whose tense and negation do not reach each other.
_BREAK = re.compile(
    r";|,?\s+(?:but|while|although|whereas|after|before|because|who|which|whose|where|when)\s|,\s+(?:and|then)\s",
    re.I,
)


def _bounds(text: str, sentence: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    first, last = sentence
    for found in _BREAK.finditer(text, *sentence):
        if found.end() <= start:
            first = found.end()
        elif found.start() >= end:
            last = found.start()
            break
    return first, last


def _make(
    kind: EventKind,
    clause: EventClause,
    found: _Found,
    rules: EventRules,
) -> Event:
    text = clause.text
    is_attack = kind in _ATTACKS
    excluded = find_excluded(text, clause.sentence, found.places) if is_attack else ()
    barred = {(place.span.start, place.span.end) for place in excluded}
    inside = tuple(
        p
        for p in found.places
        if _within(p.span, clause.sentence) and (p.span.start, p.span.end) not in barred
    )
    doers, done_to = _roles(clause, kind, found.mentions)
    near = text[slice(*clause.bounds)]
    return Event(
        span=Span(start=clause.start, end=clause.end, text=text[clause.start : clause.end]),
        kind=kind,
        status=_status(clause, kind, rules),
        stage=next((stage for stage, pattern in rules.stages if pattern.search(near)), None)
        if is_attack
        else None,
        actors=doers,
        targets=done_to,
        places=inside,
        sectors=find_sectors(near) if is_attack else (),
        excluded=excluded,
        date=_date(clause, found.dates),
        statement=_innermost(clause, found.statements),
        details=_details(kind, clause, rules),
    )


def _within(span: Span, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= span.start and span.end <= bounds[1]


_PRESENT = frozenset({"support", "control"})
_ONGOING = re.compile(
    r"advances?\b|(?:advanc|storm|invad|shell|bomb|attack|encircl|besieg|blockad)ing\b", re.I
)
_GATHERING = re.compile(r"mass|.*build", re.I)
_INDEFINITE = re.compile(r"\b(?:an?|any|another|such an?)\s+$", re.I)
_MODAL = re.compile(r"\b(?:could|(?-i:may)|might|would|risks?)\b", re.I)


def _status(clause: EventClause, kind: EventKind, rules: EventRules) -> EventStatus:
    before = rules.pseudo.sub(" ", clause.before)
    after = rules.pseudo.sub(" ", clause.after)
    verb = clause.text[clause.start : clause.end].lower()
    said = [found.start() for found in _SAID.finditer(before)]
    told = before[said[-1] :] if said else before
    for status, where, pattern in rules.statuses:
        if kind in _PRESENT and status == "planned":
            continue
        near = before if status in ("denied", "alleged") else told
        if pattern.search(near if where == "before" else after):
            return "planned" if status == "under-way" and _GATHERING.match(verb) else status
    if _GATHERING.match(verb):
        return "planned"
    if clause.text[slice(*clause.sentence)].rstrip().endswith("?"):
        return "possible"
    if kind in _ATTACKS:
        if kind == "chemical-attack":
            return "alleged"  # never a fact
        rest = clause.text[clause.end : clause.sentence[1]]
        if _INDEFINITE.search(clause.before) and _MODAL.search(rest):
            return "possible"
        return "under-way" if _ONGOING.match(verb) else "past"
    if kind in _PRESENT and not re.search(r"(?:ed|took|seized|withdrew)\b", verb):
        return "under-way"
    return "past"


_SAYING = f"(?:{saying('before-an-event')})"
_SAID = re.compile(rf"\b{_SAYING}\b", re.IGNORECASE)
_SAID_ON = re.compile(rf"\b{_SAYING}(?: on| in| late| early)*\s*$", re.IGNORECASE)
_LINK = re.compile(r"\b(?:by|between|with|against|on|of|to|from|in|at|for|that|which)\b", re.IGNORECASE)
_FIGHTING = frozenset({"government", "armed-forces", "armed-group", "alliance"})


def _date(clause: EventClause, dates: FoundDates) -> PartialDate | None:
    """Return the first date of the sentence that is not the day on which something was said."""
    first, last = clause.sentence
    words = clause.text[first:last]
    for span, day in dates.within(first, last):
        if not _SAID_ON.search(words[: span.start - first]):
            return day
    return None


def _roles(
    clause: EventClause, kind: EventKind, mentions: Sequence[Mention]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of who does it and to whom: before and after the event, turned round by a passive."""
    first, last = clause.bounds
    said = [found.end() for found in _SAID.finditer(clause.before)]
    first += said[-1] if said else 0
    before = [actor.key for start, end, actor in mentions if first <= start and end <= clause.start + 1]
    doers, done_to = [], []
    for start, _, actor in mentions:
        if not clause.end - 1 <= start < last:
            continue
        links = _LINK.findall(clause.text[max(clause.start, clause.end - 3) : start].lower())
        if links and links[-1] in {"by", "between", "with"}:
            doers.append(actor.key)
        elif (not links or links[-1] in {"against", "on", "of"}) and "," not in clause.text[
            clause.end : start
        ]:
            done_to.append(actor.key)
    named = clause.text[clause.start : clause.end].lower()
    if kind == "support" and (named.endswith(" by") or re.match(r"\s+by\b", clause.after)):
        before, done_to = [], [*before, *done_to]
    if kind in (*_ATTACKS, "siege", "control"):
        kinds = {actor.key: actor.kind for _, _, actor in mentions}
        before = [key for key in before if kinds[key] in _FIGHTING or (kind == "chemical-attack" and said)]
    return tuple(dict.fromkeys(before + doers)), tuple(dict.fromkeys(done_to))


def _innermost(clause: EventClause, statements: Sequence[tuple[int, Statement]]) -> int | None:
    holding = [
        (span.end - span.start, index)
        for index, statement in statements
        for span in statement.content
        if span.start <= clause.start and clause.end <= span.end
    ]
    return min(holding)[1] if holding else None


def _details(kind: EventKind, clause: EventClause, rules: EventRules) -> tuple[tuple[str, str], ...]:
    words = clause.text[slice(*clause.sentence)]
    own = clause.text[slice(*clause.bounds)]
    found = []
    if kind in _ATTACKS:
        found += [("means", match[0].lower()) for match in rules.details["means"].finditer(own)]
        found = [pair for pair in found if kind != "attack" or not pair[1].startswith("chemical")]
    elif kind in ("talks", "meeting"):
        found += [("door", door) for door in ("closed", "open") if rules.details[door].search(words)]
        asked = re.search(r"(?:requested|called|asked for|convened) by ([A-Z]\w+)", words)
        found += [("asked-for-by", asked[1])] if asked else []
    elif kind == "border":
        named = clause.text[clause.start : clause.end]
        found += [("state", s) for s in ("closed", "open") if rules.details[f"border-{s}"].search(named)][:1]
    elif kind == "support":
        found += [("with", s) for s in ("arms", "money") if rules.details[f"support-{s}"].search(own)]
    return tuple(dict.fromkeys(found))


def _later(event: Event, text: str) -> Event:
    """Make the stage that "not yet" implies."""
    first, last = event.excluded[0].span, event.excluded[-1].span
    return event.model_copy(
        update={
            "span": Span(start=first.start, end=last.end, text=text[first.start : last.end]),
            "status": "possible",
            "stage": (event.stage or 1) + 1,
            "places": event.excluded,
            "sectors": find_sectors(text[max(0, first.start - 12) : last.end]),
            "excluded": (),
            "date": None,
            "details": (("implied-by", "not yet"),),
        }
    )


_NEXT = re.compile(
    r"\b(?:later|then|subsequently|eventually)\s+(?:(?:from|in|on|against|into|to)\s+)?", re.IGNORECASE
)


def _continued(event: Event, clause: EventClause) -> Iterator[Event]:
    """Yield the stage of "first from the east, and later from the south", which has no verb of its own."""
    found = _NEXT.search(clause.text, clause.end, clause.sentence[1])
    if event.stage != 1 or event.kind not in _ATTACKS or not found:
        return
    stop = re.compile(r"[,;.]").search(clause.text, found.end(), clause.sentence[1])
    end = stop.start() if stop else clause.sentence[1]
    sectors = find_sectors(clause.text[found.start() : end])
    places = tuple(place for place in event.places if _within(place.span, (found.start(), end)))
    if sectors or places:
        span = Span(start=found.start(), end=end, text=clause.text[found.start() : end])
        changed = {
            "span": span,
            "stage": 2,
            "sectors": sectors,
            "places": places,
            "excluded": (),
            "details": (),
        }
        yield event.model_copy(update=changed)


def _is_named(clause: EventClause, mentions: Sequence[Mention]) -> bool:
    """Whether the words are part of a name: "Support" in "Rapid Support Forces"."""
    return any(start <= clause.start and clause.end <= end for start, end, _ in mentions)


def _repeats(event: Event, earlier: Sequence[Event], clause: EventClause) -> bool:
    """Whether a clause says the same stage of an attack twice: "the offensive would target"."""
    return event.kind in _ATTACKS and any(
        other.kind == event.kind
        and clause.bounds[0] <= other.span.start < clause.bounds[1]
        and (other.stage, other.status) == (event.stage, event.status)
        for other in earlier
    )
