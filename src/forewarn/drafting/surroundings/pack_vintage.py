"""What of a country pack was known on the issue day of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from forewarn.drafting.surroundings.build import Row, Surroundings

OLD: Final = timedelta(days=365)
"""A pack whose latest source is older than this before the issue day is said to be old; assumption."""


def known_by(around: Surroundings, day: date) -> Surroundings:
    """Turn what a pack says by sources published after a day into assumptions, and say how old the pack is.

    Surroundings that come from no pack are returned as they are.

    Parameters
    ----------
    around
        Places, roads, crossings and posts with their sources.
    day
        Issue day of the draft.
    """
    dated = {
        key: date.fromisoformat(str(source["published"]))
        for key, source in around.sources.items()
        if source.get("published") and source.get("kind") != "reference"
    }
    if not around.pack or not dated:
        return around
    late = {
        key: f"{around.sources[key].get('title', key)}, {published}, after the issue day"
        for key, published in dated.items()
        if published > day
    }
    rows = (around.places, around.routes, around.crossings, around.posts)
    places, routes, crossings, posts = (tuple(_without(row, late) for row in some) for some in rows)
    changed = sum(row is not kept for some, now in zip(rows, (places, routes, crossings, posts), strict=True)
                  for row, kept in zip(some, now, strict=True))  # fmt: skip
    notes = list(around.notes)
    if changed:
        notes.append(f"{changed} rows of the pack rest on sources of after {day}; they stand as assumptions.")
    if max(dated.values()) < day - OLD:
        notes.append(
            f"The latest source of the pack '{around.pack}' is of {max(dated.values())}, long before {day}: "
            "who lives where and who holds what has changed since. Give your own with --places, or --no-pack."
        )
    sources = {key: source for key, source in around.sources.items() if key not in late}
    return replace(
        around,
        places=places,
        routes=routes,
        crossings=crossings,
        posts=posts,
        sources=sources,
        notes=tuple(notes),
    )


def _without(row: Row, late: Mapping[str, str]) -> Row:
    """Replace late sources in a row and in the numbers that it holds; the same object if there is none."""
    changed = {key: _replaced(key, value, late) for key, value in row.items()}
    return row if all(changed[key] is row[key] for key in row) else changed


def _replaced(key: str, value: Any, late: Mapping[str, str]) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return _without(value, late)
    if key != "source":
        return value
    if value in late:
        return f"assumption: as {late[value]}"
    for known_later, words in late.items():
        value = value.replace(known_later, words) if known_later in value else value
    return value
