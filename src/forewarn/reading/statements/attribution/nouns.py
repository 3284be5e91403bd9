"""Attribution without a verb: "according to", and nouns of saying: "the UN's warning that"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from forewarn.reading.statements.attribution import phrases
from forewarn.reading.statements.attribution.attributed import Attribution
from forewarn.reading.statements.attribution.clauses import Clause, clause_end, is_infinitive
from forewarn.reading.statements.attribution.phrases import Range, text_of, trim
from forewarn.reading.statements.attribution.speaker_phrases import phrase_after
from forewarn.reading.statements.attribution.speakers import noun_phrase_before
from forewarn.reading.text.lexicon import word_set
from forewarn.reading.text.parts_of_speech import class_of

if TYPE_CHECKING:
    from spacy.tokens import Token

    from forewarn.reading.text.lexicon import Cue

# Words after which "according to" opens what is said.
_OPENING = word_set('that and but since because where as while whereas " “ : ; – —')
# Nouns that name no claim of their own where nobody is named beside them.
_OWN_VOICE = word_set("report claim allegation accusation rumour rumor")
_POSSESSIVES = word_set("his her its their our my")


def read_according(token: Token) -> Iterator[Attribution]:
    """Read "according to": what follows the phrase where it opens a clause, else what stands before it.

    Parameters
    ----------
    token
        The word "according".
    """
    doc, sentence, text = token.doc, token.sent, text_of(token.doc)
    if token.i + 2 >= sentence.end or doc[token.i + 1].lower_ != "to":
        return
    last = phrase_after(doc, token.i + 2, sentence.end)
    source = trim(text, doc[token.i + 2].idx, doc[last].idx + len(doc[last]))
    cue = (token.idx, doc[token.i + 1].idx + 2)
    opens = token.i == sentence.start or doc[token.i - 1].lower_ in _OPENING
    begin = max(
        (t.idx + 1 for t in doc[sentence.start : token.i] if t.text == ";"), default=sentence.start_char
    )
    before, after = trim(text, begin, token.idx), trim(text, source[1], sentence.end_char)
    content = after if opens or before[1] - before[0] < 3 else before
    pieces = [content]
    if content is before and _goes_on(doc[last + 1 : sentence.end]):
        pieces.append(after)
    if source[1] > source[0] and content[1] - content[0] > 2:
        yield Attribution("according", None, token.i, source, cue, tuple(pieces))


def _goes_on(rest: Iterable[Token]) -> bool:
    """Whether a comma and more of the same clause follow the source: "…, according to him, fled again"."""
    words = list(rest)
    return (
        len(words) > 2 and words[0].text == "," and class_of(words[1]) in ("finite", "helper", "participle")
    )


def read_noun(noun: Token, cue: Cue) -> Iterator[Attribution]:
    """Read a noun of saying with its content: "the UN's warning that …", "a claim by the mayor that …".

    Parameters
    ----------
    noun
        A noun of `cue_nouns.csv`.
    cue
        What is known of it.
    """
    by_order = _by_order(noun, cue)
    if by_order is not None:
        yield by_order
        return
    yield from _by_syntax(noun, cue)


def _by_order(noun: Token, cue: Cue) -> Attribution | None:
    doc, stop, text = noun.doc, noun.sent.end, text_of(noun.doc)
    source, after = _owner(noun), noun.i + 1
    if after + 1 < stop and doc[after].lower_ == "made":
        after += 1
    if (
        after + 1 < stop
        and doc[after].lower_ in ("on", "in", "among")
        and source is None
        and cue.word in _OWN_VOICE
    ):
        last = phrase_after(doc, after + 1, stop)
        whole = noun_phrase_before(noun)
        if whole and last + 1 < stop and doc[last + 1].lower_ == "that":
            source, after = (whole[0], doc[last].idx + len(doc[last])), last + 1
    elif after + 1 < stop and doc[after].lower_ in ("by", "from", "of") and source is None:
        last = phrase_after(doc, after + 1, stop)
        if class_of(doc[after + 1]) in ("noun", "determiner", "adjective", "pronoun") and last + 1 < stop:
            told = doc[last + 1].lower_ == "that"
            if told or doc[after].lower_ == "by":
                source, after = trim(text, doc[after + 1].idx, doc[last].idx + len(doc[last])), last + 1
    clause = _clause(noun, after, stop)
    if clause is None:
        return None
    if source is None:
        if cue.word not in _OWN_VOICE or clause.frame != "that":
            return None
        source = noun_phrase_before(noun)
    return (
        Attribution("noun", cue, noun.i, source, (noun.idx, noun.idx + len(noun)), (clause.content,))
        if source
        else None
    )


def _clause(noun: Token, at: int, stop: int) -> Clause | None:
    """Find "that …", "is that …", "to …" behind a noun and its owner."""
    doc, text = noun.doc, text_of(noun.doc)
    if at + 1 >= stop:
        return None
    if doc[at].lower_ in ("is", "was", "remains", "remained") and doc[at + 1].lower_ == "that":
        at += 1
    verbs = [class_of(token) in ("finite", "helper") for token in doc[at + 1 : at + 3]]
    if doc[at].lower_ == "that" and (not verbs[0] or verbs == [True, True]):
        return Clause("that", trim(text, doc[at].idx, clause_end(noun, at, stop)))
    if is_infinitive(doc, at, stop):
        return Clause("infinitive", trim(text, doc[at].idx, clause_end(noun, at, stop)))
    return None


def _owner(noun: Token) -> Range | None:
    """Find whose word it is before a noun: "the mayor's", "their"."""
    doc, at = noun.doc, noun.i - 1
    while at > noun.sent.start and class_of(doc[at]) in ("adjective", "number", "adverb"):
        at -= 1
    if doc[at].lower_ in _POSSESSIVES:
        return doc[at].idx, doc[at].idx + len(doc[at])
    if at > noun.sent.start and doc[at].lower_ in ("'s", "’s", "'", "’"):  # noqa: RUF001
        return noun_phrase_before(doc[at])
    return None


def _by_syntax(noun: Token, cue: Cue) -> Iterator[Attribution]:
    source = phrases.owner_of(noun)
    begin = noun.idx
    verb = noun.head
    light = noun.dep_ == "obj" and verb.lower_ in phrases.LIGHT_VERBS
    if light:
        source, begin = phrases.source_of(verb), verb.idx
    elif source is None:
        return
    cued = (begin, noun.idx + len(noun))
    base = Attribution("noun", cue, noun.i, source, cued, (), addressee=phrases.addressee_of(noun))
    if light and base.addressee is None:
        base = replace(base, addressee=phrases.addressee_of(verb))
    for holder in (noun, verb) if light else (noun,):
        for child in holder.children:
            clause = child.dep_ in ("acl", "ccomp", "xcomp", "advcl")
            prepositions = ("of", "about", "over", "against", "for", "at")
            phrase = child.dep_ in ("nmod", "obl") and any(
                phrases.has_child(child, "case", word) for word in prepositions
            )
            if (clause or phrase) and child.i > noun.i:
                ranges = phrases.without(text_of(noun.doc), phrases.reach(child), [cued])
                if ranges:
                    yield replace(base, content=ranges)
                    return
