"""Flee's ``out.csv`` of a run (FLEE.md, 1.2): the columns that existing tools read."""

from __future__ import annotations

from datetime import timedelta

from forewarn.csvfiles import csv_text
from forewarn.flee.counts import DailyCounts
from forewarn.flee.running import FleeResult
from forewarn.kernel.flee.arrays import SPAWN_GIVEN


def out_csv(result: FleeResult, counts: DailyCounts, *, member: int = 0, faults: bool = False) -> str:
    """Write one member as Flee prints it.

    Parameters
    ----------
    result
        From `forewarn.flee.running.run`.
    counts
        Registrations by day, the ``data`` columns.
    member
        Which member.
    faults
        Date each row one day late, and leave out registered totals where conflict or floods displace, as Flee
        does (FLEE.md, 1.13, 6 and 10).
    """
    directory = result.world.directory
    at = [directory.names.index(camp) for camp in counts.camps]
    present = result.present[member]
    everybody = int(result.world.places.initial.sum()) + result.spawned[member].sum(axis=1).cumsum()
    has_totals = not faults or result.world.rules.spawn_mode == SPAWN_GIVEN
    rows: list[list[object]] = []
    head = ["Day", "Date"]
    for camp in counts.camps:
        head += [f"{camp} sim", f"{camp} data", f"{camp} error"]
    rows.append(
        [*head, "Total error", "refugees in camps (UNHCR)", "total refugees (simulation)",
         "raw UNHCR refugee count", "refugees in camps (simulation)", "refugee_debt"]
    )  # fmt: skip
    for day in range(len(present)):
        cells: list[object] = [day, directory.start + timedelta(days=day + int(faults))]
        missed = 0
        for column, place in enumerate(at):
            simulated, data = int(present[day, place]), int(counts.people[day, column])
            missed += abs(simulated - data)
            cells += [simulated, data, round(abs(simulated / data - 1), 4) if data else 0.0]
        raw, in_camps = int(counts.raw[day]), int(present[day, at].sum())
        if raw > 0 and has_totals:
            registered = int(counts.people[day].sum())
            cells += [
                round(missed / raw, 4),
                registered,
                int(everybody[day]),
                raw,
                in_camps,
                int(counts.debt[day]),
            ]
        else:
            cells += [0.0, 0, int(everybody[day]), 0, in_camps, 0]
        rows.append(cells)
    return csv_text(rows)
