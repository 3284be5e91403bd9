"""An order to leave makes a draft ask past offensives with such an order."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.drafting import draft
from forewarn.drafting.report.orders import tells_of_an_order
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read


@pytest.mark.parametrize(
    "sentence",
    [
        "The army issued evacuation orders for six villages on Monday.",
        "Leaflets told residents of the eastern suburbs to move south within a day.",
        "The governor has instructed all families in the two districts to leave by Friday.",
        "Some 40,000 people in the old town were ordered to evacuate.",
        "An order for civilians to leave was read out over loudspeakers.",
        "The authorities ordered the evacuation of the border villages.",
        "A mandatory evacuation is under way in Sloviansk.",
    ],
)
def test_an_order_is_read(sentence):
    assert tells_of_an_order(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor denied that residents had been told to leave.",
        "No evacuation order has been given.",
        "The evacuation orders were lifted on Sunday.",
        "The army may order residents of the town to leave.",
        "The general ordered his troops to leave the city.",
        "The United Nations told its staff to leave.",
        "The wounded were evacuated by the Red Crescent.",
        "Residents decided to leave in order to save their cattle.",
        "Elders told reporters that families want to stay.",
    ],
)
def test_what_is_no_order_is_not(sentence):
    assert not tells_of_an_order(sentence)


REPORT = (
    "Rebels are preparing an assault on Bunia, two officers said on Monday. About 600,000 people live in "
    "Bunia, the U.N. mission said. {} Government forces shelled rebel positions near Bunia."
)


def drafted(sentence, issued=date(2024, 3, 4)):
    made = draft([read(from_text(REPORT.format(sentence), name="report", issued=issued))])
    said = {path: words for path, words, report in made.explained if report}
    return made.document["model"]["flight"]["kind"], made.scenario.analogues.kind, said


def test_a_draft_asks_past_offensives_with_an_order_and_quotes_it():
    order = "The rebels ordered residents of the northern suburbs to leave by Thursday."
    kind, resolved, said = drafted(order)
    assert kind == resolved == "evacuation order"
    assert said["model.flight.kind"] == order


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "The rebels denied that anybody had been ordered to leave.",
        "In 2003 residents were ordered to leave.",
    ],
)
def test_without_an_order_that_stands_it_does_not(sentence):
    kind, resolved, said = drafted(sentence)
    assert kind == resolved == "ground"
    assert "model.flight.kind" not in said
