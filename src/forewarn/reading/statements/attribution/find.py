"""Who said what: sources, cues and contents, found in the syntax of a document and in its quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from forewarn.reading.statements.attribution import phrases, surface
from forewarn.reading.statements.attribution.attributed import Attribution
from forewarn.reading.statements.attribution.labels import find_labels
from forewarn.reading.statements.attribution.nouns import read_according, read_noun
from forewarn.reading.statements.attribution.reported import read_verb
from forewarn.reading.statements.attribution.speakers import continues, find_before
from forewarn.reading.statements.attribution.word_order import DISPUTED, read_plain
from forewarn.reading.text.lexicon import Cue, load_nouns, load_verbs, word_set
from forewarn.reading.text.parts_of_speech import class_of
from forewarn.reading.text.quotations import Quote, find_quotes
from forewarn.reading.text.spans import Ordered

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Range = tuple[int, int]


def may_attribute(words: Sequence[str]) -> bool:
    """Whether a sentence, by its lower-cased words, holds a cue that needs its syntax."""
    verbs, nouns = load_verbs(), load_nouns()
    return any(word == "according" or word in verbs or word in nouns for word in words)


def find_attributions(doc: Doc, quotes: tuple[Quote, ...] | None = None) -> list[Attribution]:
    """Find attributions in a parsed document, in the order of their text; those inside others included.

    Parameters
    ----------
    doc
        With tags, dependencies and sentences, of `syntax.parse`.
    quotes
        Quotations of its text; found if none are given.
    """
    quotes = find_quotes(phrases.text_of(doc)) if quotes is None else quotes
    verbs, nouns = load_verbs(), load_nouns()
    found: list[Attribution] = []
    for token in doc:
        word = token.lower_
        if word in verbs and not _has_particle(token, verbs[word]) or _describes(token):
            continue
        if word == "according":
            found += read_according(token)
        elif word in verbs and (
            not token.tag_
            or token.tag_.startswith("VB")
            or surface.is_verb_after_all(token)
            or _is_verb(token)
        ):
            read = list(read_verb(token, verbs[word], quotes))
            found += read if any(one.source for one in read) else [*_plain(token, verbs[word])] or read
        elif word in verbs and verbs[word].kind in DISPUTED:
            found += _plain(token, verbs[word])
        elif word in nouns and (not token.tag_ or token.tag_.startswith("NN")):
            found += read_noun(token, nouns[word])
    found = [_share_source(one, found, doc) for one in found]
    found = [one for one in found if _says_something(one, phrases.text_of(doc))]
    found += _loose_quotes(doc, quotes, found)
    pieces = sorted(piece for one in found for piece in one.content)
    found += [one for one in find_labels(doc) if not _is_told(one, pieces)]
    speaking = Ordered(
        (one for one in found if one.source and one.cue), lambda one: one.source[0] if one.source else 0
    )
    found = [_part(one, speaking, quotes, phrases.text_of(doc)) for one in found]
    return sorted(_distinct(found), key=lambda one: (one.content[0][0], -one.content[-1][1], one.anchor))


_NOBODY = re.compile(
    r"(?:nobody|no one|no-one|none|neither|anybody|anyone|everybody|that|this|which|what|no \w+)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:it|them|him|her|that|this|these|which|whom|what|so|me|us|you|themselves|itself)[\W]*$|"
    r"(?:whether|who|what|how|why|when|where|which)\b",
    re.IGNORECASE,
)


def _says_something(one: Attribution, text: str) -> bool:
    """Whether somebody says something: "nobody said" and "declined to say whether" are no statements."""
    if one.source is None:
        return not one.passive or one.frame == "clause"
    if one.frame in ("quote", "remark", "loose"):
        return True
    if _NOBODY.match(text, *one.source):
        return False
    denied = one.negated or (one.cue_word is not None and one.cue_word.kind == "denial")
    return denied or not _NOTHING.match(text[slice(*one.content[0])])


def _is_told(label: Attribution, pieces: Sequence[Range]) -> bool:
    """Whether most of the words behind a label are told by somebody in them."""
    start, end = label.content[0]
    inside = pieces[bisect_left(pieces, (start, 0)) : bisect_left(pieces, (end, 0))]
    return any(last <= end and 2 * (last - first) > end - start for first, last in inside)


_OPENS = word_set("that there nobody having about of against at for")


def _is_verb(token: Token) -> bool:
    """Whether a word that was taken for a noun stands like a verb: "partners hope to", "a monk denies"."""
    if token.lower_.endswith("ing") or token.i == token.sent.start or token.i + 1 >= token.sent.end:
        return False
    before, after = token.nbor(-1), token.nbor()
    plural = before.lower_.endswith("s") and not before.lower_.endswith("'s")
    agrees = before.lower_ in ("i", "we", "they", "you") or plural or token.lower_.endswith("ed")
    if token.lower_.endswith("s"):
        agrees = not plural or before.text[0].isupper()
    opens = class_of(after) in ("determiner", "pronoun", "number", "to") or after.lower_ in _OPENS
    noun = class_of(before) in ("noun", "pronoun", "adjective", "mark") or before.text[0].isupper()
    return agrees and (opens or plural) and noun and find_before(token) is not None


def _describes(token: Token) -> bool:
    """Whether a participle stands before its noun: "a written statement", "the reported toll"."""
    if not token.lower_.endswith(("ed", "en")) or token.i == 0 or token.i + 1 >= len(token.doc):
        return False
    article = token.nbor(-1).lower_ in ("a", "an", "the", "this", "any", "no", "its", "his", "her", "their")
    return article and class_of(token.nbor()) in ("noun", "adjective")


def _has_particle(verb: Token, cue: Cue) -> bool:
    """Whether a cue of two words is there with both: "pointed out", "played it down"."""
    particle = cue.word.partition(" ")[2]
    return not particle or any(token.lower_ == particle for token in verb.doc[verb.i + 1 : verb.i + 4])


def _plain(verb: Token, cue: Cue) -> Iterator[Attribution]:
    """Read a cue by the order of words, where the parser took it for something else."""
    read = read_plain(verb, cue)
    if read is not None:
        negated = verb.doc[verb.i - 1].lower_ in ("not", "never")
        span = verb.idx, verb.idx + len(verb)
        yield Attribution(
            read.frame, cue, verb.i, read.source, span, (read.content,), read.target, negated=negated
        )


def _part(
    one: Attribution, speaking: Ordered[Attribution], quotes: tuple[Quote, ...], text: str
) -> Attribution:
    """End a content at the semicolon after which somebody else speaks: he is no part of what was said."""
    start, end = one.content[-1]
    at = bisect_right(quotes, start, key=lambda quote: quote.start)
    if at and start < quotes[at - 1].end:
        return one
    for other in speaking.between(start + 1, end):
        if other is one or not (other.source and other.cue) or not other.source[0] < end:
            continue
        lead = re.search(r";(?:\s*(?:but|and|while|yet))?\s*$", text[start : other.source[0]])
        if lead and lead.start() > 2 and other.cue[0] >= other.source[0]:
            end = min(end, start + lead.start())
    return one if end == one.content[-1][1] else replace(one, content=(*one.content[:-1], (start, end)))


def _share_source(one: Attribution, found: list[Attribution], doc: Doc) -> Attribution:
    """Give "… and warned", "…, warning that" the source of the telling before it in the sentence."""
    verb = doc[one.anchor]
    if one.frame in ("noun", "according", "loose", "remark") or not continues(verb):
        return one
    before = [
        other
        for other in found
        if other.source
        and verb.sent.start <= other.anchor < one.anchor
        and not continues(doc[other.anchor])
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
