"""Mentions of actors: names of the catalogue, and bodies of states ("the Turkish army", "the government")."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from forewarn.facts import ActorKind
from forewarn.reading.actors.catalogue import Match, load_lexicon, load_offices


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name an actor: characters, half open, and what is known of it."""

    start: int
    end: int
    key: str
    name: str
    kind: ActorKind
    country: str = ""
    speaks_for: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of `actor_words.toml`."""

    acting: frozenset[str]
    before_acting: frozenset[str]
    locating: frozenset[str]
    roles: frozenset[str]
    private: frozenset[str]
    no_name: frozenset[str]
    between: frozenset[str]
    sites: frozenset[str]
    heads: Mapping[str, ActorKind]


@cache
def load_words() -> Words:
    """Load the word lists once."""
    table = tomllib.loads(
        files("forewarn").joinpath("data", "reading", "actor_words.toml").read_text("utf-8")
    )
    heads = {
        word: cast("ActorKind", kind) for kind, words in table.pop("heads").items() for word in words.split()
    }
    table["sites"] = table.pop("features")["place"]
    before = frozenset(word.replace("-", " ") for word in table.pop("before_acting").split())
    lists = {name: frozenset(words.split()) for name, words in table.items()}
    return Words(before_acting=before, heads=heads, **lists)


@cache
def office_pattern() -> re.Pattern[str]:
    """Offices and bodies of `offices.csv`, longest first, any case, hyphen or space."""
    forms = sorted(load_offices(), key=len, reverse=True)
    joined = "|".join(re.escape(form).replace(r"\ ", r"[ -]") for form in forms)
    return re.compile(rf"\b(?:{joined})\b", re.IGNORECASE)


def find_catalogued(text: str) -> list[Mention]:
    """Find names of the catalogue that act, and leave out those that are only places or adjectives.

    Parameters
    ----------
    text
        Of the document.
    """
    lexicon = load_lexicon()
    matches = list(lexicon.matches(text))
    return [
        Mention(m.start, m.end, m.entry.key, m.entry.name, _kind(m), m.entry.country, m.entry.speaks_for)
        for m in matches
        if _acts(text, m, matches)
    ]


def _kind(match: Match) -> ActorKind:
    return "government" if match.entry.kind == "metonym" else cast("ActorKind", match.entry.kind)


def _acts(text: str, match: Match, matches: Sequence[Match]) -> bool:
    kind = match.entry.kind
    if kind == "demonym":
        return False
    if kind not in ("government", "metonym") or not match.entry.country or match.form in _GENERIC:
        return True
    words = load_words()
    before = re.findall(r"[\w'-]+", text[max(0, match.start - 40) : match.start].lower())
    before = [word for word in before if word != "the"]
    last, two = before[-1] if before else "", " ".join(before[-2:])
    if kind == "government":
        return last not in words.locating and not re.match(
            r"[,]\s+[A-Z]\w+[,.]", text[match.end : match.end + 30]
        )
    if two in words.before_acting or last in words.before_acting:
        return True
    if last in words.locating or last == "of":
        return False
    after = re.match(
        r"[\s,]*(?:(?:also|still|now|has|have|had|\w+ly)\s+)*(\w+)", text[match.end : match.end + 60]
    )
    if after and after[1] in words.acting:
        return not re.match(r"\s*(?:was|were|has been|had been)\b", text[match.end :])
    if last == "and" or re.match(r"\s+and\s+[A-Z]", text[match.end : match.end + 8]):
        return any(
            other.entry.kind in ("metonym", "government") and other.entry.country
            and other is not match and abs(other.start - match.end) < 30 and _acting_pair(text, match, other)
            for other in matches
        )  # fmt: skip
    return bool(re.match(r"\s+(?:is|was|are)\s+\w+ing\b", text[match.end : match.end + 30]))


def _acting_pair(text: str, one: Match, other: Match) -> bool:
    """Whether two capitals joined by "and" act together: "that Ankara and Moscow could find"."""
    end = max(one.end, other.end)
    after = re.match(r"\s+(?:\w+ly\s+)?(\w+)", text[end : end + 30])
    before = re.findall(r"\w+", text[max(0, min(one.start, other.start) - 20) : min(one.start, other.start)])
    acting = load_words().acting
    return bool(after and after[1] in acting) or (
        bool(before) and before[-1].lower() in {"between", "by", "with"}
    )


_GENERIC = frozenset({"officials", "local authorities"})


def find_bodies(text: str, catalogued: Sequence[Mention]) -> list[Mention]:
    """Find bodies of states: with the state's name or adjective, before or after, or bare.

    Parameters
    ----------
    text
        Of the document.
    catalogued
        Of `find_catalogued`.
    """
    states = [m for m in load_lexicon().matches(text) if m.entry.kind in ("demonym", "metonym", "government")]
    states = [match for match in states if match.entry.country]
    main = _main_state(states)
    taken = [(mention.start, mention.end) for mention in catalogued if mention.kind != "government"]
    found: list[Mention] = []
    for office in office_pattern().finditer(text):
        if any(office.start() < end and start < office.end() for start, end in taken):
            continue
        mention = _body(text, office, states, _last_owned(text, office.start(), found, states) or main)
        if mention:
            found.append(mention)
    return found


def _main_state(states: Sequence[Match]) -> Match | None:
    """Return the state that is named most often, if it is named more than twice as often as any other."""
    counts = Counter(match.entry.key for match in states).most_common(2)
    if not counts or (len(counts) > 1 and counts[0][1] <= 2 * counts[1][1]):
        return None
    return next(match for match in states if match.entry.key == counts[0][0])


def _last_owned(text: str, start: int, bodies: Sequence[Mention], states: Sequence[Match]) -> Match | None:
    """Return the state whose government or forces the paragraph named last before a bare "the army"."""
    paragraph = max(text.rfind("\n", 0, start), 0)
    owners = [body.country for body in bodies if paragraph <= body.start < start and body.kind != "office"]
    return next((state for state in states if owners and state.entry.country == owners[-1]), None)


def _body(text: str, found: re.Match[str], states: Sequence[Match], main: Match | None) -> Mention | None:
    office = load_offices()[re.sub(r"[\s-]+", " ", found[0].lower())]
    start, end = found.span()
    # "Turkish", "Russia's", "rebel-backed Syrian Arab" stand before; "of the Republic of Mali" after.
    owner = next((s for s in states if re.fullmatch(r"(?:[’']s?)?\s+(?:\w+\s+)?", text[s.end : start])), None)  # noqa: RUF001
    if owner:
        between = text[owner.end : start].replace("'s", "").replace("’s", "").split()  # noqa: RUF001
        if between and between[0].lower() not in load_words().between:
            owner = None
        elif owner.entry.kind != "demonym" and not between and owner.form not in {"UK", "US", "U.S.", "U.K."}:
            owner = owner if re.match(r"[’']", text[owner.end :]) else None  # noqa: RUF001
    if owner:
        return _owned(text, owner.start, end, office.key, office.kind, owner)
    after = next(
        (s for s in states if re.fullmatch(r"\s+(?:of|in)\s+(?:the\s+)?", text[end : s.start])), None
    )
    located = after and text[end : after.start].strip().startswith("in") and office.kind != "government"
    if after and after.entry.kind != "demonym" and not located:
        return _owned(text, start, after.end, office.key, office.kind, after)
    if not office.alone or not re.search(r"\b[Tt]he\s+$", text[max(0, start - 5) : start]):
        return None
    if office.kind == "office":
        owner = next((s for s in reversed(states) if s.end <= start and start - s.end < _NEAR), main)
    else:
        owner = main
    return _owned(text, start, end, office.key, office.kind, owner) if owner else None


_NEAR = 200  # characters back in which a bare office finds its state: about two sentences (assumption)


def _owned(text: str, start: int, end: int, office: str, kind: ActorKind, owner: Match) -> Mention:
    state = owner.entry
    if kind == "government":
        return Mention(start, end, state.key, state.name, "government", state.country)
    key = f"{state.key}-{office}"
    name = f"{state.name}: {office.replace('-', ' ')}"
    speaks = "" if kind in ("armed-group", "other") else state.key
    return Mention(start, end, key, name, kind, state.country, speaks)


_PART = r"(?:(?:al|el|ul|an|ad|as|ash|at|ar)-)?[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:[-'’][^\W\d_]+)*"  # noqa: RUF001
_LINK = r"(?:bin|bint|ibn|abu|de|da|dos|la|van|von|der|den|al|el|ould|ag|di)"
NAME = re.compile(rf"(?<![\w-]){_PART}(?:[ ](?:[A-Z]\.|(?:{_LINK}[ ]){{0,2}}{_PART})){{0,7}}(?![\w])")
