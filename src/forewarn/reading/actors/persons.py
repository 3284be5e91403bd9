"""Persons: named only with a public role, and found again by surname or office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from forewarn.reading.actors.catalogue import load_offices, slug
from forewarn.reading.actors.mentions import NAME, Mention, load_words, office_pattern
from forewarn.reading.text.lexicon import saying

_ROLE_REACH = 60  # characters after "spokesman for" in which whom he speaks for is named (assumption)


def find_persons(text: str, catalogued: Sequence[Mention], bodies: Sequence[Mention]) -> list[Mention]:
    """Find persons in public roles, and private ones as unnamed residents.

    Parameters
    ----------
    text
        Of the document.
    catalogued, bodies
        Of `find_catalogued` and `find_bodies`.

    Returns
    -------
    list of Mention
        A person's mention holds the office that stands before the name.
    """
    actors = sorted([*catalogued, *bodies], key=lambda mention: mention.start)
    first = [person for found in NAME.finditer(text) if (person := _introduced(text, found, actors))]
    first += _introduced_after(text, actors)
    first = _by_surname(first)
    known = [*first, *(mention for mention in catalogued if mention.kind == "person")]
    return [*first, *_again(text, known), *_offices_again(text, known), *_residents(text)]


def _by_surname(persons: Sequence[Mention]) -> list[Mention]:
    """Give "Secretary Blinken" to the one person of that surname who is named in full."""
    full: dict[str, dict[str, Mention]] = {}
    for person in persons:
        if " " in person.name:
            full.setdefault(person.name.split()[-1], {})[person.key] = person
    owners = {surname: next(iter(same.values())) for surname, same in full.items() if len(same) == 1}
    return [
        replace(owners[person.name], start=person.start, end=person.end) if person.name in owners else person
        for person in persons
    ]


@cache
def _role_pattern() -> re.Pattern[str]:
    words = "|".join(sorted((re.escape(word) for word in load_words().roles), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w-])(?:{words})\b(?:(?<=\b\w\w)\.|(?<=\b\w\w\w)\.|(?<=\b\w\w\w\w)\.)?", re.IGNORECASE
    )


def _introduced(text: str, found: re.Match[str], actors: Sequence[Mention]) -> Mention | None:
    """Read a name right after its office or role: "Turkish Foreign Minister Mevlut Cavusoglu"."""
    start = found.start()
    words = text[start : found.end() + 40]
    lead = text[max(0, start - 70) : start]
    body = _longest_role(lead + words, len(lead))
    if body is None:
        return None
    begin, cut = body[0] + start - len(lead), body[1] + start - len(lead)
    name_start = cut + len(text[cut:]) - len(text[cut : cut + 5].lstrip(" ,")) - len(text[cut + 5 :])
    name = NAME.match(text, name_start)
    if not name or not _is_name(name[0]) or "\n" in text[begin:name_start]:
        return None
    owner = next((a for a in actors if a.start <= begin < a.end or 0 <= begin - a.end <= 1), None)
    if any(
        a.start < name.end() and name_start < a.end and a.kind != "person" and a is not owner for a in actors
    ):
        return None
    return _person(text, min(begin, owner.start) if owner else begin, name, owner, actors)


def _is_name(words: str) -> bool:
    """Whether capitalised words may name a person, and are no office, weekday or beginning of a sentence."""
    parts = words.lower().split()
    lists = load_words()
    barred = lists.no_name | lists.roles | lists.heads.keys() | lists.sites
    return len(words) > 2 and not barred & set(parts)


def _longest_role(words: str, split: int) -> tuple[int, int] | None:
    """Return the role that ends at `split` or runs into the capitalised words after it; start and end."""
    best = None
    for pattern in (office_pattern(), _role_pattern()):
        for found in pattern.finditer(words):
            gap = words[found.end() : max(split, found.end())]
            runs_in = found.start() >= split or found.end() > split
            near = re.fullmatch(r",?\s*", gap) if not runs_in else found.start() <= split + 40
            lower = found[0].islower() or runs_in or found[0][0].isupper()
            if near and lower and found.end() < len(words) and (best is None or found.end() > best[1]):
                best = (best[0] if best and best[1] >= found.start() - 1 else found.start(), found.end())
    return best


def _person(
    text: str, start: int, name: re.Match[str], owner: Mention | None, actors: Sequence[Mention]
) -> Mention | None:
    full = re.sub(r"(?:[’']s)$", "", name[0])  # noqa: RUF001
    end = name.start() + len(full)
    same = next((a for a in actors if a.kind == "person" and a.start <= name.start() < a.end), None)
    if same:
        return Mention(
            start, max(end, same.end), same.key, same.name, "person", same.country, same.speaks_for
        )
    state = owner or _state_before(text, start, actors)
    speaks = (state.speaks_for if state.kind in ("office", "person") else state.key) if state else ""
    return Mention(start, end, slug(full), full, "person", state.country if state else "", speaks)


def _state_before(text: str, start: int, actors: Sequence[Mention]) -> Mention | None:
    """Return the actor that begins the sentence: "Russia, …, said … and Foreign Minister Sergei Lavrov"."""
    sentence = max(text.rfind(mark, 0, start) for mark in (". ", "\n", '." '))
    inside = [
        a for a in actors if sentence <= a.start < start and a.kind in ("government", "agency", "armed-group")
    ]
    return inside[0] if inside else None


# Words before a role after which it is somebody else's.
_STOP = re.compile(rf"\b(?:{saying('in-apposition')}|who|which)\b")


def _introduced_after(text: str, actors: Sequence[Mention]) -> list[Mention]:
    """Read names before their roles: "Jens Laerke, a spokesman for OCHA"."""
    found = []
    for name in NAME.finditer(text):
        if len(name[0].split()) < 2 or not _is_name(name[0]):
            continue
        apposed = re.match(
            r",\s+(?:who is\s+)?((?:(?:a|an|the|its|their)\s+)?[^,.;\n]{0,60})", text[name.end() :]
        )
        if not apposed:
            continue
        role = _role_pattern().search(apposed[1])
        if not role or _STOP.search(apposed[1][: role.start()]):
            continue
        near = range(name.end(), name.end() + apposed.end() + _ROLE_REACH // 2)
        whole = next((a for a in actors if a.start in near), None)
        if not any(a.start < name.end() and name.start() < a.end for a in actors):
            person = _person(text, name.start(), name, whole, actors)
            found += [person] if person else []
    return found


def _again(text: str, known: Sequence[Mention]) -> list[Mention]:
    """Later mentions by full name or surname."""
    found = []
    for person in {mention.key: mention for mention in known}.values():
        surname = person.name.split()[-1]
        forms = {person.name, surname, re.sub(r"^(?:al|el)-", "", surname)}
        for form in sorted((f for f in forms if len(f) > 2), key=len, reverse=True):
            for match in re.finditer(rf"(?<![\w-]){re.escape(form)}(?![\w-])", text):
                found.append(Mention(match.start(), match.end(), person.key, person.name, "person",
                                     person.country, person.speaks_for))  # fmt: skip
    return found


def _offices_again(text: str, known: Sequence[Mention]) -> list[Mention]:
    """Later mentions by office alone: "the Foreign Minister", after he was named with it."""
    found = []
    for person in known:
        office = office_pattern().search(text, person.start, person.end)
        if not office or load_offices()[re.sub(r"[\s-]+", " ", office[0].lower())].kind != "office":
            continue
        words = re.escape(office[0])
        for match in re.finditer(
            rf"\b[Tt]he ({words})\b(?!\s+(?:of\s+)?[A-Z])", text[person.end :], re.IGNORECASE
        ):
            start = person.end + match.start(1)
            found.append(Mention(start, start + len(match[1]), person.key, person.name, "person",
                                 person.country, person.speaks_for))  # fmt: skip
    return found


def _residents(text: str) -> list[Mention]:
    """Descriptions of private persons; their names are not kept."""
    words = "|".join(sorted(load_words().private))
    pattern = re.compile(
        rf"(?:,\s+(?:\d{{1,3}},\s+)?|\b)(?P<what>(?:an?|one)\s+(?:[\w-]+\s+){{0,3}}?(?:{words}))\b",
        re.IGNORECASE,
    )
    return [
        Mention(m.start("what"), m.end("what"), "resident", "resident", "other")
        for m in pattern.finditer(text)
    ]
