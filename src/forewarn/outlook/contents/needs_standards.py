"""What newly displaced people need: the Sphere Handbook's minimum standards, and who they are by sex and age.

Quantities follow from the number of newly displaced people at a place on a day; they leave out the people
who live there and need the same. Source of the standards: Sphere Association, The Sphere Handbook,
4th edition, 2018, ISBN 978-1-908176-707 (the table is ``data/outlook/standards.csv``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import ceil, floor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from forewarn.scenario import Scenario

SOURCE: Final = "Sphere Association, The Sphere Handbook, 4th edition, 2018"
SHELTERS: Final = "family shelters"
AGES: Final = {"0_4": "0-4", "5_17": "5-17", "18_59": "18-59", "60_plus": "60+"}
GENDERS: Final = {"female": "f", "male": "m"}


@dataclass(frozen=True, slots=True)
class Standard:
    """A minimum per person.

    Parameters
    ----------
    per_person
        In `unit` for one person.
    rounds_up
        Whether only whole ones help, such as latrines.
    """

    item: str
    sector_code: str
    unit: str
    per_person: float
    rounds_up: bool
    meaning: str

    def quantity(self, people: int) -> int:
        """Say how much so many people need, in whole units.

        Examples
        --------
        >>> Standard("latrines", "WSH", "latrines", 0.05, True, "").quantity(41)
        3
        """
        amount = round(people * self.per_person, 6)
        return ceil(amount) if self.rounds_up else floor(amount + 0.5)


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the people by sex and age, as a share of all."""

    gender: str
    age_range: str
    share: float

    def people(self, of: int) -> int:
        """Say how many of so many people are in it, half up."""
        return floor(of * self.share + 0.5)


@cache
def handbook() -> tuple[Standard, ...]:
    """Standards of the handbook, from the package's table."""
    text = (files("forewarn") / "data" / "outlook" / "standards.csv").read_text(encoding="utf-8")
    return tuple(
        Standard(
            item=row["item"],
            sector_code=row["sector_code"],
            unit=row["unit"],
            per_person=float(row["per_person"]),
            rounds_up=row["rounds_up"] == "yes",
            meaning=row["meaning"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def standards(scenario: Scenario) -> tuple[Standard, ...]:
    """Give all standards for a scenario: the handbook's, and shelters by the size of its households."""
    size = scenario.model.demographics.household_size.typical()
    meaning = f"One shelter for a household of {size:g}"
    return (*handbook(), Standard(SHELTERS, "SHL", "shelters", 1 / size, rounds_up=True, meaning=meaning))


def groups(scenario: Scenario) -> tuple[Group, ...]:
    """Give the scenario's shares by sex and age."""
    return tuple(_groups(scenario))


def _groups(scenario: Scenario) -> Iterator[Group]:
    for gender, short in GENDERS.items():
        for age, words in AGES.items():
            quantity = getattr(scenario.model.demographics, f"{gender}_{age}")
            yield Group(short, words, quantity.typical())
