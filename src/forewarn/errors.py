"""The errors of Forewarn: where, what was found, what is allowed, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    Parameters
    ----------
    where
        File and line, or key of a document, such as ``places.csv, line 7, km`` or
        ``courses[staged].stages[city].kind``.
    what
        What was found there.
    allowed
        What may stand there; empty if `what` already says so.
    remedy
        What to do; empty if it is plain.
    """

    where: str
    what: str
    allowed: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}"]
        if self.allowed:
            parts.append(f"Allowed: {self.allowed}")
        if self.remedy:
            parts.append(self.remedy)
        text = ". ".join(part.rstrip(".") for part in parts)
        return text if text.endswith("?") else f"{text}."


class ForewarnError(ValueError):
    """Something is wrong with what was given to Forewarn.

    All problems of a phase are collected and raised at once; `problems` lists them.
    """

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = found
        super().__init__("\n".join(str(problem) for problem in found))


class ScenarioError(ForewarnError):
    """A scenario document breaks a rule."""


class ChangeError(ForewarnError):
    """A change asked for in a comparison does not fit the scenario."""


class UsageError(ForewarnError):
    """A command or function was called in a way that makes no sense."""

    exit_code = 2


class MissingPartError(ForewarnError):
    """A part of the system that the call needs is not installed or not running."""

    exit_code = 3


def nearest(word: str, allowed: Sequence[str]) -> str:
    """Say which allowed word is meant, or list them all.

    Examples
    --------
    >>> nearest("pcod", ["name", "pcode"])
    "name, pcode. Did you mean 'pcode'?"
    """
    listed = ", ".join(allowed)
    close = get_close_matches(word, allowed, n=1, cutoff=0.6)
    return f"{listed}. Did you mean '{close[0]}'?" if close else listed
