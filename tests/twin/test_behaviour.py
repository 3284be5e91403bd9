"""What the twin's rules of behaviour must give on average, or exactly, in worlds small enough to know it."""

import math
from dataclasses import replace

import pytest

from tests.twin import choosing, draws, leaving
from tests.twin import state as twin_state
from tests.twin.choosing import Today
from tests.twin.examples import (
    KEY,
    SWITCHES,
    a_line_of_four,
    a_ring_of_regions,
    followers_half_life,
    place,
    random_example,
    switched,
    with_own_origins,
    with_two_paces,
)
from tests.twin.member import run_day, simulate
from tests.twin.roads import Roads, fear_distances
from tests.twin.state import AT_ONCE, FLIGHT, FOLLOWER, STAYER, Record, State
from tests.twin.world import LEAKING, Attack, CrossingDay, Route, World

PEOPLE = 1_000_000
LOCAL_PULL = math.log(1.5)


def close(found, people, chance):
    """Whether a binomial number is within four standard errors of what is expected."""
    return abs(found - people * chance) < 4 * math.sqrt(people * chance * (1 - chance))


def a_pair(attacks=(), *, local_pull=None, residents=PEOPLE, here=None, there=None, **changes):
    """A and B, 10 km apart in one zone: people of A leave, B is empty."""
    pair = [
        place("A", residents=residents, displaced=0, local_pull=local_pull, **(here or {})),
        place("B", residents=0, displaced=0, **(there or {})),
    ]
    facts = {"days": 20, "routes": [Route(0, 1, 10.0)], "n_zones": 1, "attacks": list(attacks)}
    return World(key=KEY, **with_own_origins(pair), **(facts | changes))


ALL_AT_ONCE = {"share_leaving": 1.0, "days_to_half": 1e-3}


# two paces


def left_by_day(world):
    return [sum(row) for row in simulate(world)["left_home"]]


def two_paces_at_home(day, exposure=0.5, at_once=0.4, days_at_once=1.0, days_to_half=10.0):
    """Share of the movers still at home, as the page has it."""
    quick = at_once * 2 ** (-exposure * day / days_at_once)
    return quick + (1 - at_once) * 2 ** (-exposure * day / days_to_half)


def test_who_is_left_at_home_follows_both_paces():
    world = a_pair([Attack(0, 1, 21, 0.5)], share_at_once=0.4, days_at_once=1.0, here={"days_to_half": 10.0})
    left = left_by_day(world)
    for day in (1, 2, 5, 10, 20):
        assert close(left[day], PEOPLE, 0.6 * (1 - two_paces_at_home(day))), day
        assert not close(left[day], PEOPLE, 0.6 * (1 - two_paces_at_home(day, at_once=0.0))), "no control"


@pytest.mark.parametrize(("share", "days_at_once"), [(0.0, 1.0), (0.3, 1.0), (0.3, 12.0), (0.48, 0.5)])
def test_half_of_all_leavers_have_left_after_the_half_life(share, days_at_once):
    world = a_pair([Attack(0, 1, 21, 1.0)], here={"days_to_half": 10.0})
    left = left_by_day(with_two_paces(world, share, days_at_once))
    assert close(left[10], PEOPLE, 0.6 * 0.5)
    if share > 0:
        uneven = left_by_day(replace(world, share_at_once=share, days_at_once=days_at_once))
        assert not close(uneven[10], PEOPLE, 0.6 * 0.5), "no control"


def test_those_who_follow_are_never_slower_than_twenty_half_lives():
    assert followers_half_life(10.0, 0.0, 1.0) == 10.0
    assert followers_half_life(10.0, 0.9, 0.1) == pytest.approx(200.0)
    assert followers_half_life(10.0, 0.9, 1e9) == pytest.approx(10.0 / math.log2(1e6))


def test_displaced_people_flee_faster_at_both_paces():
    world = a_pair(
        [Attack(0, 1, 21, 0.25)],
        share_at_once=0.4,
        displaced_multiplier=2.0,
        residents=0,
        here={"days_to_half": 10.0},
    )
    displaced = with_own_origins([replace(world.places[0], displaced=PEOPLE), world.places[1]])
    left = left_by_day(replace(world, **displaced))
    for day in (1, 5, 20):
        assert close(left[day], PEOPLE, 0.6 * (1 - two_paces_at_home(day))), day


def test_the_paces_of_the_issue_day_are_shares_of_the_movers():
    state = State(a_pair(share_at_once=0.3))
    cells = state.home[0][0]
    one_pace = State(a_pair()).home[0][0]
    assert cells[STAYER] == one_pace[STAYER]
    assert cells[FOLLOWER] + cells[AT_ONCE] == one_pace[FOLLOWER]
    assert close(cells[AT_ONCE], one_pace[FOLLOWER], 0.3)
    assert one_pace[AT_ONCE] == 0


# staying within the place


def test_the_share_that_stays_is_that_of_the_weights():
    """A at 0 km and pull log 1.5 under exposure 0.5 and danger 2, B at 10 km and no danger."""
    found = simulate(
        a_pair([Attack(0, 1, 2, 0.5)], local_pull=LOCAL_PULL, danger=2.0, days=1, here=ALL_AT_ONCE)
    )
    here, there = 1.5 * math.exp(-1) / 10, 1 / 20
    within = found["within"][1][0]
    assert close(within, PEOPLE, here / (here + there))
    assert found["departures"][1] == [PEOPLE, 0]
    assert sum(found["left_home"][1]) == found["movements"][1] == PEOPLE
    assert found["present"][1] == [within, PEOPLE - within]
    assert found["arrivals"][1] == [0, PEOPLE - within]
    assert found["origin_destination"][0] == [[within, PEOPLE - within], [0, 0]]


@pytest.mark.parametrize("changes", [{"local_pull": None}, {"here": {"attraction": 0.0, **ALL_AT_ONCE}}])
def test_nobody_stays_where_nobody_may(changes):
    facts = {"local_pull": LOCAL_PULL, "here": ALL_AT_ONCE} | changes
    found = simulate(a_pair([Attack(0, 1, 2, 0.5)], days=1, **facts))
    assert found["within"][1] == [0, 0]
    assert found["present"][1] == [0, PEOPLE]


def test_nobody_stays_within_where_nobody_can_leave():
    siege = Attack(0, 1, 5, 0.5, siege=True)
    found = simulate(a_pair([siege], local_pull=LOCAL_PULL, days=1, here=ALL_AT_ONCE))
    assert found["remaining"][1] == [PEOPLE, 0]
    assert found["blocked"][1] == PEOPLE


@pytest.mark.parametrize("other", [(0, 1, 5, True), (1, 3, 9, False)], ids=["siege", "foreseen"])
def test_an_attack_of_no_intensity_is_none(other):
    """As when a stage is switched off: it closes no road and nobody sees it come."""
    place, start, end, siege = other

    def found(*intensities):
        attacks = [Attack(place, start, end, each, siege=siege) for each in intensities]
        attacks.insert(0, Attack(0, 1, 2, 0.5))
        return simulate(a_pair(attacks, days=3, foresight_days=2, shunned=0.0, here=ALL_AT_ONCE))

    assert found(0.0) == found()
    assert found(0.1) != found()
    assert found(0.1)["blocked"][1] == PEOPLE


def test_people_within_flee_the_place_when_attacks_go_on():
    """Half of them a day; none comes back."""
    world = a_pair(
        [Attack(0, 1, 4, 1.0)],
        local_pull=LOCAL_PULL,
        newly_displaced_multiplier=1e-3,
        days=3,
        here=ALL_AT_ONCE,
    )
    found = simulate(world)
    within = [row[0] for row in found["within"]]
    assert within[1] > 0.5 * PEOPLE
    assert close(within[2], within[1], 0.5)
    assert close(within[3], within[2], 0.5)
    assert found["movements"][2] - found["movements"][1] == within[1] - within[2]
    assert found["arrivals"][2] == [0, within[1] - within[2]]
    assert sum(found["left_home"][3]) == PEOPLE, "they have left home once"


def test_people_within_and_elsewhere_go_back_at_the_same_rate():
    world = a_pair(
        [Attack(0, 1, 2, 1.0)],
        local_pull=LOCAL_PULL,
        return_half_life=1.0,
        calm_days=5,
        days=8,
        here=ALL_AT_ONCE,
    )
    found = simulate(world)
    within, elsewhere = ([row[at] for row in found["present"]] for at in (0, 1))
    assert within[1] == within[5] > 0
    assert elsewhere[1] == elsewhere[5] > 0
    for day in (6, 7):
        assert close(within[day], within[day - 1], 0.5)
        assert close(elsewhere[day], elsewhere[day - 1], 0.5)
    assert found["returned"][8] == found["remaining"][8][0] == PEOPLE - within[8] - elsewhere[8]
    assert found["movements"][8] == PEOPLE + found["returned"][8]


def test_a_place_where_everybody_stayed_within_is_returned_to():
    """Nobody is away from it."""
    world = a_pair(
        [Attack(0, 1, 2, 1.0)], local_pull=50.0, return_half_life=1.0, calm_days=5, days=7, here=ALL_AT_ONCE
    )
    found = simulate(world)
    assert found["within"][1] == [PEOPLE, 0]
    assert found["returned"][7] > 0


def test_people_within_take_room():
    world = a_pair(here={"capacity": 1_000.0}, residents=500)
    state = State(world)
    state.within[0] = 450
    today = Today(state, 1, False, Roads(world, state.zones, set(), 1))
    today.close_step_d()
    assert today.room[0] == pytest.approx(0.5)


# what is shunned


def three_ways(attacks=(), **changes):
    """A lies between B and C, which are alike; a leaking crossing that lets all through joins the zones."""
    places = [
        place("A", residents=PEOPLE, displaced=0, **ALL_AT_ONCE),
        place("B", residents=0, displaced=0),
        place("C", residents=0, displaced=0),
    ]
    facts = {
        "days": 10,
        "routes": [Route(0, 1, 10.0), Route(0, 2, 10.0)],
        "n_zones": 3,
        "pair_crossing": {(0, 1): 0, (0, 2): 0},
        "crossings": [[CrossingDay(LEAKING, rate=1.0)] * 11],
        "attacks": list(attacks),
        "shunned": 0.01,
    }
    return World(key=KEY, **with_own_origins(places), **(facts | changes))


def shunned_on(world, day, *, zones=None, attacked=(), last=1):
    """Factors of B for people of A on a day."""
    state = State(world)
    if zones is not None:
        state.zones = list(zones)
    today = Today(state, day, False, Roads(world, state.zones, set(), day))
    for number in attacked:
        state.last_attacked[number] = last
    return today.shunned(0, 1)


def test_attacked_places_get_almost_nobody():
    attacks = [Attack(0, 1, 2, 1.0), Attack(1, 1, 2, 1e-9)]
    found = simulate(three_ways(attacks, days=1))
    assert close(found["present"][1][1], PEOPLE, 0.01 / 1.01)
    without = simulate(three_ways(attacks, days=1, shunned=1.0))
    assert close(without["present"][1][1], PEOPLE, 0.5)
    nobody = simulate(three_ways(attacks, days=1, shunned=0.0))
    assert nobody["present"][1] == [0, 0, PEOPLE]


@pytest.mark.parametrize(("day", "expected"), [(1, 1.0), (2, 0.01), (4, 0.01), (5, 1.0), (9, 1.0)])
def test_an_attack_is_foreseen_some_days_before_it_starts(day, expected):
    """Own exposure is not set here, so that foresight alone shows."""
    assert shunned_on(three_ways([Attack(1, 5, 7, 1.0)], foresight_days=3), day) == expected
    assert shunned_on(three_ways([Attack(1, 5, 7, 1.0)]), day) == 1.0


@pytest.mark.parametrize(("day", "expected"), [(6, 0.01), (9, 0.01), (10, 1.0)])
def test_an_attack_is_remembered_for_some_days_after_its_last(day, expected):
    assert shunned_on(three_ways(memory_days=3), day, attacked=(1,), last=6) == expected
    assert shunned_on(three_ways(memory_days=3), day, attacked=(2,), last=6) == 1.0


@pytest.mark.parametrize(
    ("zones", "liberators", "expected"),
    [
        ((0, 0, 0), (), 1.0),
        ((0, 1, 0), (), 0.01),
        ((0, 1, 0), (2,), 0.01),
        ((0, 1, 0), (1, 2), 1.0),
        ((1, 1, 0), (), 0.01),
    ],
)
def test_places_taken_are_shunned_unless_by_liberators(zones, liberators, expected):
    assert shunned_on(three_ways(liberators=frozenset(liberators)), 1, zones=zones) == expected


def test_people_of_the_taking_side_do_not_shun_what_it_took():
    world = three_ways()
    world = replace(world, places=[replace(world.places[0], zone0=1), *world.places[1:]])
    assert shunned_on(world, 1, zones=(1, 1, 0)) == 1.0


def test_both_reasons_to_shun_count():
    assert shunned_on(three_ways(), 1, zones=(0, 1, 0), attacked=(1,)) == 0.01 * 0.01
    liberated = three_ways(liberators=frozenset({1}))
    assert shunned_on(liberated, 1, zones=(0, 1, 0), attacked=(1,)) == 0.01


# following those who went before


def test_people_follow_those_who_went_before():
    """Three times the weight; what people of B did moves nobody of A."""
    attacks = [Attack(0, 1, 2, 1.0)]
    found = simulate(three_ways(attacks, days=1, history={(0, 1): math.log(3), (1, 2): 5.0}))
    assert close(found["present"][1][1], PEOPLE, 0.75)
    without = simulate(three_ways(attacks, days=1))
    assert close(without["present"][1][1], PEOPLE, 0.5)


def test_those_who_stayed_within_hold_back_who_leaves_home_there():
    """A at 0 km and pull log 1.5 + log 2 without danger, B at 10 km."""
    found = simulate(
        a_pair(
            [Attack(0, 1, 2, 0.5)],
            local_pull=LOCAL_PULL,
            history={(0, 0): math.log(2)},
            days=1,
            here=ALL_AT_ONCE,
        )
    )
    here, there = 2 * 1.5 / 10, 1 / 20
    assert close(found["within"][1][0], PEOPLE, here / (here + there))


def test_who_comes_through_a_gate_and_stays_behind_it_follows_nobody():
    """A | B - C: those let in to B stay there or go on to C, which those who went before do change."""
    world = three_ways(
        [Attack(0, 1, 2, 1.0)], routes=[Route(0, 1, 10.0), Route(1, 2, 10.0)], pair_crossing={(0, 1): 0}
    )
    zones = [replace(each, zone0=int(number > 0)) for number, each in enumerate(world.places)]
    world = replace(world, places=zones)
    assert 0 < simulate(world)["present"][10][1] < PEOPLE
    assert simulate(replace(world, history={(1, 1): 2.0})) == simulate(world)
    assert simulate(replace(world, history={(1, 2): 2.0})) != simulate(world), "no control"


# moving on


def crowded(**changes):
    """After a day all of A are in B, which then is over-full; C, out of reach of A, has room for all."""
    world = three_ways(
        [Attack(0, 1, 2, 1.0)], routes=[Route(0, 1, 10.0), Route(1, 2, 30.0)], radius_km=35.0, shunned=1.0
    )
    full = [world.places[0], replace(world.places[1], capacity=1_000.0), world.places[2]]
    return replace(world, places=full, onward_rate=0.1, **changes)


def test_people_move_on_from_where_it_is_crowded_at_the_rate():
    found = simulate(crowded())
    present = [row[1] for row in found["present"]]
    assert present[1] == PEOPLE
    assert close(present[2], PEOPLE, 0.9)
    assert close(present[10], PEOPLE, 0.9**9)
    assert found["movements"][10] == PEOPLE + sum(sum(row) for row in found["arrivals"][2:])


def test_nobody_moves_on_where_there_is_room_and_no_danger():
    roomy = crowded()
    places = [replace(each, capacity=math.inf) for each in roomy.places]
    assert simulate(replace(roomy, places=places))["present"][10] == [0, PEOPLE, 0]
    assert simulate(replace(crowded(), onward_rate=0.0))["present"][10] == [0, PEOPLE, 0]


def test_flight_and_moving_on_are_one_chance():
    """Under exposure ½ with a half-life of 5 days."""
    state = State(three_ways(newly_displaced_multiplier=2.0, onward_rate=0.1))
    today = Today(state, 1, False, Roads(state.world, state.zones, set(), 1))
    today.close_step_d()
    today.exposure = [0.0, 0.5, 0.0]
    assert leaving.chance_to_leave_again(today, 1) == pytest.approx(1 - 0.9 * 2 ** (-0.5 * 2 / 5))
    assert leaving.chance_to_leave_again(today, 2) == 0.0


# all together

SEEDS = range(24)


def faults(world, found):
    """What is wrong with a record, in words."""
    people = sum(each.residents + each.displaced for each in world.places)
    wrong = []
    for day in range(world.days + 1):
        where = sum(found["remaining"][day]) + sum(found["present"][day]) + found["on_the_road"][day]
        wrong += [f"{where} people on day {day}"] * (where != people)
        parts = zip(found["within"][day], found["waiting"][day], found["present"][day], strict=True)
        wrong += [f"more within than present on day {day}"] * any(a + b > c for a, b, c in parts)
    for table, day in enumerate(found["table_days"]):
        columns = zip(*found["origin_destination"][table], strict=True)
        wrong += [f"origins of day {day}"] * ([sum(column) for column in columns] != found["present"][day])
    left = [sum(row) for row in found["left_home"]]
    wrong += ["departures"] * (sum(map(sum, found["departures"])) != left[-1])
    for name in ("movements", "returned", "organised_returns"):
        wrong += [name] * (sorted(found[name]) != found[name])
    wrong += ["fewer departures than people"] * any(
        moves < people for moves, people in zip(found["movements"], left, strict=True)
    )
    return wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_lost_or_made_whatever_is_switched_on(seed):
    world, _ = random_example(seed)
    assert faults(world, simulate(world)) == []


@pytest.mark.parametrize("make", [a_line_of_four, a_ring_of_regions])
def test_nobody_is_lost_or_made_with_everything_on(make):
    world = switched(make(), *SWITCHES)
    assert faults(world, simulate(world)) == []


def test_random_examples_have_each_switch_on_and_off():
    on = [set(random_example(seed)[1]) for seed in SEEDS]
    for name in SWITCHES:
        assert 6 <= sum(name in names for names in on) <= 18, name


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("make", [a_line_of_four, a_ring_of_regions])
def test_each_switch_changes_both_examples(name, make):
    """With the others on."""
    others = [other for other in SWITCHES if other != name]
    assert simulate(switched(make(), *SWITCHES)) != simulate(switched(make(), *others))


def away_and_elsewhere(world):
    """By day and origin: people who left their place and are not back, by count and by where they are."""
    state = State(world)
    record, distances = Record(state), fear_distances(world)
    state.route_states = Roads(world, state.zones, set(), 0).state
    found = []
    for day in range(1, world.days + 1):
        run_day(state, record, distances, day)
        away, elsewhere = ([0 for _ in state.origins] for _ in range(2))
        for number in state.places:
            away[state.origin_of(number)] += state.away[number]
        for (origin, _), people in state.displaced.items():
            elsewhere[origin] += people
        for queue in state.waiting.values():
            for origin, people in queue.items():
                elsewhere[origin] += people
        for party in state.parties:
            elsewhere[party.origin] += party.people if party.kind == FLIGHT else 0
        found.append((away, elsewhere))
    return found


@pytest.mark.parametrize("make", [a_line_of_four, a_ring_of_regions])
def test_those_who_left_the_place_are_those_elsewhere(make):
    """Who stays within the place is not away; who returns from elsewhere no longer is."""
    for away, elsewhere in away_and_elsewhere(switched(make(), *SWITCHES)):
        assert away == elsewhere


def addresses_of(world, monkeypatch):
    """Addresses of all binomial draws of a member."""
    found = []

    def draw(n, p, *address):
        found.append(address)
        return draws.binomial(n, p, *address)

    monkeypatch.setattr(twin_state, "binomial", draw)
    simulate(world)
    return found


def test_no_address_is_drawn_from_twice(monkeypatch):
    for make in (a_line_of_four, a_ring_of_regions):
        found = addresses_of(switched(make(), *SWITCHES), monkeypatch)
        assert len(found) == len(set(found))
        assert {6, 8, 15, 22, 23, 24} <= {purpose for _, purpose, *_ in found}
        assert {index for _, purpose, _, _, _, index in found if purpose == 6} == set(range(6))
        assert {index for _, purpose, _, _, _, index in found if purpose == 8} == set(range(9))
        assert any(purpose == 15 and here == home for _, purpose, here, home, *_ in found)


def test_an_address_drawn_from_twice_is_noticed(monkeypatch):
    """Negative control."""
    monkeypatch.setattr(leaving, "AT_ONCE", FOLLOWER)
    found = addresses_of(switched(a_line_of_four(days=5, table_days=()), *SWITCHES), monkeypatch)
    assert len(found) > len(set(found))


def test_one_person_too_many_is_noticed():
    """Negative control."""
    world = switched(a_line_of_four(), *SWITCHES)
    found = simulate(world)
    assert any(map(any, found["within"]))
    for name in ("remaining", "present", "within", "departures"):
        more = {**found, name: [list(row) for row in found[name]]}
        more[name][-1][0] += 10**9
        assert faults(world, more), name


def test_a_twin_that_forgets_who_is_within_stops(monkeypatch):
    """Negative control: who stays within the place is lost at step F."""
    monkeypatch.setattr(choosing.Today, "local_weight", lambda today, place: 1e9)
    monkeypatch.setattr(
        "tests.twin.member.leave_home", lambda today, record: (leaving.leave_home(today, record)[0], {})
    )
    with pytest.raises(AssertionError, match="on the issue day"):
        simulate(a_line_of_four())
