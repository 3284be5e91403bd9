"""A visitor's own places and roads beside a report: files of ours for as long as a draft takes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from forewarn.errors import ForewarnError, Problem
from forewarn.web.service.incoming import shown_name, suffix_of, without_folder
from forewarn.web.service.limits import MOST_DOCUMENT_BYTES, check_size

if TYPE_CHECKING:
    from forewarn.drafting.user_tables.places import OwnPlaces

TABLE_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".geojson", ".json", ".osm", ".pbf")
MOST_FILES: Final = 4


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A file that somebody sent: its bytes, and what they call it."""

    data: bytes
    name: str


@dataclass(frozen=True, slots=True)
class OwnTables:
    """What somebody sent beside a report.

    Parameters
    ----------
    places
        Tables or map extracts: one with coordinates, others with people.
    routes
        A table or map extract of roads.
    """

    places: tuple[OwnTable, ...] = ()
    routes: OwnTable | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What the visitor calls the files, and what they are called in the draft."""
        return tuple(f"{shown_name(table.name)} (here {own})" for own, table in _called(self))


@contextmanager
def readable(tables: OwnTables) -> Iterator[tuple[OwnPlaces | None, str | None]]:
    """Give places, and where the roads are, as `forewarn.drafting.draft` wants them.

    The files stand in a folder of ours, under names of ours: what a visitor calls them never becomes a path.

    Raises
    ------
    ForewarnError
        A file is too large, or no table; with every problem, and no path of this machine.
    """
    from forewarn.drafting.user_tables import read_places

    with tempfile.TemporaryDirectory(prefix="forewarn-") as folder:
        try:
            where = {called: _written(Path(folder), called, table) for called, table in _called(tables)}
            routes = [path for called, path in where.items() if called.startswith("roads")]
            places = [path for called, path in where.items() if called.startswith("places")]
            yield (read_places(places) if places else None), (routes[0] if routes else None)
        except ForewarnError as error:
            raise type(error)([without_folder(problem, folder) for problem in error.problems]) from error


def _called(tables: OwnTables) -> list[tuple[str, OwnTable]]:
    """Name the files ourselves; of a visitor's name only the ending counts."""
    if len(tables.places) > MOST_FILES:
        raise ForewarnError(Problem("places", f"{len(tables.places)} files", f"at most {MOST_FILES}"))
    named = [
        (f"places-{number}{suffix_of(table.name, TABLE_SUFFIXES)}", table)
        for number, table in enumerate(tables.places, start=1)
    ]
    if tables.routes is not None:
        named.append((f"roads{suffix_of(tables.routes.name, TABLE_SUFFIXES)}", tables.routes))
    return named


def _written(folder: Path, called: str, table: OwnTable) -> str:
    check_size(shown_name(table.name), len(table.data), MOST_DOCUMENT_BYTES)
    path = folder / called
    path.write_bytes(table.data)
    return str(path)
