"""The tables of an outlook as sheets: columns with type, meaning and tag, and rows of text.

One description serves the CSV files, the workbook and the data package, so that they cannot differ.
Column names follow the Humanitarian Data Exchange's HAPI where it has them; tags follow the HXL standard 1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from forewarn.outlook.contents.needs_standards import Group, Standard, groups, standards
from forewarn.outlook.format.suppression import blank_if_suppressed, is_suppressed
from forewarn.outlook.tables import tidy as tables

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView

Type = Literal["string", "integer", "number", "date", "boolean"]
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    name
        As in the header.
    type
        Of its cells; blank cells are allowed in every column.
    tag
        HXL hashtag with attributes.
    meaning
        In a sentence, with the unit.
    """

    name: str
    type: Type
    tag: str
    meaning: str


@dataclass(frozen=True, slots=True)
class OutlookSheet:
    """A table with its name, what it holds, and its rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def _place(prefix: str, tag: str, whose: str) -> tuple[Column, ...]:
    return (
        Column(
            f"{prefix}location_code", "string", f"#country+code{tag}", f"ISO 3166-1 alpha-3 code of {whose}"
        ),
        Column(f"{prefix}admin1_name", "string", f"#adm1+name{tag}", f"First-level region of {whose}"),
        Column(f"{prefix}pcode", "string", f"#loc+code{tag}", f"P-code of {whose}; may repeat"),
        Column(f"{prefix}place", "string", f"#loc+name{tag}", f"Name of {whose}"),
    )


_COURSE: Final = (
    Column("course", "string", "#event+course", "Course of events that the row supposes"),
    Column("probability_of_course", "number", "#indicator+probability", "Probability of the course, 0 to 1"),
)
_PERIOD: Final = (
    Column("reference_period_start", "date", "#date+start", "First day of the period"),
    Column("reference_period_end", "date", "#date+end", "Last day of the period"),
)


def _quantiles(name: str, tag: str, what: str) -> tuple[Column, ...]:
    rest = ((f"p{rank:02d}", f"{rank} % quantile") for rank in (5, 25, 75, 95))
    return (
        Column(f"{name}_median", "integer", f"{tag}+median", f"{what}: median of the futures of the course"),
        *(
            Column(f"{name}_{short}", "integer", f"{tag}+{short}", f"{what}: {words}")
            for short, words in rest
        ),
    )


_SUPPRESSED: Final = Column(
    "suppressed",
    "boolean",
    "#meta+suppressed",
    "Whether a number is blank because it, or what is left of a whole without it, is small",
)
_PEOPLE: Final = "#affected+idps"

BY_PLACE: Final = (
    *_place("", "", "the place"),
    *_COURSE,
    *_PERIOD,
    *_quantiles("population", _PEOPLE, "People"),
    _SUPPRESSED,
)
WITHIN: Final = _quantiles("within", f"{_PEOPLE}+within", "Of these, people who are within their own place")
"""They left home in the place and are still in it."""
BY_ROUTE: Final = (
    *_place("origin_", "+origin", "the place left"),
    *_place("destination_", "+dest", "the place reached"),
    *_COURSE,
    *_PERIOD,
    *_quantiles("population", _PEOPLE, "People"),
    _SUPPRESSED,
)
NEEDS: Final = (
    *_place("", "", "the place"),
    *_COURSE,
    *_PERIOD,
    Column("sector_code", "string", "#sector+code", "Sector: WSH, FSC, SHL; empty for people"),
    Column("item", "string", "#item+name", "What is needed, or people"),
    Column("unit", "string", "#item+unit", "Unit of the quantity"),
    Column("gender", "string", "#population+gender", "f or m; empty = all"),
    Column("age_range", "string", "#population+age", "Years of age; empty = all"),
    *_quantiles("quantity", "#inneed", "Quantity"),
    _SUPPRESSED,
)

SHARES: Final = (
    Column("level", "string", "#meta+level", "Level of areas: place, pcode, parent_pcode, area or zone"),
    Column("unit", "string", "#loc+name", "Name of the unit"),
    *_COURSE,
    Column("reference_period_end", "date", "#date+end", "Day of the shares, the last of the forecast"),
    Column(
        "share_mean",
        "number",
        "#indicator+share+mean",
        "Share of newly displaced people: mean of the futures",
    ),
    *(
        Column(each.name, "number", each.tag, each.meaning)
        for each in _quantiles("share", "#indicator+share", "Share of newly displaced people")
    ),
    Column(
        "level_astray",
        "number",
        "#indicator+astray",
        "Share of the people whom the futures put in another unit of the level than the mean shares do",
    ),
    Column("level_told", "boolean", "#meta+told", "Whether the page leads with this level in this course"),
)


def build_sheets(view: ForecastView) -> tuple[OutlookSheet, ...]:
    """Give all tables of an outlook; those by place of arrival only if it is known where people go."""
    scenario = view.scenario
    departures = OutlookSheet(
        "departures",
        "People leaving home at each place for the first time in the period",
        (*BY_PLACE, *WITHIN) if scenario.where_known else BY_PLACE,
        tuple(tables.departures(view)),
    )
    if not scenario.where_known:
        return (departures,)
    present = tables.present(view)
    needed = tables.present(view, suppress_below=0)
    return (
        OutlookSheet(
            "arrivals",
            "Newly displaced people arriving at each place in the period, repeat moves counted",
            BY_PLACE,
            tuple(tables.arrivals(view)),
        ),
        departures,
        OutlookSheet(
            "present",
            "Newly displaced people at each place on the day",
            (*BY_PLACE, *WITHIN),
            tuple(present),
        ),
        OutlookSheet(
            "shares",
            "Shares of newly displaced people by place and wider areas on the last day",
            SHARES,
            tuple(tables.shares(view)),
        ),
        OutlookSheet(
            "flows",
            "People who set out along each route, by direction, in the period",
            BY_ROUTE,
            tuple(tables.flows(view)),
        ),
        OutlookSheet(
            "needs",
            "What newly displaced people at each place need on the day (Sphere); people by sex and age",
            NEEDS,
            _needs(needed, standards(scenario), groups(scenario), view.suppress_below),
        ),
    )


def _needs(
    rows: list[dict[str, str]], wanted: tuple[Standard, ...], people: tuple[Group, ...], suppress_below: int
) -> tuple[Row, ...]:
    made: list[Row] = []
    for row in rows:
        counts = {name: int(row[name]) for name in tables.POPULATION}
        if not any(counts.values()):
            continue
        head = {name: row[name] for name in (*tables.PLACE, *tables.COURSE)}
        # The needs of a group whose number is suppressed must not give it away.
        shown = {name: count for name, count in counts.items() if not is_suppressed(count, suppress_below)}
        made.extend(_need(head, standard, counts, shown) for standard in wanted)
        made.extend(_group(head, group, counts, suppress_below) for group in people)
    return tuple(made)


def _quantity(name: str) -> str:
    return name.replace("population", "quantity")


def _need(head: Row, standard: Standard, counts: Mapping[str, int], shown: Mapping[str, int]) -> Row:
    numbers = {
        _quantity(name): str(standard.quantity(count)) if name in shown else ""
        for name, count in counts.items()
    }
    return {
        **head,
        "sector_code": standard.sector_code,
        "item": standard.item,
        "unit": standard.unit,
        "gender": "",
        "age_range": "",
        **numbers,
        "suppressed": "no" if len(shown) == len(counts) else "yes",
    }


def _group(head: Row, group: Group, counts: Mapping[str, int], suppress_below: int) -> Row:
    numbers = blank_if_suppressed(
        {_quantity(name): group.people(count) for name, count in counts.items()}, suppress_below
    )
    return {
        **head,
        "sector_code": "",
        "item": "people",
        "unit": "people",
        "gender": group.gender,
        "age_range": group.age_range,
        **numbers,
    }
