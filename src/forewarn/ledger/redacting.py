"""Which leaves a redaction takes out, of the entry itself and of others that repeat its words."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from forewarn.errors import Problem
from forewarn.ledger.admitting import keys_within
from forewarn.ledger.canonical_form import Json, LedgerError
from forewarn.ledger.contacts import strings
from forewarn.ledger.paths import at, dotted, locate
from forewarn.ledger.sealing import leaves, path_of

_WORD: Final = re.compile(r"[^\W_]{2,}")
# Fields of readings and documents that hold words of the document; all others hold words of the vocabulary.
_FREE: Final = frozenset(
    ("name", "key", "actor", "actors", "targets", "speaks_for", "words", "whole", "about", "reason", "notes",
     "details", "sectors", "candidates", "title", "text", "source", "pcode", "admin1")
)  # fmt: skip


def covered_keys(
    kind: str,
    entry: int,
    body: Json,
    *,
    spans: Sequence[tuple[int, int]],
    fields: Sequence[str],
    words: Sequence[str],
) -> set[str]:
    """Give the leaves that spans, fields and words cover.

    Raises
    ------
    LedgerError
        One of them covers nothing.
    """
    where = f"entry {entry}"
    keys: set[str] = set()
    for start, end in spans:
        keys |= _span_keys(kind, where, body, start, end)
    for field in fields:
        path = locate(body, field, where)
        keys |= {leaf.key for leaf in leaves(at(body, path), path) if leaf.value not in ([], {}, "")}
    for phrase in words:
        found = _phrase_keys(body, phrase)
        if not found:
            raise LedgerError(Problem(where, "the words to be redacted do not stand in it"))
        keys |= found
    if not keys:
        raise LedgerError(Problem(where, "nothing to redact", "a span, field or words that cover something"))
    return keys


def names_in(text: str) -> set[str]:
    """Give the words of a text that may be of a name, or are numbers: folded.

    Words of small letters alone say nothing of a person; in scripts without capitals every word counts.

    Examples
    --------
    >>> sorted(names_in("the driver Ahmad al-Omar, aged 41"))
    ['41', 'ahmad', 'omar']
    """
    return {word.casefold() for word in _WORD.findall(text) if not word.islower()}


def taken_words(before: Json, after: Json) -> set[str]:
    """Give the names that stand in one body and were covered in the other."""
    kept = {leaf.key: leaf.value for leaf in leaves(after)}
    return {
        word
        for leaf in leaves(before)
        if isinstance(leaf.value, str) and kept.get(leaf.key) != leaf.value
        for word in names_in(leaf.value)
    }


def in_reading(body: Json, taken: Collection[str]) -> set[str]:
    """Give the leaves of a reading or document that repeat words that were taken out."""
    return {
        leaf.key
        for leaf in leaves(body)
        if isinstance(leaf.value, str)
        and any(step in _FREE for step in leaf.path if isinstance(step, str))
        and _repeats(leaf.value, taken)
    }


def in_correction(body: Json, taken: Collection[str], keys: Collection[str]) -> set[str]:
    """Give the leaves of a correction that repeat such words, or correct a field that was taken out.

    Parameters
    ----------
    body
        Of the correction.
    taken
        Words that were taken out.
    keys
        Leaves of the corrected entry that were taken out.
    """
    gone = {dotted(path_of(key)) for key in keys}
    changes = body.get("changes") if isinstance(body, dict) else None
    fields = [change.get("field", "") if isinstance(change, dict) else ""
              for change in (changes if isinstance(changes, list) else [])]  # fmt: skip
    hit = {index for index, field in enumerate(fields) if any(_overlap(str(field), path) for path in gone)}
    return {
        leaf.key
        for leaf in leaves(body)
        if leaf.path[0] in ("changes", "reason", "source")
        and leaf.path[2:3] != ("field",)
        and ((leaf.path[0] == "changes" and leaf.path[1] in hit) or _repeats(leaf.value, taken))
    }


def _span_keys(kind: str, where: str, body: Json, start: int, end: int) -> set[str]:
    if kind != "document" or not isinstance(body, dict):
        raise LedgerError(
            Problem(where, f"a {kind}: it has no spans", "a document; of others, fields or words")
        )
    text = str(body["text"])
    if not 0 <= start < end <= len(text):
        raise LedgerError(Problem(f"{where}, span {start}:{end}", "outside the text", f"0 to {len(text)}"))
    keys = keys_within(("text",), text, [(start, end)])
    names = names_in(text[start:end])
    return keys | in_reading({name: body[name] for name in ("name", "title") if name in body}, names)


def _phrase_keys(body: Json, phrase: str) -> set[str]:
    parts = [re.escape(part) for part in phrase.split()]
    if not parts:
        return set()
    pattern = re.compile(r"\s+".join(parts), re.IGNORECASE)
    keys: set[str] = set()
    for path, text in strings(body):
        keys |= keys_within(path, text, [match.span() for match in pattern.finditer(text)])
    return keys


def _repeats(value: Json, taken: Collection[str]) -> bool:
    return isinstance(value, str) and any(word.casefold() in taken for word in _WORD.findall(value))


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
