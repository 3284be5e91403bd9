"""Quantities: five forms, their bounds and typical values."""

from __future__ import annotations

from math import inf

import pytest
from pydantic import ValidationError

from forewarn.scenario.model.quantity import Amount, Day, Positive, Pull, Quantity, Share

SOURCE = {"source": "assumption: test"}

FORMS = [
    ({"value": 3}, "exact", (3, 3), 3),
    ({"low": 1, "mode": 2, "high": 5}, "pert", (1, 5), 2),
    ({"low": 1, "high": 5}, "uniform", (1, 5), 3),
    ({"median": 15, "p90": 61}, "lognormal", (0, inf), 15),
    ({"quantiles": {0.0: 1, 0.5: 3, 1.0: 4}}, "quantiles", (1, 4), 3),
    ({"quantiles": {0.25: 10, 0.75: 20}}, "quantiles", (7.5, 22.5), 15),
]


@pytest.mark.parametrize(("written", "kind", "bounds", "typical"), FORMS)
def test_forms(written, kind, bounds, typical):
    quantity = Quantity.model_validate(written | SOURCE)
    assert quantity.kind == kind
    assert quantity.bounds() == pytest.approx(bounds)
    assert quantity.typical() == pytest.approx(typical)


def test_quantiles_stay_inside_the_permitted_range():
    # Without the range they would go on to 0.05 - 0.25 x 0.2 and 0.9 + 0.25 x 0.2 by the slopes given.
    written = {"quantiles": {0.2: 0.01, 0.4: 0.5, 0.8: 0.95}} | SOURCE
    assert Share.model_validate(written).bounds() == (0.0, 1.0)
    low, high = Quantity.model_validate(written).bounds()
    assert low == pytest.approx(0.01 - 0.49 / 0.2 * 0.1)
    assert high == pytest.approx(0.95 + 0.45 / 0.4 * 0.1)


@pytest.mark.parametrize(
    ("model", "value", "fits"),
    [(Share, 1, True), (Share, 1.01, False), (Share, -0.01, False), (Amount, 0, True), (Amount, -1, False)]
    + [(Positive, 0, False), (Positive, 0.001, True), (Day, 0, True), (Pull, -2, True), (Pull, 31, False)],
)
def test_permitted_ranges(model, value, fits):
    if fits:
        assert model.model_validate({"value": value} | SOURCE).value == value
    else:
        with pytest.raises(ValidationError):
            model.model_validate({"value": value} | SOURCE)


def test_quantities_are_frozen():
    quantity = Share.model_validate({"value": 0.5} | SOURCE)
    with pytest.raises(ValidationError):
        quantity.value = 0.6


@pytest.mark.parametrize("value", ["0.5", True, None, float("nan"), [1]])
def test_only_numbers_are_numbers(value):
    with pytest.raises(ValidationError):
        Quantity.model_validate({"value": value} | SOURCE)
