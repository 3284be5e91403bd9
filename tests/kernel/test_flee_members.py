"""Members under Flee's rules: the same however the work is cut, and the same as ever."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.flee.running import run
from tests.twin_flee.worlds import random_case

PARTS = ("present", "set_out", "spawned", "gone", "on_links")
# SHA-256 of the record of three members, 25 days. When a rule changes, look at what has changed in a run and why
# (CHANGELOG: [results change]) before putting a new value here.
GOLDEN = {5: "307a85913ee1b0c36acef8e75e71336c", 17: "f7e43b8d61db375b52648a9ac78d28f9"}


def fingerprint(result):
    digest = hashlib.sha256()
    for name in PARTS:
        digest.update(np.ascontiguousarray(getattr(result, name), dtype="<i4").tobytes())
    return digest.hexdigest()[:32]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), chunk=st.integers(1, 9), threads=st.integers(1, 4))
def test_any_chunks_and_threads_give_the_same_arrays(seed, chunk, threads):
    world = random_case(seed, days=12).world()
    whole = run(world, members=7, seed=seed, chunk=100, threads=1)
    cut = run(world, members=7, seed=seed, chunk=chunk, threads=threads)
    for name in PARTS:
        np.testing.assert_array_equal(getattr(cut, name), getattr(whole, name))


def test_fewer_members_are_the_first_of_more():
    world = random_case(5).world()
    few, many = run(world, members=2, seed=9), run(world, members=12, seed=9, chunk=5)
    for name in PARTS:
        np.testing.assert_array_equal(getattr(few, name), getattr(many, name)[:2])
    assert (many.present[0] != many.present[1]).any()


@pytest.mark.parametrize("case", GOLDEN)
def test_two_small_runs_are_what_they_were(case):
    assert fingerprint(run(random_case(case).world(), members=3, seed=case)) == GOLDEN[case]


@pytest.mark.parametrize("name", PARTS)
def test_one_person_elsewhere_changes_the_fingerprint(name):
    result = run(random_case(5).world(), members=3, seed=3)
    before = fingerprint(result)
    getattr(result, name).flat[-1] += 1
    assert fingerprint(result) != before


def test_another_seed_changes_the_fingerprint():
    world = random_case(5).world()
    assert fingerprint(run(world, members=3, seed=3)) != fingerprint(run(world, members=3, seed=4))
