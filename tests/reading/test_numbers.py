"""Numbers and quantities: what they are worth, where they end, and what is none."""

from __future__ import annotations

import pytest

from forewarn.reading.documents.repair import repair_text
from forewarn.reading.numbers.find import find_numbers
from forewarn.reading.numbers.quantities import find_quantities
from forewarn.reading.text.rules import load_rules


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a hundred and ten thousand left", 110_000),
        ("the hundred thousand", 100_000),
        ("1 million 300 thousand people", 1_300_000),
        ("2 thousand 600 persons", 2_600),
        ("half a million", 500_000),
    ],
)
def test_a_number_is_read(text, value):
    (number,) = find_numbers(text)
    assert number.value == value


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("four out of ten of them", 0.4),
        ("two in three have left", 2 / 3),
        ("one of every ten", None),
        ("six of every ten guests", 0.6),
        ("three-quarters empty by noon", 0.75),
        ("a fifth of that", 0.2),
        ("70 % of them came back", 0.7),
    ],
)
def test_a_share_is_read(text, share):
    found = [number.share for number in find_numbers(text) if number.share is not None]
    assert found == ([pytest.approx(share)] if share is not None else [pytest.approx(0.1)])


@pytest.mark.parametrize("text", ["half an hour", "a third party", "110% of the rest", "three in two"])
def test_no_share_is_read(text):
    assert [number.share for number in find_numbers(text) if number.share is not None] == []


@pytest.mark.parametrize(
    ("text", "said", "bound"),
    [
        ("the 120,000-odd people", "120,000-odd", "approximate"),
        ("closer to 8,000 people", "closer to 8,000", "approximate"),
        ("put at 30,000", "30,000", "exact"),
        ('"not more than" 6,000 families', 'not more than" 6,000', "at-most"),
        ("between five and six lakh people", "between five and six lakh", "range"),
    ],
)
def test_a_quantity_has_its_bound(text, said, bound):
    (counted,) = find_quantities(text, load_rules("en"), [])
    assert (text[counted.start : counted.end], counted.quantity.bound) == (said, bound)


def test_a_scale_of_the_second_number_is_that_of_the_first():
    (counted,) = find_quantities("between five and six lakh people", load_rules("en"), [])
    assert (counted.quantity.low, counted.quantity.high) == (500_000, 600_000)


@pytest.mark.parametrize(
    "text",
    ["Report 14 says", "Resolution 2254 speaks", "Rs 4,500 a sack", "The baker, 38, left", "$300 million"],
)
def test_codes_money_and_ages_are_no_quantities(text):
    assert list(find_quantities(text, load_rules("en"), [])) == []


@pytest.mark.parametrize("text", ["The authorities report 4,900 households", "He fears 200,000 displaced"])
def test_what_looks_like_a_code_or_money_is_a_quantity(text):
    assert len(list(find_quantities(text, load_rules("en"), []))) == 1


@pytest.mark.parametrize(
    ("joined", "repaired"),
    [
        ("the number as40 families", "the number as 40 families"),
        ("from17 households", "from 17 households"),
        ("4,900households in camps", "4,900 households in camps"),
        ("45,000to 60,000 people", "45,000 to 60,000 people"),
        ("Around 450patients wait", "Around 450 patients wait"),
    ],
)
def test_numbers_joined_to_words_are_cut_off(joined, repaired):
    assert repair_text(joined) == repaired
    assert repair_text(repaired) == repaired


@pytest.mark.parametrize("text", ["an AK47 and a T72", "the 1990s", "20mph and 14th", "page12 of B52"])
def test_other_joins_stay(text):
    assert repair_text(text) == text
