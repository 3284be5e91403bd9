"""What a notebook shows of our objects: small tables of HTML in which every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

MOST_ROWS = 20
"""Rows of a table before the rest is only counted."""
MOST_CHARACTERS = 200
"""Of a cell; documents hold long sentences."""


def html_table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    facts: Sequence[str] = (),
    notes: Iterable[str] = (),
) -> str:
    """Write a title, one line of facts, a table and notes as HTML.

    Parameters
    ----------
    title, facts, notes
        Text; what looks like HTML in it is shown as it stands.
    columns
        Heads.
    rows
        Cells; beyond `MOST_ROWS` the rest is counted, beyond `MOST_CHARACTERS` a cell is cut.

    Examples
    --------
    >>> html_table("<b>", ["name"], [["Elm & Co"]])
    '<div><strong>&lt;b&gt;</strong><table><tr><th>name</th></tr><tr><td>Elm &amp; Co</td></tr></table></div>'
    """
    head = f"<strong>{_text(title)}</strong>"
    said = f"<p>{' · '.join(map(_text, facts))}</p>" if facts else ""
    body = "".join(_row("td", row) for row in rows[:MOST_ROWS])
    table = f"<table>{_row('th', columns)}{body}</table>" if rows else ""
    left = len(rows) - MOST_ROWS
    more = f"<p>… and {left:,} more</p>" if left > 0 else ""
    listed = "".join(f"<li>{_text(note)}</li>" for note in notes)
    return f"<div>{head}{said}{table}{more}{f'<ul>{listed}</ul>' if listed else ''}</div>"


def _row(tag: str, cells: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<{tag}>{_text(cell)}</{tag}>' for cell in cells)}</tr>"


def _text(value: object) -> str:
    text = str(value)
    return escape(text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…")
