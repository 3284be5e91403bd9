"""A scenario document put together from a situation and its surroundings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from forewarn.drafting.basis import Basis, Explanation, explanations_of
from forewarn.drafting.document.claims import draft_claims, fit_claims
from forewarn.drafting.document.courses import HORIZON_DAYS, draft_courses
from forewarn.drafting.document.model import draft_model
from forewarn.drafting.document.notes import held_places, notes_of
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import PlaceRow
from forewarn.drafting.surroundings.model import Surroundings
from forewarn.drafting.surroundings.named import basis_of_named, questions_of, with_pulls
from forewarn.drafting.surroundings.people import people_in, populate_places
from forewarn.facts import Reading
from forewarn.reading.places.gazetteer import fold
from forewarn.scenario.resolving import shipped_defaults

__all__ = ["Contents", "document_of", "draft_contents"]


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a document is written from.

    Parameters
    ----------
    name
        Of the area.
    day
        Issue day.
    reports
        Key in ``sources`` → what was read of the report.
    places
        Rows with their people.
    courses, claims, model
        Blocks of the document.
    explained
        What each number rests on.
    notes
        What whoever corrects the draft must know.
    """

    name: str
    day: date
    reports: Mapping[str, Reading]
    around: Surroundings
    places: tuple[PlaceRow, ...]
    courses: tuple[Mapping[str, Any], ...]
    claims: Sequence[Mapping[str, Any]]
    model: Mapping[str, Any]
    explained: Sequence[Explanation]
    notes: tuple[str, ...]

    def with_first_note(self, note: str) -> Contents:
        """Put a note before the others."""
        return replace(self, notes=(note, *self.notes))


def draft_contents(
    situation: Situation, around: Surroundings, readings: Sequence[Reading], day: date
) -> Contents:
    """Put people into places, and draft courses, claims and model.

    Raises
    ------
    ForewarnError
        Nobody says how many people live in the places under threat, or claims are larger than that.
    """
    keys = [f"report-{number + 1}" for number in range(len(readings))]
    people = populate_places(situation, around)
    rows, pulls, farthest = people.rows, list[Basis](), None
    if not around.pack:
        rows, pulls, farthest = with_pulls(situation, around, rows)
    courses = draft_courses(situation, around, day, leave_out=around.leave_out)
    under_threat = sum(people_in(row) for row in people.rows if row["name"] in around.threatened)
    fitting, too_large = fit_claims(situation, people, under_threat, sum(map(people_in, people.rows)))
    named = [course["name"] for course in courses.courses[1:]]
    claims, claimed = draft_claims(fitting, named, keys)
    model, modelled = draft_model(
        situation,
        around,
        keys,
        under_threat=under_threat,
        claims=fitting,
        day=day,
        farthest=farthest,
    )
    basis = [*courses.basis, *people.basis, *claimed, *modelled, *pulls, *_places_basis(situation, around)]
    return Contents(
        name=situation.area.name,
        day=day,
        reports=dict(zip(keys, readings, strict=True)),
        around=around,
        places=rows,
        courses=courses.courses,
        claims=claims,
        model=model,
        explained=explanations_of(basis, keys),
        notes=(
            *questions_of(situation, people.rows),
            *people.notes,
            *too_large,
            *around.notes,
            *courses.notes,
            *notes_of(situation, around),
        ),
    )


def document_of(contents: Contents) -> dict[str, Any]:
    """Write the document as people write it, tables as rows."""
    day, around = contents.day, contents.around
    sources = {**_dated(around.sources, day), **_report_sources(contents.reports, day)}
    return {
        "format": 1,
        "name": _slug(f"draft-{contents.name}-{day}"),
        "title": f"Draft: {contents.name}, {day.day} {day:%B} {day.year}",
        "summary": "Drafted from reports and not yet corrected by anybody who knows the place.",
        "issued": day,
        "horizon_days": HORIZON_DAYS,
        "sources": {key: source for key, source in sources.items() if not _is_filled_in(key)},
        "zones": dict(around.zones),
        "places": list(contents.places),
        "routes": list(around.routes),
        "crossings": list(around.crossings),
        "posts": list(around.posts),
        "model": dict(contents.model),
        "courses": list(contents.courses),
        "claims": list(contents.claims),
        "draft": {
            "reports": [_base_name(reading.document.name) for reading in contents.reports.values()],
            "notes": list(contents.notes),
            "where_known": around.where_known,
            "evidence": [each._asdict() for each in contents.explained],
        },
    }


def _places_basis(situation: Situation, around: Surroundings) -> list[Basis]:
    """List what places, borders and posts rest on."""
    sides = situation.sides
    basis = [Basis("places", situation.named), *around.basis]
    basis += basis_of_named(situation.places)
    basis += [Basis(f"crossings ({country})", said) for country, said in (*sides.closed, *sides.opened)]
    held = held_places(situation, around)
    basis += [Basis(f"places.attraction ({name})", said) for name, said in held.items()]
    if situation.posts is not None:
        basis.append(Basis("posts", situation.posts))
    return basis


def _is_filled_in(key: str) -> bool:
    """Whether a source comes with numbers that are filled in when the document is read."""
    return key.startswith("reference-class") or key in shipped_defaults()["sources"]


def _report_sources(reports: Mapping[str, Reading], day: date) -> dict[str, Any]:
    return {
        key: {
            "title": reading.document.title or _base_name(reading.document.name),
            "publisher": "Report that was read; its publisher is not known",
            "published": min(reading.document.issued or day, day),
            "kind": "press",
        }
        for key, reading in reports.items()
    }


def _dated(sources: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Date the user's own tables, which say no day, by the issue day."""
    return {key: {"published": day, **source} for key, source in sources.items()}


def _base_name(name: str) -> str:
    """Name a file without its folders, which are nobody's business; an address stays."""
    return name if "://" in name else Path(name).name or name


def _slug(text: str) -> str:
    plain = fold(text).encode("ascii", "ignore").decode().split()
    return "-".join(plain) or "draft"
