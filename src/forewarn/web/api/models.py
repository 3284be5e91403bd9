"""What the JSON interface takes and gives, for its description."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from forewarn.web.service.levers import Levers
from forewarn.web.service.limits import MOST_DOCUMENT_BYTES, MOST_TABLE_BYTES

Digest = Annotated[
    str, Field(pattern="^[0-9a-f]{64}$", description="Digest of an entry, 64 hexadecimal digits.")
]


class ProblemOut(BaseModel):
    """One thing that is wrong: where, what was found, what is allowed, what to do."""

    where: str
    what: str
    allowed: str = ""
    remedy: str = ""


class Problems(BaseModel):
    """Everything that is wrong."""

    problems: list[ProblemOut]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ScenarioIn(_In):
    """A scenario as text."""

    document: str = Field(
        max_length=MOST_DOCUMENT_BYTES, description="scenario.yaml, its tables written in it."
    )


class ReportIn(_In):
    """A report as text."""

    text: str = Field(max_length=MOST_DOCUMENT_BYTES)
    name: str = Field("report", min_length=1, max_length=120, description="What to call it.")
    issued: date | None = Field(None, description="Day it was published.")


class CountsIn(_In):
    """Counts as a CSV table."""

    table: str = Field(
        max_length=MOST_TABLE_BYTES, description="Columns date, place, measure, people; docs/updating.md."
    )


class WhatIfIn(_In):
    """What is changed."""

    levers: Levers = Field(default_factory=Levers)


class ReportRead(BaseModel):
    """What was read in a report."""

    reading: dict[str, Any]


class JobOut(BaseModel):
    """How a job stands."""

    id: str
    kind: str
    title: str
    scenario: str
    state: str = Field(description="queued, running, done, stopped, failed or interrupted")
    position: int = Field(description="Place in the queue, from 1; 0 unless it is queued.")
    done: int
    total: int
    created: str
    finished: str
    problems: list[ProblemOut]
    result: dict[str, Any]


class FileOut(BaseModel):
    """A file of an outlook."""

    name: str
    bytes: int
    content: str = Field(description="What is in it.")
