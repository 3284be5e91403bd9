"""Scores: the formulas, and what the shipped fit reaches."""

import csv
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from forewarn.analogues import ReferenceClass, score, select
from forewarn.analogues.scoring import coverage, crps

GRID = (np.arange(200) + 0.5) / 200


def test_crps_of_a_uniform_forecast():
    # Uniform on 0..1 and truth y: y² - y + 1/3.
    quantiles = np.stack([GRID, GRID])
    assert crps(quantiles, np.array([0.5, 1.0])) == pytest.approx([1 / 12, 1 / 3], abs=1e-4)


def test_coverage_counts_both_ends():
    assert coverage(np.stack([GRID] * 4), np.array([0.5, 0.2, 0.94, 1.0])) == (0.25, 0.5, 0.75)


@pytest.mark.slow
def test_the_share_reaches_what_was_asked():
    found = score(select())
    assert (found.events, found.clusters) == (52, 38)
    assert found.ratio <= 0.85
    assert found.ratio_low < found.ratio < found.ratio_high
    assert 0.70 <= found.coverage_fit[1] <= 0.90
    assert "beats" in found.verdict()


@pytest.mark.slow
def test_the_twelve_are_predicted_from_the_others():
    table = (files("forewarn") / "data" / "analogues" / "events.csv").read_text(encoding="utf-8")
    apart = {row["id"] for row in csv.DictReader(table.splitlines()) if row["held"]}
    held = [event for event in select().events if event.id in apart]
    learnt = ReferenceClass(tuple(event for event in select().events if event.id not in apart))
    found = score(learnt, table=held)
    assert found.events == 11
    assert found.ratio <= 0.95
    # People and kind decide: with those of other events much of the gain is gone.
    mixed = [
        replace(
            event, population=other.population, displaced=event.share() * other.population, kind=other.kind
        )
        for event, other in zip(held, held[1:] + held[:1], strict=True)
        if event.share() is not None
    ]
    assert score(learnt, table=mixed).ratio > found.ratio + 0.05


@pytest.mark.slow
def test_without_attributes_that_mean_anything_the_gain_is_gone():
    chosen = select()
    kinds = [event.kind for event in chosen.events]
    people = [event.population for event in chosen.events]
    generator = np.random.Generator(np.random.Philox(7))
    order = generator.permutation([i for i, count in enumerate(people) if count])
    known = sorted(order)
    shuffled = list(chosen.events)
    for here, there in zip(known, order, strict=True):
        share = chosen.events[here].share()
        displaced = None if share is None else share * people[there]
        shuffled[here] = replace(
            chosen.events[here], population=people[there], displaced=displaced, kind=kinds[there]
        )
    assert score(replace(chosen, events=tuple(shuffled))).crps_fit > 1.1 * score(chosen).crps_fit


def test_pooled_quantities_say_so():
    assert "attributes do not help" in score(select(), quantity="days").verdict()
    assert "attributes do not help" in score(select(), quantity="crossing").verdict()


def test_a_users_table_is_predicted_without_its_own_events():
    chosen = select()
    own = [event for event in chosen.events if event.id in ("syr_afrin_2018", "moz_palma_2021")]
    found = score(chosen, table=own)
    strange = [
        replace(event, id=f"x{number}", cluster=f"x{number}", areas=("elsewhere",))
        for number, event in enumerate(own)
    ]
    seen = score(chosen, table=strange)
    assert found.events == 2
    assert seen.crps_fit < found.crps_fit


def test_the_seed_decides_the_interval():
    chosen = select()
    first, again, other = (score(chosen, quantity="days", seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert (first.ratio_low, first.ratio_high) != (other.ratio_low, other.ratio_high)
