"""The numbers of a draft, each with the sentence or the assumption it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn.outlook.contents import evidence
from forewarn.outlook.format.values import chance

if TYPE_CHECKING:
    from forewarn.scenario import Course, Quantity, Scenario, Stage

NAMED: Final = 6
"""Places that a line names before it counts the rest."""
Words = tuple[str, str]
"""What a number rests on, and the title of the report that says it (empty for an assumption)."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence of a report, or an assumption, with its number in the margin."""

    number: int
    words: str
    report: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class DraftedNumber:
    """A number of the draft.

    Parameters
    ----------
    what, value
        In words, such as ``chance of “Offensive”`` and ``33 %``.
    numbers
        Numbers of its notes.
    notes
        Those of them that no line above has shown.
    """

    what: str
    value: str
    numbers: tuple[int, ...]
    notes: tuple[Note, ...]


def build_drafted_numbers(scenario: Scenario) -> tuple[DraftedNumber, ...]:
    """Line up the numbers of a draft with what they rest on; facts that no number rests on come last."""
    if scenario.draft is None:
        return ()
    basis: dict[str, list[Words]] = {}
    for each in scenario.draft.evidence:
        title = scenario.sources[each.report].title if each.report in scenario.sources else each.report
        basis.setdefault(each.path, []).append((each.words, title))
    drawn = _Drawn(scenario, basis)
    lines = [
        *_people(drawn),
        *(line for course in scenario.courses for line in _course(drawn, course)),
        *_flight(drawn),
        *_ways(drawn),
        *_claims(drawn),
    ]
    lines += [("Also read", path, words) for path, words in basis.items() if path not in drawn.used]
    return _numbered(lines)


class _Drawn:
    """A scenario and the facts of its draft; `used` are the paths that a line has taken."""

    def __init__(self, scenario: Scenario, basis: dict[str, list[Words]]) -> None:
        self.scenario = scenario
        self.basis = basis
        self.used: set[str] = set()

    def said(self, *paths: str) -> list[Words]:
        """Facts that stand under these paths."""
        self.used.update(paths)
        return [words for path in paths for words in self.basis.get(path, [])]

    def source(self, source: str) -> Words:
        """Name a quantity's own source, or its assumption."""
        return (evidence.named(self.scenario, source), "")


Line = tuple[str, str, Sequence[Words]]


def _people(drawn: _Drawn) -> Iterator[Line]:
    attacked = {name for course in drawn.scenario.courses for stage in course.stages for name in stage.places}
    places = [place for place in drawn.scenario.places if place.name in attacked]
    yield "Places under threat", _some([place.name for place in places]), drawn.said("places")
    everybody = sum(place.residents + place.displaced for place in places)
    sources = dict.fromkeys(place.population_source for place in places)
    basis = drawn.said("places.residents", "places.residents, places.displaced", "report.population")
    yield "People there", f"{everybody:,}", basis or [drawn.source(source) for source in list(sources)[:3]]
    displaced = sum(place.displaced for place in places)
    basis = drawn.said("places.displaced", "report.displaced")
    if displaced or basis:
        yield "of them displaced earlier", f"{displaced:,}", basis


def _course(drawn: _Drawn, course: Course) -> Iterator[Line]:
    basis = [*drawn.said(f"courses.{course.name}"), drawn.source(course.probability.source)]
    said = chance(course.probability.value or 0.0)
    if course.probability.note:
        said += f" ({course.probability.note})"
    yield f"Chance of “{course.title or course.name}”", said, basis
    for stage in course.stages:
        yield from _stage(drawn, course, stage)


def _stage(drawn: _Drawn, course: Course, stage: Stage) -> Iterator[Line]:
    path = f"courses.{course.name}.stages.{stage.name}"
    where = f"“{course.title or course.name}”, stage “{stage.name}”"
    yield f"{where}: places", _some(list(stage.places)), drawn.said(f"{path}.places")
    after = f" after the start of “{stage.start.after}”" if stage.start.after else ""
    days = stage.start.days
    basis = drawn.said(f"{path}.start") or [drawn.source(days.source)]
    yield f"{where}: starts in", f"{in_numbers(days)} days{after}", basis
    pace = f"{in_numbers(stage.duration_days)} days at each place"
    yield f"{where}: lasts", pace, [drawn.source(stage.duration_days.source)]


def _flight(drawn: _Drawn) -> Iterator[Line]:
    flight = drawn.scenario.model.flight
    share, pace = flight.share_leaving, flight.days_to_half
    yield (
        "Share who leave a place whose attack goes on",
        in_numbers(share, percent=True),
        [drawn.source(share.source)],
    )
    yield "Days until half of them have left", in_numbers(pace), [drawn.source(pace.source)]
    warning = drawn.scenario.model.warning
    if warning.figure.value:
        basis = drawn.said("model.warning.figure")
        yield "Figure of the published warning", f"{warning.figure.value:,.0f} people", basis
        yield (
            "Share of that figure who leave out of fear",
            in_numbers(warning.share, percent=True),
            [drawn.source(warning.share.source)],
        )


def _ways(drawn: _Drawn) -> Iterator[Line]:
    scenario = drawn.scenario
    said = drawn.said(*[path for path in drawn.basis if path.startswith("crossings")])
    for status in ("closed", "leaking", "limited", "open"):
        found = [crossing for crossing in scenario.crossings if crossing.status == status]
        if found:
            rates = [drawn.source(c.pass_rate.source) for c in found[:1] if c.pass_rate is not None]
            basis = said if status != "open" or len(scenario.crossings) == len(found) else []
            yield f"Crossings: {status}", _some([c.title or c.name for c in found]), [*basis, *rates]
    if scenario.posts or "posts" in drawn.basis:
        yield "Observation posts", f"{len(scenario.posts)}", drawn.said("posts")
    kilometres = sum(route.km for route in scenario.routes)
    sources = list(dict.fromkeys(route.source for route in scenario.routes))
    basis = [*drawn.said("routes.km"), *(drawn.source(source) for source in sources[:2])]
    yield "Roads", f"{len(scenario.routes)}, {kilometres:,.0f} km in all", basis


def _claims(drawn: _Drawn) -> Iterator[Line]:
    for at, claim in enumerate(drawn.scenario.claims):
        low, high = claim.low, claim.high
        number = f"{claim.people:,}" if claim.people is not None else f"{low or 0:,} to {high or 0:,}"
        yield "Published figure", f"{number} people", drawn.said(f"claims.{at}")


def _numbered(drawn: Sequence[Line]) -> tuple[DraftedNumber, ...]:
    notes: dict[Words, Note] = {}
    lines, seen = [], set[tuple[str, str]]()
    for what, value, basis in drawn:
        if (what, value) in seen:
            continue
        seen.add((what, value))
        fresh = []
        for words, report in dict.fromkeys(basis):
            if (words, report) not in notes:
                assumed = not report and words.lower().startswith("assumption")
                note = Note(len(notes) + 1, words, report, assumed)
                notes[words, report] = note
                fresh.append(note)
        numbers = tuple(notes[each].number for each in dict.fromkeys(basis))
        lines.append(DraftedNumber(what, value, numbers, tuple(fresh)))
    return tuple(lines)


def in_numbers(quantity: Quantity, *, percent: bool = False) -> str:
    """Write a quantity as people read it.

    Parameters
    ----------
    percent
        Whether it is a share, to be written in per cent.
    """

    def said(number: float) -> str:
        return f"{number * 100:.3g}" if percent else f"{number:.3g}"

    unit = " %" if percent else ""
    if quantity.value is not None:
        return said(quantity.value) + unit
    if quantity.quantiles is not None:
        (first, low), *_, (last, high) = quantity.quantiles
        spread = f"{said(low)} to {said(high)}" if said(low) != said(high) else said(low)
        cases = f"{spread}{unit} in {round((last - first) * 100)} of 100 cases"
        return f"{said(quantity.typical())}{unit} in the middle, {cases}"
    if quantity.low is not None and quantity.high is not None:
        most = f", most likely {said(quantity.mode)}" if quantity.mode is not None else ""
        return f"{said(quantity.low)} to {said(quantity.high)}{unit}{most}"
    return f"{said(quantity.median or 0.0)}{unit}, one time in ten above {said(quantity.p90 or 0.0)}"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)}: {', '.join(names[:NAMED])}{more}" if len(names) > 1 else "".join(names)
