"""How long this tree takes in relation to an earlier revision, in one run on one machine.

    python benchmarks/ratios.py [REVISION] [WORK …]

REVISION is what to compare with (by default b0772fa, version 0.1.0), WORK some of the works below (by default
all). Both trees run each work by turns, in new processes, the quick ones several times of which the least
processor time counts. A line for each work is added to benchmarks/history.csv, so that a commit that made it
slower is seen.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
HISTORY: Final = ROOT / "benchmarks" / "history.csv"
COLUMNS: Final = ("date", "commit", "against", "work", "seconds", "seconds_against", "ratio")
FIRST_VERSION: Final = "b0772fa"

_SET_UP: Final = """
import sys, time
import numpy as np
from forewarn.forecast.members import run_members
from forewarn.network import build
from forewarn.scenario import explicit, load, resolve
def staged(times, draws):
    document = explicit(load("idlib-2018"))
    for place in document["places"]:
        place["residents"] *= times
        place["displaced"] *= times
    scenario = resolve(document)
    names = [course.name for course in scenario.courses]
    members = names.index("staged") + len(names) * np.arange(draws)
    return scenario, build(scenario), 1, members
def least(work, rounds):
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        run_members(*work)
        taken.append((time.process_time() - start) / len(work[3]))
    return min(taken)
"""

WORKS: Final = {
    "member": "work = staged(1, 12); run_members(*work[:3], work[3][:1]); print(least(work, 6))",
    "hundred": "work = staged(100, 2); run_members(*work[:3], work[3][:1]); print(least(work, 3))",
    "large": """
sys.path.insert(0, "benchmarks")
from test_large import large_scenario
scenario = large_scenario()
run_members(*staged(1, 1))
print(least((scenario, build(scenario), 1, np.array([0])), 1))
""",
    "compile": """
work = staged(1, 1)
start = time.process_time()
run_members(*work)
print(time.process_time() - start)
""",
    "outlook": """
import resource, subprocess, tempfile
def used():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
with tempfile.TemporaryDirectory() as folder:
    command = [sys.executable, "-m", "forewarn.cli", "outlook", "idlib-2018", "--output"]
    subprocess.run([*command, folder + "/first", "--members", "8"], check=True, capture_output=True)
    before = used()
    subprocess.run([*command, folder + "/outlook"], check=True, capture_output=True)
print(used() - before)
""",
}
"""Python that prints processor seconds: a member of the staged offensive, the same with a hundred times the
people, a member of 20,000 places, the first run after an installation, and a whole outlook."""

ROUNDS: Final = {"member": 4, "hundred": 2, "large": 1, "compile": 1, "outlook": 1}


def seconds(tree: Path, work: str, cache: Path) -> float:
    """Processor time of a work in a tree."""
    folder = cache / "new" if work == "compile" else cache
    environment = os.environ | {"PYTHONPATH": str(tree / "src"), "NUMBA_CACHE_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", _SET_UP + WORKS[work]],
        cwd=tree, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout.split()[-1])


def commit_of(tree: Path) -> str:
    """Short name of what is checked out; with a plus if it has been edited since."""
    name = _git(tree, "rev-parse", "--short", "HEAD")
    return name + ("+" if _git(tree, "status", "--porcelain", "--", "src") else "")


def _git(tree: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", tree, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


def main(revision: str = FIRST_VERSION, *wanted: str) -> None:
    """Compare, print and keep."""
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        other = Path(temporary) / "tree"
        _git(ROOT, "worktree", "add", "--detach", str(other), revision)
        try:
            trees = {"ours": ROOT, "theirs": other}
            caches = {name: Path(temporary) / name for name in trees}
            for work in wanted or WORKS:
                taken: dict[str, list[float]] = {name: [] for name in trees}
                for _ in range(ROUNDS[work]):
                    for name, tree in trees.items():
                        taken[name].append(seconds(tree, work, caches[name]))
                ours, theirs = min(taken["ours"]), min(taken["theirs"])
                print(f"{work:8s} {ours:8.3f} s against {theirs:8.3f} s: {ours / theirs:.2f}", flush=True)
                numbers = (f"{ours:.4g}", f"{theirs:.4g}", f"{ours / theirs:.3f}")
                rows.append((datetime.now(UTC).date(), commit_of(ROOT), revision, work, *numbers))
        finally:
            _git(ROOT, "worktree", "remove", "--force", str(other))
    is_new = not HISTORY.exists()
    with HISTORY.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS] * is_new + rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
