"""From readings to a scenario document with the fact or assumption behind every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from forewarn.display import html_table
from forewarn.drafting.basis import Explanation
from forewarn.drafting.document.contents import document_of, draft_contents
from forewarn.drafting.document.writing import write_document
from forewarn.drafting.refusals import NoOffensiveError, UnknownPlaceError
from forewarn.drafting.report.located import LocatedPlace, refuse_unnamed, with_located
from forewarn.drafting.report.one_area import refuse_two_areas
from forewarn.drafting.report.situation import find_situation
from forewarn.drafting.surroundings.find import find_surroundings
from forewarn.drafting.surroundings.pack import known_by
from forewarn.drafting.surroundings.user import refuse_swapped
from forewarn.drafting.user_tables import OwnPlaces
from forewarn.errors import ForewarnError, Problem
from forewarn.facts import Reading
from forewarn.scenario import Scenario, resolve

__all__ = ["Draft", "NoOffensiveError", "UnknownPlaceError", "draft", "write_draft"]


LIKENESS: Final = ("scope", "kind", "exits", "leave_out")
"""Keys of ``model.flight`` that say which past offensives this one is like."""


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A scenario drafted from reports.

    Parameters
    ----------
    document
        As people write it, tables as rows.
    scenario
        The same, resolved and checked.
    explained
        Path, the sentence or assumption it rests on, and the source's key (empty for an assumption).
    notes
        What whoever corrects the draft must know.
    """

    document: Mapping[str, Any]
    scenario: Scenario
    explained: tuple[Explanation, ...]
    notes: tuple[str, ...]

    def write(self, folder: str | Path) -> Path:
        """Write it into a folder for people to correct; see `write_draft`."""
        return write_draft(self, Path(folder))

    def __repr__(self) -> str:
        """Say what it is in a line."""
        return f"<Draft, corrected by nobody: {self.scenario!r}, {len(self.notes)} notes>"

    def _repr_html_(self) -> str:
        heads = ("what", "rests on", "report")
        title = f"Draft, corrected by nobody: {self.scenario.title}"
        return html_table(title, heads, self.explained, facts=(repr(self.scenario),), notes=self.notes)


def draft(
    readings: Sequence[Reading],
    *,
    issued: date | None = None,
    use_packs: bool = True,
    places: OwnPlaces | None = None,
    routes: str | None = None,
    located: Mapping[str, LocatedPlace] | None = None,
) -> Draft:
    """Draft a scenario from what was read.

    Parameters
    ----------
    readings
        Of one or more reports about the same offensive.
    issued
        Day of the forecast; by default the day of the latest report.
    use_packs
        Whether places, people and roads may come from a country pack.
    places
        The user's own places, which stand before packs and gazetteer.
    routes
        File with the user's own roads: a table, or a map extract.
    located
        Positions of names in the reports, by name, WGS 84 degrees, with people if they are known.

    Raises
    ------
    NoOffensiveError
        The reports hold no offensive that looms or is under way.
    ForewarnError
        No day was given and no report says its own, a claim exceeds the people drafted, or the user's places
        and roads do not fit.
    """
    if not readings:
        raise ForewarnError(Problem("reports", "none was given"))
    if located:
        refuse_unnamed(readings, located)
        readings = [with_located(reading, located) for reading in readings]
    if places is not None:
        refuse_swapped(places, readings)
    own = places.places if places is not None else ()
    refuse_two_areas(readings, own)
    situation = find_situation(readings, own)
    day = issued or latest_day(readings)
    around = known_by(find_surroundings(situation, use_packs=use_packs, own=places, routes=routes), day)
    contents = draft_contents(situation, around, readings, day)
    if issued is None:
        contents = contents.with_first_note(
            f"Drafted for {day}, the day of the latest report; --issued sets another."
        )
    document = document_of(contents)
    return Draft(document, _resolved(document), tuple(contents.explained), contents.notes)


def write_draft(made: Draft, folder: Path) -> Path:
    """Write ``scenario.yaml``, ``places.csv`` and ``routes.csv`` for people to correct.

    Raises
    ------
    ForewarnError
        A scenario is there already.
    """
    return write_document(made.document, folder)


def latest_day(readings: Sequence[Reading]) -> date:
    """Find the day of the latest report.

    Raises
    ------
    ForewarnError
        No report says its day.
    """
    days = [reading.document.issued for reading in readings if reading.document.issued]
    if days:
        return max(days)
    remedy = "Say the day it was published: --issued 2018-08-30"
    where = readings[0].document.name
    raise ForewarnError(Problem(where, "the report does not say its day", remedy=remedy))


def _resolved(document: dict[str, Any]) -> Scenario:
    """Resolve; where the reference class knows too few events by then, the shipped defaults stand."""
    try:
        return resolve(document)
    except ForewarnError as error:
        if not any("prior" in problem.where for problem in error.problems):
            raise
    flight = document["model"].pop("flight")
    document["analogues"] = {key: value for key, value in flight.items() if key in LIKENESS}
    own = {key: value for key, value in flight.items() if key not in (*LIKENESS, "prior")}
    document["model"] |= {"flight": own} if own else {}
    document["hindsight"] = True
    return resolve(document)
