"""The catalogue of actors of general use, and a lexicon that finds their names in a text.

Tables of data/reading: `states.csv` (names, demonyms and metonyms such as capitals), `offices.csv` (offices
and bodies that every state has) and `actors.csv` (agencies, alliances, armed groups, persons in public
roles).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forewarn.facts import ActorKind

# A word: dotted initials ("U.S."), or letters and digits; hyphens and apostrophes part words.
_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+")
_GAP = re.compile(r"[ \t\xa0]*[-–’' \t\xa0/][ \t\xa0]*|[ \t]*\n[ \t]*|")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class CatalogueActor:
    """An actor of the catalogue.

    Parameters
    ----------
    key
        Such as ``russia`` or ``white-helmets``.
    kind
        Of `facts.ActorKind`; ``demonym`` for an adjective of a state, which is no actor by itself.
    country
        ISO 3166-1 alpha-3; empty if it belongs to none.
    speaks_for
        Key of another entry.
    """

    key: str
    name: str
    kind: str
    country: str = ""
    speaks_for: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A name of the lexicon in a text: characters, half open."""

    start: int
    end: int
    entry: CatalogueActor
    form: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office or a body that every state has: ``foreign-minister``, ``army``."""

    key: str
    kind: ActorKind
    alone: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names by their folded words; the longest wins.

    A form written with a capital matches only words that begin with one; one in capitals only itself, so that
    "us" is no state and "who" no agency.
    """

    forms: Mapping[tuple[str, ...], tuple[str, CatalogueActor]]
    longest: Mapping[str, int]

    def matches(self, text: str) -> Iterator[Match]:
        """Yield the names in a text, longest first at every word, without overlaps.

        Parameters
        ----------
        text
            Of a document.
        """
        words = [(found.start(), found.end()) for found in _WORD.finditer(text)]
        folded = [fold_form(text[start:end]) for start, end in words]
        at = 0
        while at < len(words):
            taken = 0
            for length in range(min(self.longest.get(folded[at], 0), len(words) - at), 0, -1):
                known = self.forms.get(tuple(folded[at : at + length]))
                start, end = words[at][0], words[at + length - 1][1]
                if known and _joined(text, words[at : at + length]) and _cased(text[start:end], known[0]):
                    yield Match(start, end, known[1], known[0])
                    taken = length
                    break
            at += taken or 1


def fold_form(word: str) -> str:
    """Fold a word of a name: lower case, no accents, no dots.

    Examples
    --------
    >>> fold_form("U.S.")
    'us'
    """
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(character for character in decomposed if not unicodedata.combining(character))
    return word.replace(".", "").lower()


def _joined(text: str, words: list[tuple[int, int]]) -> bool:
    return all(
        _GAP.fullmatch(text, first[1], second[0]) for first, second in zip(words, words[1:], strict=False)
    )


def _cased(found: str, form: str) -> bool:
    letters = form.replace(".", "").replace("&", "")
    if letters.isupper() and len(letters) <= 6:
        return found.replace(".", "").isupper()
    return found[0].isupper() if form[0].isupper() else True


def make_lexicon(named: Iterable[tuple[str, CatalogueActor]]) -> Lexicon:
    """Make a lexicon; of two entries with one form the first stays, of two spellings the laxer.

    Parameters
    ----------
    named
        Forms as they are written, with their entries.
    """
    forms: dict[tuple[str, ...], tuple[str, CatalogueActor]] = {}
    longest: dict[str, int] = {}
    for form, entry in named:
        words = tuple(fold_form(word) for word in _WORD.findall(form))
        if words:
            kept = forms.setdefault(words, (form, entry))
            if kept[1] is entry and form.islower():  # the laxer of two spellings
                forms[words] = (form, entry)
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return Lexicon(forms, longest)


def read_table(name: str) -> list[dict[str, str]]:
    """Read a table of data/reading.

    Parameters
    ----------
    name
        File name.
    """
    text = files("forewarn").joinpath("data", "reading", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def slug(name: str) -> str:
    """Make a key of a name.

    Examples
    --------
    >>> slug("Côte d'Ivoire")
    'cote-divoire'
    """
    return "-".join(fold_form(word) for word in re.findall(r"[^\W_]+", re.sub(r"['’.]", "", name)))  # noqa: RUF001


@cache
def load_states() -> tuple[CatalogueActor, ...]:
    """Load the states: one entry each, kind ``government``."""
    return tuple(
        CatalogueActor(slug(row["name"]), row["name"], "government", row["iso3"])
        for row in read_table("states.csv")
    )


@cache
def load_lexicon() -> Lexicon:
    """Load all names of the catalogue: actors first, then states, their demonyms and metonyms."""
    return make_lexicon(_named())


def _named() -> Iterator[tuple[str, CatalogueActor]]:
    for row in read_table("actors.csv"):
        entry = CatalogueActor(row["key"], row["name"], row["kind"], row["country"], row["speaks_for"])
        for form in (row["name"], *filter(None, row["aliases"].split(";"))):
            yield form, entry
    for row, state in zip(read_table("states.csv"), load_states(), strict=True):
        adjective = CatalogueActor(state.key, state.name, "demonym", state.country)
        metonym = CatalogueActor(state.key, state.name, "metonym", state.country)
        for form in (row["name"], *filter(None, row["also"].split(";"))):
            yield form, state
        for form in filter(None, row["metonyms"].split(";")):
            # A starred metonym is an institution ("the Kremlin"), never a place where people live.
            yield form.lstrip("*"), state if form.startswith("*") else metonym
        for form in filter(None, row["demonyms"].split(";")):
            yield form, adjective
            yield f"{form}s", adjective


@cache
def load_offices() -> Mapping[str, Office]:
    """Load the offices and bodies that every state has, by their lower-case words."""
    return {
        row["form"]: Office(row["office"], row["kind"], row["bare"] == "1")  # type: ignore[arg-type]
        for row in read_table("offices.csv")
    }
