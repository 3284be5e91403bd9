"""Figures as rows in the fields that analysts of displacement key in."""

from __future__ import annotations

from collections.abc import Iterator

from forewarn.facts import Figure, PlaceMention, Reading

FIELDS = (
    "document",
    "document_sha256",
    "publication_date",
    "excerpt",
    "excerpt_start",
    "excerpt_end",
    "quantifier",
    "reported",
    "reported_low",
    "reported_high",
    "share",
    "unit",
    "household_size",
    "term",
    "stock_or_flow",
    "status",
    "role",
    "cause",
    "start_date",
    "end_date",
    "date_words",
    "country",
    "locations",
    "locations_role",
    "locations_accuracy",
    "pcodes",
    "lat",
    "lon",
    "source",
    "calculation_logic",
)
_QUANTIFIERS = {
    "exact": "exact",
    "approximate": "approximately",
    "at-least": "more than or equal",
    "at-most": "less than or equal",
    "range": "between",
}


def figure_rows(reading: Reading) -> Iterator[dict[str, str]]:
    """Yield one row per figure; the keys are `FIELDS`, every value is text.

    The headline figure of the document has the role "recommended figure", the others "triangulation".

    Parameters
    ----------
    reading
        Of one document.
    """
    from forewarn.reading.figures.context import salience

    headline = min(reading.figures, key=salience, default=None)
    for figure in reading.figures:
        yield _row(figure, reading, "recommended figure" if figure is headline else "triangulation")


def _row(figure: Figure, reading: Reading, role: str) -> dict[str, str]:
    quantity, period = figure.quantity, figure.period
    first = figure.places[0] if figure.places else None
    return {
        "document": reading.document.name,
        "document_sha256": reading.document.sha256,
        "publication_date": _text(reading.document.issued),
        "excerpt": figure.span.text,
        "excerpt_start": str(figure.span.start),
        "excerpt_end": str(figure.span.end),
        "quantifier": _QUANTIFIERS[quantity.bound],
        "reported": _number(quantity.value),
        "reported_low": _number(quantity.low),
        "reported_high": _number(quantity.high),
        "share": "" if quantity.share is None else f"{quantity.share:.4g}",
        "unit": {"people": "person", "households": "household"}[figure.unit],
        "household_size": _number(figure.household_size),
        "term": figure.term,
        "stock_or_flow": figure.flow,
        "status": figure.status,
        "role": role,
        "cause": figure.cause,
        "start_date": _text(period.earliest if period else None),
        "end_date": _text(period.latest if period else None),
        "date_words": period.words if period else "",
        "country": "; ".join(dict.fromkeys(place.country for place in figure.places if place.country)),
        "locations": _each(figure.places, "name"),
        "locations_role": "; ".join(
            {"in": "both", "from": "origin", "to": "destination"}[p.role] for p in figure.places
        ),
        "locations_accuracy": _each(figure.places, "kind"),
        "pcodes": _each(figure.places, "pcode"),
        "lat": _number(first.lat if first else None),
        "lon": _number(first.lon if first else None),
        "source": _source(figure, reading),
        "calculation_logic": " ".join(figure.notes),
    }


def _source(figure: Figure, reading: Reading) -> str:
    if figure.statement is None:
        return ""
    statement = reading.statements[figure.statement]
    return statement.source.text if statement.source else statement.actor


def _each(places: tuple[PlaceMention, ...], field: str) -> str:
    return "; ".join(str(getattr(place, field)) for place in places)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _text(value: object) -> str:
    return "" if value is None else str(value)


def said_quantity(figure: Figure) -> str:
    """Say a quantity in a few signs: "≥ 3,000", "20,000–99,999", "~ 14,000".

    Parameters
    ----------
    figure
        A figure.
    """
    quantity = figure.quantity
    if quantity.value is not None:
        sign = {"at-least": "≥ ", "at-most": "≤ ", "approximate": "~ "}.get(quantity.bound, "")
        shown = f"{sign}{quantity.value:,.0f}"
        return f"{shown} ({quantity.share:.0%})" if quantity.share is not None else shown
    if quantity.low is not None or quantity.high is not None:
        low = "" if quantity.low is None else f"{quantity.low:,.0f}"
        high = "" if quantity.high is None else f"{quantity.high:,.0f}"
        return f"{low}–{high}"
    return f"{quantity.share or 0:.0%}"
