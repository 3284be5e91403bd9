"""The statements of a document: who says what, of what kind, how sure, when, through whom.

Linked source and content (word overlap at least 0.5), GUM v11, 28 documents of news and interviews, by
parsers of the shipped size that had not seen them (two halves): F1 0.520; without tags and parser 0.424
(`tools/score_reading_attribution.py`). On our own corpus, by characters: 0.720 on `build`, 0.646 on `held`.
First persons outside quotes are scored on GUM; here "I said" is no statement, since the writer is no source,
and of "we" only what it fears, hopes, asks, warns of, denies or estimates.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from forewarn.facts import Actor, Document, Hedge, PartialDate, Quotation, Span, Statement, StatementKind
from forewarn.reading.dates.find import FoundDates
from forewarn.reading.statements.attribution.attributed import Attribution
from forewarn.reading.statements.attribution.find import Range, find_attributions, may_attribute
from forewarn.reading.statements.attribution.phrases import without
from forewarn.reading.statements.denials import content_of, find_denied, stems_of
from forewarn.reading.statements.hedges import find_hedges, is_anonymous
from forewarn.reading.statements.kinds import is_negative, is_retort, tell_kind
from forewarn.reading.text.quotations import Quote, find_quotes
from forewarn.reading.text.syntax import parse

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_PRONOUN = re.compile(r"(?:he|she|they|it|who)", re.IGNORECASE)
_EARLIER = re.compile(
    r"(?:the|this|that|his|her|their) (?:same )?(?:\w+ )?(?:official|source|statement|minister|ambassador|"
    r"president|spokes\w+|commander|diplomat|agency|group|ministry|report|organi[sz]ation)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"(?:i|we|you|me|us)", re.IGNORECASE)

# What an organisation says of itself as "we" in its own report.
_OWN_VOICE = frozenset(["estimate", "fear", "hope", "demand", "warning", "denial", "condemnation"])

# Media, and the writer's own people: what they are told reaches the reader through them.
_PASSES_ON = re.compile(
    r"^(?:one of )?our\b|\b(?:newspapers?|paper|radio|station|news|agency|broadcaster|channel|television|tv|"
    r"daily|weekly|magazine|website|correspondent|reporter|outlet|AFP|AP|Reuters|BBC)\b",
    re.IGNORECASE,
)
_QUOTED_BY = re.compile(
    r"\b(?:quoted|cited|carried|relayed) by (?P<who>[^,;.\n]{3,60}?)"
    r"(?=\s*(?:[,;.\n]|\b(?:as|on|that|and|which|said|says)\b))"
)
_QUOTES = re.compile(
    r"(?:(?<=[.;,]\s)|(?<=and\s)|(?<=\n)|^)(?P<who>[A-Za-z][^,;.\n]{2,60}?)\s(?:has |have |had )?"
    r"(?:quoted|quotes|cited|cites)\s(?!by\b)[^;.\n]{2,80}?\sas\s(?=\w+ing\b)"
)
# A warning, a fear or a hope is about what may be, by itself.
_FACTUAL = frozenset({"report", "estimate", "assessment", "accusation", "description", "position"})
# Statements before and after one that are looked at: more never stand in one sentence (assumption).
_REACH = 20


@dataclass(frozen=True, slots=True)
class _Context:
    """What the making of one statement looks at."""

    text: str
    document: Document
    dates: FoundDates
    actors: Sequence[Actor]
    quotes: tuple[Quote, ...]
    sentences: tuple[Range, ...]
    found: Sequence[Attribution]


def find_statements(
    doc: Doc,
    document: Document,
    actors: Sequence[Actor] = (),
    *,
    dates: FoundDates | None = None,
    parser: Language | None = None,
) -> tuple[Statement, ...]:
    """Find the statements of a document, in the order of its text; those inside others come after them.

    Parameters
    ----------
    doc
        Tokens and sentences of the document's text.
    document
        Its text, and the day of issue that dates are resolved against.
    actors
        Found before; sources get their keys.
    dates
        Of the document; found if none are given.
    parser
        Tagger and parser; the shipped ones if none are given.

    Examples
    --------
    >>> from datetime import date
    >>> from forewarn.reading.documents.document import from_text
    >>> from forewarn.reading.text.sentences import build_pipeline
    >>> text = "The ministry denied on Monday that its forces had shelled the camp."
    >>> document = from_text(text, name="note", issued=date(2018, 9, 12))
    >>> [one.kind for one in find_statements(build_pipeline()(text), document)]
    ['denial']
    """
    if not len(doc):
        return ()
    parsed = parse(doc, parser, needed=may_attribute)
    text = doc.text
    quotes = find_quotes(text)
    found = [one for one in find_attributions(parsed, quotes) if not _is_first_person(text, one, quotes)]
    context = _Context(
        text,
        document,
        FoundDates(document) if dates is None else dates,
        actors,
        quotes,
        tuple((sentence.start_char, sentence.end_char) for sentence in parsed.sents),
        found,
    )
    statements: list[Statement] = []
    for index in range(len(found)):
        near = replace(context, found=[found[k] for k in _neighbours(found, index)])
        statements.append(_make(near, found, index, statements))
    return _answer(statements)


def _answer(statements: list[Statement]) -> tuple[Statement, ...]:
    """Take for a denial a report that says that an earlier claim of another voice is not so."""
    for k, one in enumerate(statements):
        words = content_of(one)
        if one.kind not in ("report", "assessment", "position") or not is_negative(words):
            continue
        answered = find_denied(statements, k)
        if answered is None or is_negative(content_of(statements[answered])):
            continue
        alike = len(stems_of(words) & stems_of(content_of(statements[answered])))
        if alike >= (1 if k - answered <= 2 else 2) or is_retort(words):
            statements[k] = one.model_copy(update={"kind": "denial"})
    return tuple(statements)


def _is_first_person(text: str, one: Attribution, quotes: Sequence[Quote]) -> bool:
    """Whether "I said" or "you know" is no source; what "we" fear, ask or estimate outside quotes is kept."""
    if one.source is None or not _FIRST_PERSON.fullmatch(text[slice(*one.source)]):
        return False
    if text[slice(*one.source)].lower() != "we" or one.cue is None or one.cue_word is None:
        return True
    quoted = any(quote.start <= one.source[0] < quote.end for quote in quotes)
    return quoted or one.cue_word.kind not in _OWN_VOICE


def _make(
    context: _Context, found: Sequence[Attribution], index: int, earlier: Sequence[Statement]
) -> Statement:
    text, one = context.text, found[index]
    outer = _outer(found, index)
    sentence = _sentence_of(context, one)
    source = text[slice(*one.source)] if one.source else ""
    content = _own_words(context, one)
    tellers = _tellers(found, index)
    kind = tell_kind(one, content, source)
    return Statement(
        source=_span(text, one.source),
        actor=_actor(context, one.source, earlier),
        cue=_span(text, one.cue),
        content=tuple(_known(text, piece) for piece in one.content),
        sentence=_known(text, sentence),
        quotation=_quotation(context, one),
        kind=kind,
        hedges=_hedges(context, one, sentence, tellers, kind),
        chain=tuple(
            _known(text, through)
            for through in (*_passed_on(context, one, sentence), *(teller.source for teller in tellers))
            if through
        ),
        date=_date(context, one, sentence),
        addressee=_span(text, one.addressee),
        target=_span(text, one.target),
        inside=outer,
    )


def _own_words(context: _Context, one: Attribution) -> str:
    """Words of a content without what others in it say."""
    text = context.text
    holes: list[Range] = []
    for other in context.found:
        if _holds(one, other) and _size(other) < _size(one):
            holes += other.content
    pieces = [left for piece in one.content for left in without(text, piece, holes)]
    return " ".join(text[slice(*piece)] for piece in pieces)


def _known(text: str, piece: Range) -> Span:
    return Span(start=piece[0], end=piece[1], text=text[slice(*piece)])


def _span(text: str, piece: Range | None) -> Span | None:
    return _known(text, piece) if piece else None


def _holds(outer: Attribution, inner: Attribution) -> bool:
    begin = inner.cue or inner.content[0]
    within = any(a <= begin[0] and begin[1] <= b for a, b in outer.content)
    return within and outer.anchor != inner.anchor


def _size(one: Attribution) -> int:
    return sum(end - start for start, end in one.content)


def _neighbours(found: Sequence[Attribution], index: int) -> range:
    """Indexes among which one statement holds another: they come in the order of their text."""
    return range(max(0, index - _REACH), min(len(found), index + _REACH + 1))


def _outer(found: Sequence[Attribution], index: int) -> int | None:
    """Index of the smallest statement that holds this one."""
    holders = [
        k
        for k in _neighbours(found, index)
        if k != index and _holds(found[k], found[index]) and not _holds(found[index], found[k])
    ]
    return min(holders, key=lambda k: _size(found[k]), default=None)


def _tellers(found: Sequence[Attribution], index: int) -> list[Attribution]:
    """Those through whom a statement came, innermost first, without its own source."""
    tellers: list[Attribution] = []
    own, at = found[index].source, _outer(found, index)
    seen = {index}
    while at is not None and at not in seen:
        seen.add(at)
        if found[at].source and found[at].source != own:
            tellers.append(found[at])
        at = _outer(found, at)
    return tellers


def _passed_on(context: _Context, one: Attribution, sentence: Range) -> list[Range]:
    """Those who only pass a statement on: the paper or the colleague it was told to, "quoted by" whom."""
    text = context.text
    if one.cue is None:
        return []
    through = list(one.through)
    if one.addressee and _PASSES_ON.search(text[slice(*one.addressee)]):
        through.append(one.addressee)
    for quoted in (*_QUOTED_BY.finditer(text, *sentence), *_QUOTES.finditer(text, *sentence)):
        held = any(start <= quoted.start() < end for start, end in one.content)
        cues = [other.cue for other in context.found if other.cue]
        nearest = min(cues, key=lambda cue: abs(cue[0] - quoted.start()))
        if not held and nearest == one.cue:
            through.append(quoted.span("who"))
    return list(dict.fromkeys(through))


def _sentence_of(context: _Context, one: Attribution) -> Range:
    begin = min([one.content[0][0], *([one.cue[0]] if one.cue else [])])
    end = max([one.content[-1][1], *([one.cue[1]] if one.cue else [])])
    first = max(bisect_right(context.sentences, begin, key=lambda sentence: sentence[0]) - 1, 0)
    last = bisect_left(context.sentences, end, key=lambda sentence: sentence[1])
    return context.sentences[first][0], context.sentences[min(last, len(context.sentences) - 1)][1]


def _quotation(context: _Context, one: Attribution) -> Quotation:
    whole = sum(end - start for start, end in one.content)
    quoted = sum(
        max(0, min(end, quote.end) - max(start, quote.start))
        for start, end in one.content
        for quote in context.quotes
    )
    if one.frame in ("quote", "loose", "remark") and quoted >= 0.9 * whole:
        return "direct"
    inside_longer = any(
        quote.start <= one.content[0][0] and one.content[-1][1] <= quote.end and quote.words > 3 * whole // 6
        for quote in context.quotes
    )
    return "mixed" if quoted and not inside_longer else "indirect"


def _hedges(
    context: _Context, one: Attribution, sentence: Range, tellers: Sequence[Attribution], kind: StatementKind
) -> tuple[tuple[Hedge, Span], ...]:
    text = context.text
    after = bisect_right(context.sentences, sentence[1], key=lambda sentence: sentence[1])
    following = context.sentences[min(after, len(context.sentences) - 1)][1]
    cue = one.cue
    found = find_hedges(text, sentence, one.content, cue, around=following)
    kept = [
        (hedge, piece)
        for hedge, piece in found
        if _hedges_this(context, one, hedge, piece)
        and (hedge != "possibility" or kind in _FACTUAL and not _in_relative(text, one, piece))
    ]
    if one.source and is_anonymous(text[slice(*one.source)]):
        kept.append(("anonymous", one.source))
    for teller in tellers:
        if teller.source and teller.cue:
            ends = (*teller.cue, *teller.source)
            kept.append(("second-hand", (min(ends), max(ends))))
    return tuple((hedge, _known(text, piece)) for hedge, piece in dict.fromkeys(kept))


def _in_relative(text: str, one: Attribution, piece: Range) -> bool:
    """Whether "may" stands in a remark on a noun, and not in the main clause of the content."""
    return any(
        start <= piece[0] < end and re.search(r"\b(?:which|who|whom|whose)\b[^.]*$", text[start : piece[0]])
        for start, end in one.content
    )


def _hedges_this(context: _Context, one: Attribution, hedge: Hedge, piece: Range) -> bool:
    """Whether a hedge belongs to this statement: it stands nearest to its cue, or in its own content."""
    if any(a <= piece[0] and piece[1] <= b for a, b in one.content):
        holders = [
            other for other in context.found if any(a <= piece[0] and piece[1] <= b for a, b in other.content)
        ]
        return hedge in ("possibility", "alleged", "unverified") and one is min(holders, key=_size)
    if one.cue is None:
        return False
    cues = [other.cue for other in context.found if other.cue]
    return min(cues, key=lambda cue: abs(cue[0] - piece[0])) == one.cue


def _date(context: _Context, one: Attribution, sentence: Range) -> PartialDate | None:
    """Find the date beside a cue, outside what is said, that no other source's cue is nearer to."""
    if one.cue is None:
        return None
    best: tuple[int, PartialDate] | None = None
    for span, when in context.dates.within(*sentence):
        start, end = span.start, span.end
        if any(a <= start and end <= b for a, b in one.content):
            continue
        near = [other for other in context.found if other.cue and sentence[0] <= other.cue[0] < sentence[1]]
        owner = min(near, key=lambda other: abs((other.cue or (0, 0))[0] - start))
        if owner is not one and owner.source != one.source:
            continue
        distance = abs(one.cue[0] - start)
        if best is None or distance < best[0]:
            lead = re.search(r"\b(?:on|in|since|during)\s$", context.text[max(0, start - 7) : start])
            words = f"{lead[0].strip()} {when.words}" if lead else when.words
            best = distance, when.model_copy(update={"words": words})
    return best[1] if best else None


def _actor(context: _Context, source: Range | None, earlier: Sequence[Statement]) -> str:
    """Key of the actor a source names; a pronoun or "the official" takes that of the source before it."""
    if source is None:
        return ""
    words = context.text[slice(*source)]
    if _PRONOUN.fullmatch(words):
        keys = [one.actor for one in earlier if one.actor and one.source and one.source.end <= source[0]]
        persons = [
            (mention.end, actor.key)
            for actor in context.actors
            if actor.kind in ("person", "office")
            for mention in actor.mentions
            if mention.end <= source[0]
        ]
        if words.lower() in ("he", "she") and persons:
            return max(persons)[1]
        return keys[-1] if keys else ""
    named = [
        (mention.end - mention.start, -mention.start, actor.key)
        for actor in context.actors
        for mention in actor.mentions
        if source[0] <= mention.start and mention.end <= source[1] and _heads(context.text, source, mention)
    ]
    if named:
        return max(named)[2]
    if _EARLIER.match(words):
        before = [one for one in earlier if one.source and one.source.end <= source[0]]
        return before[-1].actor if before else ""
    return ""


def _heads(text: str, source: Range, mention: Span) -> bool:
    """Whether a mention is the source, and not whom it is close to or works for."""
    between = text[source[0] : mention.start].lower()
    return not re.search(r"\b(?:of|to|from|for|in|close|near|with|by)\s+(?:the\s+)?$", between)
