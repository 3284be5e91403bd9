"""From readings to a scenario document with the fact or assumption behind every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from forewarn.csvfiles import csv_text
from forewarn.display import html_table
from forewarn.drafting.refusals import NoOffensiveError, UnknownPlaceError
from forewarn.drafting.report.claims import Claim, draft_claims, fit_claims, warning_of
from forewarn.drafting.report.courses import HORIZON_DAYS, draft_courses
from forewarn.drafting.report.one_area import refuse_two_areas
from forewarn.drafting.report.said import SourcedFact
from forewarn.drafting.report.situation import Situation, find_situation
from forewarn.drafting.surroundings.build import GAZETTEER, Surroundings, find_surroundings
from forewarn.drafting.surroundings.pack_vintage import known_by
from forewarn.drafting.surroundings.people import settle_people
from forewarn.drafting.surroundings.user import refuse_swapped
from forewarn.drafting.user_tables import OwnPlaces
from forewarn.drafting.wording import some
from forewarn.errors import ForewarnError, Problem
from forewarn.facts import Reading
from forewarn.reading.places.gazetteer import fold
from forewarn.scenario import Scenario, resolve
from forewarn.scenario import yaml_files as reading_yaml

__all__ = ["Draft", "NoOffensiveError", "UnknownPlaceError", "draft", "write_draft"]

CLASS_DAY: Final = date(2018, 8, 30)
"""From this day on the shipped default of `model.warning.share` was known."""
WHERE_NOT_KNOWN: Final = (
    "Who holds the places round about is not known, so the outlook tells totals and not where people go. "
    "Give a table with a zone for each place, the attacker's under the name that the report gives it "
    "(--places), or set where_known in the block 'draft' once the places, zones and crossings are right."
)
REGION_PEOPLE: Final = 300_000
"""From so many people under threat on, the reference class's scope is a region; assumption."""


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
    explained: tuple[tuple[str, str, str], ...]
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

    Raises
    ------
    NoOffensiveError
        The reports hold no offensive that looms or is under way.
    ForewarnError
        No day was given and no report says its own, a claim exceeds the people drafted, or the user's places
        and roads do not fit.
    """
    if not readings:
        raise ForewarnError(Problem("reports", "there is none"))
    if places is not None:
        refuse_swapped(places, readings)
    own = places.places if places is not None else ()
    refuse_two_areas(readings, own)
    situation = find_situation(readings, own)
    day = issued or max((each.document.issued for each in readings if each.document.issued), default=None)
    if day is None:
        remedy = "Say the day it was published: --issued 2018-08-30"
        raise ForewarnError(
            Problem(readings[0].document.name, "the report does not say its day", remedy=remedy)
        )
    around = known_by(find_surroundings(situation, use_packs=use_packs, own=places, routes=routes), day)
    people = settle_people(situation, around)
    courses = draft_courses(situation, around, day, leave_out=around.leave_out)
    keys = [f"report-{number + 1}" for number in range(len(readings))]
    under = sum(_people(row) for row in people.rows if row["name"] in around.threatened)
    fitting, too_large = fit_claims(situation, people, under, sum(map(_people, people.rows)))
    claims, claimed = draft_claims(fitting, [course["name"] for course in courses.courses[1:]], keys)
    model, modelled = _model(situation, around, keys, under, fitting, day)
    explained = [*_explained(courses.basis, keys), *_explained(people.basis, keys), *claimed, *modelled]
    explained += _explained([("places", situation.named), *around.basis], keys)
    sides = situation.sides
    borders = [(f"crossings ({country})", said) for country, said in (*sides.closed, *sides.opened)]
    held = [(f"places.attraction ({name})", said) for name, said in _held(situation, around).items()]
    explained += _explained([*borders, *held], keys)
    if situation.posts is not None:
        explained += _explained([("posts", situation.posts)], keys)
    notes = (*people.notes, *too_large, *around.notes, *courses.notes, *_notes(situation, around))
    if issued is None:
        notes = (f"Drafted for {day}, the day of the latest report; --issued sets another.", *notes)
    document: dict[str, Any] = {
        "format": 1,
        "name": _slug(f"draft-{situation.area.name}-{day}"),
        "title": f"Draft: {situation.area.name}, {day.day} {day:%B} {day.year}",
        "summary": "Drafted from reports and not yet corrected by anybody who knows the place.",
        "issued": day,
        "horizon_days": HORIZON_DAYS,
        "sources": {**_dated(around.sources, day), **_sources(readings, keys, day)},
        "zones": dict(around.zones),
        "places": list(people.rows),
        "routes": list(around.routes),
        "crossings": list(around.crossings),
        "posts": list(around.posts),
        "model": model,
        "courses": list(courses.courses),
        "claims": claims,
        "draft": {
            "reports": [_base_name(reading.document.name) for reading in readings],
            "notes": list(notes),
            "where_known": around.where_known,
            "evidence": [
                {"path": path, "words": words, "report": report} for path, words, report in explained
            ],
        },
    }
    document["sources"] = {
        key: source for key, source in document["sources"].items() if not key.startswith("reference-class")
    }
    scenario = _resolved(document)
    return Draft(document, scenario, tuple(explained), notes)


def write_draft(made: Draft, folder: Path) -> Path:
    """Write ``scenario.yaml``, ``places.csv`` and ``routes.csv`` for people to correct.

    Raises
    ------
    ForewarnError
        A scenario is there already.
    """
    target = folder / "scenario.yaml"
    if target.exists():
        raise ForewarnError(Problem(str(target), "is there already", remedy="Name a new folder"))
    folder.mkdir(parents=True, exist_ok=True)
    document = dict(made.document)
    for name in ("places", "routes"):
        rows = document.pop(name)
        (folder / f"{name}.csv").write_text(_csv(rows), encoding="utf-8", newline="")
    head = (
        "# A draft. Correct it, then take the block 'draft' out. docs/scenario.md says what each key means.\n"
    )
    target.write_text(head + reading_yaml.write(document), encoding="utf-8")
    return target


def _resolved(document: dict[str, Any]) -> Scenario:
    """Resolve; where the reference class knows too few events by then, the shipped defaults stand."""
    try:
        return resolve(document)
    except ForewarnError as error:
        if not any("prior" in problem.where for problem in error.problems):
            raise
    flight = document["model"].pop("flight")
    document["analogues"] = {key: value for key, value in flight.items() if key != "prior"}
    document["hindsight"] = True
    return resolve(document)


def _model(
    situation: Situation,
    around: Surroundings,
    keys: Sequence[str],
    people: int,
    claims: Sequence[Claim],
    day: date,
) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    scope = "region" if situation.area.kind == "region" or people >= REGION_PEOPLE else "place"
    shut = situation.siege is not None or bool(situation.sides.closed) or around.shut
    kind = "siege" if situation.siege is not None else "ground"
    flight = {"prior": "reference-class", "scope": scope, "kind": kind, "leave_out": list(around.leave_out)}
    if shut:
        flight["exits"] = "partial"
    zones = list(around.threatened_zones)
    model: dict[str, Any] = {"flight": flight, "churn": {"zones": zones}}
    explained: list[tuple[str, str, str]] = []
    if around.zone_pull:
        model["destination"] = {"zone_pull": around.zone_pull}
    if day < CLASS_DAY:
        why = "assumption: 4 to 11 % of a published figure moved after past warnings, counted later"
        model["warning"] = {"share": {"low": 0.04, "mode": 0.07, "high": 0.11, "source": why}}
    warning = warning_of(claims)
    if warning is not None:
        figure, said = warning
        key = keys[said.report]
        model.setdefault("warning", {}).update(
            {"zones": zones, "figure": {"value": int(figure.quantity.value or 0), "source": key}}
        )
        explained.append(("model.warning.figure", said.sentence, key))
    return model, explained


def _people(row: Mapping[str, Any]) -> int:
    return int(row.get("residents") or 0) + int(row.get("displaced") or 0)


def _explained(
    basis: Sequence[tuple[str, SourcedFact | str]], keys: Sequence[str]
) -> list[tuple[str, str, str]]:
    return [
        (path, said, "") if isinstance(said, str) else (path, said.sentence, keys[said.report])
        for path, said in basis
    ]


def _sources(readings: Sequence[Reading], keys: Sequence[str], day: date) -> dict[str, Any]:
    return {
        key: {
            "title": reading.document.title or _base_name(reading.document.name),
            "publisher": "Report that was read; its publisher was not told",
            "published": min(reading.document.issued or day, day),
            "kind": "press",
        }
        for key, reading in zip(keys, readings, strict=True)
    }


def _dated(sources: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Date the user's own tables, which say no day, by the issue day."""
    return {key: {"published": day, **source} for key, source in sources.items()}


def _notes(situation: Situation, around: Surroundings) -> tuple[str, ...]:
    notes = []
    if situation.unknown:
        notes.append(
            f"An attack is also said to be on {some(situation.unknown)}, which the gazetteer does not know "
            "near here and the draft does not hold. Give it with --places."
        )
    if situation.rivals:
        notes.append(
            f"The area was taken to be {situation.area.name}; the reports may as well be about "
            f"{some(situation.rivals)}. Look at the map first, and draft again with --places if it is wrong."
        )
    if situation.is_island and GAZETTEER in around.sources:
        notes.append(
            "The reports speak of an island: roads are straight lines and may lead over water. Take those "
            "out of routes.csv, or give --routes; boats are not in the draft."
        )
    notes += ["Probabilities of courses come from a collection of past warnings; set them yourself."]
    if GAZETTEER in around.sources:
        notes.append(
            "No country pack knows this area: towns and people are the gazetteer's, and roads are straight "
            "lines times a factor."
        )
    if not around.posts and situation.posts is not None:
        notes.append(
            "The report speaks of observation posts; their places are not known, so none is in the draft."
        )
    if not around.pack:
        notes += _border_notes(situation, around)
    if held := list(_held(situation, around)):
        notes.append(f"Nobody is drafted to choose {some(held)}, which an attacker is said to hold.")
    if not around.where_known:
        notes.append(WHERE_NOT_KNOWN)
    return tuple(notes)


def _held(situation: Situation, around: Surroundings) -> dict[str, SourcedFact]:
    """Places of the draft that an attacker is said to hold, with the sentence."""
    said = dict(situation.sides.held)
    return {
        row["name"]: said[fold(row["name"])]
        for row in around.places
        if row.get("attraction") == 0 and fold(row["name"]) in said
    }


def _border_notes(situation: Situation, around: Surroundings) -> list[str]:
    """Say which borders are drafted as closed, and why."""
    sides, home = situation.sides, situation.area.country
    abroad = {row["country"] for row in around.places} - {"", home}
    closed = {country for country, _ in sides.closed}
    both = sorted(abroad & closed & {country for country, _ in sides.opened})
    unsaid = sorted(abroad - sides.shut - {country for country, _ in sides.opened})
    notes = []
    if sides.parties:
        notes.append(f"Nobody is drafted to go to {some(sorted(sides.parties))}: a party to the fighting.")
    if both:
        notes.append(
            f"One border with {some(both)} is said to be open, another closed: all are drafted as closed."
        )
    if unsaid:
        notes.append(f"No report calls the border with {some(unsaid)} open: it is drafted as closed.")
    return notes


def _base_name(name: str) -> str:
    """Name a file without its folders, which are nobody's business; an address stays."""
    return name if "://" in name else Path(name).name or name


def _slug(text: str) -> str:
    plain = fold(text).encode("ascii", "ignore").decode().split()
    return "-".join(plain) or "draft"


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row if key != "capacity"))
    if any("capacity" in row for row in rows):
        columns += ["capacity", "capacity_low", "capacity_high", "capacity_source"]
    flat = ({key: _cell(value) for key, value in _capacity(row).items()} for row in rows)
    return csv_text(flat, columns)


def _capacity(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write a capacity as the columns of ``places.csv``."""
    flat = {key: value for key, value in row.items() if key != "capacity"}
    capacity = row.get("capacity")
    if isinstance(capacity, Mapping):
        flat["capacity"] = capacity.get("mode", capacity.get("value", ""))
        flat |= {f"capacity_{key}": capacity[key] for key in ("low", "high", "source") if key in capacity}
    return flat


def _cell(value: Any) -> Any:  # noqa: ANN401
    return ("yes" if value else "") if isinstance(value, bool) else value
