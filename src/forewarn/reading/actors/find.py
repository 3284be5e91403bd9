"""Who acts in a document: states, offices, forces, agencies, groups and persons in public roles.

Names come from the catalogue (`catalogue.py`) and, where it has none, from patterns and the sequence model
of `entities.py`. Persons are kept only with a public role; anybody else becomes an unnamed resident.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from forewarn.facts import Actor, Document, Span
from forewarn.reading.actors.catalogue import slug
from forewarn.reading.actors.mentions import Mention, find_bodies, find_catalogued, load_words
from forewarn.reading.actors.ner import find_entities
from forewarn.reading.actors.persons import find_persons
from forewarn.reading.text.spans import Taken

if TYPE_CHECKING:
    from spacy.tokens import Doc


def find_actors(doc: Doc, document: Document) -> tuple[Actor, ...]:
    """Find the actors of a document, each once, with all its mentions.

    A capital counts as its government where it says or does something ("Moscow denied"), and as a place
    elsewhere; so does a state's name after "in" or "near". An office without a state ("the Foreign Minister")
    is that of the person who held it last in the document, else of the state named before it.

    Parameters
    ----------
    doc
        Tokens and sentences of ``document.text``.
    document
        Where the words stand.

    Returns
    -------
    tuple of Actor
        In the order of their first mentions; mentions of different actors do not overlap.

    Examples
    --------
    >>> from datetime import date
    >>> from forewarn.reading.documents.document import from_text
    >>> from forewarn.reading.text.sentences import build_pipeline
    >>> document = from_text("Moscow denied it. Amina, a farmer in Syria, fled.", name="note", issued=None)
    >>> [(actor.key, actor.kind) for actor in find_actors(build_pipeline()(document.text), document)]
    [('russia', 'government'), ('resident', 'other')]
    """
    text = document.text
    catalogued = find_catalogued(text)
    bodies = find_bodies(text, catalogued)
    persons = find_persons(text, catalogued, bodies)
    mentions = _resolve_offices(_without_overlaps([*persons, *bodies, *catalogued]), [*bodies, *catalogued])
    mentions = _without_overlaps([*mentions, *_named_by_model(doc, text, mentions)])
    return _gather(text, mentions)


def _named_by_model(doc: Doc, text: str, known: Sequence[Mention]) -> list[Mention]:
    """Organisations that no table names, told by their last word: "the Liwa al-Nasr Brigade"."""
    heads = load_words().heads
    taken = [(mention.start, mention.end) for mention in known]
    found = []
    for entity in find_entities(doc):
        if entity.label != "organisation":
            continue
        start, words = entity.start, text[entity.start : entity.end]
        for article in ("the ", "The ", "a ", "an ", "A ", "An "):
            if words.startswith(article):
                start, words = start + len(article), words[len(article) :]
        parts = words.split()
        kind = heads.get(parts[-1].lower()) if parts else None
        named = len(parts) > 1 and all(part[:1].isupper() or part in {"of", "for", "the"} for part in parts)
        if kind and named and not any(start < end and entity.end > begin for begin, end in taken):
            found.append(Mention(start, start + len(words), slug(words), words, kind))
    return found


def _resolve_offices(mentions: Sequence[Mention], offices: Sequence[Mention]) -> list[Mention]:
    """Give an office's mentions to the one person that the document names with it."""
    held: dict[str, dict[str, Mention]] = {}
    for office in (one for one in offices if one.kind == "office"):
        for person in mentions:
            if person.kind == "person" and person.start <= office.start < office.end <= person.end:
                held.setdefault(office.key, {})[person.key] = person
    holder = {office: next(iter(persons.values())) for office, persons in held.items() if len(persons) == 1}
    return [
        replace(holder[mention.key], start=mention.start, end=mention.end)
        if mention.key in holder
        else mention
        for mention in mentions
    ]


def _without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """Keep the mention that came first in the list where two share a character; order by place."""
    taken = Taken()
    kept = [mention for mention in mentions if taken.take(mention.start, mention.end)]
    return sorted(kept, key=lambda mention: mention.start)


def _gather(text: str, mentions: Sequence[Mention]) -> tuple[Actor, ...]:
    """Make one actor of all mentions with one key; the first that knows a field decides it."""
    by_key: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_key.setdefault(mention.key, []).append(mention)
    actors = []
    for key, group in by_key.items():
        spans = tuple(Span(start=m.start, end=m.end, text=text[m.start : m.end]) for m in group)
        actors.append(
            Actor(
                key=key,
                name=max((m.name for m in group), key=len),
                kind=group[0].kind,
                country=next((m.country for m in group if m.country), ""),
                speaks_for=next((m.speaks_for for m in group if m.speaks_for), ""),
                mentions=spans,
            )
        )
    return tuple(actors)
