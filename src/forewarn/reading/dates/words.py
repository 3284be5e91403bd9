"""Words that dates are made of, and the pattern that finds them in a text."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS: dict[str, int] = {
    **{name: at for at, name in enumerate(_MONTH_NAMES, 1)},
    **{name[:3]: at for at, name in enumerate(_MONTH_NAMES, 1)},
    "sept": 9,
}
WEEKDAYS: dict[str, int] = {name: at for at, name in enumerate(_DAY_NAMES)}
_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]

_MONTH = (
    r"(?:(?:January|February|March|April|June|July|August|September|October|November|December)|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?|May)"
)
_WEEKDAY = "(?:" + "|".join(name.title() for name in _DAY_NAMES) + ")"
_D = r"\d{1,2}(?:st|nd|rd|th)?"
_PART = r"(?:(?:[Ee]arly|[Mm]id|[Ll]ate|(?:the )?(?:beginning|start|middle|end) of)[ -](?:the )?)"
_COUNT = (
    r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|few|several|couple of|\d{1,3})"
)
_UNIT = r"(?:hour|day|week|month|year)"

DATE = re.compile(
    r"\b(?:"
    + "|".join(
        (
            r"\d{4}-\d\d-\d\d",
            r"\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d\d",
            rf"(?:[Bb]etween |[Ff]rom )(?:{_D}(?: {_MONTH})?|{_MONTH}(?: {_D})?)"
            r"(?:,? \d{4})? (?:and|to|until) "
            rf"(?:{_D} {_MONTH}|{_MONTH}(?: {_D})?)(?:,? (?:19|20)\d\d)?",
            rf"{_D}\s?(?:-|–|to|and)\s?{_D} {_MONTH}(?:,? (?:19|20)\d\d)?",
            rf"{_MONTH} {_D}\s?(?:-|–|to|and)\s?{_D}(?:,? (?:19|20)\d\d)?\b(?![,\d])",
            rf"(?:{_WEEKDAY},? )?{_D} (?:of )?{_MONTH}(?:,? (?:19|20)\d\d)?",
            rf"(?:{_WEEKDAY},? )?{_MONTH} {_D}\b(?![,.]\d)(?:,? (?:19|20)\d\d)?",
            rf"{_PART}?{_MONTH}(?: (?:of )?(?:19|20)\d\d| (?:last|this) year)",
            rf"{_PART}{_MONTH}",
            rf"(?<=[Ii]n ){_MONTH}|(?<=[Ss]ince ){_MONTH}|(?<=[Dd]uring ){_MONTH}",
            rf"(?:[Ll]ast |[Nn]ext |[Tt]his |[Cc]oming )?{_WEEKDAY}(?: (?:morning|night|evening|afternoon))?",
            r"(?:[Ee]arlier |[Ll]ater |[Ee]arly |[Ll]ate )?(?:[Tt]his|[Ll]ast|[Nn]ext) (?:week|month|year)\b",
            rf"{_COUNT} {_UNIT}s? ago",
            rf"(?:the )?(?:[Ll]ast|[Pp]ast|[Nn]ext|[Cc]oming|[Pp]revious|[Ff]ollowing|[Rr]ecent) "
            rf"(?:{_COUNT} )?{_UNIT}s",
            r"(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight|[Oo]vernight|[Ll]ast night|[Tt]his morning)",
            rf"{_PART}(?:19|20)\d\d",
            r"(?<=[Ii]n )(?:19|20)\d\d|(?<=[Ss]ince )(?:19|20)\d\d|(?<=[Dd]uring )(?:19|20)\d\d",
        )
    )
    + r")\b"
)


def number_of(word: str) -> int | None:
    """Read a small number, in digits or in words; nothing if it is none.

    Examples
    --------
    >>> number_of("three"), number_of("12"), number_of("few")
    (3, 12, None)
    """
    if word in ("a", "an"):
        return 1
    if word in _NUMBERS:
        return _NUMBERS.index(word)
    return int(word) if word.isdigit() and len(word) <= 3 else None


def year_of(month: int, issued: date) -> int:
    """Choose the year of a month that was named without one.

    It is the last such month that starts no later than two months after the issue (assumption: plans are
    dated a little ahead, reports behind).
    """
    limit = issued + timedelta(61) if issued < date.max - timedelta(61) else issued
    return limit.year if date(limit.year, month, 1) <= limit else limit.year - 1
