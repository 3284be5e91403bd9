"""Country packs: places, roads and people collected before, as far as the issue day knew them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Final, TypeVar, cast

from forewarn.drafting.surroundings.model import Surroundings
from forewarn.facts import PlaceMention
from forewarn.reading.places.gazetteer import fold

__all__ = ["from_pack", "known_by", "pack_of"]

Row = TypeVar("Row", bound=Mapping[str, Any])

OLD: Final = timedelta(days=365)
"""A pack whose latest source is older than this before the issue day is said to be old; assumption."""


def pack_of(area: PlaceMention) -> Mapping[str, Any] | None:
    """Find the country pack that knows an area; nothing if none does."""
    text = (files("forewarn") / "data" / "packs" / "packs.json").read_text(encoding="utf-8")
    for pack in json.loads(text):
        if area.country in ("", pack["country"]) and fold(area.name) in {
            fold(name) for name in pack["areas"]
        }:
            return dict(pack)
    return None


def from_pack(pack: Mapping[str, Any]) -> Surroundings:
    """Take all rows of a pack's scenario."""
    from forewarn.scenario import explicit, load

    document = explicit(load(pack["scenario"]))
    places = document["places"]
    zones = set(pack["threatened"])
    return Surroundings(
        places=tuple(places),
        routes=tuple(document["routes"]),
        zones=document["zones"],
        crossings=tuple(document["crossings"]),
        posts=tuple(document["posts"]),
        sources=document["sources"],
        zone_pull=document["model"]["destination"]["zone_pull"],
        threatened=tuple(p["name"] for p in places if p["zone"] in zones and p["kind"] == "town"),
        threatened_zones=tuple(pack["threatened"]),
        city=pack["city"],
        leave_out=tuple(pack["leave_out"]),
        pack=pack["title"],
        people_from=f"the country pack ({pack['title']})",
        shut=True,
        where_known=True,
    )


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
    places = tuple(_without(row, late) for row in around.places)
    routes = tuple(_without(row, late) for row in around.routes)
    crossings = tuple(_without(row, late) for row in around.crossings)
    posts = tuple(_without(row, late) for row in around.posts)
    before = (*around.places, *around.routes, *around.crossings, *around.posts)
    after = (*places, *routes, *crossings, *posts)
    changed = sum(row is not kept for row, kept in zip(before, after, strict=True))
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
    return row if all(changed[key] is row[key] for key in row) else cast("Row", changed)


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
