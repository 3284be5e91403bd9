"""Trigger rules: when an alert is due."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, Self

from pydantic import Field, StrictStr, model_validator

from forewarn.scenario.model.quantity import Block, wrong

Measure = Literal["arrivals", "departures", "present"]
ANYWHERE: Final = "anywhere"
GRAMMAR: Final = (
    "arrivals | departures | present in PCODE or NAME > PEOPLE within DAYS days with probability > P"
)
EXAMPLE: Final = "arrivals in SY070301 > 50000 within 30 days with probability > 0.3"

_RULE: Final = re.compile(
    r"(arrivals|departures|present) in (?P<where>.+?) > (?P<people>[\d,]+) within (?P<days>\d+) days? "
    r"with probability > (?P<probability>0?\.\d+|0|1)"
)


class Rule(NamedTuple):
    """More than `people` of `measure` at `where` in `days`, with more than `probability`."""

    measure: Measure
    where: str
    people: int
    days: int
    probability: float


def read_rule(text: str) -> Rule | None:
    """Read a rule; nothing if it is not one.

    Examples
    --------
    >>> read_rule("arrivals in SY070301 > 50,000 within 30 days with probability > 0.3")
    Rule(measure='arrivals', where='SY070301', people=50000, days=30, probability=0.3)
    """
    match = _RULE.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    measure: Measure = match[1]  # type: ignore[assignment]
    return Rule(
        measure,
        match["where"].strip("\"'"),
        int(match["people"].replace(",", "")),
        int(match["days"]),
        float(match["probability"]),
    )


class Trigger(Block):
    """When an alert is due: a decision of whoever plans, not a finding."""

    name: StrictStr = Field(min_length=1, max_length=200, description="Unique name.")
    when: StrictStr = Field(description=f"Rule: {GRAMMAR}.")
    action: StrictStr = Field("", description="What is to be done then, in a sentence.")

    @model_validator(mode="after")
    def _readable(self) -> Self:
        rule = read_rule(self.when)
        if rule is None:
            raise wrong(f"the rule {self.when!r} is not understood", f"{GRAMMAR}; such as {EXAMPLE!r}")
        if rule.days < 1:
            raise wrong("the rule looks 0 days ahead", "1 day or more")
        return self

    @property
    def rule(self) -> Rule:
        """The rule, read."""
        found = read_rule(self.when)
        assert found is not None
        return found
