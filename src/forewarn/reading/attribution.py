"""Who said what: sources, cues and contents, found in the syntax of a document and in its quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from forewarn.reading import phrases, surface
from forewarn.reading.cues import Cue, load_nouns, load_verbs
from forewarn.reading.plain import DISPUTED, find_quoted, reach_clause, read_plain
from forewarn.reading.quotations import Quote, find_quotes

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Range = tuple[int, int]
_SUBJECTS = ("nsubj", "nsubj:pass", "csubj")
# Prepositions that lead to what is said, by construction.
_OBLIQUE = {
    "about": ("about", "of", "against", "over"),
    "of": ("of",),
    "for": ("for",),
    "as": ("as",),
}


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution; ranges are characters of the document, half open.

    Parameters
    ----------
    frame
        Construction: clause, quote, object, infinitive, as, name, of, for, about, noun, according or loose.
    cue_word
        What is known of its cue; nothing for "according to" and for quotes that stand alone.
    anchor
        Index of the cue's token; of the first token of a quote that stands alone.
    source, cue, content
        Ranges; a source is nothing where nobody is named.
    target, addressee
        Ranges of whom it is about, and to whom it is said.
    negated
        Whether the text says that somebody did *not* say so.
    passive
        Whether the cue is in the passive.
    """

    frame: str
    cue_word: Cue | None
    anchor: int
    source: Range | None
    cue: Range | None
    content: tuple[Range, ...]
    target: Range | None = None
    addressee: Range | None = None
    negated: bool = False
    passive: bool = False


def may_attribute(words: Sequence[str]) -> bool:
    """Whether a sentence, by its lower-cased words, holds a cue that needs its syntax."""
    verbs, nouns = load_verbs(), load_nouns()
    return any(word == "according" or word in verbs or word in nouns for word in words)


def find_attributions(doc: Doc) -> list[Attribution]:
    """Find attributions in a parsed document, in the order of their text; those inside others included.

    Parameters
    ----------
    doc
        With tags, dependencies and sentences, of `syntax.parse`.
    """
    quotes = find_quotes(phrases.text_of(doc))
    verbs, nouns = load_verbs(), load_nouns()
    found: list[Attribution] = []
    for token in doc:
        word = token.lower_
        if word == "according":
            found += _according(token)
        elif word in verbs and (token.tag_.startswith("VB") or surface.is_verb_after_all(token)):
            read = list(_verb(token, verbs[word], quotes))
            found += read if any(one.source for one in read) else [*_plain(token, verbs[word])] or read
        elif word in verbs and verbs[word].kind in DISPUTED:
            found += _plain(token, verbs[word])
        elif word in nouns and token.tag_.startswith("NN"):
            found += _noun(token, nouns[word])
    found = [_share_source(one, found, doc) for one in found]
    found += _loose_quotes(doc, quotes, found)
    found = [_part(one, found, quotes, phrases.text_of(doc)) for one in found]
    return sorted(_distinct(found), key=lambda one: (one.content[0][0], -one.content[-1][1], one.anchor))


def _verb(verb: Token, cue: Cue, quotes: tuple[Quote, ...]) -> Iterator[Attribution]:
    if cue.word == "point out" and not any(child.lower_ == "out" for child in verb.children):
        return
    base = Attribution(
        frame="",
        cue_word=cue,
        anchor=verb.i,
        source=find_quoted(verb) or phrases.source_of(verb),
        cue=(verb.idx, verb.idx + len(verb)),
        content=(),
        addressee=phrases.addressee_of(verb),
        negated=phrases.is_negated(verb),
        passive=phrases.is_passive(verb),
    )
    inside = next((q for q in quotes if q.start <= verb.idx < q.end), None)
    beside = [q for q in quotes if q is not inside and phrases.same_sentence(verb, q) and q.words >= 1]
    if "quote" in cue.frames and inside is None and (spoken := _quoted(verb, beside)):
        closed = max((quote.outer_end for quote in beside if quote.end <= verb.idx), default=None)
        speaker = surface.find_speaker(verb, closed) if closed is not None else surface.find_subject(verb)
        yield replace(base, frame="quote", content=spoken, source=speaker or base.source)
        return
    if "quote" in cue.frames and (remark := surface.find_remark(verb)):
        yield replace(base, frame="remark", content=(remark[0],), source=remark[1])
        return
    if find_quoted(verb) is None and (apart := surface.find_subject(verb)) and not base.passive:
        base = replace(base, source=apart)
    if base.source is None and (not base.passive or cue.group == "thought"):
        return
    frames = list(_contents(verb, cue))
    if (
        not frames
        and {"quote", "clause"} <= cue.frames
        and base.source
        and (wide := surface.widen(verb, None))
    ):
        frames = [("clause", wide, None)]
    if "infinitive" in cue.frames and base.source and (asked := surface.find_infinitive(verb)):
        frames = [("infinitive", *asked)]
    if not frames and "object" in cue.frames and base.source and (rest := surface.find_rest(verb)):
        frames = [("object", rest, None)]
    for frame, reached, target in frames:
        wide = surface.widen(verb, reached) if frame == "clause" else None
        content = wide or surface.stretch(verb, reached)
        if frame == "object" and cue.kind in DISPUTED:
            content = reach_clause(verb, content)
        if inside is not None:
            content = content[0], max(content[0], min(content[1], inside.end))
        ranges = phrases.without(phrases.text_of(verb.doc), content, _holes(verb, frame, base))
        if ranges:
            passive_target = phrases.subject_range(verb) if base.passive and frame in ("of", "for") else None
            kind = replace(cue, kind="demand") if cue.word == "call" and frame == "for" else cue
            whom = target or passive_target
            if cue.kind in DISPUTED and frame in ("of", "for", "as") and not base.passive:
                whom = whom or _between(verb, ranges[0][0])
                ranges = _with_target(phrases.text_of(verb.doc), ranges, whom)
            yield replace(base, frame=frame, cue_word=kind, content=ranges, target=whom)
            if frame != "about":
                return


def _between(verb: Token, start: int) -> Range | None:
    """Words between a cue and its content: whom it is about, where the parser did not say."""
    after = verb.idx + len(verb)
    gap = phrases.trim(phrases.text_of(verb.doc), after, max(after, start))
    return gap if 0 < gap[1] - gap[0] < 80 else None  # characters: assumption


def _with_target(text: str, content: tuple[Range, ...], target: Range | None) -> tuple[Range, ...]:
    """Join whom it is about with what is said of him: "the army of shelling", "the story as a lie"."""
    if target is None or not 0 <= content[0][0] - target[1] < 3:
        return content
    return (phrases.trim(text, target[0], content[0][1]), *content[1:])


def _plain(verb: Token, cue: Cue) -> Iterator[Attribution]:
    """Read a cue by the order of words, where the parser took it for something else."""
    read = read_plain(verb, cue)
    if read is not None:
        negated = verb.doc[verb.i - 1].lower_ in ("not", "never")
        span = verb.idx, verb.idx + len(verb)
        yield Attribution(
            read.frame, cue, verb.i, read.source, span, (read.content,), read.target, negated=negated
        )


def _part(one: Attribution, found: list[Attribution], quotes: tuple[Quote, ...], text: str) -> Attribution:
    """End a content at the semicolon after which somebody else speaks: he is no part of what was said."""
    if any(quote.start <= one.content[-1][0] < quote.end for quote in quotes):
        return one
    start, end = one.content[-1]
    for other in found:
        if other is one or not (other.source and other.cue) or not start < other.source[0] < end:
            continue
        lead = re.search(r";(?:\s*(?:but|and|while|yet))?\s*$", text[start : other.source[0]])
        if lead and lead.start() > 2 and other.cue[0] >= other.source[0]:
            end = min(end, start + lead.start())
    return one if end == one.content[-1][1] else replace(one, content=(*one.content[:-1], (start, end)))


def _holes(verb: Token, frame: str, base: Attribution) -> list[Range]:
    """List what of a content is the telling itself."""
    if frame == "parataxis" and verb.dep_ == "parataxis":
        return [phrases.reach(verb)]
    return [hole for hole in (base.cue, base.source) if hole is not None]


def _quoted(verb: Token, quotes: list[Quote]) -> tuple[Range, ...]:
    """Quotes beside a verb of saying that are whole utterances: a comma, colon or stop parts them from it."""
    text = phrases.text_of(verb.doc)
    spoken: list[Range] = []
    for quote in quotes:
        before, after = text[: quote.outer_start].rstrip(), text[max(quote.end - 1, 0) : quote.outer_end + 2]
        opened = before[-1:] in ",:" or before.endswith(verb.text)
        parted = opened if quote.start > verb.idx else any(sign in after for sign in ",?!.—")
        first = text[quote.start : quote.start + 1]
        opens = (
            not before
            or before.endswith(verb.text)
            or before[-1:] in ',:.?!\n”"'
            or text[quote.outer_start - 1 : quote.outer_start] == "\n"
        )
        gap = text[min(verb.idx, quote.outer_end) : max(quote.outer_start, verb.idx)]
        if (
            parted and (opens or first.isupper()) and len(gap) < 150
        ):  # characters; longer gaps are other clauses
            spoken.append((quote.start, quote.end))
    return tuple(spoken)


def _contents(verb: Token, cue: Cue) -> Iterator[tuple[str, Range, Range | None]]:
    """Yield (frame, range of content, target) of what a verb governs, the surest first."""
    target = phrases.object_range(verb)
    for child in verb.children:
        if child.dep_ == "ccomp" and "clause" in cue.frames and not _is_question_tag(child):
            yield "clause", phrases.reach(child), None
    if verb.dep_ in ("parataxis", "ccomp", "acl:relcl", "ROOT") and "clause" in cue.frames:
        host = phrases.host_of(verb)
        if host is not None:
            yield "parataxis", phrases.reach(host), None
    for child in verb.children:
        if child.dep_ == "xcomp" and "infinitive" in cue.frames and phrases.has_child(child, "mark", "to"):
            yield "infinitive", phrases.reach(child), target
        elif child.dep_ == "xcomp" and "name" in cue.frames and target:
            yield "name", phrases.reach(child), target
    for frame, prepositions in _OBLIQUE.items():
        if frame in cue.frames:
            yield from _oblique(verb, frame, prepositions, target)
    for child in verb.children:
        if child.dep_ in ("obj", "ccomp", "xcomp") and "object" in cue.frames:
            yield "object", phrases.reach(child), None
    if "object" in cue.frames and phrases.is_passive(verb):
        subject = phrases.subject_range(verb)
        if subject:
            yield "object", subject, None


def _oblique(
    verb: Token, frame: str, prepositions: tuple[str, ...], target: Range | None
) -> Iterator[tuple[str, Range, Range | None]]:
    whom_else = target or (phrases.head_noun_range(verb.head) if verb.dep_ == "acl:relcl" else None)
    holders = [verb, *(child for child in verb.children if child.dep_ in ("obj", "xcomp", "iobj"))]
    for holder in holders:
        for child in holder.children:
            if child.dep_ not in ("obl", "nmod", "advcl", "acl", "xcomp") or (
                frame == "as" and not whom_else
            ):
                continue
            for word in prepositions:
                if phrases.has_child(child, "case", word) or phrases.has_child(child, "mark", word):
                    whom = phrases.head_noun_range(holder) if holder is not verb else whom_else
                    yield frame, phrases.reach(child), whom


def _is_question_tag(clause: Token) -> bool:
    return clause.i == clause.left_edge.i == clause.right_edge.i and clause.lower_ in ("so", "not")


def _according(token: Token) -> Iterator[Attribution]:
    """According to somebody: what follows the phrase where it opens a clause, else what stands before it."""
    doc, sentence = token.doc, token.sent
    if token.i + 2 >= sentence.end or doc[token.i + 1].lower_ != "to":
        return
    stop = surface.phrase_end(doc[token.i + 2], sentence)
    source = phrases.trim(phrases.text_of(doc), doc[token.i + 2].idx, doc[stop - 1].idx + len(doc[stop - 1]))
    cue = (token.idx, doc[token.i + 1].idx + 2)
    opens = token.i == sentence.start or doc[token.i - 1].lower_ in ("that", "and", "but", '"', "“")
    before = phrases.trim(phrases.text_of(doc), sentence.start_char, token.idx)
    after = phrases.trim(phrases.text_of(doc), source[1], sentence.end_char)
    content = after if opens or before[1] - before[0] < 3 else before
    if source[1] > source[0] and content[1] - content[0] > 2:
        yield Attribution("according", None, token.i, source, cue, (content,))


def _noun(noun: Token, cue: Cue) -> Iterator[Attribution]:
    """Read a noun of saying with its content: "the UN's warning that …", "made an appeal to act"."""
    source = phrases.owner_of(noun)
    begin = noun.idx
    verb = noun.head
    light = noun.dep_ == "obj" and verb.lower_ in phrases.LIGHT_VERBS
    if light:
        source, begin = phrases.source_of(verb), verb.idx
    elif source is None:
        return
    base = Attribution(
        "noun", cue, noun.i, source, (begin, noun.idx + len(noun)), (), addressee=phrases.addressee_of(noun)
    )
    if light and base.addressee is None:
        base = replace(base, addressee=phrases.addressee_of(verb))
    holders = (noun, verb) if light else (noun,)
    for holder in holders:
        for child in holder.children:
            clause = child.dep_ in ("acl", "ccomp", "xcomp", "advcl") and child.i > noun.i
            prepositions = ("of", "about", "over", "against", "for", "at")
            phrase = child.dep_ in ("nmod", "obl") and any(
                phrases.has_child(child, "case", word) for word in prepositions
            )
            if (clause or phrase) and child.i > noun.i:
                ranges = phrases.without(
                    phrases.text_of(noun.doc), phrases.reach(child), [(begin, noun.idx + len(noun))]
                )
                if ranges:
                    yield replace(base, content=ranges)
                    return


def _share_source(one: Attribution, found: list[Attribution], doc: Doc) -> Attribution:
    """Give "… and warned", "…, warning that" the source of the telling before it in the sentence."""
    verb = doc[one.anchor]
    if one.frame in ("noun", "according", "loose", "remark") or not surface.continues(verb):
        return one
    before = [
        other
        for other in found
        if other.source
        and verb.sent.start <= other.anchor < one.anchor
        and not surface.continues(doc[other.anchor])
        and not phrases.inside(other.cue, [c for o in found if o is not other for c in o.content])
    ]
    return replace(one, source=before[-1].source) if before else one


def _loose_quotes(doc: Doc, quotes: tuple[Quote, ...], found: Iterable[Attribution]) -> Iterator[Attribution]:
    """Sentences that are one quote, right after a statement that was quoted: its source goes on speaking."""
    found = list(found)
    used = [span for one in found for span in one.content if one.frame == "quote"]
    previous: Attribution | None = None
    for quote in quotes:
        before = [
            one for one in found if one.frame in ("quote", "remark") and one.content[-1][1] <= quote.start
        ]
        last = max(before, key=lambda one: one.content[-1][1], default=previous)
        if any(start < quote.end and quote.start < end for start, end in used):
            previous = None
            continue
        if last is None or not phrases.stands_alone(phrases.text_of(doc), quote) or quote.words < 2:
            continue
        reference = previous or last
        if (
            quote.start - max(reference.content[-1][1], (reference.cue or (0, 0))[1]) > 250
        ):  # characters: assumption
            continue
        first = doc.char_span(quote.start, quote.end, alignment_mode="contract")
        if first is not None and len(first):
            previous = Attribution("loose", None, first[0].i, last.source, None, ((quote.start, quote.end),))
            yield previous


def _distinct(found: list[Attribution]) -> list[Attribution]:
    """Drop repeated readings of one cue and one content."""
    kept: dict[tuple[Range | None, tuple[Range, ...]], Attribution] = {}
    for one in found:
        kept.setdefault((one.cue, one.content), one)
    return list(kept.values())
