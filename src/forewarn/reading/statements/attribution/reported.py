"""What a verb of saying tells: by quotation marks, by the order of words, else by the parser."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from forewarn.reading.statements.attribution import phrases, surface
from forewarn.reading.statements.attribution.attributed import Attribution
from forewarn.reading.statements.attribution.clauses import read_clause
from forewarn.reading.statements.attribution.passives import TOLD, is_passive_form, read_passive
from forewarn.reading.statements.attribution.remarks import find_remark
from forewarn.reading.statements.attribution.speaker_phrases import phrase_after
from forewarn.reading.statements.attribution.speakers import continues, find_before, find_speaker
from forewarn.reading.statements.attribution.word_order import DISPUTED, find_quoted, reach_clause
from forewarn.reading.text.parts_of_speech import class_of

if TYPE_CHECKING:
    from spacy.tokens import Token

    from forewarn.reading.statements.attribution.phrases import Range
    from forewarn.reading.text.lexicon import Cue
    from forewarn.reading.text.quotations import Quote

# Prepositions that lead to what is said, by construction.
_OBLIQUE = {
    "about": ("about", "of", "against", "over"),
    "of": ("of",),
    "for": ("for",),
    "as": ("as",),
}
_CITES = re.compile(r",?\s(?:citing|quoting)\s(?P<who>[^;.\n,]{3,80}),\s*$")
_HEARD = re.compile(r"\s(?:\w+\s)?(?:from|on)\s")


def read_verb(verb: Token, cue: Cue, quotes: tuple[Quote, ...]) -> Iterator[Attribution]:
    """Read what a verb of saying, thinking or finding tells, and who.

    Parameters
    ----------
    verb
        The cue.
    cue
        What is known of it.
    quotes
        All quotations of the document.
    """
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
    near = _near(verb, quotes)
    inside = next((q for q in near if q.start <= verb.idx < q.end), None)
    beside = [q for q in near if q is not inside and phrases.same_sentence(verb, q) and q.words >= 1]
    if "quote" in cue.frames and inside is None and (spoken := _quoted(verb, beside)):
        closed = max((quote.outer_end for quote in beside if quote.end <= verb.idx), default=None)
        speaker = find_speaker(verb, closed) if closed is not None else find_before(verb)
        yield replace(base, frame="quote", content=spoken, source=speaker or base.source)
        return
    start, stop = _bounds(verb, inside)
    if "quote" in cue.frames and (remark := find_remark(verb, start, stop)):
        yield replace(base, frame="remark", content=remark.content, source=remark.source)
        return
    if plain := _by_order(verb, cue, base, stop):
        yield _cited(verb, plain)
        return
    yield from _by_syntax(verb, cue, base, inside)


def _near(verb: Token, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
    """Give the quotes that may touch the sentence of a cue: they stand in order, none inside another."""
    sentence = verb.sent
    first = bisect_left(quotes, sentence.start_char, key=lambda quote: quote.outer_end)
    last = bisect_left(quotes, sentence.end_char, lo=first, key=lambda quote: quote.outer_start)
    return quotes[first:last]


def _by_syntax(verb: Token, cue: Cue, base: Attribution, inside: Quote | None) -> Iterator[Attribution]:
    """Read what the parser put under a cue, corrected by commas."""
    if find_quoted(verb) is None and (apart := find_before(verb)) and not base.passive:
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
            if frame == "object" and base.passive and cue.kind not in TOLD:
                continue
            yield replace(base, frame=frame, cue_word=kind, content=ranges, target=whom)
            if frame != "about":
                return


def _bounds(verb: Token, inside: Quote | None) -> tuple[int, int]:
    """First token of the sentence or the quote that a cue stands in, and the one after its last."""
    sentence = verb.sent
    if inside is None:
        return sentence.start, sentence.end
    held = [token.i for token in sentence if inside.start <= token.idx < inside.end]
    return held[0], held[-1] + 1


def _by_order(verb: Token, cue: Cue, base: Attribution, stop: int) -> Attribution | None:
    """Read a cue by the order of the words around it."""
    if is_passive_form(verb):
        read = read_passive(verb, cue, stop)
        if read is None:
            return None
        return replace(
            base,
            frame=read.frame,
            source=read.source,
            content=read.content,
            target=read.target,
            addressee=read.addressee,
            passive=True,
        )
    goes_on = continues(verb)
    source = find_quoted(verb)
    if source is None and not goes_on:
        source = find_before(verb) if class_of(verb) != "gerund" else None
    clause = read_clause(verb, cue, stop) if source or goes_on else None
    if clause is None:
        return None
    source = source or base.source
    asked = cue.word in ("call", "tell") and clause.frame in ("infinitive", "for")
    return replace(
        base,
        frame=clause.frame,
        cue_word=replace(cue, kind="demand") if asked else cue,
        source=source,
        content=(clause.content,),
        target=clause.target,
        addressee=clause.addressee or base.addressee,
    )


def _cited(verb: Token, one: Attribution) -> Attribution:
    """Give a claim to whom its teller cites or has it from: "a paper, citing officials, says"."""
    text = phrases.text_of(verb.doc)
    if one.source is None or one.cue is None:
        return one
    if found := _CITES.search(text, one.source[1], verb.idx):
        return replace(one, source=found.span("who"), through=(one.source,))
    heard = (
        _HEARD.match(text, one.cue[1])
        if verb.lower_ in ("heard", "hear", "hears", "learned", "learnt")
        else None
    )
    if heard and verb.i + 2 < verb.sent.end:
        first = next(token.i for token in verb.doc[verb.i + 1 :] if token.idx >= heard.end())
        last = phrase_after(verb.doc, first, verb.sent.end)
        who = phrases.trim(text, heard.end(), verb.doc[last].idx + len(verb.doc[last]))
        content = phrases.trim(text, who[1], one.content[-1][1])
        if content[1] - content[0] > 3 and content[0] - who[1] < 3:
            return replace(one, source=who, content=(content,), through=(one.source,))
    return one


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
