"""What commas, word order and quotation marks say about attribution, where a small parser goes astray."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forewarn.reading.cues import load_verbs
from forewarn.reading.phrases import Range, is_passive, text_of, trim

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_FINITE = ("VBD", "VBZ", "VBP", "VBN")
# What may stand between a cue and the word that opens its content: when, where, to whom, how.
_BETWEEN = re.compile(
    r"\s*(?:,?\s*without (?:\w+ ){0,2}\w+,|(?:on|in|at|during)\s+(?:\w+ ){0,3}?[A-Z]\w+|"
    r"(?:earlier|later|late|early|last|this|also|again|repeatedly|today|yesterday)(?: (?:on|in|this|last))?"
    r"(?: (?:week|month|year|[A-Z]\w+day))?|[a-z]+ly|to (?:[\w']+ ){1,3}?)(?=\s|,)"
)
_LONGEST_SOURCE = 14  # words (assumption)


def find_remark(verb: Token) -> tuple[Range, Range] | None:
    """Find content and source of "…, says a source." and "…, the official said".

    Parameters
    ----------
    verb
        A cue in its sentence.

    Returns
    -------
    (content, source) or nothing
        Ranges of characters.
    """
    sentence, doc = verb.sent, verb.doc
    comma = _comma_before(verb, sentence)
    if comma is None or verb.tag_ not in _FINITE or comma.i - sentence.start < 3:
        return None
    if comma.i == verb.i - 1:
        stop = _source_end(verb, sentence)
        if stop - verb.i < 2 or not _is_noun_phrase(doc[verb.i + 1 : stop]):
            return None
        source = trim(text_of(doc), doc[verb.i + 1].idx, doc[stop - 1].idx + len(doc[stop - 1]))
    else:
        after = doc[verb.i + 1] if verb.i + 1 < sentence.end else None
        closed = after is None or after.text in (".", ",", ":", "\n", "?", "!", ";") or after.is_space
        if not closed and not _is_time(verb, sentence):
            return None
        tail = text_of(verb.doc)[verb.idx + len(verb) : sentence.end_char]
        if re.match(r",[^,]{0,60},\s+that\b|\s+that\b", tail):
            return None
        if not _is_noun_phrase(doc[comma.i + 1 : verb.i]):
            return None
        source = trim(text_of(doc), doc[comma.i + 1].idx, verb.idx)
    content = trim(text_of(doc), sentence.start_char, comma.idx)
    inner = doc[sentence.start : comma.i]
    if sum(token.tag_.startswith(("VB", "MD")) for token in inner) == 0:
        return None
    return content, source


def _comma_before(verb: Token, sentence: Span) -> Token | None:
    for token in reversed(verb.doc[max(sentence.start, verb.i - _LONGEST_SOURCE) : verb.i]):
        if token.text in (",", "”", '"', "?", "!"):
            return token
        if (
            token.text in (";", ":", "“")
            or token.tag_ in ("WP", "WDT", "IN")
            and token.lower_ in ("that", "who")
        ):
            return None
    return None


def _source_end(verb: Token, sentence: Span) -> int:
    """Token after the source that follows a cue: at a full stop, or a comma that no description follows."""
    for token in verb.doc[verb.i + 1 : sentence.end]:
        if token.text in (".", ";", ":", "?", "!", "“", '"') or token.is_space:
            return token.i
        if token.text in (",", "–", "—"):
            following = verb.doc[token.i + 1] if token.i + 1 < sentence.end else None
            if following is None or following.lower_ not in (
                "a",
                "an",
                "the",
                "who",
                "head",
                "chief",
                "director",
            ):
                return token.i
    return sentence.end


def _is_noun_phrase(span: Span) -> bool:
    words = [token for token in span if not token.is_punct]
    if not words or len(words) > _LONGEST_SOURCE:
        return False
    if words[0].tag_ in ("IN", "TO", "CC", "WRB", "MD") or words[0].tag_.startswith("VB"):
        return False
    return any(token.tag_.startswith(("NN", "PRP", "DT", "CD", "JJ")) for token in words) and not any(
        token.tag_ in ("VBD", "VBZ", "VBP", "MD") for token in words[: min(4, len(words))]
    )


def _is_time(verb: Token, sentence: Span) -> bool:
    rest = text_of(verb.doc)[verb.idx + len(verb) : sentence.end_char]
    found = _BETWEEN.match(rest)
    return bool(found) and rest[found.end() :].strip()[:1] in ("", ".", ",")  # type: ignore[union-attr]


def widen(verb: Token, content: Range | None) -> Range | None:
    """Stretch a clause from right behind its cue to the end of its sentence, or to the next telling.

    Parameters
    ----------
    verb
        The cue.
    content
        What the parser put under it, or nothing.
    """
    text, sentence = text_of(verb.doc), verb.sent
    if content is not None and content[0] < verb.idx:
        return content
    begin = verb.idx + len(verb)
    while found := _BETWEEN.match(text, begin, sentence.end_char):
        begin = found.end()
    aside = re.match(r",\s[^,]{0,60},\s+(?=that\b)", text[verb.idx + len(verb) : sentence.end_char])
    if aside:
        return trim(text, begin := verb.idx + len(verb) + aside.end(), _ending(verb, sentence, begin))
    opened = _opening(verb, sentence, begin)
    if opened is None and content is None:
        return None
    start = opened if opened is not None else content[0] if content else begin
    if content is not None and opened is None and content[0] - begin < 4:
        start = begin
    end = _ending(verb, sentence, start)
    if content is not None:
        end = max(end, min(content[1], sentence.end_char)) if end < content[1] and end <= start else end
    return trim(text, start, end) if end - start > 2 else content


def _opening(verb: Token, sentence: Span, begin: int) -> int | None:
    """Where the content opens: at "that" within some words, or right behind the cue at a clause."""
    tail = [token for token in verb.doc[verb.i + 1 : sentence.end] if token.idx >= begin]
    for token in verb.doc[verb.i + 1 : min(verb.i + 9, sentence.end)]:
        if token.lower_ == "that" and token.tag_ in ("IN", "WDT", "DT"):
            return token.idx
        if token.tag_ in ("VBD", "VBZ", "VBP", "MD", "VB"):
            break
    if tail and tail[0].tag_ in ("DT", "PRP", "PRP$", "NNP", "NNPS", "NNS", "NN", "EX", "JJ", "CD"):
        for token in tail[:14]:
            if token.tag_ in ("VBD", "VBZ", "VBP", "MD"):
                return tail[0].idx
            if token.text in (";", ":", "“", '"'):
                break
    return None


def _ending(verb: Token, sentence: Span, start: int) -> int:
    """End of a content: before "…, according to", "…, he said", "…, warning that" and "and X said"."""
    doc, verbs = verb.doc, load_verbs()
    for token in doc[verb.i + 1 : sentence.end]:
        if token.idx <= start or token.text not in (",", "and", "but", ";"):
            continue
        ahead = doc[token.i + 1 : min(token.i + 9, sentence.end)]
        if len(ahead) and ahead[0].lower_ in ("according", "without"):
            return token.idx
        if len(ahead) and ahead[0].lower_ in verbs and ahead[0].tag_ in ("VBG", "VBD", "VBZ"):
            return token.idx
        for word in ahead:
            if word.tag_ in ("VBD", "VBZ", "VBP", "MD"):
                if word.lower_ in verbs and verbs[word.lower_].group == "speech":
                    return token.idx
                break
    return sentence.end_char


def find_subject(verb: Token) -> Range | None:
    """Find who stands before a cue: "Russia, the ally of …, said", "and the minister described".

    Parameters
    ----------
    verb
        A cue; auxiliaries and adverbs before it are passed over.
    """
    doc, sentence = verb.doc, verb.sent
    at = verb.i - 1
    while (
        at >= sentence.start
        and doc[at].tag_ in ("RB", "MD", "VBZ", "VBD", "VBP", "VB")
        and _is_helper(doc[at])
    ):
        at -= 1
    if (verb.tag_ not in _FINITE and not is_verb_after_all(verb)) or at < sentence.start:
        return None
    if doc[at].lower_ == "who" and (antecedent := _before_relative(doc[at], sentence)):
        return antecedent
    if doc[at].text == ",":
        comma = next((token for token in doc[sentence.start : at] if token.text == ","), None)
        if comma is None or not _is_noun_phrase(doc[sentence.start : comma.i]):
            return None
        named = all(token.tag_.startswith("NNP") for token in doc[comma.i + 1 : at])
        stop = doc[at] if named else comma
        return trim(text_of(doc), sentence.start_char, stop.idx)
    if doc[at].tag_ == "PRP":
        return doc[at].idx, doc[at].idx + len(doc[at])
    joint = at
    while joint >= sentence.start and doc[joint].lower_ not in ("and", "but", "while", ","):
        joint -= 1
    phrase = doc[joint + 1 : at + 1]
    before = doc[joint - 1].tag_ if joint > sentence.start else ""
    is_clause = (
        joint < sentence.start
        and is_verb_after_all(verb)
        or joint >= sentence.start
        and doc[joint].text != ","
        and not before.startswith("NNP")
    )
    if (
        is_clause
        and len(phrase) <= 8
        and _is_noun_phrase(phrase)
        and phrase[-1].tag_.startswith(("NN", "PRP"))
    ):
        return trim(text_of(doc), phrase[0].idx, doc[at].idx + len(doc[at]))
    return None


def _before_relative(pronoun: Token, sentence: Span) -> Range | None:
    """Noun phrase that ", who" goes back to."""
    doc = pronoun.doc
    stop = pronoun.i - 1 if doc[pronoun.i - 1].text == "," else pronoun.i
    start = stop
    while start > sentence.start and doc[start - 1].tag_.startswith(("NN", "DT", "JJ", "CD", "PRP$", "POS")):
        start -= 1
    return (
        trim(text_of(doc), doc[start].idx, doc[stop - 1].idx + len(doc[stop - 1])) if start < stop else None
    )


def _is_helper(token: Token) -> bool:
    return token.tag_ in ("RB", "MD") or token.lower_ in (
        "has",
        "have",
        "had",
        "is",
        "are",
        "was",
        "were",
        "be",
    )


def continues(verb: Token) -> bool:
    """Whether a verb goes on with the subject of the clause before: "and warned", ", warning that"."""
    if verb.i == verb.sent.start:
        return False
    before = verb.doc[verb.i - 1]
    return (
        before.lower_ in ("and", "but") and verb.tag_ in _FINITE or before.text == "," and verb.tag_ == "VBG"
    )


def is_verb_after_all(token: Token) -> bool:
    """Whether a form in -s that was taken for a noun is a verb: "the UN warns of", "Kenya fears that"."""
    doc = token.doc
    if (
        not token.tag_.startswith("NN")
        or not token.lower_.endswith("s")
        or token.i + 1 >= len(doc)
        or not token.i
    ):
        return False
    before, after = doc[token.i - 1], doc[token.i + 1].lower_
    subject = before.text == "," or before.tag_.startswith(("NNP", "PRP", "RB")) and before.tag_ != "PRP$"
    return subject and (after in ("that", "against") or after == "of" and token.lower_ == "warns")


def phrase_end(first: Token, sentence: Span) -> int:
    """Token after a noun phrase that runs to a comma, a stop or a verb.

    Parameters
    ----------
    first
        Its first word.
    sentence
        It does not run farther.
    """
    for token in first.doc[first.i : sentence.end]:
        if token.text in (",", ".", ";", ":", "“", "”", '"', "–", "—", "(") or token.is_space:
            return max(token.i, first.i + 1)
        if token.tag_ in ("WP", "WDT") and token.i > first.i:
            return token.i
        closed = token.i + 1 < sentence.end and token.doc[token.i + 1].text == ","
        if token.i > first.i and token.tag_ in ("VBD", "VBZ", "VBP", "MD") and not closed:
            return token.i
    return sentence.end


def find_speaker(verb: Token, quote_end: int) -> Range | None:
    """Find who stands between a quote and its verb, or right behind the verb: "…," said the mayor.

    Parameters
    ----------
    verb
        A cue after a quote.
    quote_end
        One past the quote's closing mark.
    """
    doc, sentence = verb.doc, verb.sent
    between = [
        token for token in doc[sentence.start : verb.i] if token.idx >= quote_end and not token.is_space
    ]
    if between:
        span = doc[between[0].i : verb.i]
        inner = [token for token in span if token.tag_ in ("VBD", "VBZ", "VBP") and not _is_helper(token)]
        if len(span) > _LONGEST_SOURCE or inner or not _is_noun_phrase(span):
            return None
        return trim(text_of(doc), span[0].idx, verb.idx)
    stop = _source_end(verb, sentence)
    if stop - verb.i < 2 or not _is_noun_phrase(doc[verb.i + 1 : stop]):
        return None
    return trim(text_of(doc), doc[verb.i + 1].idx, doc[stop - 1].idx + len(doc[stop - 1]))


def find_rest(verb: Token) -> Range | None:
    """Find what follows an active verb up to the end of its clause: "denied shelling the camp"."""
    doc, sentence = verb.doc, verb.sent
    following = doc[verb.i + 1] if verb.i + 1 < sentence.end else None
    if following is None or verb.tag_ not in _FINITE or is_passive(verb) or not following.is_alpha:
        return None
    if following.tag_ in ("IN", "TO", "CC", "RB"):
        return None
    return trim(text_of(doc), following.idx, _ending(verb, sentence, verb.idx + len(verb)))


def find_infinitive(verb: Token) -> tuple[Range, Range | None] | None:
    """Find what is asked for, and of whom: "urged both sides to let convoys pass".

    Parameters
    ----------
    verb
        A cue that takes an infinitive.
    """
    doc, sentence = verb.doc, verb.sent
    for token in doc[verb.i + 1 : min(verb.i + 9, sentence.end - 1)]:
        if token.text in (",", ";", ":", ".") or token.tag_ in ("VBD", "VBZ", "VBP", "MD"):
            return None
        if token.lower_ == "to" and (doc[token.i + 1].tag_ == "VB" or token.tag_ == "TO"):
            whom = trim(text_of(doc), doc[verb.i + 1].idx, token.idx) if token.i > verb.i + 1 else None
            return trim(text_of(doc), token.idx, _ending(verb, sentence, token.idx)), whom
    return None


def stretch(verb: Token, content: Range) -> Range:
    """Stretch a phrase over the prepositions and infinitives that follow it, as far as the clause goes.

    Parameters
    ----------
    verb
        The cue.
    content
        Phrase that the parser put under it.
    """
    doc, sentence = verb.doc, verb.sent
    following = next((token for token in doc[verb.i : sentence.end] if token.idx >= content[1]), None)
    if following is None or content[0] < verb.idx or following.tag_ not in ("IN", "TO"):
        return content
    clause = (
        "that",
        "because",
        "while",
        "after",
        "before",
        "as",
        "if",
        "since",
        "when",
        "although",
        "though",
    )
    if following.lower_ in clause:
        return content
    return trim(text_of(doc), content[0], _ending(verb, sentence, content[1] - 1))
