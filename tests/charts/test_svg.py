"""SVG as text: what is written can be read as XML, whatever the words are."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from forewarn.charts import svg
from forewarn.charts.geometry import Chart, fan_chart
from forewarn.charts.scales import Scale, Tick
from forewarn.forecast.summary import PeopleRange

HOSTILE = "</text><script>'\"&amp;"
DAYS = [PeopleRange(0, 1, 2, 3, 4), PeopleRange(10, 20, 30, 40, 50)]


def chart() -> Chart:
    return fan_chart(
        title="A", description="B", by_day=DAYS, labels=[(0, "1 May"), (1, "2 May")], highest=50.0
    )


@pytest.mark.parametrize(
    "written",
    [
        svg.document(10, 20, HOSTILE, [svg.text(1, 2, HOSTILE, fill=HOSTILE)]),
        svg.draw_chart(replace(chart(), title=HOSTILE, marks=(Tick(1.0, HOSTILE),), y_label=HOSTILE)),
    ],
    ids=["document", "chart"],
)
def test_words_stay_words(written):
    found = ET.fromstring(written)
    assert HOSTILE in [each.text for each in found.iter()]
    assert not [each for each in found.iter() if each.tag.endswith("script")]


def test_the_last_label_ends_at_the_edge():
    first, last = [
        each.attrib for each in ET.fromstring(svg.draw_chart(chart())).iter("text") if each.text in ("1 May", "2 May")
    ]  # fmt: skip
    assert (first["text-anchor"], last["text-anchor"]) == ("middle", "end")
    assert "dx" not in first
    assert float(last["x"]) + float(last["dx"]) < chart().width


def test_every_shape_of_a_chart_is_drawn():
    drawn = {each.attrib.get("class") for each in ET.fromstring(svg.draw_chart(chart())).iter("path")}
    assert {"outer", "inner", "median", "grid", "tick"} == drawn


def test_a_scale_places_and_stops_at_its_ends():
    across = Scale(0, 10, 100, 200, decimals=1)
    assert [across(value) for value in (-1, 0, 3.333, 10, 11)] == [100.0, 100.0, 133.3, 200.0, 200.0]
