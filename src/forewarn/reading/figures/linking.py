"""Figures and the statements that they stand in."""

from __future__ import annotations

from collections.abc import Sequence

from forewarn.facts import Figure, Statement
from forewarn.reading.text.spans import Ordered


def link_figures(figures: Sequence[Figure], statements: Sequence[Statement]) -> tuple[Figure, ...]:
    """Give every figure the index of the innermost statement whose content holds its quantity.

    Parameters
    ----------
    figures, statements
        Of one document.
    """
    pieces = [(span.start, span.end, index) for index, one in enumerate(statements) for span in one.content]
    ordered = Ordered(pieces, lambda piece: piece[0])
    longest = max((end - start for start, end, _ in pieces), default=0)
    return tuple(
        figure.model_copy(update={"statement": _innermost(figure, ordered, longest)}) for figure in figures
    )


def _innermost(figure: Figure, pieces: Ordered[tuple[int, int, int]], longest: int) -> int | None:
    start, end = figure.quantity_span.start, figure.quantity_span.end
    near = pieces.between(start - longest, start + 1)
    holding = [(last - first, index) for first, last, index in near if end <= last]
    return min(holding)[1] if holding else None
