"""In which order an attack is said to come: "first the east, then the centre, and only later the camp"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from forewarn.drafting.basis import SourcedFact
from forewarn.drafting.report.roles import NamedRole, names_in
from forewarn.facts import Event, PlaceMention, Reading, Span
from forewarn.reading.text.sentences import sentence_bounds

_CUE: Final = re.compile(
    r"\b(?:(?P<first>first(?! (?:time|of all|aid|week|days?|hours?|half|quarter))|initial(?:ly)?|at first|"
    r"(?:begins?|starts?|beginning|starting)(?= (?:in|with|on|from|at|along)\b)|next blow)|"
    r"(?P<next>then|followed by|after(?:wards| that)|thereafter|subsequently|"
    r"before (?:moving|turning|advancing|pushing)(?: on)?|(?:is|are|comes?)(?: the)? next)|"
    r"(?P<later>(?:only )?later|last(?=\W*(?:$|[.,;]))|finally|eventually|"
    r"(?:come|comes|to be left) (?:when|until|once|after))|"
    r"(?P<spared>(?:but )?not (?:yet|initially|at first|immediately|for now|the)))\b",
    re.IGNORECASE,
)
_ATTACK: Final = re.compile(
    r"\b(?:attack\w*|assault|offensive|operation|steps?|phases?|stages?|bombard\w*|enter|storm|clear(?:ed)?|blow|"
    r"front|targets?|advance|push|invasion)\b",
    re.IGNORECASE,
)
_SIDES: Final = re.compile(
    r"(?<![\w-])(?P<side>(?:north|south)(?:-?(?:east|west))?|east|west|centre|center|central|middle)(?:ern)?"
    r"(?!\w)(?! of\b(?! the city))(?! (?-i:[A-Z]))"
    r"(?! (?:\w+ )?(?:hospital|province|region|state|country|border|coast)\b)",
    re.IGNORECASE,
)
_FROM_AFAR: Final = re.compile(r"(?:kilomet(?:re|er)s|km|miles) (?:to the )?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ToldStage:
    """Part of an attack.

    Parameters
    ----------
    order
        1 for what comes first.
    sides
        Parts of the area: ``north``, …, ``centre``.
    names
        Of places, as they stand in the report.
    said
        The sentence.
    places
        What the names were resolved to; the area's own name alone gives none.
    is_city
        Whether the area itself is named, without a side.
    """

    order: int
    sides: tuple[str, ...]
    names: tuple[Span, ...]
    said: SourcedFact
    places: tuple[PlaceMention, ...] = ()
    is_city: bool = False


def find_stages(
    readings: Sequence[Reading],
    attacks: Sequence[tuple[Event, SourcedFact]],
    roles: Sequence[NamedRole] = (),
) -> tuple[ToldStage, ...]:
    """Find the stages of the sentence that tells most.

    Parameters
    ----------
    attacks
        Attacks that loom, with their sentences.
    roles
        Parts that names play: where people go is no stage.

    Examples
    --------
    >>> from forewarn.reading.documents.document import from_text
    >>> from forewarn.reading.reader import read
    >>> text = "The attack will begin in the east, and only later in Zamzam camp."
    >>> stages = find_stages([read(from_text(text, name="note"))], ())
    >>> [(stage.order, stage.sides, [name.text for name in stage.names]) for stage in stages]
    [(1, ('east',), []), (2, (), ['Zamzam'])]
    """
    found: list[tuple[ToldStage, ...]] = []
    for number, reading in enumerate(readings):
        text = reading.document.text
        refuges = {
            role.span.start
            for role in roles
            if role.said.report == number and role.role in ("refuge", "crossing")
        }
        here = {said.sentence for _, said in attacks if said.report == number}
        for bounds in sentence_bounds(text):
            said = SourcedFact(number, " ".join(text[slice(*bounds)].split()))
            if said.sentence in here or _ATTACK.search(text, *bounds):
                told = tuple(_stages_of(text, bounds, said, reading, refuges))
                if len(told) > 1 or any(stage.sides for stage in told):
                    found.append(told)
    most = max(found, key=len, default=())
    return most or tuple(_of_sectors(attacks))[:1]


def _of_sectors(attacks: Sequence[tuple[Event, SourcedFact]]) -> Iterator[ToldStage]:
    """Yield the parts that an attack to come is said to be on, where no order is told."""
    for event, said in attacks:
        sides = tuple(sector for sector in event.sectors if sector != "city")
        if sides and event.status in ("planned", "threatened") and event.stage in (None, 1):
            yield ToldStage(1, sides, (), said)


def _stages_of(
    text: str, bounds: tuple[int, int], said: SourcedFact, reading: Reading, refuges: Collection[int]
) -> Iterator[ToldStage]:
    people = {span.text for actor in reading.actors for span in actor.mentions}
    order = 0
    found: list[ToldStage] = []
    for start, end, cue in _segments(text, bounds):
        order = 1 if cue == "first" else max(1, order) + 1
        names = tuple(
            Span(start=start + low, end=start + high, text=text[start + low : start + high])
            for low, high in names_in(text[start:end])
            if text[start + low : start + high] not in people and start + low not in refuges
        )
        found.append(ToldStage(order, _sides(text, start, end), names, said))
    orders = sorted({stage.order for stage in found if stage.sides or stage.names})
    if not any(stage.order == 1 or len(orders) > 1 for stage in found):
        return
    for place, order in enumerate(orders, 1):
        parts = [stage for stage in found if stage.order == order]
        yield ToldStage(
            order=place,
            sides=tuple(dict.fromkeys(side for stage in parts for side in stage.sides)),
            names=tuple(name for stage in parts for name in stage.names),
            said=said,
        )


def _segments(text: str, bounds: tuple[int, int]) -> Iterator[tuple[int, int, str]]:
    """Parts of a sentence with their cue, which may stand behind: "…; and the old city last"."""
    start = bounds[0]
    for stop in (*(bounds[0] + found.start() for found in re.finditer(";", text[slice(*bounds)])), bounds[1]):
        cues = [(found.start(), str(found.lastgroup)) for found in _CUE.finditer(text, start, stop)]
        for at, (cue_start, cue) in enumerate(cues):
            low = start if at == 0 else cue_start
            high = cues[at + 1][0] if at + 1 < len(cues) else stop
            attack = _ATTACK.search(text, low, cue_start)
            if at == 0 and cue != "first" and attack and any(names_in(text[cue_start:high])):
                yield attack.end(), cue_start, "first"  # "they would clear Guit and then Leer"
                low = cue_start
            yield low, high, cue
        start = stop


def _sides(text: str, start: int, end: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in _SIDES.finditer(text, start, end):
        side = match["side"].lower().replace("-", "")
        if not _FROM_AFAR.search(text[max(0, match.start() - 20) : match.start()]):
            found["centre" if side in ("center", "central", "middle") else side] = None
    return tuple(found)
