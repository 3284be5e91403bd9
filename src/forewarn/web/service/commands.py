"""The line that repeats on the command line what a page shows."""

from __future__ import annotations

import shlex

from forewarn.scenario import Scenario
from forewarn.web.service.levers import Levers, changes
from forewarn.web.service.workspace import WorkspaceScenario


def file_of(entry: WorkspaceScenario) -> str:
    """Give what the command line is told: a bundled name, or the file that the page of downloads gives."""
    return entry.id if entry.origin == "bundled" else f"{entry.id}.yaml"


def outlook_command(entry: WorkspaceScenario, *, members: int, seed: int) -> str:
    """Write the command that makes a forecast."""
    return f"forewarn outlook {file_of(entry)} {_ensemble(members, seed)}"


def update_command(entry: WorkspaceScenario, *, members: int, seed: int) -> str:
    """Write the command that learns from the counts in ``counts.csv``."""
    return f"forewarn update {file_of(entry)} counts.csv {_ensemble(members, seed)}"


def compare_command(
    entry: WorkspaceScenario, levers: Levers, scenario: Scenario, *, members: int, seed: int
) -> str:
    """Write the command that makes a comparison; empty if there is none: nothing changed, or a new camp."""
    wanted = changes(levers, scenario)
    if not wanted or levers.camps:
        return ""
    changed = " ".join(f"--with {shlex.quote(each)}" for each in wanted)
    return f"forewarn compare {file_of(entry)} {changed} {_ensemble(members, seed)}"


def _ensemble(members: int, seed: int) -> str:
    return f"--members {members} --seed {seed}"
