"""The page of a draft says so first, and shows beside each number what it rests on."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from forewarn.outlook.contents.drafted_numbers import build_drafted_numbers, in_numbers
from forewarn.outlook.page.render import render_page
from forewarn.scenario import Quantity, explicit, resolve

HOSTILE = 'Fighters <script>alert(1)</script> near "the" town\' onmouseover=x {{ 7 * 7 }} &amp;'


def drafted(scenario, evidence=()):
    note = {
        "reports": ["report <b>1</b>.txt"],
        "notes": ["Set the chances <i>yourself</i>."],
        "evidence": [
            {"path": "places", "words": HOSTILE, "report": "r"},
            {"path": "places.residents", "words": HOSTILE, "report": "r"},
            {"path": "unheard.of", "words": "Nothing rests on this.", "report": "r"},
            *evidence,
        ],
    }
    document = explicit(scenario) | {"draft": note}
    source = {"title": "<img src=x onerror=alert(2)>", "published": scenario.issued, "kind": "press"}
    document["sources"] = document["sources"] | {"r": source}
    return resolve(document)


class Elements(HTMLParser):
    """All elements and attributes of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.targets = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        self.targets += [given["href"][1:]] if str(given.get("href", "")).startswith("#") else []


@pytest.fixture(scope="module")
def html(dataset, scenario):
    return render_page(dataset, drafted(scenario))


def test_a_draft_says_so_before_its_answer(html):
    assert html.index("Nobody has corrected it") < html.index('id="answer"')
    banner = html[html.index('<section class="draft"') : html.index('id="answer"')]
    movers = re.search(r"Three that move the result most: (.*?)\. <a", banner)[1].split("; ")
    assert len(set(movers)) == 3
    assert movers[0] == "the chances of the courses"
    assert re.search(r"[\d,]+ of its numbers have a source, [\d,]+ are assumptions", banner)


def test_words_of_a_report_stay_text(html):
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "{{ 7 * 7 }}" in html
    assert "report &lt;b&gt;1&lt;/b&gt;.txt" in html
    elements = Elements(html)
    assert not [given for tag, given in elements.tags if tag == "img"]
    assert not [key for _, given in elements.tags for key in given if key.startswith("on")]


def test_every_mark_leads_to_its_note_and_back(html):
    elements = Elements(html)
    notes = [each for each in elements.ids if each.startswith("rests-")]
    assert len(notes) >= 3
    assert len(set(elements.ids)) == len(elements.ids)
    wanted = [each for each in elements.targets if each.startswith(("rests-", "number-"))]
    assert set(notes) <= set(wanted)
    assert set(wanted) <= set(elements.ids)


def test_a_sentence_is_shown_once_and_linked_twice(scenario):
    lines = build_drafted_numbers(drafted(scenario))
    said = [note for line in lines for note in line.notes if note.words == HOSTILE]
    assert len(said) == 1
    assert sum(said[0].number in line.numbers for line in lines) == 2
    by_words = {line.what: line for line in lines}
    attacked = {name for course in scenario.courses for stage in course.stages for name in stage.places}
    people = sum(place.residents + place.displaced for place in scenario.places if place.name in attacked)
    assert by_words["People there"].value == f"{people:,}"


def test_nothing_that_was_read_is_lost(scenario):
    (line,) = (line for line in build_drafted_numbers(drafted(scenario)) if line.what == "Also read")
    assert [note.words for note in line.notes] == ["Nothing rests on this."]


def test_a_scenario_that_is_no_draft_says_nothing_of_it(dataset, scenario):
    html = render_page(dataset, scenario)
    assert "Nobody has corrected it" not in html
    assert "rests-1" not in html
    assert build_drafted_numbers(scenario) == ()


@pytest.mark.parametrize(
    ("quantity", "percent", "words"),
    [
        ({"value": 0.4}, True, "40 %"),
        ({"low": 1, "mode": 14, "high": 90}, False, "1 to 90, most likely 14"),
        ({"low": 0.04, "high": 0.11}, True, "4 to 11 %"),
        ({"median": 15, "p90": 61}, False, "15, one time in ten above 61"),
        (
            {"quantiles": {0.05: 0.2, 0.5: 0.5, 0.95: 0.9}},
            True,
            "50 % in the middle, 20 to 90 % in 90 of 100 cases",
        ),
        ({"quantiles": {0.05: 0.999, 0.95: 0.999}}, True, "99.9 % in the middle, 99.9 % in 90 of 100 cases"),
    ],
)
def test_quantities_in_words(quantity, percent, words):
    made = Quantity.model_validate(quantity | {"source": "assumption: test"})
    assert in_numbers(made, percent=percent) == words
