"""Which surroundings a draft takes: the user's own, a country pack's, or the gazetteer's."""

from __future__ import annotations

from dataclasses import replace

from forewarn.drafting.basis import Basis
from forewarn.drafting.distances import isolate
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import without_crossing
from forewarn.drafting.surroundings.gazetteer import from_gazetteer
from forewarn.drafting.surroundings.model import Surroundings
from forewarn.drafting.surroundings.pack import from_pack, pack_of
from forewarn.drafting.surroundings.user import from_user
from forewarn.drafting.user_tables import OwnPlaces, read_routes

__all__ = ["find_surroundings"]


def find_surroundings(
    situation: Situation, *, use_packs: bool = True, own: OwnPlaces | None = None, routes: str | None = None
) -> Surroundings:
    """Take the user's own places, the pack that knows the area, or the gazetteer's towns round it.

    Parameters
    ----------
    use_packs
        Whether a country pack may be taken.
    own
        The user's own places.
    routes
        File with the user's own roads.

    Raises
    ------
    UnknownPlaceError
        The place under threat is not found.
    ForewarnError
        The user's places and roads do not fit.
    """
    if own is not None:
        return from_user(situation, own, routes)
    pack = pack_of(situation.area) if use_packs else None
    found = from_pack(pack) if pack is not None else from_gazetteer(situation)
    return found if routes is None else _with_routes(found, routes)


def _with_routes(found: Surroundings, file: str) -> Surroundings:
    """Put the user's roads between the places of a pack or of the gazetteer."""
    read = read_routes(file, found.places)
    return replace(
        found,
        places=isolate(found.places, read.rows),
        routes=tuple(without_crossing(row) for row in read.rows),
        sources={**found.sources, **read.sources},
        basis=(*found.basis, Basis("routes.km", read.columns)),
        notes=(*found.notes, *read.notes),
    )
