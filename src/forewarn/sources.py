"""Where a number comes from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

ASSUMPTION = "assumption:"

SourceKind = Literal["report", "data", "press", "plan", "analysis", "reference"]


def last_day(published: object) -> object:
    """Read a day, a month (``2018-05``) or a year (``2018``) as its last day.

    A figure of "May 2018" was not yet known on 30 April, and only surely known on the 31st.
    """
    if isinstance(published, int) and not isinstance(published, bool):
        published = str(published)
    if not isinstance(published, str):
        return published
    parts = published.split("-")
    if len(parts) == 1 and len(published) == 4 and published.isdigit():
        return date(int(published), 12, 31)
    if len(parts) == 2 and all(part.isdigit() for part in parts) and 1 <= int(parts[1]) <= 12:
        year, month = int(parts[0]), int(parts[1])
        first_of_next = date(year + month // 12, month % 12 + 1, 1)
        return first_of_next - timedelta(days=1)
    return published


class Source(BaseModel):
    """A publication that numbers are taken from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1)
    publisher: str = ""
    published: Annotated[date, BeforeValidator(last_day)]
    url: str = ""
    kind: SourceKind
    note: str = ""

    def known_by(self, issued: date) -> bool:
        """Whether a forecast made on `issued` may use it.

        Static geography (`kind` is ``reference``) is known at any date.
        """
        return self.kind == "reference" or self.published <= issued


def is_assumption(source: str) -> bool:
    """Whether `source` is an assumption and not a publication."""
    return source.startswith(ASSUMPTION)
