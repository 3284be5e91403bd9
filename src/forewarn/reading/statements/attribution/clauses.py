"""What follows a cue, by the order of words: a clause, what is asked for, a phrase; and whom it is about.

Used with the tags of the small tagger, and without them (`parts_of_speech.py`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from forewarn.reading.statements.attribution.phrases import Range, text_of, trim
from forewarn.reading.text.lexicon import load_verbs, saying_words
from forewarn.reading.text.parts_of_speech import class_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from forewarn.reading.text.lexicon import Cue

# What a writer adds to a claim: ", a number that a coordinator called guesswork".
_REMARKED = re.compile(
    r",\s(?:an?|the)\s(?:\w+\s)?(?:number|figure|claim|charge|allegation|accusation|statement|deadline|version|estimate|toll|"
    r"count|story|threat|promise)\s(?:that|which|the|an?)\b"
)
_STOPS = frozenset(";:•")


def clause_end(verb: Token, first: int, stop: int) -> int:
    """Find the end of what is said: before "…, according to", "; X says", "and X said", ", warning that".

    Parameters
    ----------
    verb
        The cue.
    first
        First word of what is said.
    stop
        Token after the last that counts.
    """
    doc, verbs = verb.doc, load_verbs()
    quoted = doc[first].text in ('"', "“") or doc[first - 1].text in ('"', "“")
    for k in range(first + 1, stop):
        token = doc[k]
        word = token.lower_
        if word in ('"', "“", "”"):
            quoted = word == "“" or word == '"' and not quoted
        if quoted:
            continue
        if token.text == ";":
            return token.idx
        if word in ("and", "but", "while", "whereas", "although", "though") or token.text in (",", "–", "—"):
            ahead = doc[k + 1 : min(k + 11, stop)]
            if not len(ahead):
                continue
            if ahead[0].lower_ in ("according", "without"):
                return token.idx
            if (
                ahead[0].lower_ in verbs
                and class_of(ahead[0]) in ("finite", "gerund")
                and _is_own(doc, ahead[0], verbs[ahead[0].lower_])
            ):
                return token.idx
            if ahead[0].lower_ in ("could", "would", "did", "does") and any(
                t.lower_ in verbs for t in ahead[1:4]
            ):
                return token.idx
            if (
                _tells_next(doc, k + 1, stop)
                or token.text == ","
                and _REMARKED.match(text_of(doc), token.idx)
            ):
                return token.idx
        elif word == "according" and k + 1 < stop and doc[k + 1].lower_ == "to" and k > first + 2:
            return token.idx
    return end_of(doc, stop)


def _is_own(doc: Doc, verb: Token, cue: Cue) -> bool:
    """Whether "and warned", ", adding that" goes on with the source of the cue before, in another clause."""
    if class_of(verb) == "gerund":
        return cue.group == "speech"
    return cue.group == "speech" or cue.kind in ("denial", "accusation", "fear", "hope")


def _tells_next(doc: Doc, first: int, stop: int) -> bool:
    """Whether a new clause with a source and a cue of its own starts here: ", and the mayor said"."""
    verbs = load_verbs()
    if first < stop and doc[first].lower_ in ("and", "but", "while", "whereas", "although", "though"):
        first += 1
    if first >= stop or class_of(doc[first]) not in ("noun", "pronoun", "determiner", "adjective", "number"):
        return False
    for k in range(first + 1, min(first + 9, stop)):
        token = doc[k]
        kind = class_of(token)
        if kind in ("finite", "base") or kind == "noun" and token.lower_ in verbs and k > first + 1:
            known = verbs.get(token.lower_)
            return known is not None and kind != "noun" and known.group == "speech"
        if token.text in (",", ";", ":", ".") or token.lower_ in ("that", "and"):
            return False
    return False


def is_clause(doc: Doc, first: int, stop: int) -> bool:
    """Whether a finite verb comes that no relative word opened the clause of.

    Parameters
    ----------
    doc, first
        Words, and index of the first.
    stop
        Token after the last that counts.
    """
    open_, seen = 0, 0
    for k in range(first, min(stop, first + 26)):
        token = doc[k]
        kind, word = class_of(token), token.lower_
        if word in _STOPS or token.text in (".", "?", "!") and not doc[k - 1].is_alpha:
            return False
        if kind in ("finite", "helper") and word not in ("be", "been", "being", "having"):
            before = doc[k - 1].lower_
            if word in ("have", "do") and before == "to":
                continue
            if not open_:
                return seen > 0 or kind == "helper"
            open_ -= 1
        elif k > first and (
            kind == "relative"
            or word in ("that", "where", "when", "because", "as", "while", "which")
            and class_of(doc[k - 1]) in ("noun", "mark")
        ):
            open_ += 1
        elif kind not in ("mark", "adverb"):
            seen += 1
    return False


def end_of(doc: Doc, stop: int) -> int:
    """Give the character after the last token before `stop`."""
    last = doc[stop - 1]
    return last.idx + len(last)


# What may stand between a cue and what is said: when, where, how, through what, to whom.
_MEDIUM = (
    r"(?:statement|release|communiqu\w+|message|note|interview|conference|report|post|letter|letters|bulletin|"
    r"video|speech|briefing|tweet|circular|broadcast|radio|television|phone|telephone|confidence|private|public)"
)
_BETWEEN = re.compile(
    r"\s*(?:"
    r"(?:in|on|by|through|via|at|over)\s+(?:(?:an?|the|his|her|its|their|state)\s+)?(?:[\w-]+\s+){0,2}?"
    + _MEDIUM
    + r"\b|"
    r",[^,;:\"“”]{3,60},(?=\s+that\b)|"
    r",\s(?:for|in|on|at|through|without|during|by|from)\s[^,;:.\"“”]{3,60},|"
    r",?\s*without (?:\w+ ){0,2}\w+,|"
    r"(?:on|in|at|during|from)\s+(?:\w+ ){0,3}?[A-Z]\w+|"
    r"(?:on|since) \d{1,2} [A-Z]\w+|"
    r"(?:for|at) the \w+ time|"
    r"(?:earlier|later|late|early|last|this|also|again|repeatedly|today|yesterday|back|out|openly|only|even)"
    r"(?: (?:on|in|this|last))?(?: (?:week|month|year|morning|afternoon|evening|night|[A-Z]\w+day))?(?=\s|,)|"
    r"[a-z]+ly|"
    r"(?:in|to) (?:our|the|his|her|their|this|an?) (?:correspondent|reporter|paper|newspaper|agency|medium)|"
    r"to (?:[\w'’]+ ){1,4}?(?=that\b|[\"“])"  # noqa: RUF001
    r")(?=\W|$)"
)
_TELLS = saying_words("tells-somebody")
_ASKS = saying_words("asks-somebody")
_PREPOSITIONS = {
    "about": ("about", "of", "against", "over", "on"),
    "of": ("of",),
    "for": ("for",),
    "as": ("as",),
    "at": ("at",),
}
_SHORT = 5  # characters: "this", "it", and no noun phrase
_LONGEST_ADDRESSEE = 14  # words (assumption)


class Clause(NamedTuple):
    """What was read: construction, and ranges of content, target and addressee."""

    frame: str
    content: Range
    target: Range | None = None
    addressee: Range | None = None


def read_clause(verb: Token, cue: Cue, stop: int) -> Clause | None:
    """Read what follows a cue in the active voice.

    Parameters
    ----------
    verb
        The cue.
    cue
        What is known of it.
    stop
        Token after its sentence, or after the quote it stands in.

    Examples
    --------
    >>> from forewarn.reading.text.lexicon import load_verbs
    >>> from forewarn.reading.text.sentences import build_pipeline
    >>> doc = build_pipeline()("The mayor urged both sides to let convoys pass, and left.")
    >>> verb = doc[2]
    >>> found = read_clause(verb, load_verbs()["urged"], len(doc))
    >>> found.frame, doc.text[slice(*found.content)]
    ('infinitive', 'both sides to let convoys pass, and left')
    """
    doc, text = verb.doc, text_of(verb.doc)
    first = pass_over(verb, stop)
    if first >= stop:
        return None
    token = doc[first]
    if token.lower_ == "that" and is_clause(doc, first + 1, stop) and "clause" in cue.frames:
        return Clause("clause", trim(text, token.idx, clause_end(verb, first, stop)))
    if token.text == ":" and first + 2 < stop and {"clause", "quote"} & cue.frames:
        return Clause("clause", trim(text, doc[first + 1].idx, end_of(doc, stop)))
    if cue.word in _TELLS | _ASKS and (found := _after_addressee(verb, cue, first, stop)):
        return found
    if is_infinitive(doc, first, stop):
        if "infinitive" in cue.frames:
            return Clause("infinitive", trim(text, token.idx, clause_end(verb, first, stop)))
        return None
    if class_of(token) == "preposition" or token.lower_ == "to":
        if found := _after_preposition(verb, cue, first, stop):
            return found
        if "clause" not in cue.frames or class_of(token) == "to":
            return None
    if class_of(token) in ("relative", "question", "conjunction", "finite", "helper") or token.text in (
        ",",
        ".",
        ")",
    ):
        return None
    return _after_phrase(verb, cue, first, stop)


def _after_phrase(verb: Token, cue: Cue, first: int, stop: int) -> Clause | None:
    """Read a clause without "that", or a phrase that is what is said, or whom it is about."""
    doc, text = verb.doc, text_of(verb.doc)
    if "clause" in cue.frames and is_clause(doc, first, stop):
        return Clause("clause", trim(text, doc[first].idx, clause_end(verb, first, stop)))
    end = clause_end(verb, first, stop)
    end = min(end, _clause_break(doc, first, stop))
    whole = trim(text, doc[first].idx, end)
    if whole[1] - whole[0] < 2:
        return None
    for frame in ("of", "as", "for", "at"):
        if frame in cue.frames and (link := _link(doc, first, stop, frame, end)):
            target = trim(text, doc[first].idx, link.idx)
            named = frame == "as" and cue.kind in ("description", "assessment")
            return Clause(frame, trim(text, link.idx, end) if named else whole, target)
    if class_of(doc[first]) == "preposition":
        return None
    if "name" in cue.frames:
        whom = _named(doc, first, stop, end)
        pronoun = class_of(doc[first]) in ("pronoun", "determiner")
        short = pronoun and whom is not None and whom[1] - whom[0] <= _SHORT
        return Clause("name", whole if whom is None or short else trim(text, whom[1], end), whom)
    if "object" in cue.frames or class_of(doc[first]) == "gerund" and cue.kind in ("denial", "report"):
        return Clause("object", whole)
    if class_of(doc[first]) == "number" and {"clause", "quote"} & cue.frames:
        return Clause("object", whole)
    return None


def _clause_break(doc: Doc, first: int, stop: int) -> int:
    """Find where a phrase ends that is no clause: at a colon, at ", and" with a clause of its own."""
    quoted = doc[first].text in ('"', "“") or doc[first - 1].text in ('"', "“")
    for k in range(first + 1, stop - 2):
        if doc[k].text in ('"', "“", "”"):
            quoted = doc[k].text != "”" and not quoted
        if quoted:
            continue
        joined = doc[k].text == "," and doc[k + 1].lower_ in (
            "and",
            "but",
            "while",
            "although",
            "though",
            "since",
            "so",
        )
        if doc[k].text == ":" or joined and is_clause(doc, k + 2, min(k + 10, stop)):
            return doc[k].idx
    return end_of(doc, stop)


def _named(doc: Doc, first: int, stop: int, end: int) -> Range | None:
    """Whom a name is given to: the first noun phrase after "called"."""
    for k in range(first + 1, stop):
        if doc[k].idx >= end:
            return None
        opens = class_of(doc[k]) in ("determiner", "adjective") or doc[k].text in ('"', "“", "'", "‘")  # noqa: RUF001
        if opens and class_of(doc[k - 1]) in ("noun", "pronoun", "determiner"):
            return trim(text_of(doc), doc[first].idx, doc[k].idx)
    return None


def _link(doc: Doc, first: int, stop: int, frame: str, end: int) -> Token | None:
    """Find the preposition of a construction: "accused the army *of*", "put it *at*"."""
    for k in range(first + 1, min(stop, first + 16)):
        token = doc[k]
        if token.idx >= end or token.text in _STOPS:
            return None
        if token.lower_ == frame and (
            frame != "at" or any(t.like_num or t.text in ('"', "“") for t in doc[k + 1 : k + 6])
        ):
            return token
    return None


def _after_preposition(verb: Token, cue: Cue, first: int, stop: int) -> Clause | None:
    """Read "warned of a siege", "called on both sides to talk", "appealed to the government for tents"."""
    doc, text = verb.doc, text_of(verb.doc)
    word = doc[first].lower_
    if word in ("on", "upon", "to") and cue.word in _ASKS | {"appeal"}:
        for k in range(first + 2, min(stop, first + _LONGEST_ADDRESSEE)):
            if is_infinitive(doc, k, stop) or doc[k].lower_ == "for":
                whom = trim(text, doc[first + 1].idx, doc[k].idx)
                begin = doc[k].idx if doc[k].lower_ == "for" else whom[0]
                return Clause("infinitive", trim(text, begin, clause_end(verb, k, stop)), whom, whom)
        return None
    for frame, words in _PREPOSITIONS.items():
        if frame in cue.frames and word in words and frame != "at" and first + 1 < stop:
            content = trim(text, doc[first].idx, clause_end(verb, first, stop))
            return Clause(frame, content)
    return None


def _after_addressee(verb: Token, cue: Cue, first: int, stop: int) -> Clause | None:
    """Read "told reporters that", "told me the road is shut", "ordered the villagers to leave"."""
    doc, text = verb.doc, text_of(verb.doc)
    begin = doc[first].idx
    if class_of(doc[first]) in ("preposition", "to", "gerund", "relative", "question") or doc[first].text in (
        ",",
        ".",
    ):
        return None
    if cue.word in _TELLS and doc[first].lower_ in ("me", "us", "him", "her", "them") and first + 1 < stop:
        after = doc[first + 1].lower_ not in ("that", "to") and class_of(doc[first + 1]) not in (
            "preposition",
            "mark",
        )
        if after:
            return Clause(
                "clause",
                trim(text, doc[first + 1].idx, clause_end(verb, first + 1, stop)),
                None,
                (begin, begin + len(doc[first])),
            )
    for k in range(first + 1, min(stop, first + _LONGEST_ADDRESSEE)):
        token = doc[k]
        kind = class_of(token)
        whom = trim(text, begin, token.idx)
        if token.lower_ == "that" and cue.word in _TELLS and k + 1 < stop:
            return Clause("clause", trim(text, token.idx, clause_end(verb, k, stop)), None, whom)
        if cue.word in _ASKS and is_infinitive(doc, k, stop) and "infinitive" in cue.frames:
            start = token.idx if cue.word in ("tell", "warn") else begin
            start = doc[k - 1].idx if doc[k - 1].lower_ == "not" else start
            return Clause("infinitive", trim(text, start, clause_end(verb, k, stop)), whom, whom)
        if kind in ("finite", "helper") or token.text in _STOPS or token.text in (".", ",", '"', "“"):
            break
        fresh = kind in ("determiner", "pronoun", "number") and class_of(doc[k - 1]) == "noun"
        if fresh and cue.word in _TELLS and is_clause(doc, k, stop):
            return Clause("clause", trim(text, token.idx, clause_end(verb, k, stop)), None, whom)
    return None


def pass_over(verb: Token, stop: int) -> int:
    """Find the first word of what is said, or of whom it is said to, behind time, place and medium.

    Parameters
    ----------
    verb
        The cue.
    stop
        Token after the last that counts; returned if nothing follows.
    """
    doc, text = verb.doc, text_of(verb.doc)
    begin, end = verb.idx + len(verb), end_of(doc, stop)
    while (found := _BETWEEN.match(text, begin, end)) and found.end() > begin:
        begin = found.end()
    for k in range(verb.i + 1, stop):
        if doc[k].idx >= begin and not doc[k].is_space and doc[k].text not in ('"', "“", "'", "‘"):  # noqa: RUF001
            if doc[k].text == "," and k + 1 < stop and doc[k + 1].lower_ == "that":
                continue
            return k
    return stop


def is_infinitive(doc: Doc, at: int, stop: int) -> bool:
    """Whether "to" and a verb stand here, and not "to" and a noun.

    Parameters
    ----------
    doc, at
        Words, and index of the first.
    stop
        Token after the last that counts.
    """
    if doc[at].lower_ != "to" or at + 1 >= stop:
        return False
    after = (
        doc[at + 1]
        if doc[at + 1].lower_ not in ("not", "immediately", "urgently")
        else doc[min(at + 2, stop - 1)]
    )
    if after.tag_:
        odd = after.tag_ == "PDT" and after.lower_ not in ("all", "both", "half", "such")
        return odd or after.tag_ in ("VB", "VBP") or after.lower_ in ("be", "have", "do")
    return (
        class_of(after) in ("noun", "helper", "finite")
        and not after.text[0].isupper()
        and not after.lower_.endswith("s")
    )
