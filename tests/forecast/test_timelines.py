"""When things happen in a course."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast.sampling import Sampler, member_keys
from forewarn.forecast.timelines import attacks, ceasefires, crossing_states, return_programmes, whole_shares
from forewarn.kernel.arrays import CLOSED, LEAKING, LIMITED, NEVER, OPEN
from forewarn.network import build
from forewarn.scenario import change, explicit, load, narrow, resolve

DRAWS = 50
WORD = "assumption: test"


@pytest.fixture(scope="module")
def sampler():
    return Sampler(member_keys(2, np.arange(DRAWS)))


def with_course(crossroads, **course):
    document = explicit(narrow(crossroads, course="attack"))
    document["courses"][0] |= course
    return resolve(document)


def stage(name, start, **more):
    return {
        "name": name, "places": ["Millbrook"], "kind": "ground-attack", "intensity": 1.0, "start": start,
        "spread_days": 0, "duration_days": 20, "source": WORD,
    } | more  # fmt: skip


def rows(scenario, sampler):
    course = scenario.courses[0]
    return attacks(scenario, course, build(scenario), sampler, ceasefires(scenario, course, sampler))


def test_after_counts_from_the_other_stage(crossroads, sampler):
    first = {"low": 1, "mode": 8, "high": 30}
    # The later stage is written first: order in the document does not matter.
    stages = [stage("second", {"after": "first", "value": 6}), stage("first", first)]
    found = rows(with_course(crossroads, stages=stages), sampler)
    assert (found.start[:, 0] == found.start[:, 1] + 6).all()
    assert len(set(found.start[:, 1].tolist())) > 5


def test_a_start_is_never_before_the_first_day(crossroads, sampler):
    found = rows(with_course(crossroads, stages=[stage("now", 0)]), sampler)
    assert (found.start == 1).all()
    assert (found.end == 21).all()


def test_spread_is_over_all_its_days(crossroads, sampler):
    places = ["Millbrook", "Oakford", "Highgate"]
    found = rows(with_course(crossroads, stages=[stage("wide", 5, places=places, spread_days=3)]), sampler)
    assert set(found.start.ravel().tolist()) == {5, 6, 7, 8}
    assert (found.start.min(axis=1) != found.start.max(axis=1)).any()


def test_no_control_after_means_no_fall(crossroads, sampler):
    assert (rows(with_course(crossroads, stages=[stage("raid", 5)]), sampler).fall == NEVER).all()


@pytest.mark.parametrize(
    ("falls_after", "expected"), [(3, 13), (4, 20), (9, 20), (10, 20), (11, 21)], ids=lambda value: str(value)
)
def test_a_ceasefire_puts_off_a_fall(crossroads, sampler, falls_after, expected):
    scenario = with_course(
        crossroads,
        stages=[stage("assault", 10, control_after="hills", falls_after_days=falls_after)],
        ceasefires=[{"start": 14, "duration_days": 6, "source": WORD}],
    )
    found = rows(scenario, sampler)
    assert (found.fall == expected).all()
    assert (found.zone_after == list(scenario.zones).index("hills")).all()


def test_a_ceasefire_that_outlasts_the_horizon_prevents_the_fall(crossroads, sampler):
    scenario = with_course(
        crossroads,
        stages=[stage("assault", 10, control_after="hills", falls_after_days=10)],
        ceasefires=[{"start": 15, "duration_days": 300, "source": WORD}],
    )
    assert (rows(scenario, sampler).fall == NEVER).all()


def test_days_of_ceasefire(crossroads, sampler):
    scenario = with_course(crossroads, ceasefires=[{"start": 14, "duration_days": 6, "source": WORD}])
    quiet = ceasefires(scenario, scenario.courses[0], sampler)
    assert (np.flatnonzero(quiet[0]) == np.arange(14, 20)).all()


def test_crossing_changes_act_in_the_order_of_their_days(crossroads, sampler):
    document = explicit(narrow(crossroads, course="attack"))
    document["crossings"][0]["changes"] = [
        {"start": 30, "status": "limited", "people_per_day": 99.9, "source": WORD},
        {"start": 10, "status": "closed", "source": WORD},
    ]
    document["courses"][0]["crossing_changes"] = [
        {"crossing": "bridge", "start": 20, "status": "leaking", "pass_rate": 0.2, "source": WORD},
        {"crossing": "bridge", "start": 40, "status": "open", "source": WORD},
    ]
    scenario = resolve(document)
    mode, rate = crossing_states(scenario, scenario.courses[0], sampler)
    expected = np.repeat([OPEN, CLOSED, LEAKING, LIMITED, OPEN], [10, 10, 10, 10, 21])
    assert (mode[:, 0] == expected).all()
    assert set(rate[:, 0, 20:30].ravel().tolist()) == {0.2}
    assert set(rate[:, 0, 30:40].ravel().tolist()) == {99.0}  # whole people


def test_of_two_changes_on_a_day_that_of_the_course_wins(crossroads, sampler):
    document = explicit(narrow(crossroads, course="attack"))
    document["crossings"][0]["changes"] = [{"start": 10, "status": "closed", "source": WORD}]
    document["courses"][0]["crossing_changes"] = [
        {"crossing": "bridge", "start": 10, "status": "leaking", "pass_rate": 0.2, "source": WORD}
    ]
    scenario = resolve(document)
    mode, _ = crossing_states(scenario, scenario.courses[0], sampler)
    assert (mode[:, 0, 10:] == LEAKING).all()


def test_a_change_in_another_course_does_not_act_here(crossroads, sampler):
    document = explicit(crossroads)
    document["courses"][1]["crossing_changes"] = [
        {"crossing": "bridge", "start": 10, "status": "closed", "source": WORD}
    ]
    scenario = resolve(document)
    mode, _ = crossing_states(scenario, scenario.courses[0], sampler)
    assert (mode == OPEN).all()


def test_everybody_of_a_return_programme_has_a_row(sampler):
    scenario = load("idlib-2018")
    deal = scenario.courses[0]
    programme = deal.return_programmes[0]
    row, people = return_programmes(deal, build(scenario), sampler)
    assert row.shape == (DRAWS, len(programme.from_) * len(programme.to), 4)
    low, high = programme.people.bounds()
    totals = people.sum(axis=1)
    assert ((totals >= low) & (totals <= high)).all()
    assert len(set(totals.tolist())) > 5
    assert (row[:, :, 2] <= row[:, :, 3]).all()


@pytest.mark.parametrize("total", [0, 1, 7, 1000])
def test_whole_shares_add_up_and_are_fair(total):
    counts = np.array([3, 0, 5, 11])
    shares = whole_shares(np.array([total]), counts)[0]
    assert shares.sum() == total
    assert shares[1] == 0
    assert np.abs(shares - total * counts / counts.sum()).max() < 1


def test_a_change_of_a_stage_moves_its_rows(crossroads, sampler):
    base = narrow(crossroads, course="attack")
    later = change(base, ["courses.attack.stages.assault.start+=4"])
    assert (rows(later, sampler).start - rows(base, sampler).start == 4).all()
