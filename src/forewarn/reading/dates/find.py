"""Dates as documents say them, resolved against the day of issue; what is not known stays open."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from forewarn.facts import Document, PartialDate, Span
from forewarn.reading.dates.words import DATE, MONTHS, WEEKDAYS, number_of, year_of
from forewarn.reading.text.spans import Ordered

_Bounds = tuple[date | None, date | None]
_UNKNOWN: _Bounds = (None, None)
# Thirds of a month or a year: "early", "mid", "late" (assumption; usage differs by some days).
_THIRDS = {"early": (0.0, 1 / 3), "mid": (1 / 3, 2 / 3), "middle of": (1 / 3, 2 / 3), "late": (2 / 3, 1.0)}
_THIRDS |= {"beginning of": _THIRDS["early"], "start of": _THIRDS["early"], "end of": _THIRDS["late"]}
_DAYS = {"hour": 0, "day": 1, "night": 1, "week": 7, "fortnight": 14}


def resolve_date(words: str, issued: date | None) -> PartialDate:
    """Resolve the words of a date.

    A weekday is the last one up to the day of issue ("on Wednesday"), unless the words look ahead ("next
    Wednesday"). A day without a year is the last such day up to two months after the issue.

    Parameters
    ----------
    words
        Such as "Wednesday", "earlier this month", "3 to 10 February 2013", "since late 2017".
    issued
        Day the document was published; without it relative words stay open.

    Returns
    -------
    PartialDate
        Bounds are nothing where the words, or an unknown day of issue, leave them open.

    Examples
    --------
    >>> resolve_date("on Wednesday", date(2018, 8, 31)).earliest
    datetime.date(2018, 8, 29)
    >>> resolve_date("earlier this month", date(2018, 8, 31)).latest
    datetime.date(2018, 8, 31)
    """
    text = re.sub(r"\s+", " ", words.strip().lower().replace("’", "'")).strip(" .,;()")
    try:
        earliest, latest = _resolve(text, issued)
    except (ValueError, OverflowError):  # 31 February, or a year that no calendar has
        earliest, latest = _UNKNOWN
    if earliest and latest and latest < earliest:
        earliest, latest = _UNKNOWN
    return PartialDate(words=words, earliest=earliest, latest=latest)


class FoundDates:
    """Dates of a document, found once, and given by where they stand.

    Parameters
    ----------
    document
        Its text, and the day of issue that dates are resolved against.
    """

    def __init__(self, document: Document) -> None:
        self._dates = Ordered(find_dates(document.text, document.issued), lambda pair: pair[0].start)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First and last characters of all dates."""
        return [(span.start, span.end) for span, _ in self._dates.things]

    def within(self, start: int, end: int) -> list[tuple[Span, PartialDate]]:
        """Dates that lie between two characters; spans count characters of the document.

        Examples
        --------
        >>> from forewarn.reading.documents.document import from_text
        >>> dates = FoundDates(from_text("On 3 May they left. On 9 May they came.", name="note"))
        >>> [span.text for span, _ in dates.within(20, 40)]
        ['9 May']
        """
        return [pair for pair in self._dates.between(start, end) if pair[0].end <= end]


def find_dates(text: str, issued: date | None) -> tuple[tuple[Span, PartialDate], ...]:
    """Find the dates of a text, in order.

    Parameters
    ----------
    text
        Text of a document, or of a sentence; spans count in it.
    issued
        Day the document was published.
    """
    found = []
    for match in DATE.finditer(text):
        span = Span(start=match.start(), end=match.end(), text=match[0])
        found.append((span, resolve_date(match[0], issued)))
    return tuple(found)


def _resolve(text: str, issued: date | None) -> _Bounds:
    if opened := re.match(r"(since|from|after|by|until|till|before|up to|as of|between)\s+(.+)", text):
        return _opened(opened[1], opened[2], issued)
    text = re.sub(r"^(?:on|in|during|over|at|the|of|for)\s+(?:the\s+)?", "", text)
    for rule in (_iso, _numeric, _day_range, _named_day, _named_month, _relative, _ago, _spell, _year):
        found = rule(text, issued)
        if found is not None:
            return found
    return _UNKNOWN


def _opened(word: str, rest: str, issued: date | None) -> _Bounds:
    ends = re.split(r"\s+(?:and|to|until|till|through|–|-)\s+", rest, maxsplit=1)
    if word in ("between", "from") and len(ends) == 2:
        latest = _resolve(ends[1], issued)
        year = re.search(r"\b(?:19|20)\d\d\b", ends[1])
        first = ends[0] if re.search(r"\b(?:19|20)\d\d\b", ends[0]) or not year else f"{ends[0]} {year[0]}"
        month = re.search(rf"\b(?:{'|'.join(MONTHS)})\b", ends[1])
        if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", ends[0]) and month:
            first = f"{ends[0]} {month[0]}" + (f" {year[0]}" if year else "")
        return _resolve(first, issued)[0], latest[1]
    bounds = _resolve(rest, issued)
    if word in ("since", "from"):
        return bounds[0], issued
    if word == "after":
        return bounds[1], None
    if word in ("by", "until", "till", "up to", "before"):
        return None, bounds[1]
    return bounds


def _iso(text: str, _issued: date | None) -> _Bounds | None:
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)\b", text)
    day = date(*map(int, found.groups())) if found else None
    return (day, day) if day else None


def _numeric(text: str, _issued: date | None) -> _Bounds | None:
    found = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    if not found:
        return None
    first, second, year = map(int, found.groups())
    days = [date(year, month, day) for day, month in ((first, second), (second, first)) if month <= 12]
    # Which of two orders is meant cannot be told: the bounds hold both.
    return min(days), max(days)


def _day_range(text: str, issued: date | None) -> _Bounds | None:
    months = "|".join(MONTHS)
    found = re.fullmatch(
        rf"(\d{{1,2}})(?:st|nd|rd|th)?\s?(?:-|–|to|and|until)\s?(\d{{1,2}})(?:st|nd|rd|th)?\s"
        rf"({months})\.?,?(?:\s(\d{{4}}))?",
        text,
    )
    if found:
        first, last, month, year = found[1], found[2], found[3], found[4]
    elif found := re.fullmatch(
        rf"({months})\.?\s(\d{{1,2}})\s?(?:-|–|to|and)\s?(\d{{1,2}}),?(?:\s(\d{{4}}))?",
        text,
    ):
        month, first, last, year = found.groups()
    else:
        return None
    start, end = (_on_day(int(day), MONTHS[month], year, issued) for day in (first, last))
    return start, end


def _named_day(text: str, issued: date | None) -> _Bounds | None:
    months = "|".join(MONTHS)
    text = re.sub(rf"^(?:{'|'.join(WEEKDAYS)}),?\s(?=.*\d)", "", text)
    found = re.fullmatch(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?({months})\.?,?(?:\s(\d{{4}}))?", text)
    if found:
        day, month, year = found.groups()
    elif found := re.fullmatch(rf"({months})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?,?(?:\s(\d{{4}}))?", text):
        month, day, year = found.groups()
    else:
        return None
    resolved = _on_day(int(day), MONTHS[month], year, issued)
    return resolved, resolved


def _on_day(day: int, month: int, year: str | None, issued: date | None) -> date | None:
    if year is None and issued is None:
        return None
    if year is not None:
        return date(int(year), month, day)
    assert issued is not None  # noqa: S101
    return date(year_of(month, issued), month, day)


def _named_month(text: str, issued: date | None) -> _Bounds | None:
    found = re.fullmatch(
        rf"(?:({'|'.join(_THIRDS)})[\s-](?:the\s)?)?({'|'.join(MONTHS)})\.?(?:,?\s(?:of\s)?(\d{{4}}))?"
        r"(\s(?:last|this) year)?",
        text,
    )
    if not found or (found[3] is None and issued is None):
        return None
    month = MONTHS[found[2]]
    if found[4] and issued:
        year = issued.year - ("last" in found[4])
    else:
        year = int(found[3]) if found[3] else year_of(month, issued or date.max)
    return _third(found[1], date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _third(part: str | None, start: date, end: date) -> _Bounds:
    if part is None:
        return start, end
    low, high = _THIRDS[part]
    days = (end - start).days + 1
    return start + timedelta(int(days * low)), start + timedelta(max(int(days * high) - 1, 0))


def _relative(text: str, issued: date | None) -> _Bounds | None:
    if issued is None:
        return None
    day = timedelta(1)
    simple = {"today": 0, "tonight": 0, "this morning": 0, "now": 0, "yesterday": -1, "tomorrow": 1}
    simple |= {"this afternoon": 0, "this evening": 0, "currently": 0, "day before yesterday": -2}
    if text in simple:
        return issued + simple[text] * day, issued + simple[text] * day
    if text in ("overnight", "last night"):
        return issued - day, issued
    names = "|".join(WEEKDAYS)
    found = re.fullmatch(
        rf"(last |next |this |coming |past )?({names})(?: (?:morning|night|evening|afternoon))?", text
    )
    if found:
        back = (issued.weekday() - WEEKDAYS[found[2]]) % 7
        # Said on a Wednesday, "last Wednesday" is a week ago and "Wednesday" today.
        back = back + 7 if found[1] == "last " and back == 0 else back
        ahead = (7 - back) % 7 or 7
        at = issued + ahead * day if found[1] in ("next ", "coming ") else issued - back * day
        return at, at
    return _calendar(text, issued)


def _calendar(text: str, issued: date) -> _Bounds | None:
    found = re.fullmatch(
        rf"(earlier |later )?(?:({'|'.join(_THIRDS)}) )?"
        r"(this|last|next|past|previous|coming) (week|month|year)",
        text,
    )
    if not found:
        return None
    when, part, which, unit = found.groups()
    shift = {"this": 0, "last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1}[which]
    if unit == "week":
        start = issued - timedelta(issued.weekday()) + timedelta(7 * shift)
        end = start + timedelta(6)
    elif unit == "month":
        months = issued.year * 12 + issued.month - 1 + shift
        start = date(months // 12, months % 12 + 1, 1)
        end = date(start.year, start.month, monthrange(start.year, start.month)[1])
    else:
        start, end = date(issued.year + shift, 1, 1), date(issued.year + shift, 12, 31)
    if when == "earlier ":
        return start, min(issued, end)
    if when == "later ":
        return max(issued, start), end
    return _third(part, start, end)


def _ago(text: str, issued: date | None) -> _Bounds | None:
    found = re.fullmatch(
        r"(?:(?:about|around|some|nearly) )?([\w-]+) (hour|day|week|month|year)s? (ago|earlier|later)", text
    )
    if not found or issued is None or found[3] != "ago":
        return None
    count = number_of(found[1])
    if count is None:
        return None
    if found[2] in _DAYS:
        at = issued - timedelta(count * _DAYS[found[2]])
        # "Two weeks ago" is no day: half a week to either side (assumption).
        slack = timedelta(3 if found[2] == "week" else 0)
        return at - slack, min(at + slack, issued)
    months = issued.year * 12 + issued.month - 1 - count * (12 if found[2] == "year" else 1)
    start = date(months // 12, months % 12 + 1, 1)
    if found[2] == "year":
        return date(start.year, 1, 1), date(start.year, 12, 31)
    return start, date(start.year, start.month, monthrange(start.year, start.month)[1])


def _spell(text: str, issued: date | None) -> _Bounds | None:
    """Resolve "the past two weeks" and "the next few hours"."""
    found = re.fullmatch(
        r"(last|past|previous|recent|next|coming|following)(?: ([\w-]+))? (hour|day|week|month|year)s", text
    )
    if not found or issued is None:
        return None
    counts = {None: None, "few": None, "several": None, "couple": 2}
    count = counts[found[2]] if found[2] in counts else number_of(str(found[2]))
    ahead = found[1] in ("next", "coming", "following")
    if count is None:
        return (issued, None) if ahead else (None, issued)
    days = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30.4, "year": 365.25}[found[3]]
    span = timedelta(-(-int(count * days * 24) // 24))
    return (issued, issued + span) if ahead else (issued - span, issued)


def _year(text: str, _issued: date | None) -> _Bounds | None:
    found = re.fullmatch(rf"(?:({'|'.join(_THIRDS)})[\s-](?:the\s)?)?(?:year\s)?((?:19|20)\d\d)", text)
    return _third(found[1], date(int(found[2]), 1, 1), date(int(found[2]), 12, 31)) if found else None
