"""One update of Idlib: a thousand members, twenty counts over sixty days."""

from __future__ import annotations

from forewarn.forecast import run
from forewarn.forecast.updating import Observation, Observations, update
from forewarn.scenario import load

DAYS = (10, 20, 30, 40, 60)
PLACES = ("Dana", "Salqin", "Idleb")


def counts(scenario):
    """Counts of one future of the first-stage course, without errors of their own."""
    future = run(scenario, members=len(scenario.courses), seed=99)
    names = [str(name) for name in future["place"].values]
    found = []
    for day in DAYS:
        left = int(future["left_home"].values[1, day, :-1].sum())
        found.append(Observation("displaced", "anywhere", tuple(names), 0, day, left, 0.1, day, ""))
        for place in PLACES:
            people = int(future["present"].values[1, day, names.index(place)])
            found.append(Observation("present", place, (place,), 0, day, people, 0.1, day, ""))
    return Observations(tuple(found))


def test_idlib_update(benchmark):
    scenario = load("idlib-2018")
    observed = counts(scenario)
    benchmark.pedantic(update, (scenario, observed), {"members": 1000, "seed": 1}, rounds=1)
