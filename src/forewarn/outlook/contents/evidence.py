"""Sources and assumptions of a scenario, as the page prints them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forewarn.outlook.format.values import day
from forewarn.scenario import tally
from forewarn.sources import ASSUMPTION, is_assumption

if TYPE_CHECKING:
    from forewarn.scenario import Scenario

LINKED = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Publication:
    """A source; `url` is empty unless it is a web address."""

    title: str
    publisher: str
    published: str
    kind: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class AssumptionUse:
    """Numbers that rest on one assumption."""

    why: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """What the scenario rests on."""

    sourced: int
    assumed: int
    publications: tuple[Publication, ...]
    assumptions: tuple[AssumptionUse, ...]

    @property
    def share_assumed(self) -> float:
        """Share of all numbers that are assumed."""
        return self.assumed / max(1, self.assumed + self.sourced)


def gather(scenario: Scenario) -> EvidenceSummary:
    """List publications and assumptions; assumptions with the same reason stand together."""
    counted = tally(scenario)
    grouped: dict[str, list[str]] = {}
    for assumption in counted.assumptions:
        grouped.setdefault(assumption.why, []).append(assumption.path)
    return EvidenceSummary(
        sourced=counted.sourced,
        assumed=counted.assumed,
        publications=tuple(
            Publication(
                title=source.title,
                publisher=source.publisher,
                published=day(source.published),
                kind=source.kind,
                # Anything else, such as javascript:, must not become a link.
                url=source.url if source.url.lower().startswith(LINKED) else "",
                note=source.note,
            )
            for source in scenario.sources.values()
        ),
        assumptions=tuple(AssumptionUse(why, tuple(paths)) for why, paths in grouped.items()),
    )


def named(scenario: Scenario, source: str) -> str:
    """Title, publisher and date of a source; an assumption in its own words."""
    if is_assumption(source):
        return f"Assumption: {source.removeprefix(ASSUMPTION).strip()}"
    found = scenario.sources.get(source)
    if found is None:
        return source
    return ", ".join(part for part in (found.title, found.publisher, day(found.published)) if part)
