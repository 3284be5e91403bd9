"""How many of a group of people choose each of the places that they can go to."""

from __future__ import annotations

import numpy as np

from forewarn.kernel.arrays import CHANCES, FIRST, NONE, PERSONS, WORDS, Floats, Keys, Scratch, Small
from forewarn.kernel.compiling import inlined
from forewarn.kernel.draws import (
    BEYOND,
    BEYOND_PERSON,
    DESTINATION,
    DESTINATION_PERSON,
    binomial_again,
    fill_words,
    log_rest,
)
from forewarn.kernel.native.routing import first_above

_ORIGIN_STRIDE = np.uint64(0x9E3779B9)  # keeps the addresses of different origins at a place apart
_WORD = np.uint64(0xFFFFFFFF)


@inlined
def _choose_each(
    people: int,
    before: float,
    last: int,
    key: Keys,
    purpose: np.uint64,
    source: np.uint64,
    day: int,
    cumulative: Floats,
    guide: Small,
    scratch: Scratch,
    number: int,
) -> int:
    """Draw the destination of each person by a word of 32 bits; return how many options have been touched."""
    chosen, touched, words = scratch.chosen, scratch.touched, scratch.words
    total = cumulative[last]
    unit = (total - before) * (1.0 / 4294967296.0)
    steps = guide.size / total
    drawn = scratch.drawn[PERSONS]
    for person in range(drawn, drawn + people):
        i = person & (WORDS - 1)
        if i == 0:
            fill_words(key, purpose, source, day, person // 4, words)
        level = before + np.float64(words[i]) * unit
        k = first_above(level, steps, cumulative, last, guide)
        touched[number] = k
        number += 1 if chosen[k] == 0 else 0
        chosen[k] += 1
    scratch.drawn[PERSONS] = drawn + people
    return number


@inlined
def _make_chance(k: int, last: int, cumulative: Floats, scratch: Scratch) -> None:
    """Chance of option `k` for those who chose none before it: made when a group at the place first asks."""
    if k == scratch.drawn[CHANCES]:
        before = cumulative[k - 1] if k > 0 else 0.0
        scratch.chance[k] = (cumulative[k] - before) / (cumulative[last] - before)
        scratch.log_rest[k] = log_rest(scratch.chance[k])
        scratch.drawn[CHANCES] = k + 1


@inlined
def choose(
    people: int,
    last: int,
    beyond: bool,
    key: Keys,
    source: np.uint64,
    origin: np.uint64,
    day: int,
    goals: Small,
    place_keys: Keys,
    cumulative: Floats,
    guide: Small,
    scratch: Scratch,
) -> int:
    """Draw how many of a group choose each option; return how many options somebody chose.

    One binomial for each option while many are left, then person by person: the same distribution. `source`
    and `origin` are the keys of the place and of where the group left home. Those who choose one by one share
    the words of the place, which `scratch.drawn` counts; it is 0 before the first group of a place.
    """
    address = (source + origin * _ORIGIN_STRIDE) & _WORD
    chosen, touched = scratch.chosen, scratch.touched
    purpose = BEYOND if beyond else DESTINATION
    number = NONE
    rest = people
    before = 0.0
    k = FIRST
    while rest > last - k:
        drawn = rest
        if k < last:
            _make_chance(k, last, cumulative, scratch)
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
    return _choose_each(rest, before, last, key, purpose, source, day, cumulative, guide, scratch, number)
