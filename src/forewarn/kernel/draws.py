"""Addressed random draws: a draw is a pure function of where and when it is made.

There is no generator that is passed around, so that a change at one place or on one day reshuffles
luck nowhere else, and member *k* alone equals member *k* of any ensemble.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from forewarn.kernel.arrays import FIRST, NONE, Floats, Keys
from forewarn.kernel.compiling import compiled

# What a draw is for; the first word of its address. docs/model.md, section 1.
QUANTITY = np.uint64(1)
PLACE_FLIGHT = np.uint64(2)
PLACE_PULL = np.uint64(3)
STAGE_REACHES = np.uint64(4)
MOVERS = np.uint64(5)
FLIGHT = np.uint64(6)
FLIGHT_FROM_FEAR = np.uint64(7)
BACKGROUND = np.uint64(8)
BACKGROUND_FROM_WARNING = np.uint64(9)
SECONDARY = np.uint64(10)
DESTINATION = np.uint64(11)
DESTINATION_PERSON = np.uint64(12)
PASS = np.uint64(13)
GIVE_UP = np.uint64(14)
RETURN = np.uint64(15)
BEYOND = np.uint64(16)
BEYOND_PERSON = np.uint64(17)
SECONDARY_TOTAL = np.uint64(18)
SECONDARY_PERSON = np.uint64(19)
COUNTED = np.uint64(20)
COUNTING_ERROR = np.uint64(21)
AT_ONCE_MOVERS = np.uint64(22)
SECONDARY_WITHIN = np.uint64(23)
STAY_WITHIN = np.uint64(24)
AREA_PULL = np.uint64(25)

# Parts of an address that are not used; typed, so that each function is compiled once.
NOBODY = np.uint64(0)

_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)

_INVERSION_BELOW = 10.0  # expected successes; below it searching from 0 is faster than rejection

_NEAR_MODE = 20  # steps from the mode within which multiplying is faster than three logarithms

# 1/k as far as inversion can search: 10 expected and ten standard deviations more.
_INVERSE = np.array([0.0] + [1.0 / k for k in range(1, 64)])

# log k! less Stirling's main term, k = 0..9 (computed from math.lgamma to 17 digits).
_STIRLING_TAIL = np.array(
    [
        math.lgamma(k + 1.0) - ((k + 0.5) * math.log(k + 1.0) - (k + 1.0) + 0.5 * math.log(2.0 * math.pi))
        for k in range(10)
    ]
)


@compiled
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox4x32-10 of a counter (four words) under a key (two words), all held in uint64.

    Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3",
    doi:10.1145/2063384.2063405.
    """
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0 = (product_1 >> _32) ^ c1 ^ k0
        c1 = product_1 & _LOW
        c2 = (product_0 >> _32) ^ c3 ^ k1
        c3 = product_0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@compiled
def words(
    key: Keys, purpose: np.uint64, place: np.uint64, other: np.uint64, day: int, index: int, attempt: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four random words of 32 bits at an address.

    `key` is (2,) uint64; `place` and `other` are 32-bit keys; `purpose` < 256, `day` < 65536,
    `index` < 65536.
    """
    return philox(
        np.uint64(purpose) + (np.uint64(attempt) << np.uint64(8)),
        np.uint64(place),
        np.uint64(other),
        np.uint64(day) + (np.uint64(index) << np.uint64(16)),
        key[0],
        key[1],
    )


@compiled
def fill_words(
    key: Keys, purpose: np.uint64, place: np.uint64, day: int, first: int, table: NDArray[np.uint32]
) -> None:
    """Write the words of the addresses whose second keys are `first`, `first` + 1, … into `table`, (n,) uint32.

    In one loop without branches, which processors run for several addresses at once.
    """
    for block in range(table.size // 4):
        w0, w1, w2, w3 = words(key, purpose, place, np.uint64(first + block), day, FIRST, FIRST)
        table[4 * block] = w0
        table[4 * block + 1] = w1
        table[4 * block + 2] = w2
        table[4 * block + 3] = w3


@compiled
def uniforms(
    key: Keys, purpose: np.uint64, place: np.uint64, other: np.uint64, day: int, index: int, attempt: int
) -> tuple[float, float]:
    """Two uniforms in [0, 1) with 53 bits at an address."""
    w0, w1, w2, w3 = words(key, purpose, place, other, day, index, attempt)
    scale = 1.0 / 9007199254740992.0
    # Signed, because processors turn signed integers into floats in one step; the values are the same.
    first = np.float64(np.int64((w0 >> np.uint64(5)) * np.uint64(67108864) + (w1 >> np.uint64(6)))) * scale
    second = np.float64(np.int64((w2 >> np.uint64(5)) * np.uint64(67108864) + (w3 >> np.uint64(6)))) * scale
    return first, second


@compiled
def _stirling_tail(k: int) -> float:
    if k <= 9:
        return _STIRLING_TAIL[k]
    x = k + 1.0
    square = x * x
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / x


@compiled
def log_rest(p: float) -> float:
    """Log of the greater of p and 1 - p: made once for many draws with one chance."""
    return math.log1p(-min(p, 1.0 - p))


@compiled
def _binomial_by_inversion(
    n: int,
    p: float,
    log_q: float,
    key: Keys,
    purpose: np.uint64,
    place: np.uint64,
    other: np.uint64,
    day: int,
    index: int,
) -> int:
    q = 1.0 - p
    at_zero = math.exp(n * log_q)
    odds = p / q
    attempt = FIRST
    while True:
        u, _ = uniforms(key, purpose, place, other, day, index, attempt)
        if u <= at_zero:
            return NONE
        mean = n * p
        bound = int(min(float(n), mean + 10.0 * math.sqrt(mean * q + 1.0)))
        chance = at_zero
        k = NONE
        while u > chance and k <= bound:
            u -= chance
            k += 1
            chance *= (n - k + 1) * odds * _INVERSE[k]
        if k <= bound:
            return k
        attempt += 1


@compiled
def _height(k: int, mode: int, n: int, odds: float) -> float:
    """Chance of `k` over that of the mode: by its factors near the mode, else by Stirling's formula."""
    if abs(k - mode) <= _NEAR_MODE:
        above = 1.0
        below = 1.0
        for i in range(min(k, mode) + 1, max(k, mode) + 1):
            above *= (n - i + 1) * odds
            below *= i
        return above / below if k > mode else below / above
    return math.exp(
        (mode + 0.5) * math.log((mode + 1.0) / (odds * (n - mode + 1.0)))
        + (n + 1.0) * math.log((n - mode + 1.0) / (n - k + 1.0))
        + (k + 0.5) * math.log(odds * (n - k + 1.0) / (k + 1.0))
        + _stirling_tail(mode)
        + _stirling_tail(n - mode)
        - _stirling_tail(k)
        - _stirling_tail(n - k)
    )


@compiled
def _binomial_by_rejection(
    n: int, p: float, key: Keys, purpose: np.uint64, place: np.uint64, other: np.uint64, day: int, index: int
) -> int:
    q = 1.0 - p
    spread = math.sqrt(n * p * q)
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    centre = n * p + 0.5
    v_squeeze = 0.92 - 4.2 / b
    attempt = FIRST
    while True:
        u, v = uniforms(key, purpose, place, other, day, index, attempt)
        attempt += 1
        u -= 0.5
        us = 0.5 - abs(u)
        if us == 0.0:
            continue
        k = int(math.floor((2.0 * a / us + b) * u + centre))
        if us >= 0.07 and v <= v_squeeze:
            return k
        if k < 0 or k > n:
            continue
        alpha = (2.83 + 5.1 / b) * spread
        mode = int(math.floor((n + 1) * p))
        if v * alpha <= (a / (us * us) + b) * _height(k, mode, n, p / q):
            return k


@compiled
def binomial_again(
    n: int,
    p: float,
    log_q: float,
    key: Keys,
    purpose: np.uint64,
    place: np.uint64,
    other: np.uint64,
    day: int,
    index: int,
) -> int:
    """Draw as `binomial` does, for one of many draws with one chance, `log_q` being its `log_rest`."""
    if n <= 0 or p <= 0.0:
        return NONE
    if p >= 1.0:
        return n
    small = p if p <= 0.5 else 1.0 - p
    if n * small < _INVERSION_BELOW:
        k = _binomial_by_inversion(n, small, log_q, key, purpose, place, other, day, index)
    else:
        k = _binomial_by_rejection(n, small, key, purpose, place, other, day, index)
    return k if p <= 0.5 else n - k


@compiled
def binomial(
    n: int, p: float, key: Keys, purpose: np.uint64, place: np.uint64, other: np.uint64, day: int, index: int
) -> int:
    """Whole number of `n` people of whom each is drawn with chance `p`, exactly, at an address.

    Inversion where few are expected, otherwise Hörmann's BTRS (1993),
    doi:10.1080/00949659308811496.
    """
    log_q = 0.0
    if 0.0 < p < 1.0 and n * min(p, 1.0 - p) < _INVERSION_BELOW:
        log_q = log_rest(p)
    return binomial_again(n, p, log_q, key, purpose, place, other, day, index)


@compiled
def uniform_table(keys: Keys, purpose: np.uint64, places: Keys, other: np.uint64, table: Floats) -> None:
    """Write both uniforms of many addresses on day 0 into `table`, (members, places, 2).

    `keys` is (members, 2) and `places` (places,), uint64.
    """
    for member in range(keys.shape[0]):
        for i in range(places.size):
            first, second = uniforms(keys[member], purpose, places[i], other, FIRST, FIRST, FIRST)
            table[member, i, 0] = first
            table[member, i, 1] = second
