"""How many of a group of people choose each of the places that they can go to."""

from __future__ import annotations

import numpy as np

from forewarn.kernel.arrays import FIRST, NONE, Counts, Floats, Ints, Keys, Scratch
from forewarn.kernel.compiling import compiled, inlined
from forewarn.kernel.draws import (
    BEYOND,
    BEYOND_PERSON,
    DESTINATION,
    DESTINATION_PERSON,
    NOBODY,
    binomial_again,
    log_rest,
    words,
)
from forewarn.kernel.native.routing import first_above


@inlined
def _count_person(
    word: np.uint64,
    before: float,
    unit: float,
    steps: float,
    last: int,
    cumulative: Floats,
    guide: Ints,
    chosen: Counts,
    touched: Ints,
    number: int,
) -> int:
    """One person chooses by a word of 32 bits; return how many options have been touched."""
    level = before + np.float64(word) * unit
    k = first_above(level, steps, cumulative, last, guide)
    touched[number] = k
    number += 1 if chosen[k] == 0 else 0
    chosen[k] += 1
    return number


@inlined
def _choose_each(
    people: int,
    before: float,
    last: int,
    key: Keys,
    purpose: np.uint64,
    address: np.uint64,
    day: int,
    cumulative: Floats,
    guide: Ints,
    chosen: Counts,
    touched: Ints,
    number: int,
) -> int:
    """Draw the destination of each person, four by four; return how many options have been touched."""
    total = cumulative[last]
    unit = (total - before) * (1.0 / 4294967296.0)
    steps = guide.size / total
    for block in range((people + 3) // 4):
        w0, w1, w2, w3 = words(key, purpose, address, NOBODY, day, block, FIRST)
        for _ in range(min(people - 4 * block, 4)):
            number = _count_person(w0, before, unit, steps, last, cumulative, guide, chosen, touched, number)
            w0, w1, w2 = w1, w2, w3
    return number


@compiled
def prepare_chances(last: int, cumulative: Floats, chance: Floats, logs: Floats) -> None:
    """Chance of each option for those who chose none before it."""
    before = 0.0
    for k in range(last):
        chance[k] = (cumulative[k] - before) / (cumulative[last] - before)
        logs[k] = log_rest(chance[k])
        before = cumulative[k]


@inlined
def choose(
    people: int,
    last: int,
    beyond: bool,
    key: Keys,
    address: np.uint64,
    day: int,
    goals: Ints,
    place_keys: Keys,
    cumulative: Floats,
    guide: Ints,
    scratch: Scratch,
) -> int:
    """Draw how many of a group choose each option; return how many options somebody chose.

    One binomial for each option while many are left, then person by person: the same distribution.
    """
    chosen, touched = scratch.chosen, scratch.touched
    purpose = BEYOND if beyond else DESTINATION
    number = NONE
    rest = people
    before = 0.0
    k = FIRST
    while rest > last - k:
        drawn = rest
        if k < last:
            drawn = binomial_again(rest, scratch.chance[k], scratch.log_rest[k], key, purpose, address, place_keys[goals[k]], day,
                             FIRST)  # fmt: skip
        if drawn > 0:
            chosen[k] = drawn
            touched[number] = k
            number += 1
            rest -= drawn
            if rest == 0:
                return number
        before = cumulative[k]
        k += 1
    purpose = BEYOND_PERSON if beyond else DESTINATION_PERSON
    return _choose_each(
        rest, before, last, key, purpose, address, day, cumulative, guide, chosen, touched, number
    )
