"""The twin's draws against published answers and exact distributions, and its days on hand-made worlds.

Addresses are fixed, so every number here is the same in every run. The tolerances are wide enough for
a right implementation at any address and far too narrow for one that is a few per cent off.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
import scipy

from tests.twin import draws
from tests.twin.choosing import Today
from tests.twin.examples import a_line_of_four, a_ring_of_regions, a_road_of_three, place, with_own_origins
from tests.twin.member import simulate
from tests.twin.roads import Roads
from tests.twin.state import State
from tests.twin.world import (
    LEAKING,
    LIMITED,
    OPEN,
    Attack,
    CrossingDay,
    Route,
    World,
)

KEY = (0xA4093822, 0x299F31D0)
DRAWS = 4000


def words(text):
    return tuple(int(word, 16) for word in text.split())


def sample(n, p, purpose=200):
    return np.array(
        [draws.binomial(n, p, KEY, purpose, draws.key_of("Saraqib"), 7, day) for day in range(DRAWS)]
    )


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ("0 0 0 0", "0 0", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        (
            "ffffffff ffffffff ffffffff ffffffff",
            "ffffffff ffffffff",
            "408f276d 41c83b0e a20bc7c6 6d5451fd",
        ),
        (
            "243f6a88 85a308d3 13198a2e 03707344",
            "a4093822 299f31d0",
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_gives_the_known_answers(counter, key, answer):
    assert draws.philox(words(counter), words(key)) == words(answer)


def test_philox_answers_change_with_any_bit_of_counter_and_key():
    answer = draws.philox((0, 0, 0, 0), (0, 0))
    others = [draws.philox(tuple(int(i == j) for i in range(4)), (0, 0)) for j in range(4)]
    others += [draws.philox((0, 0, 0, 0), (1, 0)), draws.philox((0, 0, 0, 0), (0, 1))]
    assert len({answer, *others}) == 7


def test_uniforms_lay_the_address_out_as_the_page_says():
    w0, w1, w2, w3 = draws.philox((6 + 256 * 3, 11, 12, 40 + 65536 * 2), KEY)
    expected = ((w0 >> 5) * 2**26 + (w1 >> 6)) / 2**53, ((w2 >> 5) * 2**26 + (w3 >> 6)) / 2**53
    assert draws.uniforms(KEY, 6, 11, 12, 40, 2, 3) == expected


def test_uniforms_are_uniform_and_unpaired():
    pairs = np.array([draws.uniforms(KEY, 201, 5, 0, day) for day in range(DRAWS)])
    assert pairs.min() >= 0
    assert pairs.max() < 1
    assert all(scipy.stats.kstest(pairs[:, side], "uniform").pvalue > 1e-3 for side in (0, 1))
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4 / math.sqrt(DRAWS)


def test_keys_are_crc_32_and_party_keys_wrap():
    assert draws.key_of("123456789") == 0xCBF43926
    assert draws.party_key(0xFFFFFFFF, 2) == (0xFFFFFFFF + 2 * 0x9E3779B9) % 2**32


INVERSION = [(1, 0.3), (9, 0.3), (40, 0.2), (1_000_000, 2e-6), (300, 0.99)]
REJECTION = [(20, 0.5), (40, 0.3), (1_000, 0.5), (1_000, 0.93), (3_000_000, 0.01)]


@pytest.mark.parametrize(("n", "p"), INVERSION + REJECTION)
def test_binomial_mean_and_variance(n, p):
    """Within four standard errors of the exact moments."""
    found = sample(n, p)
    exact = scipy.stats.binom(n, p)
    mean, variance, excess = (float(moment) for moment in exact.stats("mvk"))
    assert abs(found.mean() - mean) < 4 * math.sqrt(variance / DRAWS)
    assert abs(found.var() - variance) < 4 * variance * math.sqrt((excess + 2) / DRAWS)


def fit(found, n, p):
    """Chi-square p-value of a sample over up to twenty classes of about equal chance."""
    exact = scipy.stats.binom(n, p)
    edges = np.unique(exact.ppf(np.linspace(0, 1, 21)[1:-1]))
    cumulative = np.concatenate([[0.0], exact.cdf(edges), [1.0]])
    expected = np.diff(cumulative) * len(found)
    observed = np.bincount(np.searchsorted(edges, found), minlength=len(expected))
    enough = expected >= 5
    expected = np.append(expected[enough], expected[~enough].sum())
    observed = np.append(observed[enough], observed[~enough].sum())
    keep = expected > 0
    return scipy.stats.chisquare(
        observed[keep], expected[keep] * observed.sum() / expected[keep].sum()
    ).pvalue


@pytest.mark.parametrize(("n", "p"), INVERSION + REJECTION)
def test_binomial_goodness_of_fit(n, p):
    assert fit(sample(n, p, 202), n, p) > 1e-3


def test_goodness_of_fit_refuses_a_binomial_a_little_off():
    assert fit(sample(1_000, 0.5), 1_000, 0.503) < 1e-3
    assert fit(sample(40, 0.2), 40, 0.215) < 1e-3


@pytest.mark.parametrize(
    ("n", "p", "expected"),
    [(0, 0.5, 0), (-1, 0.5, 0), (10, 0.0, 0), (10, -0.1, 0), (10, 1.0, 10), (10**7, 1.5, 10**7)],
)
def test_binomial_at_its_edges(n, p, expected):
    assert draws.binomial(n, p, KEY, 6, 1) == expected


@pytest.mark.parametrize(("n", "p"), INVERSION + REJECTION)
def test_binomial_stays_within_its_range(n, p):
    found = sample(n, p)
    assert found.min() >= 0
    assert found.max() <= n


def test_more_than_half_mirrors_the_same_address():
    assert draws.binomial(1_000, 0.75, KEY, 6, 1) == 1_000 - draws.binomial(1_000, 0.25, KEY, 6, 1)


def test_stirling_rest_of_the_table_and_of_the_series_meet():
    for k in (*range(12), 50):
        exact = math.lgamma(k + 1) - ((k + 0.5) * math.log(k + 1) - (k + 1) + 0.5 * math.log(2 * math.pi))
        assert draws.stirling_rest(k) == pytest.approx(exact, abs=1e-10)


@pytest.mark.parametrize("total", [0, 1, 2, 7, 100, 10**9])
@pytest.mark.parametrize("counts", [[1], [0, 3], [3, 0, 5], [1, 1, 1], [10**12, 1, 10**11]])
def test_shares_add_up_and_are_within_one_of_the_exact_share(total, counts):
    found = draws.shares(total, counts)
    assert sum(found) == total
    for share, count in zip(found, counts, strict=True):
        assert abs(share * sum(counts) - total * count) < sum(counts)
        assert share <= count or total > sum(counts)


WORLDS = {"line": a_line_of_four, "ring": a_ring_of_regions}


@pytest.mark.parametrize("name", WORLDS)
def test_nobody_is_lost_or_made(name):
    world = WORLDS[name]()
    found = simulate(world)
    people = sum(each.residents + each.displaced for each in world.places)
    for day in range(world.days + 1):
        where = sum(found["remaining"][day]) + sum(found["present"][day]) + found["on_the_road"][day]
        assert where == people
    for table, day in enumerate(found["table_days"]):
        rows = found["origin_destination"][table]
        assert [sum(column) for column in zip(*rows, strict=True)] == found["present"][day]


@pytest.mark.parametrize("name", WORLDS)
def test_totals_only_grow_and_nothing_is_negative(name):
    found = simulate(WORLDS[name]())
    for variable in ("movements", "returned", "organised_returns"):
        assert sorted(found[variable]) == found[variable]
    for cause in range(4):
        totals = [row[cause] for row in found["left_home"]]
        assert sorted(totals) == totals
    for variable, values in found.items():
        assert np.min(values, initial=0) >= 0, variable
    first_departures = np.cumsum(np.sum(found["departures"], axis=1))
    assert list(first_departures) == [sum(row) for row in found["left_home"]]


def test_the_line_exercises_every_step():
    found = simulate(a_line_of_four())
    assert all(total > 0 for total in found["left_home"][-1])
    assert found["returned"][-1] > 0
    assert found["organised_returns"][-1] == 997
    assert sum(found["blocked"]) > 0
    waiting = [row[2] for row in found["waiting"]]
    assert max(waiting) > 0
    passed = [row[0] for row in found["passed"]]
    assert max(passed[:35]) == 150
    assert sum(passed[35:37]) == 0, "C is under siege"
    assert sum(passed[51:80]) > 0
    assert sum(passed[80:100]) == 0
    assert sum(passed[100:]) > 0
    assert waiting[80] == 0, "the crossing closed"
    assert found["movements"][-1] > sum(found["left_home"][-1]) + found["returned"][-1]
    assert found["flows"][-1][2][0] >= sum(passed[:81])


def test_the_ring_returns_all_who_were_there_and_no_more():
    world = a_ring_of_regions()
    found = simulate(world)
    assert 0 < found["organised_returns"][-1] <= world.places[5].displaced
    assert sum(map(sum, found["passed"])) > 0


def test_a_ceasefire_stops_flight():
    world = a_line_of_four(ceasefires=[(0, 200)], attacks=[Attack(0, 3, 40, 1.0)])
    causes = simulate(world)["left_home"][-1]
    assert causes[0] == causes[1] == 0
    assert causes[2] > 0
    assert causes[3] > 0


def test_same_world_same_days_and_another_key_others():
    assert simulate(a_ring_of_regions()) == simulate(a_ring_of_regions())
    assert simulate(a_ring_of_regions()) != simulate(a_ring_of_regions(key=(1, 3)))


def test_worlds_that_differ_from_day_30_on_are_the_same_before():
    shorter = a_line_of_four(attacks=[Attack(0, 3, 30, 1.0)])
    longer = a_line_of_four(attacks=[Attack(0, 3, 40, 1.0)])
    first, second = simulate(shorter), simulate(longer)
    assert first["left_home"][:30] == second["left_home"][:30]
    assert first["left_home"][30] != second["left_home"][30]


def test_share_that_flees_by_the_half_time_is_half_of_the_movers():
    """One place under full attack: after t50 days half of F has left, within four standard errors."""
    people = 1_000_000
    pair = with_own_origins([place("A", residents=people, displaced=0), place("B", residents=0, displaced=0)])
    world = World(
        key=KEY,
        days=5,
        **pair,
        routes=[Route(0, 1, 10.0)],
        n_zones=1,
        attacks=[Attack(0, 1, 6, 1.0)],
    )
    left = simulate(world)["left_home"][-1][0]
    assert abs(left - 0.3 * people) < 4 * math.sqrt(people * 0.3 * 0.7)


def test_choices_follow_the_weights():
    """Two goals of weights 3 : 1, by one large party."""
    people = 100_000
    trio = with_own_origins(
        [
            place("A", residents=people, displaced=0, share_leaving=1.0, days_to_half=1e-3),
            place("B", residents=0, displaced=0, attraction=3_000.0),
            place("C", residents=0, displaced=0, attraction=1_000.0),
        ]
    )
    routes = [Route(0, 1, 10.0), Route(0, 2, 10.0)]
    world = World(key=KEY, days=1, **trio, routes=routes, n_zones=1, attacks=[Attack(0, 1, 2, 1.0)])
    present = simulate(world)["present"][-1]
    assert sum(present) == people
    assert abs(present[1] - 0.75 * people) < 4 * math.sqrt(people * 0.75 * 0.25)


def test_a_return_party_cut_off_by_a_siege_stops_and_returns_later():
    siege = Attack(0, 10, 13, 1e-9, siege=True)
    world = a_road_of_three(return_half_life=1.0, calm_days=3, km_per_day=30.0)
    free, cut = simulate(world), simulate(replace(world, attacks=[*world.attacks, siege]))
    assert free["returned"][12] > free["returned"][11] == 0
    assert cut["present"][9][1] == 0
    assert cut["present"][10][1] > 0, "stopped half-way"
    assert cut["returned"][15] > cut["returned"][14] == 0
    left = sum(cut["left_home"][-1])
    assert cut["returned"][-1] == pytest.approx(left, rel=0.01)
    assert cut["returned"][-1] <= left


def test_a_gate_that_opens_lets_everybody_through_and_stops_those_on_the_way_to_it():
    days = [CrossingDay(LIMITED, per_day=10)] * 5 + [CrossingDay(OPEN)] * 56
    found = simulate(a_road_of_three(days, far_zone=1, km_per_day=30.0, patience_days=1e9))
    assert found["passed"][4][0] == 10
    assert found["waiting"][4][1] > 0
    assert found["waiting"][5][1] == 0
    left = sum(found["left_home"][-1])
    assert found["present"][-1] == [0, 0, left]


def test_those_let_through_to_a_full_place_stay_there():
    days = [CrossingDay(LIMITED, per_day=400)] * 61
    world = a_road_of_three(days, far_zone=1, patience_days=1e9)
    full = with_own_origins([*world.places[:2], replace(world.places[2], capacity=1_000.0)])
    present = [row[2] for row in simulate(replace(world, **full))["present"]]
    assert max(present) > 1_000
    assert sorted(present) == present


def test_room_shrinks_from_nine_tenths_to_full():
    people = {899: 1.0, 900: 1.0, 950: 0.5, 999: 0.01, 1_000: 0.0, 1_001: 0.0}
    for present, expected in people.items():
        world = a_road_of_three()
        full = with_own_origins(
            [*world.places[:2], replace(world.places[2], residents=present, capacity=1_000.0)]
        )
        state = State(replace(world, **full))
        today = Today(state, 1, False, Roads(state.world, state.zones, set(), 1))
        today.close_step_d()
        assert today.room[2] == pytest.approx(expected)
        assert today.room[0] == 1


def test_a_choice_set_keeps_the_first_gate_and_passes_no_second():
    zones = [0, 0, 1, 1, 0]
    places = with_own_origins([place(name, zone=zone) for name, zone in zip("ABCDE", zones, strict=True)])
    gated = [CrossingDay(LEAKING, rate=0.5)]
    world = World(
        key=KEY,
        days=0,
        **places,
        routes=[
            Route(0, 1, 100.0),
            Route(0, 2, 10.0, crossing=0),
            Route(1, 2, 10.0, crossing=0),
            Route(2, 3, 10.0),
            Route(3, 4, 5.0, crossing=0),
        ],
        n_zones=2,
        crossings=[gated],
        radius_km=120.0,
    )
    chosen = Roads(world, zones, set(), 0).choice_set(0)
    assert [(step.place, step.km, step.gate) for step in chosen] == [
        (0, 0.0, None),
        (1, 100.0, None),
        (2, 10.0, (1, 0)),
        (3, 20.0, (1, 0)),
    ]
    assert [step.near_side().place for step in chosen] == [0, 1, 0, 0]
    besieged = Roads(world, zones, {0}, 0)
    assert [step.place for step in besieged.choice_set(0)] == [0]
    assert [step.place for step in besieged.choice_set(2)] == [2, 3, 1, 4]


def test_a_choice_set_among_many_places_has_256_at_most():
    count = 1_001
    places = with_own_origins([place(f"p{number}") for number in range(count)])
    routes = [Route(number, number + 1, 1.0) for number in range(count - 1)]
    world = World(key=KEY, days=0, **places, routes=routes, n_zones=1, radius_km=400.0)
    chosen = Roads(world, [0] * count, set(), 0).choice_set(0)
    assert [step.place for step in chosen] == list(range(256))
