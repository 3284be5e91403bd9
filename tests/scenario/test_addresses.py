"""Paths of numbers, and the count of what is sourced."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.scenario import change, load, quantities, tally
from forewarn.scenario.addressing.addresses import path_of
from forewarn.scenario.changes.change_paths import read_change

BASE = Path(__file__).parent / "zoo" / "base"


def test_paths_use_names_and_are_unique():
    paths = [path for path, _ in quantities(load(BASE))]
    assert len(paths) == len(set(paths))
    for path in (
        "model.flight.share_leaving",
        "places.Cedar.capacity",
        "crossings.gate.people_per_day",
        "courses.attack.probability",
        "courses.attack.stages.second.start",
        "courses.attack.stages.second.falls_after_days",
        "courses.attack.ceasefires.0.duration_days",
        "courses.attack.crossing_changes.0.pass_rate",
    ):
        assert path in paths


def test_paths_do_not_move_when_something_is_added():
    before = {path for path, _ in quantities(load(BASE))}
    added = change(load(BASE), ["places.Alder.capacity=900", "model.destination.zone_pull.north={south: 1}"])
    assert {path for path, _ in quantities(added)} - before == {
        "places.Alder.capacity",
        "model.destination.zone_pull.north.south",
    }


@given(
    st.lists(
        st.text(min_size=1, max_size=8).filter(lambda name: name == name.strip()), min_size=1, max_size=4
    )
)
def test_a_path_is_read_as_it_was_made(parts):
    assert read_change(f"{path_of(tuple(parts))}=1").parts == tuple(parts)


def test_tally_counts_by_hand():
    counted = tally(load(BASE))
    # Five coordinates, five populations of which Cedar's is none, three roads, one post, one claim.
    paths = [assumption.path for assumption in counted.assumptions]
    assert counted.by_source == {
        "census": 4 + 6 + 1 + 3 + 1,
        "reference-class-2018": 1,
        "flight-paces-2018": 1,
        "destinations-2018": 3,
    }
    assert counted.sourced == 20
    assert [path for path in paths if path.startswith("places")] == [
        "places.Alder.coordinates",
        "places.Alder.residents",
        "places.Alder.displaced",
    ]
    assert "posts.hill" in paths
    assert "courses.attack.stages.second.intensity" not in paths
    assert counted.assumed == len(paths)
    assert {assumption.why for assumption in counted.assumptions} >= {"made up", "no better idea"}


def test_a_change_is_counted_as_an_assumption():
    before, after = tally(load(BASE)), tally(change(load(BASE), ["routes.Alder>Birch.km*=2"]))
    assert (after.sourced, after.assumed) == (before.sourced - 1, before.assumed + 1)


@pytest.mark.parametrize("name", ["crossroads"])
def test_the_teaching_example_has_no_sources(name):
    assert tally(load(name)).sourced == 0
