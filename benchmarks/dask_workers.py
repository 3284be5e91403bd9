"""How much faster two Dask workers are than one: `python benchmarks/dask_workers.py [members]`.

The job should take a minute or more on one worker. Workers are processes with one thread each, warmed up
beforehand, so that compiling and importing are not counted.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from dask.distributed import Client, LocalCluster

from forewarn.forecast.running import run
from forewarn.scenario import load


def seconds(workers: int, members: int) -> tuple[float, np.ndarray]:
    """Wall time of a forecast on so many workers, and its movements for comparison."""
    scenario = load("idlib-2018")
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        run(scenario, members=40 * workers, seed=2, executor=client)
        start = time.perf_counter()
        forecast = run(scenario, members=members, seed=1, executor=client)
        return time.perf_counter() - start, forecast["movements"].values


def main(members: int) -> None:
    """Measure one worker, then two."""
    one, first = seconds(1, members)
    two, second = seconds(2, members)
    if not np.array_equal(first, second):
        raise SystemExit("results differ between one worker and two")
    sys.stdout.write(f"{members} members: {one:.1f} s, {two:.1f} s, {one / two:.2f} times as fast\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2800)
