"""The page of a draft says so first."""

from __future__ import annotations

from forewarn.outlook.page import page
from forewarn.scenario import explicit, resolve


def drafted(scenario):
    note = {
        "reports": ["report <b>1</b>.txt"],
        "notes": ["Set the chances yourself."],
        "evidence": [
            {"path": "places", "words": "Fighters <script>alert(1)</script> near the town.", "report": "r"},
            {"path": "routes", "words": "assumption: straight lines"},
        ],
    }
    return resolve(explicit(scenario) | {"draft": note})


def test_a_draft_says_so_before_its_answer(dataset, scenario):
    html = page(dataset, drafted(scenario))
    assert html.index("Nobody has corrected it") < html.index('id="answer"')
    assert "courses.*.probability" in html
    assert "Set the chances yourself." in html


def test_words_of_a_report_stay_text(dataset, scenario):
    html = page(dataset, drafted(scenario))
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "report &lt;b&gt;1&lt;/b&gt;.txt" in html


def test_a_scenario_that_is_no_draft_says_nothing_of_it(dataset, scenario):
    assert "Nobody has corrected it" not in page(dataset, scenario)
