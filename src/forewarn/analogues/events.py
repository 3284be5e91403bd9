"""The records of the reference class: past events, and warnings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

SCOPES: Final = ("place", "region", "country")
KINDS: Final = ("ground", "siege", "bombardment", "expulsion", "evacuation order")
EXITS: Final = ("open", "partial", "closed")
COLLECTED_AS: Final = ("false alarm", "warned offensive")


@dataclass(frozen=True, slots=True)
class PastOffensive:
    """One past offensive, siege or escalation, or one stage of it.

    Parameters
    ----------
    areas
        Names of the area that was attacked; each of them leaves the event out of a class.
    cluster
        Events of one cluster overlap in people: a city inside its campaign, stages of one campaign.
    scope, kind, exits
        One of `SCOPES`, `KINDS`, `EXITS`; kind and exits are empty where a user's table says nothing.
    population, displaced, crossed
        People who lived in the area when the attack began, who left because of it, and who crossed a
        border; None where no figure is known. Each figure has the day on which it was published.
    share_usable
        Whether both figures are for one area and from named sources.
    days_to_half
        Days from the start until half of the last count in the window was reached.
    """

    id: str
    name: str
    areas: tuple[str, ...]
    cluster: str
    start: date
    end: date
    scope: str
    kind: str
    exits: str
    population: float | None
    population_published: date
    displaced: float | None
    displaced_published: date
    share_usable: bool
    days_to_half: float | None
    days_published: date
    crossed: float | None
    crossed_published: date
    source: str = ""
    url: str = ""

    @property
    def window_days(self) -> int:
        """Days from the start to the end, at least 1."""
        return max(1, (self.end - self.start).days)

    def share(self, by: date | None = None) -> float | None:
        """Displaced people as a share of those exposed, if known from figures published by a day."""
        if not self.share_usable or self.population is None or self.displaced is None:
            return None
        if by is not None and max(self.population_published, self.displaced_published) > by:
            return None
        return self.displaced / self.population

    def days(self, by: date | None = None) -> float | None:
        """Days until half were displaced, if known from figures published by a day."""
        return None if by is not None and self.days_published > by else self.days_to_half

    def crossing(self, by: date | None = None) -> float | None:
        """Share of the displaced who crossed a border, if known from figures published by a day."""
        if self.crossed is None or not self.displaced:
            return None
        if by is not None and max(self.crossed_published, self.displaced_published) > by:
            return None
        return min(1.0, self.crossed / self.displaced)


@dataclass(frozen=True, slots=True)
class PastWarning:
    """One warning of an attack or an exodus, and what became of it.

    Parameters
    ----------
    collected_as
        Why it is in the table: one of `COLLECTED_AS`. Neither search was for warnings as such.
    figure
        People, the central published figure.
    attack_after_days
        Days from the warning to the attack, if one came; for an attack whose day is not known, the most
        that it can have been.
    no_attack_until
        Last day on which it is known that no attack had come, for warnings without one.
    speaks_of_attack
        False for warnings given when the attack was under way.
    displaced_without_attack
        People who moved after the warning without the attack.
    """

    id: str
    name: str
    areas: tuple[str, ...]
    cluster: str
    collected_as: str
    warned: date
    publisher: str
    figure: float | None
    outcome: str
    attack_after_days: int | None
    no_attack_until: date | None
    speaks_of_attack: bool
    displaced_without_attack: float | None
    displaced_published: date
    url: str = ""

    def lag(self, by: date) -> int | None:
        """Days from the warning to the attack, if it had come by a day."""
        if not self.speaks_of_attack or self.attack_after_days is None:
            return None
        came = self.warned + timedelta(days=self.attack_after_days)
        return self.attack_after_days if came <= by else None

    def quiet_days(self, by: date) -> int:
        """Days for which no attack was known to have come by a day; -1 if it warns of none."""
        if not self.speaks_of_attack:
            return -1
        until = self.no_attack_until
        if self.attack_after_days is not None:
            until = self.warned + timedelta(days=self.attack_after_days - 1)
        return (min(until, by) - self.warned).days if until else -1


class DatedCount(NamedTuple):
    """People displaced in an event by a day, and the day on which that was published."""

    day: date
    people: float
    published: date
