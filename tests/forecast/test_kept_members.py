"""Members that begin late are, to the byte, those that began on the first day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pytest

from forewarn.forecast import kept_members
from forewarn.forecast.kept_members import KeptMember, KeptMembers
from forewarn.forecast.member_worlds import MemberWorld
from forewarn.forecast.members import keep_members, run_members
from forewarn.kernel.arrays import Record, State
from forewarn.network import Network, build
from forewarn.scenario import Scenario, change, load, narrow

SEED = 20180830
MEMBERS = np.array([1, 2, 4])
DAYS = (15, 40, 70, 100)
SWITCHES = (
    "model.destination.local_pull=2",
    "model.flight.share_at_once={low: 0.1, high: 0.5}",
    "model.destination.shunned=0.2",
    "model.destination.memory_days=10",
    "model.destination.foresight_days=4",
    "model.onward.monthly_rate=0.2",
)
LATER = {
    "a stage begins later": ["courses.staged.stages.city.start+=3"],
    "a stage begins sooner": ["courses.staged.stages.city.start*=0.5"],
    "a stage does not happen": [
        "courses.staged.stages.city.intensity=0",
        "courses.staged.stages.city.control_after=",
        "courses.staged.stages.city.falls_after_days=",
    ],
    "a stage attacks other places": ["courses.staged.stages.city.places=[Idleb, Dana]"],
    "the first stage begins later": ["courses.staged.stages.south.start+=5"],
    "posts are respected": ["model.posts.effect=1"],
    "a place holds fewer": ["places.Atma (camp cluster).capacity=190000"],
}


@cache
def base() -> Scenario:
    return change(narrow(load("idlib-2018"), course="staged"), SWITCHES)


@cache
def kept() -> tuple[Mapping[str, np.ndarray], KeptMembers]:
    return keep_members(base(), build(base()), SEED, MEMBERS, lambda *_: DAYS)


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Days from which members went on."""
    days: list[int] = []
    newest = KeptMember.newest_day
    monkeypatch.setattr(KeptMember, "newest_day", lambda *given: days.append(newest(*given)) or days[-1])
    return days


def differing(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> list[str]:
    return [name for name in one if one[name].tobytes() != other[name].tobytes()]


def test_keeping_changes_nothing():
    variables, members = kept()
    assert differing(variables, run_members(base(), build(base()), SEED, MEMBERS)) == []
    assert set(members.members) == set(MEMBERS.tolist())
    assert all(set(each.states) == set(DAYS) for each in members.members.values())


@pytest.mark.parametrize("name", LATER)
def test_a_change_that_matters_late_is_simulated_from_there(name: str, began: list[int]):
    changed = change(base(), LATER[name])
    found = run_members(changed, build(changed), SEED, MEMBERS, kept=kept()[1])
    assert max(began) > 0
    whole = run_members(changed, build(changed), SEED, MEMBERS)
    assert differing(found, whole) == []
    assert differing(kept()[0], whole), "no control: the change changes nothing"


def test_what_matters_at_once_is_simulated_from_the_first_day(began: list[int]):
    crossing = "crossings.bab-al-hawa.status=open"
    changed = change(base(), [crossing])
    found = run_members(changed, build(changed), SEED, MEMBERS[:1], kept=kept()[1])
    assert began == [0]
    assert differing(found, run_members(changed, build(changed), SEED, MEMBERS[:1])) == []
    capacity = change(base(), ["places.Dana.capacity=50000"])
    run_members(capacity, build(capacity), SEED, MEMBERS[:1], kept=kept()[1])
    assert began == [0, 0]


def test_members_of_another_network_begin_anew(began: list[int]):
    base_of = build(base())
    longer = replace(base_of, roads=base_of.roads._replace(km=base_of.roads.km + 1))
    found = run_members(base(), longer, SEED, MEMBERS[:1], kept=kept()[1])
    assert began == []
    assert differing(found, run_members(base(), longer, SEED, MEMBERS[:1])) == []


@pytest.mark.parametrize("name", ["a stage does not happen", "a stage attacks other places"])
def test_gates_have_other_numbers_where_a_course_takes_other_places(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    """Negative control: with the old numbers members differ."""
    changed = change(base(), LATER[name])
    network = build(changed)
    gates = kept()[1].gates_in(changed, network)
    assert gates is not None
    assert gates.tolist() != list(range(len(gates)))
    monkeypatch.setattr(kept_members, "_with_other_gates", with_gates_as_they_were)
    found = run_members(changed, network, SEED, MEMBERS, kept=kept()[1])
    assert differing(found, run_members(changed, network, SEED, MEMBERS))


def with_gates_as_they_were(state: State, gates: np.ndarray, number: int) -> State:
    same = np.where(np.arange(len(gates)) < number, np.arange(len(gates)), -1)
    return WITH_OTHER_GATES(state, same, number)


WITH_OTHER_GATES = kept_members._with_other_gates


def test_fear_that_reaches_farther_fits_nobody():
    farther = change(base(), ["model.fear.decay_km*=2"])
    assert kept()[1].gates_in(farther, build(farther)) is None


def test_what_is_the_same_is_not_simulated(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("forewarn.forecast.members.simulate", None)
    variables, members = kept()
    assert differing(run_members(base(), build(base()), SEED, MEMBERS, kept=members), variables) == []
    fewer = run_members(base(), build(base()), SEED, MEMBERS, None, 50, members)
    assert np.array_equal(fewer["present"][:, :51], variables["present"][:, :51])
    assert not fewer["present"][:, 51:].any()


def test_states_are_kept_before_attacks_begin(began: list[int]):
    variables, members = keep_members(base(), build(base()), SEED, MEMBERS)
    for each in members.members.values():
        days = list(each.states)
        assert days[0] == np.minimum(each.world.plan.start, each.world.plan.seen_from).min() - 1
        assert min(np.diff(days)) >= 10
    assert differing(variables, kept()[0]) == []
    changed = change(base(), LATER["the first stage begins later"])
    found = run_members(changed, build(changed), SEED, MEMBERS, kept=members)
    assert began == [next(iter(each.states)) for each in members.members.values()]
    assert differing(found, run_members(changed, build(changed), SEED, MEMBERS)) == []


def test_too_late_a_beginning_is_noticed(monkeypatch: pytest.MonkeyPatch):
    """Negative control: the comparisons above see members that began after the change."""
    changed = change(base(), LATER["a stage begins sooner"])
    monkeypatch.setattr(KeptMember, "newest_day", lambda *_: DAYS[-1])
    found = run_members(changed, build(changed), SEED, MEMBERS, kept=kept()[1])
    assert differing(found, run_members(changed, build(changed), SEED, MEMBERS))


def test_more_parties_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch):
    changed = change(base(), LATER["a stage begins later"])
    whole = run_members(changed, build(changed), SEED, MEMBERS)
    monkeypatch.setattr("forewarn.forecast.members._FIRST_PARTY_ROOM", 16)
    assert differing(run_members(changed, build(changed), SEED, MEMBERS, kept=kept()[1]), whole) == []


@dataclass
class Moves:
    """A posterior that moves a tenth of the displaced people of a place elsewhere, on some days."""

    days: tuple[int, ...]
    met: list[int] = field(default_factory=list)

    def uniforms(self, course: str, draws: np.ndarray) -> dict:
        return {}

    def probability(self, course: str) -> float:
        return 1.0

    def condition(
        self, day: int, world: MemberWorld, state: State, network: Network, record: Record
    ) -> np.ndarray:
        self.met.append(day)
        people = state.people
        place = int(people.displaced_at.argmax())
        moving = people.displaced[place] // 10
        for at, sign in ((place, -1), (place - 1, 1)):
            people.displaced[at] += sign * moving
            people.displaced_at[at] += sign * moving.sum()


def test_members_stop_on_every_day_on_which_there_were_counts():
    posterior = Moves((20, 50, 120))
    found = run_members(base(), build(base()), SEED, MEMBERS[:2], posterior)
    assert posterior.met == [20, 50, 120] * 2
    one_day = run_members(base(), build(base()), SEED, MEMBERS[:2], Moves((20,)))
    none = run_members(base(), build(base()), SEED, MEMBERS[:2], Moves(()))
    assert differing(none, kept_variables(2)) == []
    for name in ("present", "arrivals"):
        assert np.array_equal(found[name][:, :20], none[name][:, :20])
        assert np.array_equal(found[name][:, 21:51], one_day[name][:, 21:51])
        assert not np.array_equal(one_day[name], none[name])
    assert not np.array_equal(found["present"][:, 51], one_day["present"][:, 51])
    earlier = Moves((20, 50, 120))
    run_members(base(), build(base()), SEED, MEMBERS[:2], earlier, 50)
    assert earlier.met == [20, 50] * 2


def kept_variables(count: int) -> dict[str, np.ndarray]:
    return {name: values[:count] for name, values in kept()[0].items()}


@pytest.mark.parametrize(("days", "begin"), [((50,), 40), ((40, 60), 15), ((10,), 0)])
def test_members_with_counts_go_on_from_before_the_first(days: tuple[int, ...], begin: int, began: list[int]):
    found = run_members(base(), build(base()), SEED, MEMBERS[:2], Moves(days), kept=kept()[1])
    assert began == [begin] * 2
    assert differing(found, run_members(base(), build(base()), SEED, MEMBERS[:2], Moves(days))) == []
