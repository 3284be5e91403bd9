"""What part places play in a report: where people go, camps, crossings, what nobody may pass.

Words around a name tell its part, also of a name that no gazetteer knows: "slipped out towards Bileil". The
patterns stand in data/drafting/roles.csv.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast

from forewarn.drafting.basis import SourcedFact
from forewarn.facts import Reading, Span
from forewarn.reading.places.gazetteer import load_gazetteer
from forewarn.reading.text.rules import read_table
from forewarn.reading.text.sentences import sentence_bounds

ATTACKED: Final = ("attacked", "under-fire", "told-to-leave")
"""Parts of places that an attack comes to, or is on."""
UNPASSED: Final = (*ATTACKED, "fallen")
"""Parts of places into which nobody is said to be let."""
SAID_BEFORE: Final = 60
"""Characters before an attack in which it is denied; assumption."""
MOST_LETTERS_OF_A_CODE: Final = 2
"""Words so short name no place but stand for a body; assumption."""

Role = Literal["refuge", "camp", "crossing", "barrier", "fallen", "attacked", "under-fire", "told-to-leave"]
Passage = Literal["open", "closed", ""]

_WORD: Final = r"[^\W\d_a-z][\w’'-]*"  # noqa: RUF001
_NAME: Final = (
    rf"(?-i:(?:(?:al|el|ad|an|ar|as|ash|at|az)-)?{_WORD}"
    rf"(?:[ -](?:(?:al|el|de|del|la|da|do)[ -])?{_WORD}){{0,3}})"
)
_KIND: Final = r"(?:camps?|towns?|cit(?:y|ies)|villages?|port|island|district|province|state|sites?|hills?)"
_OF: Final = rf"(?:(?:(?:\w+\s+)?{_KIND}|(?:the )?border)\s+of\s+(?:the\s+)?|new sites at\s+)?"
_AND: Final = (
    r"(?:\s+(?:on|by|along)\s+the\s+[a-z]+|\s+on\s+\w+day|\s+\([^)]*\))?(?:\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+)"
    rf"(?:(?:then|later|also|directly|since \w+,)\s+)*(?:(?:to|in|at|for|towards?)\s+)?(?:the\s+)?{_OF}"
)
_NAMES: Final = rf"(?P<names>{_NAME}(?:{_AND}{_NAME}){{0,7}})"
_CONTINUED: Final = re.compile(
    rf"\b(?:and|or),?\s+(?:(?:then|later|also|since \w+),?\s+)?to\s+(?:the\s+)?{_OF}{_NAMES}", re.IGNORECASE
)
_NEGATED: Final = re.compile(
    r"\b(?:not|never|nobody|no one|none|den(?:y|ied|ies)|plans? to push|rul\w+ out)\b", re.IGNORECASE
)
_NOT_SO: Final = re.compile(
    rf"{_NEGATED.pattern}|\b(?:accus\w+|alleg\w+|claim(?:s|ed) that|if|unless)\b", re.IGNORECASE
)
"""Words before an attack that make it no fact and no announcement."""
_ARMED: Final = re.compile(
    r"\b(?:troops|forces?|fighters|soldiers|battalions?|tanks|columns?|militia\w*|rebels|insurgents|gunmen|weapons|"
    r"reinforcements|convoys?|peacekeepers|patrols?|delegation|envoys?|talks|negotiat\w+|guns|shells|advanc\w+|"
    r"offensive|assault|attacks?|monitors)\b",
    re.IGNORECASE,
)
_CLOSED: Final = re.compile(
    r"\b(?:closed?|clos(?:es|ing)|shut|sealed|turn(?:ed|ing|s)? (?:\w+ ){0,2}(?:back|away)|full|overcrowded|"
    r"no more (?:tents|room|space|people|places)|no (?:room|space)|accepts? no(?: one|body)|"
    r"(?:not|n[’']t|never|cannot) (?:yet )?(?:be )?(?:accept\w*|admit\w*|ready|tak(?:e|ing)|let|have|open|"  # noqa: RUF001
    r"allow\w*|used|receiv\w+|host\w*)|refus\w+|barred|has filled|sent back|take no more|no civilians?)\b",
    re.IGNORECASE,
)
_OPEN: Final = re.compile(
    r"\b(?:(?:is|are|stays?|remains?|kept|keeps?) (?:\w+ )?open|opened|open to|lets? \w+ (?:in|through)|"
    r"took in|tak(?:es|en) in|receiv(?:es|ed)|(?:has|have) room|accepts?|admit(?:s|ted)|"
    r"welcom\w+|land is available|(?:can|will) take|is free)\b",
    re.IGNORECASE,
)
_PEOPLE: Final = re.compile(r"\b(?:people|families|residents|civilians|refugees|displaced)\b", re.IGNORECASE)
_SIDE: Final = re.compile(r"\bto the (north|south|east|west)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A name with the part it plays.

    Parameters
    ----------
    span
        Of the name in the text of its report.
    role
        Its part.
    passage
        Whether people are said to be let in or through.
    said
        The sentence.
    side
        Of a barrier: the side that nobody may go to; empty if it is not said.
    """

    span: Span
    role: Role
    passage: Passage
    said: SourcedFact
    side: str = ""


def find_roles(readings: Sequence[Reading]) -> tuple[NamedRole, ...]:
    """Find names and their parts in reports.

    Examples
    --------
    >>> from forewarn.reading.documents.document import from_text
    >>> from forewarn.reading.reader import read
    >>> text = "Families went to Bileil and Nyala. Otash camp is full."
    >>> roles = find_roles([read(from_text(text, name="note"))])
    >>> [(role.span.text, role.role, role.passage) for role in roles]
    [('Bileil', 'refuge', ''), ('Nyala', 'refuge', ''), ('Otash', 'refuge', 'closed')]
    """
    return tuple(found for number, reading in enumerate(readings) for found in _of_report(number, reading))


def _of_report(number: int, reading: Reading) -> Iterator[NamedRole]:
    text = reading.document.text
    people = {
        span.text for actor in reading.actors if actor.kind not in ("government",) for span in actor.mentions
    }
    for first, last in sentence_bounds(text):
        said = SourcedFact(number, " ".join(text[first:last].split()))
        found: dict[tuple[int, int, bool], tuple[Role, str]] = {}
        for row in _rows():
            for match in row.pattern.finditer(text, first, last):
                is_attack = row.role in ATTACKED
                if row.role == "refuge" and _is_no_flight(text, first, match):
                    continue
                clause = re.split(r"[.;:,]", text[max(first, match.start() - SAID_BEFORE) : match.end()])
                if is_attack and _NOT_SO.search(clause[-1]):
                    continue
                for listed in _with_continued(match, last):
                    for start, end in names_in(listed["names"]):
                        low, high = listed.start("names") + start, listed.start("names") + end
                        if text[low:high] not in people:
                            found.setdefault((low, high, is_attack), (row.role, text[match.start() : last]))
        spans = sorted({(low, high) for low, high, _ in found})
        for (start, end, _), (role, words) in sorted(found.items()):
            at = spans.index((start, end))
            passage = _passage(text, (first, last), spans, at, role)
            barred = _SIDE.search(words) if role == "barrier" else None
            yield NamedRole(
                span=Span(start=start, end=end, text=text[start:end]),
                role=role,
                passage="closed" if role == "barrier" else "" if role in UNPASSED else passage,
                said=said,
                side=barred[1].lower() if barred else "",
            )


def _is_no_flight(text: str, first: int, match: re.Match[str]) -> bool:
    """Whether those who go are armed, an attack goes there, or it is a source: "according to the U.N."."""
    before = text[first : match.start("names")]
    clause = re.split(r"[.;:]|,\s(?:and|but|while)\s", before)[-1]
    is_armed = _ARMED.search(clause) is not None and _PEOPLE.search(clause) is None
    return is_armed or re.search(r"\baccording to\s+(?:the\s+)?$", before) is not None


def _with_continued(match: re.Match[str], last: int) -> Iterator[re.Match[str]]:
    """Yield a match, and what "… and to X" adds to it later in the sentence."""
    yield match
    if re.search(r"\bto\s+(?:the\s+)?(?:\w+\s+of\s+)?$", match.string[: match.start("names")], re.IGNORECASE):
        yield from _CONTINUED.finditer(match.string, match.end("names"), last)


def names_in(words: str) -> Iterator[tuple[int, int]]:
    """Bounds of the single names in words, without what names no place.

    Examples
    --------
    >>> words = "On Monday the UN said Tawila and Syria's Al-Hol were full."
    >>> [words[start:end] for start, end in names_in(words)]
    ['Tawila', 'Syria', 'Al-Hol']
    """
    for found in re.finditer(rf"(?<![\w-]){_NAME}", words):
        start = found.start()
        for part in re.split(r"([’']s\s+|[’']s?$)", found[0]):  # noqa: RUF001
            name, at = part, start
            while name and name.split()[0] in _no_places():
                rest = name.partition(" ")[2]
                at, name = at + len(name) - len(rest), rest
            is_name = name[:1].isupper() or "-" in name
            if is_name and len(name) > MOST_LETTERS_OF_A_CODE and name not in load_gazetteer().demonyms:
                yield at, at + len(name)
            start += len(part)


def _passage(
    text: str, sentence: tuple[int, int], spans: Sequence[tuple[int, int]], at: int, role: Role
) -> Passage:
    """Whether the words after a name and its list, else those before, say that people are let in."""
    follower = at + 1
    while follower < len(spans) and re.fullmatch(
        rf"{_AND}(?:{_WORD} )?", text[spans[follower - 1][1] : spans[follower][0]], re.IGNORECASE
    ):
        follower += 1
    stop = spans[follower][0] if follower < len(spans) else sentence[1]
    after = re.split(
        r";\s(?!the camps|they|it\b|both)|\s(?:but|while|although)\s", text[spans[follower - 1][1] : stop]
    )[0]
    before = re.split(
        r"[;:]|,\s(?:and|but|while)\s|\band (?=ha(?:s|ve)\b)", text[sentence[0] : spans[at][0]]
    )[-1]
    for words in (after, before):
        if _CLOSED.search(words):
            return "closed"
        if _OPEN.search(words):
            return "open"
    return "closed" if role == "refuge" and _NEGATED.search(before) else ""


@cache
def _no_places() -> frozenset[str]:
    words = (word for row in read_table("not_places.csv") for word in row["words"].split())
    return frozenset((*words, "Protection", "Displacement"))


@dataclass(frozen=True, slots=True)
class _Row:
    role: Role
    pattern: re.Pattern[str]


@cache
def _rows() -> tuple[_Row, ...]:
    text = (files("forewarn") / "data" / "drafting" / "roles.csv").read_text(encoding="utf-8")
    return tuple(
        _Row(
            cast("Role", row["role"]),
            re.compile(row["pattern"].replace("{names}", _NAMES).replace("{of}", _OF), re.IGNORECASE),
        )
        for row in csv.DictReader(text.splitlines())
    )
