"""Dates against the day of issue: Friday, 31 August 2018."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.reading.dates.find import find_dates, resolve_date

ISSUED = date(2018, 8, 31)


@pytest.mark.parametrize(
    ("words", "earliest", "latest"),
    [
        ("Wednesday", "2018-08-29", "2018-08-29"),
        ("on Friday", "2018-08-31", "2018-08-31"),
        ("last Friday", "2018-08-24", "2018-08-24"),
        ("next Friday", "2018-09-07", "2018-09-07"),
        ("yesterday", "2018-08-30", "2018-08-30"),
        ("earlier this month", "2018-08-01", "2018-08-31"),
        ("last month", "2018-07-01", "2018-07-31"),
        ("last year", "2017-01-01", "2017-12-31"),
        ("last week", "2018-08-20", "2018-08-26"),
        ("three days ago", "2018-08-28", "2018-08-28"),
        ("the past two weeks", "2018-08-17", "2018-08-31"),
        ("in the next few hours", "2018-08-31", None),
        ("3 March 2015", "2015-03-03", "2015-03-03"),
        ("March 3, 2015", "2015-03-03", "2015-03-03"),
        ("3 to 10 February 2013", "2013-02-03", "2013-02-10"),
        ("between 3 and 10 March 2015", "2015-03-03", "2015-03-10"),
        ("28 December", "2017-12-28", "2017-12-28"),
        ("early August", "2018-08-01", "2018-08-10"),
        ("August 2017", "2017-08-01", "2017-08-31"),
        ("since March", "2018-03-01", "2018-08-31"),
        ("until 5 May 2019", None, "2019-05-05"),
        ("2013", "2013-01-01", "2013-12-31"),
        ("03/02/2015", "2015-02-03", "2015-03-02"),
        ("31 February 2018", None, None),
        ("some day", None, None),
    ],
)
def test_words_are_resolved(words, earliest, latest):
    found = resolve_date(words, ISSUED)
    bounds = tuple(None if text is None else date.fromisoformat(text) for text in (earliest, latest))
    assert (found.earliest, found.latest) == bounds
    assert found.words == words


@pytest.mark.parametrize("words", ["Wednesday", "last year", "3 March", "since March"])
def test_without_a_day_of_issue_relative_words_stay_open(words):
    found = resolve_date(words, None)
    assert found.earliest is None
    assert found.latest is None


def test_dates_are_found_in_a_text():
    text = "On Wednesday, 3 March 2015, and earlier this month, May said that 12 people may leave in May."
    assert [span.text for span, _ in find_dates(text, ISSUED)] == [
        "Wednesday, 3 March 2015",
        "earlier this month",
        "May",
    ]
