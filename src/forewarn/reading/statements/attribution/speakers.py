"""Who stands before or behind a cue, by the order of words and by commas.

A relative clause, an apposition or a phrase put between commas parts a source from its verb ("A widow, Ya
Falmata, who trekked with six children, said"); a small parser loses such sources. Here a clause is walked
from its cue to the left: every finite verb met must be closed by the relative word that opened its clause,
and what is left is the noun phrase that speaks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forewarn.reading.statements.attribution.phrases import Range, text_of, trim
from forewarn.reading.statements.attribution.speaker_phrases import COMMAS, HARD, WHEN, is_name, phrase_after
from forewarn.reading.text.lexicon import load_verbs, word_set
from forewarn.reading.text.parts_of_speech import class_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# Words; appositions and relative clauses are counted (assumption).
_LONGEST = 34
_NOMINATIVE = frozenset(["i", "we", "he", "she", "they"])
_COORDINATES = word_set(
    "and but while whereas or yet so although though because when if since as until before after"
)  # fmt: skip
_OPENERS = word_set("that which who whom whose what where how why whether")
_BARE = word_set("to will would can could may might must should shall did does")
_SKIPPED = word_set(
    "also later earlier again then now still already yesterday today tonight therefore "
    "repeatedly further only just even once twice first reportedly not n't never publicly openly "
    "n’t neither nor both"
)
_MONTHS = re.compile(
    r"January|February|March|April|May|June|July|August|September|October|November|December|(?:19|20)\d\d"
)
_LEAD = re.compile(
    r"(?:(?:and|but|while|whereas|yet|so|still|meanwhile|however|also|later|earlier|then|now|because|when|if|since|"
    r"although|though|instead|separately|elsewhere|moreover|yesterday|today|as|neither|nor|both)"
    r"\b[ ,]*|[•*–—-]\s*|\d+\.\s)+",
    re.IGNORECASE,
)
_STARTS_NOUN = frozenset(["noun", "pronoun", "determiner", "adjective", "number"])
_ENDS_NOUN = word_set("noun pronoun number determiner mark other adverb adjective")
_INSERTED = word_set("preposition to gerund participle adverb relative question")


def find_before(cue: Token) -> Range | None:
    """Find the noun phrase that a cue has for its subject, with its appositions and relative clauses.

    Parameters
    ----------
    cue
        A finite verb of saying, thinking or finding.

    Returns
    -------
    Range or None
        Characters; nothing if what stands before it is no noun phrase.

    Examples
    --------
    >>> from forewarn.reading.text.sentences import build_pipeline
    >>> text = "On Monday, a widow, Ya Goni, who had trekked, said the town was empty."
    >>> doc = build_pipeline()(text)
    >>> start, end = find_before(next(word for word in doc if word.text == "said"))
    >>> text[start:end]
    'a widow, Ya Goni, who had trekked'
    """
    found = _find_before(cue)
    plain = cue.doc.user_data.get("plain")
    # A wrong tag can hide a source that the words alone show.
    return found if found or plain is None or not cue.tag_ else _find_before(plain[cue.i])


def _find_before(cue: Token) -> Range | None:
    doc, start = cue.doc, cue.sent.start
    at = _skip_back(cue, start)
    if at < start:
        return None
    if class_of(doc[at]) == "relative" or doc[at].lower_ in ("who", "which"):
        return _antecedent(doc[at], start)
    found = _before_insertion(at, start, doc) if doc[at].text in COMMAS else _walk(at, start, doc)
    return _as_range(doc, *found) if found else None


def continues(cue: Token) -> bool:
    """Whether a cue goes on with the subject of the clause before: "and later warned", ", warning that"."""
    start = cue.sent.start
    at = _skip_back(cue, start)
    if at <= start:
        return False
    before = cue.doc[at]
    if before.lower_ in ("and", "but", "then", "or"):
        return class_of(cue) in ("finite", "participle", "gerund")
    return before.text == "," and class_of(cue) == "gerund"


def _skip_back(cue: Token, start: int) -> int:
    """Pass over helpers, adverbs and times right before a cue."""
    doc, at = cue.doc, cue.i - 1
    while at >= start:
        token = doc[at]
        kind = class_of(token)
        if (
            token.lower_ in _SKIPPED
            or kind == "helper"
            or kind == "adverb"
            and token.lower_ not in ("there", "here")
            or token.is_space
        ):
            at -= 1
        elif found := WHEN.search(text_of(doc)[max(doc[start].idx, token.idx - 20) : token.idx + len(token)]):
            words = len(found[0].split())
            if at - words < start:
                return at
            at -= words
        elif (
            token.text == ","
            and at - 2 >= start
            and doc[at - 1].lower_ in ("however", "too", "meanwhile", "though")
        ):
            at -= 2
            if doc[at].text == ",":
                at -= 1
        else:
            break
    return at


def _antecedent(pronoun: Token, start: int) -> Range | None:
    """Find the noun phrase that ", who" goes back to."""
    doc = pronoun.doc
    end = pronoun.i - 1
    if end >= start and doc[end].text in COMMAS:
        end -= 1
    at = end
    while (
        at >= start
        and class_of(doc[at]) in ("noun", "determiner", "adjective", "number", "other")
        and not (class_of(doc[at]) == "determiner" and at < end and class_of(doc[at + 1]) == "determiner")
    ):
        at -= 1
        if at > start and doc[at].lower_ in ("of", "from", "in", "at") and class_of(doc[at - 1]) == "noun":
            at -= 1
    return _as_range(doc, at + 1, end) if at < end else None


def _walk(at: int, start: int, doc: Doc) -> tuple[int, int] | None:
    """Walk left from the last word of a source that stands right before its cue."""
    if doc[at].lower_ in _NOMINATIVE and (at == start or doc[at - 1].lower_ not in ("and", "or")):
        return at, at
    verbs, here, first = 0, at, at + 1
    listed = False
    while here >= start:
        token = doc[here]
        kind, word = class_of(token), token.lower_
        if token.is_space or word in HARD or token.text in ("(",) and not _closes(doc, here, at):
            break
        if kind == "finite" or kind == "helper" and _is_finite(doc, here):
            verbs += 1
        elif kind in ("relative", "question") or word in _OPENERS and _opens(doc, here, verbs):
            if not verbs:
                break
            verbs -= 1
            if here - 1 >= start and doc[here - 1].text == ",":
                here -= 1
            if here - 1 >= start and class_of(doc[here - 1]) == "preposition":
                here -= 1
        elif (
            word in _COORDINATES and kind != "preposition" or word == "as" and kind == "preposition" and verbs
        ):
            if word not in ("and", "or") or verbs or _has_verb_before(doc, here, start):
                if verbs:
                    return None
                break
            listed = True
        elif token.text in COMMAS:
            if verbs:
                return None
            if not (listed and _is_listed(doc, here, start)):
                break
        first = here
        here -= 1
    if verbs:
        return _reduced(doc, first, at)
    return first, at


def _reduced(doc: Doc, first: int, at: int) -> tuple[int, int] | None:
    """Read a relative clause without its word: "a monk I spoke to", "the men they call guards"."""
    for k in range(first + 1, at):
        if (
            class_of(doc[k]) == "pronoun"
            and class_of(doc[k - 1]) == "noun"
            and doc[k].lower_ in ("i", "we", "he", "she", "they")
        ):
            inner = sum(class_of(doc[m]) == "finite" for m in range(k, at + 1))
            outer = sum(class_of(doc[m]) == "finite" for m in range(first, k))
            if inner == 1 and not outer:
                return first, at
    return None


def _is_finite(doc: Doc, at: int) -> bool:
    """Whether a helper is finite and no verb behind it is counted for it: "had", not "have been told"."""
    word, before = doc[at].lower_, doc[at - 1].lower_ if at else ""
    if word in ("be", "been", "being", "having") or word in ("have", "do") and before in _BARE:
        return False
    for token in doc[at + 1 : at + 4]:
        kind = class_of(token)
        if kind == "finite":
            return False
        if kind not in ("adverb", "helper"):
            break
    return not any(
        class_of(token) == "helper" and token.lower_ in _BARE for token in doc[max(at - 2, 0) : at]
    )


def _opens(doc: Doc, at: int, verbs: int) -> bool:
    """Whether "that" opens a clause, and points at no noun."""
    if doc[at].lower_ != "that":
        return True
    kind = class_of(doc[at])
    if kind in ("relative", "preposition"):
        return True
    after = class_of(doc[at + 1]) if at + 1 < len(doc) else "mark"
    return (
        verbs > 0
        and after in ("finite", "helper", "pronoun", "determiner")
        and class_of(doc[at - 1]) in ("noun", "finite")
    )


def _closes(doc: Doc, opened: int, at: int) -> bool:
    return any(token.text == ")" for token in doc[opened : at + 1])


def _has_verb_before(doc: Doc, at: int, start: int) -> bool:
    """Whether the clause before an "and" has a verb, so that the "and" joins clauses and not names."""
    for k in range(at - 1, start - 1, -1):
        token = doc[k]
        if token.text in HARD or token.lower_ in ("that", "but") or token.is_space:
            return False
        if token.text == "," and k < at - 1:
            return False
        if class_of(token) in ("finite", "helper"):
            return True
    return False


def _is_listed(doc: Doc, comma: int, start: int) -> bool:
    """Whether names before a comma are part of a list: "Rauf, Ali and Omar said"."""
    k = comma - 1
    while k >= start and doc[k].text not in COMMAS and doc[k].text not in HARD:
        if class_of(doc[k]) in ("finite", "helper", "gerund"):
            return False
        k -= 1
    return 0 < comma - 1 - k <= 6 and class_of(doc[k + 1]) in _STARTS_NOUN and doc[k + 1].lower_ not in (
        "this", "last", "next"
    )  # fmt: skip


def _before_insertion(comma: int, start: int, doc: Doc) -> tuple[int, int] | None:
    """Find the source that commas part from its cue: "The office, asked about it, said"."""
    parts = _parts(comma, start, doc)
    chosen = None
    for k in range(len(parts) - 1, -1, -1):
        first, last = parts[k]
        lead = _after_lead(doc, first, last)
        lead = _after_place(doc, lead, last) if lead <= last else lead
        if lead > last:
            return None
        verb = any(class_of(token) in ("finite", "helper") for token in doc[lead : last + 1])
        kind = class_of(doc[lead])
        if kind in _INSERTED or doc[lead].lower_ in ("as", "when", "while"):
            if chosen is not None:
                break
            if lead > first:
                return None
            continue
        if verb and _walk(last, first, doc) is None:
            if chosen is not None:
                break
            continue
        if kind not in _STARTS_NOUN:
            break
        if chosen is not None and len(_COORDINATES & {doc[chosen[1]].lower_}):
            break
        chosen = (k, first, lead)
        if lead > first:
            break
    if chosen is None:
        return None
    k, _, lead = chosen
    if k == len(parts) - 1:
        return None
    last = parts[k][1]
    for first, end in parts[k + 1 :]:
        kind = class_of(doc[first])
        if is_name(doc, lead, parts[k][1]) and not doc[first].text[0].isupper():
            break
        whose = doc[first].lower_ in ("who", "whose", "whom", "which") or doc[min(first + 1, end)].lower_ in (
            "whom",
            "which",
        )
        named = kind in _STARTS_NOUN and not any(
            class_of(t) in ("finite", "helper") for t in doc[first : end + 1]
        )
        telling = whose and any(token.lower_ in load_verbs() for token in doc[first : end + 1])
        if (
            not (whose or named)
            or telling
            and class_of(doc[first - 1]) == "mark"
            and doc[first].lower_ == "which"
        ):
            break
        if doc[first - 1].text != ",":
            break
        last = end
    return lead, last


def _parts(comma: int, start: int, doc: Doc) -> list[tuple[int, int]]:
    """Cut the words before a closing comma at commas, back to where the sentence or a quote opens."""
    parts: list[tuple[int, int]] = []
    end, here = comma - 1, comma - 1
    while here >= start - 1:
        hard = here < start or doc[here].is_space or doc[here].text in HARD
        if hard or doc[here].text in COMMAS:
            if end > here:
                parts.insert(0, (here + 1, end))
            if hard or len(parts) > 5:
                break
            end = here - 1
        here -= 1
    return parts


def _after_lead(doc: Doc, first: int, last: int) -> int:
    """Index of the word after "But", "Meanwhile" and the mark of a list item."""
    span = doc[first : last + 1]
    found = _LEAD.match(text_of(doc), span.start_char, span.end_char)
    if not found:
        return first
    return next((token.i for token in span if token.idx >= found.end()), last + 1)


def _after_place(doc: Doc, first: int, last: int) -> int:
    """Index of the noun phrase after a phrase of place or time that no comma closes: "In Goma the mayor"."""
    ago = next((k + 1 for k in range(first, min(last, first + 5)) if doc[k].lower_ == "ago"), None)
    if ago is not None:
        return ago
    if class_of(doc[first]) != "preposition" or doc[first].lower_ == "of":
        return first
    for k in range(first + 2, min(last + 1, first + 9)):
        kind, before = class_of(doc[k]), doc[k - 1]
        if kind in ("determiner", "pronoun") and class_of(before) in ("noun", "number"):
            return k
        if kind in ("noun", "adjective") and (_MONTHS.fullmatch(before.text) or WHEN.fullmatch(before.text)):
            return k
    return first


def _as_range(doc: Doc, first: int, last: int) -> Range | None:
    """Characters of a noun phrase, without what leads to it; nothing if it is none."""
    first = _after_place(doc, _after_lead(doc, first, last), last)
    if first > last or last - first >= _LONGEST:
        return None
    if class_of(doc[first]) not in _STARTS_NOUN or class_of(doc[last]) not in _ENDS_NOUN | {
        "preposition",
        "to",
        "finite",
        "participle",
        "gerund",
    }:
        return None
    heads = ("noun", "pronoun", "number", "determiner")
    if not any(class_of(token) in heads or token.text[0].isupper() for token in doc[first : last + 1]):
        return None
    start, end = trim(text_of(doc), doc[first].idx, doc[last].idx + len(doc[last]))
    return (start, end) if end > start else None


def find_speaker(cue: Token, closed: int) -> Range | None:
    """Find who stands between a quote and its cue, or right behind the cue: "…," said the mayor.

    Parameters
    ----------
    cue
        A cue after a quote.
    closed
        One past the quote's closing mark.
    """
    doc, text = cue.doc, text_of(cue.doc)
    between = [
        token.i
        for token in doc[cue.sent.start : cue.i]
        if token.idx >= closed and any(map(str.isalnum, token.text))
    ]
    if between and not all(doc[k].lower_ in _SKIPPED or class_of(doc[k]) == "helper" for k in between):
        found = find_before(cue)
        if found is None or found[0] < closed:
            found = trim(text, doc[between[0]].idx, cue.idx) if len(between) < 8 else None
        return found
    if cue.i + 1 >= cue.sent.end or class_of(doc[cue.i + 1]) not in _STARTS_NOUN:
        return None
    last = phrase_after(doc, cue.i + 1, cue.sent.end)
    return trim(text, doc[cue.i + 1].idx, doc[last].idx + len(doc[last]))


def noun_phrase_before(noun: Token) -> Range | None:
    """Find a noun phrase that ends before a possessive mark, or with a noun: "the Relief Commissioner"."""
    doc, start = noun.doc, noun.sent.start
    last = noun.i - 1 if class_of(noun) == "other" else noun.i
    at = last
    while at >= start and class_of(doc[at]) in ("noun", "adjective", "number", "determiner", "other"):
        at -= 1
        if class_of(doc[at + 1]) == "determiner":
            break
    return _as_range(doc, at + 1, last) if at < last else None
