"""What a check of a scenario has found so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from forewarn.errors import Problem, nearest
from forewarn.scenario.addressing.messages import Location, Origins
from forewarn.scenario.model.models import Scenario

LONGEST_LIST = 20


def listed(word: str, allowed: Sequence[str]) -> str:
    """List the allowed names, or the nearest of them if they are many."""
    names = list(dict.fromkeys(allowed))
    if len(names) > LONGEST_LIST:
        close = get_close_matches(word, names, n=3, cutoff=0.5)
        return f"one of {len(names)} names{', such as ' if close else ''}{', '.join(close)}"
    return nearest(word, names) if names else "none"


@dataclass(slots=True)
class Check:
    """A scenario under examination, and what was found."""

    scenario: Scenario
    origins: Origins
    root: Mapping[str, object]
    problems: list[Problem] = field(default_factory=list)

    def problem(self, location: Location, what: str, allowed: str = "", remedy: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(self.origins.where(location, self.root), what, allowed, remedy))

    def known(self, location: Location, kind: str, word: str, allowed: Sequence[str]) -> None:
        """Note a problem if `word` is none of the allowed names."""
        if word not in allowed:
            self.problem(location, f"unknown {kind} '{word}'", listed(word, allowed))

    def distinct(self, location: Location, kind: str, names: Iterable[str]) -> None:
        """Note a problem for each name that stands there more than once; the last one is reported."""
        named = list(names)
        for name, count in Counter(named).items():
            if count > 1:
                last = len(named) - 1 - named[::-1].index(name)
                self.problem((*location, last), f"the {kind} '{name}' is there {count} times",
                             remedy="Give each its own name")  # fmt: skip
