"""Figures and the statements that they stand in."""

from __future__ import annotations

from collections.abc import Sequence

from forewarn.facts import Figure, Statement


def link_figures(figures: Sequence[Figure], statements: Sequence[Statement]) -> tuple[Figure, ...]:
    """Give every figure the index of the innermost statement whose content holds its quantity.

    Parameters
    ----------
    figures, statements
        Of one document.
    """
    return tuple(
        figure.model_copy(update={"statement": _innermost(figure, statements)}) for figure in figures
    )


def _innermost(figure: Figure, statements: Sequence[Statement]) -> int | None:
    start, end = figure.quantity_span.start, figure.quantity_span.end
    holding = [
        (span.end - span.start, index)
        for index, statement in enumerate(statements)
        for span in statement.content
        if span.start <= start and end <= span.end
    ]
    return min(holding)[1] if holding else None
