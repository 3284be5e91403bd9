"""Zones are told by shape as well as by colour, on the page and in the brief."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from forewarn.outlook.maps.zone_signs import RADIUS, SIGNS
from forewarn.outlook.page.render import render_page


def area(corners):
    turned = (*corners[1:], corners[0])
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, turned, strict=True))) / 2


def test_signs_differ_in_shape_and_hardly_in_weight():
    assert len({len(sign.corners) for sign in SIGNS} | {sign.corners for sign in SIGNS}) >= len(SIGNS)
    assert len({sign.dingbat for sign in SIGNS}) == len(SIGNS)
    for sign in SIGNS:
        assert area(sign.corners) == pytest.approx(3.14 * RADIUS**2, rel=0.25)


def test_no_sign_is_taken_for_a_post():
    for sign in SIGNS:
        highest = min(y for _, y in sign.corners)
        is_pointed = sum(y < highest + 0.1 for _, y in sign.corners) == 1
        assert not (len(sign.corners) == 3 and is_pointed)


def test_the_map_draws_each_place_with_the_sign_that_the_key_gives_its_zone(dataset, scenario):
    text = render_page(dataset, scenario)
    drawn = Counter(re.findall(r'<path d="([^"]+)" fill="[^"]+" class="town', text))
    key = re.findall(r'class="sign"[^>]*><path d="([^"]+)"', text)
    assert len(key) == len(set(key)) > 1
    assert set(drawn) == set(key)
    assert sum(drawn.values()) == len(scenario.places)
