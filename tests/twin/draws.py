"""Section 1 of the model page: draws that are a pure function of their address."""

import math
import zlib
from collections.abc import Sequence
from itertools import count

Key = tuple[int, int]
Words = tuple[int, int, int, int]

WORD = 2**32
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)

# reading: the page gives no digits for the table; these are the ten values correctly rounded.
STIRLING_REST = (
    0.08106146679532726,
    0.0413406959554093,
    0.02767792568499834,
    0.020790672103765093,
    0.016644691189821193,
    0.013876128823070748,
    0.01189670994589177,
    0.010411265261972096,
    0.009255462182712733,
    0.00833056343336287,
)


def key_of(name: str) -> int:
    """Key of a place, a quantity or a gate: the CRC-32 of its name in UTF-8."""
    return zlib.crc32(name.encode("utf-8"))


def party_key(place_key: int, origin_key: int) -> int:
    """First key of purposes 11, 12, 16 and 17: where a party chooses, and its origin."""
    return (place_key + origin_key * 0x9E3779B9) % WORD


def philox(counter: Words, key: Key) -> Words:
    """Philox4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405)."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = divmod(MULTIPLIERS[0] * c0, WORD)
        high1, low1 = divmod(MULTIPLIERS[1] * c2, WORD)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + KEY_STEPS[0]) % WORD, (k1 + KEY_STEPS[1]) % WORD
    return c0, c1, c2, c3


def words(
    key: Key, purpose: int, c1: int, c2: int = 0, day: int = 0, index: int = 0, attempt: int = 0
) -> Words:
    """Four random words of one address."""
    return philox(((purpose + 256 * attempt) % WORD, c1, c2, (day + 65536 * index) % WORD), key)


def uniforms(
    key: Key, purpose: int, c1: int, c2: int = 0, day: int = 0, index: int = 0, attempt: int = 0
) -> tuple[float, float]:
    """Two uniforms in [0, 1) of one address."""
    w0, w1, w2, w3 = words(key, purpose, c1, c2, day, index, attempt)
    first = ((w0 >> 5) * 2**26 + (w1 >> 6)) / 2**53
    second = ((w2 >> 5) * 2**26 + (w3 >> 6)) / 2**53
    return first, second


def binomial(
    n: int, p: float, key: Key, purpose: int, c1: int, c2: int = 0, day: int = 0, index: int = 0
) -> int:
    """How many of `n` people do what each does with chance `p`."""
    if n <= 0 or p <= 0:
        return 0
    if p >= 1:
        return n
    address = (key, purpose, c1, c2, day, index)
    if p > 0.5:
        return n - binomial(n, 1 - p, *address)
    if n * p < 10:
        return _by_inversion(n, p, address)
    return _by_rejection(n, p, address)


def _by_inversion(n: int, p: float, address: tuple) -> int:
    q = 1 - p
    most = int(min(n, n * p + 10 * math.sqrt(n * p * q + 1)))
    for attempt in count():
        u, _ = uniforms(*address, attempt=attempt)
        k = 0
        r = math.exp(n * math.log1p(-p))
        while u > r and k <= most:
            u -= r
            k += 1
            # reading: from left to right, then into r.
            r *= (n - k + 1) * (p / q) * (1 / k)
        if k <= most:
            return k
    raise AssertionError


def _by_rejection(n: int, p: float, address: tuple) -> int:
    """Hörmann's BTRS (1993, doi:10.1080/00949659308811496)."""
    q = 1 - p
    s = math.sqrt(n * p * q)
    b = 1.15 + 2.53 * s
    a = -0.0873 + 0.0248 * b + 0.01 * p
    c = n * p + 0.5
    quick = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * s
    for attempt in count():
        first, v = uniforms(*address, attempt=attempt)
        u = first - 0.5
        us = 0.5 - abs(u)
        if us == 0:
            continue
        k = math.floor((2 * a / us + b) * u + c)
        if us >= 0.07 and v <= quick:
            return k
        if k < 0 or k > n:
            continue
        if v * alpha <= (a / (us * us) + b) * _ratio(n, p, k):
            return k
    raise AssertionError


def _ratio(n: int, p: float, k: int) -> float:
    """Chance of `k` over that of the mode `m`."""
    m = math.floor((n + 1) * p)
    rho = p / (1 - p)
    if abs(k - m) <= 20:
        steps = range(min(k, m) + 1, max(k, m) + 1)
        above = math.prod((n - i + 1) * rho for i in steps)
        below = float(math.prod(float(i) for i in steps))
        return above / below if k > m else below / above
    return math.exp(
        (m + 0.5) * math.log((m + 1) / (rho * (n - m + 1)))
        + (n + 1) * math.log((n - m + 1) / (n - k + 1))
        + (k + 0.5) * math.log(rho * (n - k + 1) / (k + 1))
        + stirling_rest(m)
        + stirling_rest(n - m)
        - stirling_rest(k)
        - stirling_rest(n - k)
    )


def stirling_rest(k: int) -> float:
    """What Stirling's formula leaves of log k!, δ(k) of the page."""
    if k <= 9:
        return STIRLING_REST[k]
    x = k + 1
    return (1 / 12 - (1 / 360 - 1 / 1260 / (x * x)) / (x * x)) / x


def shares(total: int, counts: Sequence[int]) -> list[int]:
    """Whole-number shares of `total` things over cells with `counts`."""
    everybody = sum(counts)
    found = []
    before = 0
    running = 0
    for cell in counts:
        running += cell
        after = total * running // everybody if everybody else 0
        found.append(after - before)
        before = after
    return found
