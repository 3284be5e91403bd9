"""Reports: read, and drafted into scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from forewarn.api.dates import as_date
from forewarn.facts import Reading

if TYPE_CHECKING:
    import pandas as pd

    from forewarn.drafting import Draft


def read(document: str | Path, *, issued: date | str | None = None) -> Reading:
    """Read a document: figures of displacement, who said what, where, when.

    It is parsed and read in a box, a child process with limits of time and memory and without a network.

    Parameters
    ----------
    document
        A file (text, HTML, PDF, DOCX, ODT, …) or an http(s) address.
    issued
        Day it was published; what it says of itself if None.

    Returns
    -------
    Reading
        Figures, statements, actors, places, events and relations, each with its words; `figures` makes a
        table.

    Raises
    ------
    ForewarnError
        It is not there, too large, empty, encrypted or broken, or takes more than a document may.

    Examples
    --------
    >>> import forewarn as fw, pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report = pathlib.Path(folder) / "report.txt"
    ...     _ = report.write_text("More than 3,000 people fled Sarmada on Monday, the mayor said.")
    ...     reading = fw.read(report, issued="2018-09-12")
    >>> fw.figures(reading)[["reported_low", "term", "locations"]].values.tolist()
    [[3000, 'forced-to-flee', 'Sarmada']]
    """
    from forewarn.reading.documents.loading import load, read_boxed

    return read_boxed(load(document, issued=_issued(issued)))


def figures(reading: Reading | Sequence[Reading]) -> pd.DataFrame:
    """Put the figures of one or several readings into a table.

    Parameters
    ----------
    reading
        As `read` gives it.

    Returns
    -------
    pandas.DataFrame
        One row for each figure, in the columns of ``forewarn read --format csv`` (docs/reading.md).
    """
    import pandas as pd

    from forewarn.reading.export.table import FIELDS, figure_rows

    readings = [reading] if isinstance(reading, Reading) else list(reading)
    table = pd.DataFrame([row for each in readings for row in figure_rows(each)], columns=list(FIELDS))
    for name in NUMBERS:
        table[name] = pd.to_numeric(table[name])
    return table


NUMBERS = (
    "excerpt_start",
    "excerpt_end",
    "reported",
    "reported_low",
    "reported_high",
    "share",
    "household_size",
    "lat",
    "lon",
)
"""Columns that are numbers; the others are text."""


def draft(
    reports: str | Path | Reading | Sequence[str | Path | Reading],
    *,
    issued: date | str | None = None,
    places: str | Path | Sequence[str | Path] | None = None,
    routes: str | Path | None = None,
    use_packs: bool = True,
    located: Mapping[str, tuple[float, float]] | None = None,
) -> Draft:
    """Read reports about one offensive and draft a scenario, for somebody who knows the place to correct.

    Parameters
    ----------
    reports
        One or several: files, folders of them, http(s) addresses, or what `read` gave.
    issued
        Day of the forecast; the latest report's if None.
    places, routes
        Your own tables or map extracts (docs/drafting.md).
    use_packs
        Whether places, people and roads may come from a country pack.
    located
        Where places are that the reports name and nobody knows: name → latitude and longitude (degrees).

    Returns
    -------
    Draft
        Its `scenario`, the `notes` for whoever corrects it, and what each number rests on (`explained`);
        ``write(folder)`` writes the files to correct.

    Raises
    ------
    ForewarnError
        The reports hold no offensive, or no day, or cannot be read.
    """
    from forewarn.drafting import draft as make
    from forewarn.drafting.user_tables import read_places

    day = _issued(issued)
    given = [reports] if isinstance(reports, (str, Path, Reading)) else list(reports)
    own = [places] if isinstance(places, (str, Path)) else list(places or ())
    return make(
        list(_readings(given, day)),
        issued=day,
        use_packs=use_packs,
        places=read_places([str(each) for each in own]) if own else None,
        routes=None if routes is None else str(routes),
        located={name: {"lat": lat, "lon": lon} for name, (lat, lon) in (located or {}).items()},
    )


def _readings(given: Sequence[str | Path | Reading], issued: date | None) -> Iterator[Reading]:
    from forewarn.drafting.report.days import with_day
    from forewarn.reading.documents.loading import list_documents, load, read_boxed

    for each in given:
        if isinstance(each, Reading):
            yield each
        else:
            for where in list_documents([str(each)]):
                yield read_boxed(with_day(load(where, issued=issued)))


def _issued(given: date | str | None) -> date | None:
    return None if given is None else as_date(given, name="issued")
