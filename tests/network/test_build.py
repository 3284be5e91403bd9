"""Places and roads as the kernel sees them."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast import run
from forewarn.network import build, key_of
from forewarn.network.roads import make_roads
from forewarn.scenario import change, explicit, load, resolve

WORD = "assumption: test"


@pytest.fixture(scope="module")
def crossroads():
    return load("crossroads")


def roads_of(ends, km, *, gated=None, fear_km=100.0, places=4):
    ends = np.array(ends, dtype=np.int64).reshape(-1, 2)
    return make_roads(
        [f"p{i}" for i in range(places)],
        ends,
        np.array(km, dtype=np.float64),
        np.full(len(ends), -1, dtype=np.int64),
        pair_crossing=np.full((1, 1), -1, dtype=np.int64),
        gated=np.zeros(len(ends), dtype=bool) if gated is None else np.array(gated),
        fear_km=fear_km,
    )


def near(roads, place):
    part = slice(roads.near_start[place], roads.near_start[place + 1])
    return dict(zip(roads.near_place[part].tolist(), roads.near_km[part].tolist(), strict=True))


def test_names_and_people(crossroads):
    network = build(crossroads)
    assert network.names == ("Millbrook", "Oakford", "Elm Camp", "Farside", "Highgate")
    assert network.places.residents.tolist() == [10_000, 20_000, 0, 20_000, 30_000]
    assert network.places.key[0] == key_of("Millbrook")
    assert [network.zones[i] for i in network.places.zone] == [
        "valley",
        "valley",
        "valley",
        "abroad",
        "hills",
    ]


def test_every_road_is_seen_from_both_ends():
    roads = roads_of([(0, 1), (2, 0), (1, 2)], [10, 20, 5])
    seen = {
        (place, int(roads.place[i]), float(roads.km[i]), int(roads.route[i]), int(roads.direction[i]))
        for place in range(4)
        for i in range(roads.start[place], roads.start[place + 1])
    }
    assert seen == {
        (0, 1, 10, 0, 0),
        (1, 0, 10, 0, 1),
        (2, 0, 20, 1, 0),
        (0, 2, 20, 1, 1),
        (1, 2, 5, 2, 0),
        (2, 1, 5, 2, 1),
    }


def test_neighbours_stand_in_the_order_of_the_routes():
    roads = roads_of([(0, 3), (0, 1), (2, 0)], [1, 1, 1])
    assert roads.place[roads.start[0] : roads.start[1]].tolist() == [3, 1, 2]


def test_fear_follows_the_shortest_road_up_to_its_reach():
    roads = roads_of([(0, 1), (1, 2), (0, 2), (2, 3)], [10, 10, 50, 200])
    assert near(roads, 0) == {1: 10, 2: 20}
    assert near(roads, 3) == {}


def test_of_parallel_roads_the_shortest_counts():
    for km in ([30, 10], [10, 30]):
        assert near(roads_of([(0, 1), (1, 0)], km), 0) == {1: 10}


def test_no_roads_at_all():
    roads = roads_of([], [])
    assert roads.start.tolist() == [0] * 5
    assert near(roads, 0) == {}


def test_a_gate_for_each_direction():
    roads = roads_of([(0, 1), (1, 2)], [1, 1], gated=[False, True])
    assert roads.gate_near.tolist() == [1, 2]
    assert roads.gate_far.tolist() == [2, 1]
    assert roads.gate_key.tolist() == [key_of("p1>p2"), key_of("p2>p1")]
    assert sorted(roads.gate.tolist()) == [-1, -1, 0, 1]


def test_only_crossings_that_may_be_limited_or_leak_have_gates(crossroads):
    assert len(build(crossroads).roads.gate_route) == 0
    limited = change(crossroads, ["crossings.bridge.status=limited", "crossings.bridge.people_per_day=5"])
    assert len(build(limited).roads.gate_route) == 2


def test_a_course_may_make_a_gate(crossroads):
    document = explicit(crossroads)
    document["courses"][1]["crossing_changes"] = [
        {"crossing": "bridge", "start": 9, "status": "leaking", "pass_rate": 0.1, "source": WORD}
    ]
    assert len(build(resolve(document)).roads.gate_route) == 2


def test_posts_cover_by_distance_or_by_name(crossroads):
    document = explicit(crossroads)
    document["posts"] = [
        {"name": "near", "lat": 10.0, "lon": 40.0, "radius_km": 12, "places": [], "source": WORD},
        {"name": "named", "places": ["Farside"], "source": WORD},
    ]
    network = build(resolve(document))
    assert dict(zip(network.names, network.covered.tolist(), strict=True)) == {
        "Millbrook": True, "Oakford": False, "Elm Camp": True, "Farside": True, "Highgate": False,
    }  # fmt: skip


def test_many_places_are_grouped_by_region(monkeypatch, crossroads):
    by_place = run(crossroads, members=4, seed=1)
    monkeypatch.setitem(build.__globals__, "GROUP_ORIGINS_ABOVE", 3)
    network = build(crossroads)
    assert network.origins == ("Valley", "Abroad", "Hills")
    assert network.places.group.tolist() == [0, 0, 0, 1, 2]
    grouped = run(crossroads, members=4, seed=1)
    totals = [each["left_home"].values for each in (by_place, grouped)]
    assert np.array_equal(*totals)


def test_build_is_a_function_of_the_scenario(crossroads):
    first, second = build(crossroads), build(crossroads)
    for name, values in first.roads._asdict().items():
        assert values.tobytes() == getattr(second.roads, name).tobytes()


def test_the_history_of_flows_is_a_table_by_origin(crossroads):
    pairs = {("Oakford", "Millbrook"): 3, ("Millbrook", "Farside"): 40, ("Millbrook", "Millbrook"): 2.5}
    rows = [{"from": a, "to": b, "people": people, "source": WORD} for (a, b), people in pairs.items()]
    history = build(resolve(explicit(crossroads) | {"flow_history": rows})).history
    assert history.start.tolist() == [0, 2, 3, 3, 3, 3]
    assert history.place.tolist() == [0, 3, 0]
    assert history.people.tolist() == [2.5, 40, 3]
    empty = build(crossroads).history
    assert empty.start.tolist() == [0] * 6
    assert empty.place.size == empty.people.size == 0
