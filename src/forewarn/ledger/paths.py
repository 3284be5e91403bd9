"""Paths into a body, such as ``place.name`` and ``sources.0``."""

from __future__ import annotations

from forewarn.errors import Problem, nearest
from forewarn.ledger.canonical_form import Json, LedgerError
from forewarn.ledger.sealing import Path


def dotted(path: Path) -> str:
    """Write a path.

    Examples
    --------
    >>> dotted(("sources", 0))
    'sources.0'
    """
    return ".".join(map(str, path))


def locate(body: Json, words: str, where: str) -> Path:
    """Read a dotted path and make sure that it leads somewhere.

    Raises
    ------
    LedgerError
        There is no such field.
    """
    path: Path = ()
    here = body
    for word in words.split("."):
        if isinstance(here, dict) and word in here:
            path, here = (*path, word), here[word]
        elif isinstance(here, list) and word.isascii() and word.isdigit() and int(word) < len(here):
            path, here = (*path, int(word)), here[int(word)]
        else:
            raise LedgerError(Problem(f"{where}, {words}", "no such field", _allowed(here, word)))
    return path


def at(body: Json, path: Path) -> Json:
    """Give what stands at a path that exists."""
    for step in path:
        body = body[step]  # type: ignore[index]
    return body


def put(body: Json, path: Path, value: Json) -> Json:
    """Give a body in which something else stands at a path that exists."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(body, dict):
        return {name: put(child, rest, value) if name == first else child for name, child in body.items()}
    if isinstance(body, list):
        return [put(child, rest, value) if index == first else child for index, child in enumerate(body)]
    raise LedgerError(Problem(dotted(path), "no such field"))


def _allowed(here: Json, word: str) -> str:
    if isinstance(here, dict):
        return nearest(word, sorted(here)[:40])
    if isinstance(here, list):
        return f"a number below {len(here)}" if here else "nothing: the list is empty"
    return "nothing below a value"
