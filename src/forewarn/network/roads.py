"""Lists of routes → the arrays of roads that the kernel reads."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from forewarn.kernel.arrays import Roads

_ROWS_AT_ONCE = 512  # places whose distances are held as a dense block


def key_of(name: str) -> int:
    """Address of a name in random draws: the CRC-32 of its UTF-8 bytes.

    Examples
    --------
    >>> key_of("Idleb")
    3716022435
    """
    return zlib.crc32(name.encode())


def make_roads(
    names: Sequence[str],
    ends: NDArray[np.int64],
    km: NDArray[np.float64],
    crossing: NDArray[np.int64],
    *,
    pair_crossing: NDArray[np.int64],
    gated: NDArray[np.bool_],
    fear_km: float,
    attacked: NDArray[np.bool_] | None = None,
) -> Roads:
    """Index routes for the kernel.

    Parameters
    ----------
    names
        Names of the P places.
    ends
        (R, 2), places at the ends of each route.
    km
        (R,), length.
    crossing
        (R,), crossing that the route names, -1 for none.
    pair_crossing
        (Z, Z), crossing of all other roads between two zones, -1 for none.
    gated
        (R,), whether the route may come to be limited or leaking.
    fear_km
        Road distance beyond which nobody fears an attack.
    attacked
        (P,), whether a place may come under attack; without it, all may. What is near the others is left out.
    """
    number, routes = len(names), len(km)
    from_place = ends.T.reshape(-1)  # forth, then back
    to_place = ends[:, ::-1].T.reshape(-1)
    route = np.tile(np.arange(routes, dtype=np.int64), 2)
    direction = np.repeat(np.array([0, 1], dtype=np.int64), routes)
    gate_of = np.full((routes, 2), -1, dtype=np.int64)
    gate_of[gated] = np.arange(2 * int(gated.sum()), dtype=np.int64).reshape(-1, 2)
    order = np.lexsort((direction, route, from_place))
    start = np.searchsorted(from_place[order], np.arange(number + 1)).astype(np.int64)
    gate_route = np.repeat(np.flatnonzero(gated), 2).astype(np.int64)
    gate_near = ends[gated].reshape(-1)
    gate_far = ends[gated][:, ::-1].reshape(-1)
    near_start, near_place, near_km = _near(number, ends, km, fear_km, attacked)
    return Roads(
        start=start,
        place=to_place[order].astype(np.int64),
        route=route[order],
        direction=direction[order],
        km=km[route[order]],
        gate=gate_of[route, direction][order],
        ends=np.ascontiguousarray(ends, dtype=np.int64),
        crossing=crossing,
        pair_crossing=pair_crossing,
        gate_route=gate_route,
        gate_near=np.ascontiguousarray(gate_near, dtype=np.int64),
        gate_far=np.ascontiguousarray(gate_far, dtype=np.int64),
        gate_key=np.array(
            [
                key_of(f"{names[a]}>{names[b]}")
                for a, b in zip(gate_near.tolist(), gate_far.tolist(), strict=True)
            ],
            dtype=np.uint64,
        ),
        near_start=near_start,
        near_place=near_place,
        near_km=near_km,
    )


def _near(
    number: int,
    ends: NDArray[np.int64],
    km: NDArray[np.float64],
    limit_km: float,
    attacked: NDArray[np.bool_] | None,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Places within `limit_km` by road of each place that may be attacked, itself left out: index arrays."""
    longest_first = np.argsort(-km, kind="stable")  # of parallel routes the shortest is written last
    rows, columns = ends[longest_first, 0], ends[longest_first, 1]
    shortest = {(int(a), int(b)): float(d) for a, b, d in zip(rows, columns, km[longest_first], strict=True)}
    for (a, b), d in list(shortest.items()):
        shortest[a, b] = shortest[b, a] = min(d, shortest.get((b, a), d))
    pairs = np.array(list(shortest), dtype=np.int64).reshape(-1, 2)
    graph = csr_array((np.array(list(shortest.values())), (pairs[:, 0], pairs[:, 1])), shape=(number, number))
    sources = np.arange(number) if attacked is None else np.flatnonzero(attacked)
    counts = np.zeros(number, dtype=np.int64)
    places, distances = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for first in range(0, len(sources), _ROWS_AT_ONCE):
        block = sources[first : first + _ROWS_AT_ONCE]
        reached = dijkstra(graph, directed=True, indices=block, limit=limit_km)
        reached[np.arange(len(block)), block] = np.inf
        row, place = np.nonzero(np.isfinite(reached))
        counts[block] = np.bincount(row, minlength=len(block))
        places.append(place.astype(np.int64))
        distances.append(reached[row, place])
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return start, np.concatenate(places), np.concatenate(distances)
