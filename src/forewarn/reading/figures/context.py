"""What surrounds a figure: places, cause, period, household size; status, stock or flow by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from forewarn.facts import Cause, Document, Figure, FigureStatus, Flow, PartialDate, PlaceMention
from forewarn.reading.dates.find import FoundDates
from forewarn.reading.figures.terms import TermCue
from forewarn.reading.numbers.quantities import Counted
from forewarn.reading.text.lexicon import saying
from forewarn.reading.text.rules import FigureRules

_STOCK_TERMS = ("homeless", "in-relief-camp", "sheltered", "at-risk", "trapped", "in-need", "population")
_FLOW_TERMS = ("evacuated", "forced-to-flee", "relocated", "returned", "killed", "destroyed-housing")
_HOUSEHOLD = re.compile(
    r"(?:average (?:family|household) size (?:of|is) |average of )(\d{1,2}(?:\.\d+)?)|"
    r"(\d{1,2}(?:\.\d+)?) (?:people|persons|members|individuals) "
    r"(?:per|in each|in every|to a) (?:family|household)|"
    r"(?:families|households) of (\d{1,2}(?:\.\d+)?)\b",
    re.IGNORECASE,
)
# A place beside the one that is spoken of.
_BESIDE = re.compile(
    r"\b(?:border(?:s|ed|ing)?(?: (?:on|with))?|adjacent to|next to|neighbou?ring)\s(?:[\w-]+\s){0,2}$"
)
# A country that speaks is a source.
_SAYING = re.compile(rf"\s(?:has\s|have\s|had\s|also\s)?(?:{saying('after-a-country')})\b")
_SAYING_DAY = re.compile(rf"\b(?:{saying('with-a-day')})\s(?:\w+\s){{0,2}}$")
_THE_REGION = re.compile(
    r"\bthe (?:province|governorate|region|district|state|enclave|area)\b(?! of\b)", re.IGNORECASE
)
_CAUSE_REACH = 400  # characters before and after, beyond the sentence (assumption)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Fields of a figure that its surroundings decide; see `facts.Figure`."""

    places: tuple[PlaceMention, ...]
    cause: Cause
    period: PartialDate | None
    household_size: float | None
    notes: tuple[str, ...]


def circumstances(
    frame: tuple[Counted, TermCue, tuple[int, int]],
    document: Document,
    places: Sequence[PlaceMention],
    rules: FigureRules,
    *,
    dates: FoundDates,
    overall: Cause,
) -> Circumstances:
    """Read what surrounds a figure.

    Parameters
    ----------
    frame
        The quantity, the cue of its term, and the sentence's characters.
    document
        The document.
    places
        Its places.
    rules
        Patterns.
    dates
        Of the document.
    overall
        Cause of the whole document, where the surroundings name none.
    """
    counted, cue, (start, end) = frame
    text = document.text
    found, notes = _places(text, frame, places)
    size = _HOUSEHOLD.search(text[start:end])
    return Circumstances(
        places=found,
        cause=_cause(text, start, end, rules, overall),
        period=_period(text, frame, document, dates),
        household_size=float(next(filter(None, size.groups()))) if size else None,
        notes=(*notes, *_part(text, counted)),
    )


def _clause(text: str, frame: tuple[Counted, TermCue, tuple[int, int]]) -> str:
    """Cut the stretch about the figure: to the nearest semicolon, bracket or "while" on either side."""
    counted, cue, (start, end) = frame
    low, high = min(counted.start, cue.start), max(counted.end, cue.end)
    stops = r"[;()]|[\"“”]\s|, (?:while|but|although|whereas)\b|, of (?:which|whom)\b"
    before = list(re.finditer(stops, text[start:low]))
    after = re.search(stops + rf"|, (?:and|{saying('after-a-comma')})\b", text[high:end])
    first = start + before[-1].end() if before else start
    last = high + after.start() if after else end
    inside = re.search(r",\s(?:where|which|who|whose|when)\b[^,]*$", text[first:low])
    if inside:
        # A relative clause says something of its own: "…, where 40,000 live, risks …".
        comma = text.find(",", high, last)
        return text[first + inside.start() : comma if comma >= 0 else last]
    return text[first:last]


def ruled_status(
    text: str, frame: tuple[Counted, TermCue, tuple[int, int]], rules: FigureRules
) -> FigureStatus:
    """Tell the status by rules alone: in another language than English, and as a hint for the learned choice.

    Parameters
    ----------
    text
        Repaired text.
    frame
        The quantity, the cue of its term, and the sentence's characters.
    rules
        Words of each status.
    """
    _, cue, (start, end) = frame
    clause = _clause(text, frame)
    # "At risk" is the plight itself there, and no fear.
    words = clause if cue.term != "at-risk" else re.sub(r"(?i)\brisk\w*|\bthreaten\w*", "", clause)
    words = re.sub(r"(?i)\bfor fear of\b|\bfearing\b[^,]*,|\bfearing for\b", "", words)
    for status, where, pattern in rules.statuses:
        stretch = {"clause": words, "sentence": text[start:end]}.get(where)
        if stretch is None:
            low = min(frame[0].start, cue.start)
            stretch = text[max(start, low - 60) : max(frame[0].start, cue.start)]
        if pattern.search(stretch):
            return next(known for known in get_args(FigureStatus) if known == status)
    return "estimated" if frame[0].quantity.value is None and re.search("estimat", clause) else "reported"


def ruled_flow(text: str, frame: tuple[Counted, TermCue, tuple[int, int]], rules: FigureRules) -> Flow:
    """Tell stock from flow by rules alone: in other languages, and as a hint to what was learned.

    Parameters
    ----------
    text
        Repaired text.
    frame
        The quantity, the cue of its term, and the sentence's characters.
    rules
        Words of stock and flow.
    """
    cue = frame[1]
    clause = _clause(text, frame)
    hits = {name for name, pattern in rules.flows if pattern.search(clause)}
    if cue.term in _FLOW_TERMS:
        return "stock" if re.search(r"\b(?:remain(?:s|ed)?|still)\b", clause) else "flow"
    if cue.term in _STOCK_TERMS:
        return "stock"
    if cue.flow == "stock" and "flow" not in hits:
        return "stock"
    if len(hits) == 1:
        return "stock" if "stock" in hits else "flow"
    if re.search(r"\b(?:remain(?:s|ed|ing)?|still|currently)\b", clause):
        return "stock"
    return "flow" if "flow" in hits else "unknown"


def _places(
    text: str, frame: tuple[Counted, TermCue, tuple[int, int]], places: Sequence[PlaceMention]
) -> tuple[tuple[PlaceMention, ...], tuple[str, ...]]:
    counted, _, (start, end) = frame
    here = [place for place in places if start <= place.span.start < end]
    here = [
        place
        for place in here
        if not _BESIDE.search(text[max(start, place.span.start - 40) : place.span.start])
    ]
    here = [place for place in here if not _SAYING.match(text[place.span.end : place.span.end + 30])]
    narrow = [place for place in here if place.kind != "country"] or here
    if narrow:
        ordered = sorted(narrow, key=lambda place: _gap(place, counted))
        return tuple(sorted(ordered[:6], key=lambda place: place.span.start)), ()
    before = [place for place in places if place.span.start < start and place.kind != "country"]
    if _THE_REGION.search(text[start:end]):
        before = [place for place in before if place.kind == "region"] or before
    before = before or [place for place in places if place.span.start < start]
    if not before:
        return (), ()
    last = before[-1]
    return (last.model_copy(update={"role": "in"}),), ("Place taken from an earlier sentence.",)


def _gap(place: PlaceMention, counted: Counted) -> int:
    if place.span.start >= counted.end:
        return place.span.start - counted.end
    return counted.start - place.span.end + 15


def cause_of(text: str, rules: FigureRules) -> Cause:
    """Tell the cause that a text speaks of more often; "unknown" if neither or both.

    Parameters
    ----------
    text
        Any stretch.
    rules
        Words of the causes.
    """
    counts = {name: len(pattern.findall(text)) for name, pattern in rules.causes}
    conflict, disaster = counts.get("conflict", 0), counts.get("disaster", 0)
    if conflict == disaster:
        return "unknown"
    return "conflict" if conflict > disaster else "disaster"


def _cause(text: str, start: int, end: int, rules: FigureRules, overall: Cause) -> Cause:
    for stretch in (text[start:end], text[max(0, start - _CAUSE_REACH) : end + _CAUSE_REACH]):
        found = cause_of(stretch, rules)
        if found != "unknown":
            return found
    return overall


def _period(
    text: str, frame: tuple[Counted, TermCue, tuple[int, int]], document: Document, dates: FoundDates
) -> PartialDate | None:
    """Take the date nearest to the figure in its sentence, but not that of the saying ("said on Monday")."""
    counted, _, (start, end) = frame
    found = []
    for span, when in dates.within(start, end):
        at = span.start
        if not _SAYING_DAY.search(text[start:at]):
            before = re.search(r"\b(since|as of|by|until|after)\s(?:the\s)?$", text[start:at], re.IGNORECASE)
            found.append((abs(at - counted.start), before[1] if before else "", when))
    if not found:
        return None
    _, word, when = min(found, key=lambda item: item[0])
    if word.lower() == "since":
        return when.model_copy(update={"words": f"since {when.words}", "latest": document.issued})
    return when


def _part(text: str, counted: Counted) -> tuple[str, ...]:
    before, after = text[max(0, counted.start - 40) : counted.start], text[counted.end : counted.end + 60]
    if re.search(r"\b(?:of (?:which|whom|them)|including|among them|comprising)\s(?:[\w-]+\s){0,3}$", before):
        return ("Part of a figure given before it.",)
    if re.match(r"[^.;,]{0,30}\bof (?:them|whom|which)\b", after):
        return ("Part of a figure given before it.",)
    if re.search(r"\b(?:another|a further|additional)\s(?:[\w-]+\s)?$", before):
        return ("In addition to another figure.",)
    if re.search(r"\b(?:total of|in total|altogether|in all|overall),?\s(?:[\w-]+\s){0,2}$", before):
        return ("A total.",)
    return ()


_LABELS = {"denied": 8, "planned": 4, "feared": 3, "projected": 3}


def salience(figure: Figure) -> tuple[int, int]:
    """Rank figures as an analyst would: the least is the headline figure of a document.

    People forced to move come before people in some other plight, houses after people, what happened before
    what may; among equals the first in the text.

    Parameters
    ----------
    figure
        A figure.
    """
    rank = {"destroyed-housing": 2, "partially-destroyed-housing": 4, "uninhabitable-housing": 2}.get(
        figure.term, 0
    )
    rank += 12 if figure.term in ("population", "killed", "other") else 0
    rank += 8 if figure.term in ("at-risk", "in-need", "returned", "trapped") else 0
    rank += _LABELS.get(figure.status, 0)
    rank += 3 if any("Part of" in note for note in figure.notes) else 0
    rank += 2 if figure.quantity.value is None else 0
    return rank, figure.quantity_span.start
