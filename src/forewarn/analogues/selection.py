"""Which events a forecast may use: ended and published by the day, and not of its own area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from forewarn.analogues.events import PastOffensive, PastWarning
from forewarn.analogues.reading import load_events, load_warnings
from forewarn.errors import ForewarnError, Problem, nearest


class EmptyClassError(ForewarnError):
    """Too few events are left to learn from."""


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Events that a forecast made on `as_of` may use (None: all that are known).

    Figures published later count as unknown: use `shares`, `days` and `crossings`, which pair each
    event with its figure.
    """

    events: tuple[PastOffensive, ...]
    as_of: date | None = None

    def shares(self) -> tuple[tuple[PastOffensive, float], ...]:
        """Events with their share displaced."""
        return _known((event, event.share(self.as_of)) for event in self.events)

    def days(self) -> tuple[tuple[PastOffensive, float], ...]:
        """Events with the days until half were displaced."""
        return _known((event, event.days(self.as_of)) for event in self.events)

    def crossings(self) -> tuple[tuple[PastOffensive, float], ...]:
        """Events with the share of the displaced who crossed a border."""
        return _known((event, event.crossing(self.as_of)) for event in self.events)


@dataclass(frozen=True, slots=True)
class WarningClass:
    """Warnings that a forecast made on `as_of` may use, followed up to that day."""

    warnings: tuple[PastWarning, ...]
    as_of: date


def select(
    *, as_of: date | None = None, leave_out: Sequence[str] = (), events: Sequence[PastOffensive] | None = None
) -> ReferenceClass:
    """Take the events that had ended by a day, those of given areas left out.

    Parameters
    ----------
    leave_out
        Names of areas, clusters or events, in any case; all events that carry the name are left out.
    events
        The table to take them from; by default the package's own.

    Raises
    ------
    EmptyClassError
        If nothing is left, for instance because the day is before the end of the first event.
    ForewarnError
        If a name in `leave_out` is in no row of the table.

    Examples
    --------
    >>> chosen = select(as_of=date(2018, 8, 30), leave_out=["Idlib"])
    >>> len(chosen.shares()), len(chosen.days())
    (23, 27)
    """
    table = load_events() if events is None else tuple(events)
    warned = load_warnings() if events is None else ()
    _check_names(leave_out, (*table, *warned))
    ended = [event for event in table if as_of is None or event.end <= as_of]
    if not ended:
        first = min(event.end for event in table)
        what = f"{as_of} is before the end of the first event"
        raise EmptyClassError(Problem("--as-of", what, f"{first} or a later day"))
    kept = tuple(event for event in ended if not _named(event, leave_out))
    if not kept:
        what = f"no event is left of {len(ended)}"
        raise EmptyClassError(Problem("--leave-out", what, remedy="Leave out less, or take a later day"))
    return ReferenceClass(kept, as_of)


def select_warnings(*, as_of: date | None = None, leave_out: Sequence[str] = ()) -> WarningClass:
    """Take the warnings given by a day, those of given areas left out; there may be none."""
    table = load_warnings()
    _check_names(leave_out, (*load_events(), *table))
    day = as_of or max(warning.no_attack_until or warning.warned for warning in table)
    return WarningClass(
        tuple(warning for warning in table if warning.warned <= day and not _named(warning, leave_out)), day
    )


def select_begun(*, as_of: date | None = None, leave_out: Sequence[str] = ()) -> ReferenceClass:
    """Take the events that had begun by a day, those of given areas left out; there may be none."""
    table = load_events()
    _check_names(leave_out, (*table, *load_warnings()))
    begun = (event for event in table if as_of is None or event.start <= as_of)
    return ReferenceClass(tuple(event for event in begun if not _named(event, leave_out)), as_of)


def _known(pairs: Iterable[tuple[PastOffensive, float | None]]) -> tuple[tuple[PastOffensive, float], ...]:
    return tuple((event, figure) for event, figure in pairs if figure is not None)


def _names(row: PastOffensive | PastWarning) -> set[str]:
    return {name.lower() for name in (row.id, row.cluster, *row.areas)}


def _named(row: PastOffensive | PastWarning, names: Iterable[str]) -> bool:
    return not _names(row).isdisjoint(name.strip().lower() for name in names)


def _check_names(names: Sequence[str], rows: Iterable[PastOffensive | PastWarning]) -> None:
    rows = tuple(rows)
    allowed = sorted({area for row in rows for area in row.areas})
    present = set[str]().union(*(_names(row) for row in rows))
    unknown = [name for name in names if name.strip().lower() not in present]
    if unknown:
        raise ForewarnError(
            Problem("--leave-out", f"no event of the class is in '{name}'", nearest(name, allowed))
            for name in unknown
        )
