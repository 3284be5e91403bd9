"""Numbers in text: digits as many countries write them, words, vague counts and shares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forewarn.reading.text.rules import read_table

_UNITS = [
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
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {
    **{word: float(at) for at, word in enumerate(_UNITS)},
    **{word: 10.0 * at for at, word in enumerate(_TENS, 2)},
}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "lakh": 1e5,
    "lakhs": 1e5,
    "lac": 1e5,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "k": 1e3,
    "crore": 1e7,
    "billion": 1e9,
    "bn": 1e9,
    "mil": 1e3,
    "mille": 1e3,
    "millions": 1e6,
    "dozen": 12.0,
    "score": 20.0,
    "bin": 1e3,  # Turkish, and only before people: see _SCALE
}
_FOREIGN_SCALES = {
    word.lower(): float(row["value"]) for row in read_table("scales.csv") for word in row["words"].split()
}
_SCALES |= {word.rstrip("."): value for word, value in _FOREIGN_SCALES.items()}
# Least and greatest that vague words stand for (assumption: at least two, or three of "several", of the
# scale, and less than the next scale; "dozens" two to eight dozen, "scores" two to five score).
_VAGUE = {
    "dozens": (24.0, 99.0),
    "scores": (40.0, 99.0),
    "hundreds": (200.0, 999.0),
    "thousands": (2e3, 9999.0),
    "tens of thousands": (2e4, 99_999.0),
    "hundreds of thousands": (2e5, 999_999.0),
    "millions": (2e6, 9_999_999.0),
    "tens of millions": (2e7, 99_999_999.0),
}
_FRACTIONS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}

_GROUPED = r"\d{1,3}(?:(?:,\s?\d{2,3})*,\s?\d{3}|(?:[ '’]\d{3})+|(?:\.\d{3})+)(?!\d)"
_DIGITS = rf"(?:{_GROUPED}|\d{{1,12}}(?:[.,]\d{{1,2}})?(?!\d))"
# A full stop is part of an abbreviation only if the words that are counted follow it.
_FOREIGN = "|".join(
    re.escape(word.rstrip(".")) + (r"(?:\.(?=\s[^\W\d_]))?" if word.endswith(".") else "")
    for word in sorted(_FOREIGN_SCALES, key=len, reverse=True)
)
_SCALE = (
    rf"(?:(?:hundred|thousand|lakhs?|lac|million|mn|crore|billion|bn|mille|mil|dozen|[km]|{_FOREIGN})(?!\w)"
    r"|bin(?= (?:kişi|insan|sivil|aile|çocuk|göçmen|mülteci|sığınmacı)))"
)
_NAMES = "|".join((*reversed(_UNITS), *_TENS))
_ONE = rf"(?:{_NAMES})(?:[ -](?:{_NAMES}))?"
_WORD_SCALE = r"(?: hundred| thousand| million| billion| dozen| lakh| crore)"
_WORDS = (
    rf"(?:{_ONE}(?:{_WORD_SCALE}+(?:(?:,? and |, | ){_ONE}(?:{_WORD_SCALE})*)*)?"
    r"|half a (?:million|billion|dozen)"
    r"|(?:(?:an?|one) |(?<!\d )(?<!\d))(?:hundred|thousand|million|billion|dozen)"
    rf"(?: and a half)?(?:(?: and)? {_ONE})?(?:{_WORD_SCALE})*)"
)
_VAGUE_WORDS = (
    r"(?:(?:tens|hundreds)(?: of|and) (?:thousands|millions)|(?:several|a few|many|some) "
    r"(?:hundred|thousand|million|dozen)s?|dozens|scores(?= of)|hundreds|thousands|(?<![\d.] )millions)"
)
_SMALL_NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|[1-9])"
_PART = (
    r"(?:(?:(?:the|an?|one|two|three|four) |(?:one|two|three|four)-)?"
    r"(?:half|thirds?|quarters?|fifths?|tenths?))"
)
# What may follow a share of people: "half of them", "a third are home", "three-quarters empty by Sunday".
_SHARED = (
    r"(?=\s?of (?!an?\b)[a-z]|\s(?:the|its|their|all|those|these) [a-z]|"
    r"\s(?:are|were|is|was|have|had|has|would|will|could|may|might|remain|remained|live|lived|fled|left|returned|still|now|"
    r"already|empty|emptied|destroyed|displaced|gone|full)\b|[,.;)](?:\s|$))"
)
_SHARES = (
    rf"(?:{_PART}{_SHARED}|(?:\d{{1,3}}(?:\.\d+)?\s?(?:%|per ?cent)){_SHARED}"
    rf"|{_SMALL_NUMBER} (?:in|out of|of every) (?:every )?{_SMALL_NUMBER}\b"
    r"(?! (?:hours|days|weeks|months|years|minutes)))"
)
NUMBER = re.compile(
    rf"(?<![\w$€£¥/])(?<![\d.,][.,])(?:(?P<share>{_SHARES})|(?P<vague>{_VAGUE_WORDS})\b|"
    rf"(?P<digits>{_DIGITS})"
    rf"(?:(?P<scale>\s?{_SCALE})(?P<rest> \d{{1,3}} thousand\b|(?<=thousand) \d{{3}}\b)?)?|"
    rf"(?P<words>{_WORDS})\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Parameters
    ----------
    start, end
        Characters of the text, half open.
    value
        The number; nothing if only bounds are known.
    low, high
        Bounds of vague words.
    share
        Share of a whole, 0 to 1.
    in_digits
        Whether it is written in digits.
    """

    start: int
    end: int
    value: float | None
    low: float | None = None
    high: float | None = None
    share: float | None = None
    in_digits: bool = False


def find_numbers(text: str) -> Iterator[Number]:
    """Find every number, whatever it counts.

    Parameters
    ----------
    text
        Repaired text.

    Yields
    ------
    Number
        In order, without overlap.

    Examples
    --------
    >>> [number.value for number in find_numbers("61, 000 or 2.14 lakh or three hundred and five or 14 000")]
    [61000.0, 214000.0, 305.0, 14000.0]
    """
    for found in NUMBER.finditer(text):
        start, end = found.span()
        if found["share"]:
            share = _share(found["share"].lower())
            if share is not None:
                yield Number(start, end, None, share=share, in_digits=found["share"][0].isdigit())
        elif found["vague"]:
            low, high = _vague(found["vague"].lower())
            yield Number(start, end, None, low, high)
        elif found["digits"]:
            scale = (found["scale"] or "").strip().lower()
            value = read_digits(found["digits"], scaled=bool(scale)) * _SCALES.get(scale.rstrip("."), 1.0)
            # "1 million 300 thousand", "2 thousand 600".
            rest = re.match(r" (\d+)( thousand)?", found["rest"] or "")
            value += float(rest[1]) * (1e3 if rest[2] else 1.0) if rest else 0.0
            yield Number(start, end, round(value, 6), in_digits=True)
        else:
            value = read_words(found["words"].lower())
            yield Number(start, end, value)


def read_digits(words: str, *, scaled: bool = False) -> float:
    """Read a number in digits; groups of three may stand apart by comma, space, point or apostrophe.

    Parameters
    ----------
    words
        The digits.
    scaled
        Whether a scale follows ("2.140 million"): then a single point or comma is a decimal one.
    """
    text = words.replace(" ", "").replace("'", "").replace("’", "")
    if scaled and len(re.findall("[.,]", text)) == 1:
        return float(text.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text):
        return float(text.replace(".", ""))
    if re.search(r",\d{3}(?:$|,)", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def read_words(words: str) -> float:
    """Read a number in words.

    Examples
    --------
    >>> read_words("two hundred and fifty thousand"), read_words("half a million")
    (250000.0, 500000.0)
    """
    if words.startswith("half a "):
        return _SCALES[words.rsplit(" ", 1)[1]] / 2
    total = part = 0.0
    for word in re.split(r"[ ,-]+", words):
        if word in ("a", "an"):
            part = 1.0
        elif word == "half":
            # "a million and a half"
            part = total * 0.5
        elif word in _SMALL:
            part += _SMALL[word]
        elif word == "hundred" or word == "dozen":
            part = max(part, 1.0) * _SCALES[word]
        elif word in _SCALES:
            total = total + part * _SCALES[word] if part else (total or 1.0) * _SCALES[word]
            part = 0.0
    return total + part


def scale_of(words: str) -> float:
    """Tell the scale that ends a number: a million for "three million"; 1 if it has none.

    Examples
    --------
    >>> scale_of("six lakh"), scale_of("600"), scale_of("3 millones"), scale_of("3 тыс.")
    (100000.0, 1.0, 1000000.0, 1000.0)
    """
    last = re.search(r"[^\W\d_]+$", words.lower().rstrip("."))
    return _SCALES.get(last[0], 1.0) if last else 1.0


def _vague(words: str) -> tuple[float, float]:
    words = words.replace(" and ", " of ")
    if words in _VAGUE:
        return _VAGUE[words]
    few, scale = words.rsplit(" ", 1)
    size = _SCALES[scale.rstrip("s")]
    fewest = 2 if few in ("a few", "some") else 3
    return fewest * size, (99.0 if size == 12 else 10 * size - 1)


def _share(words: str) -> float | None:
    percent = re.match(r"([\d.]+)\s?(?:%|per)", words)
    if percent:
        share = float(percent[1]) / 100
        return share if 0 < share <= 1 else None
    parts = re.split(r"[ -]", words)
    count = _count(parts[0])
    whole = _count(parts[-1])
    if whole is not None:  # "four out of ten"
        return count / whole if count is not None and count < whole else None
    share = (count or 1.0) * _FRACTIONS[parts[-1].rstrip("s")]
    return share if share <= 1 else None


def _count(word: str) -> float | None:
    return float(word) if word.isdigit() else _SMALL.get(word)
