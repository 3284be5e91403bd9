"""What the brief is built of: text, tables, boxes and columns of reportlab's, in one style."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from forewarn.outlook.brief.map import drawing
from forewarn.outlook.format.latin import latin

if TYPE_CHECKING:
    from forewarn.outlook.maps.page_map import PageMap
    from forewarn.outlook.maps.zone_signs import ZoneSign

FONT, BOLD = "Vera", "VeraBd"
INK, SOFT, BLUE, DEEP, PALE, LINE = "#1b2733", "#4a5a69", "#0b5c9e", "#083c68", "#eef4f9", "#c9d3dc"
CELL: Final = 7.2
"""Size of letters in tables, in points."""
# Name of a style: font, size in points, colour, space before and after in points.
STYLES: Final = {
    "kind": (FONT, 8, "#ffffff", 0, 0),
    "title": (BOLD, 15, "#ffffff", 2, 0),
    "date": (FONT, 8.5, "#ffffff", 2, 0),
    "heading": (BOLD, 11, BLUE, 4, 3),
    "highlight": (FONT, 9.4, INK, 0, 3),
    "warning": (BOLD, 8.4, "#8a3200", 0, 3),
    "caption": (BOLD, 8, DEEP, 1, 2),
    "item": (FONT, 8, INK, 0, 3),
    "bullet": (FONT, 8, INK, 0, 2),
    "note": (FONT, 6.8, SOFT, 2, 2),
    "key": (FONT, 8.5, SOFT, 2, 2),
    "foot": (FONT, 6.8, SOFT, 0, 0),
    "cell": (FONT, CELL, INK, 0, 0),
    "number": (FONT, CELL, INK, 0, 0),
    "head": (BOLD, 7, DEEP, 0, 0),
    "number head": (BOLD, 7, DEEP, 0, 0),
}


class Parts:
    """Makes the parts of the brief; registers its two fonts with reportlab."""

    def __init__(self) -> None:
        from reportlab.lib.colors import HexColor
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        fonts = {name: TTFont(name, f"{name}.ttf") for name in (FONT, BOLD)}
        for font in fonts.values():
            pdfmetrics.registerFont(font)
        pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)
        self._known = frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts.values()))
        self._styles = {
            name: ParagraphStyle(
                name,
                fontName=font,
                fontSize=size,
                leading=size * 1.25,
                textColor=HexColor(colour),
                spaceBefore=before,
                spaceAfter=after,
                alignment=2 if name.startswith(("number", "date")) else 0,
                leftIndent=8 if name in ("bullet", "highlight") else 0,
                splitLongWords=1,
            )
            for name, (font, size, colour, before, after) in STYLES.items()
        }

    def letters(self, text: str) -> str:
        """Write a text in the letters of the font."""
        return latin(text, self._known)

    def text(self, words: str, style: str, bold: str = "") -> Any:  # noqa: ANN401
        """Make a paragraph; no text in it is read as markup. `bold`, if any, stands before the words."""
        from reportlab.platypus import Paragraph

        before = f"<b>{escape(self.letters(bold))}</b> " if bold else ""
        bullet = "•" if style in ("bullet", "highlight") else None
        return Paragraph(before + escape(self.letters(words)), self._styles[style], bulletText=bullet)

    def short(self, words: str, letters: int) -> str:
        """Cut a text at a word's end."""
        if len(words) <= letters:
            return words
        return words[:letters].rsplit(" ", 1)[0].rstrip(",;.:") + " …"

    def left_out(self, count: int, what: str) -> list[Any]:
        """Say how many things are not shown, if any."""
        named = what.removesuffix("s") if count == 1 else what
        return [self.text(f"And {count} more {named} in index.html.", "note")] if count > 0 else []

    def table(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        first: float,
        width: float,
        rest: Sequence[float] = (),
    ) -> Any:  # noqa: ANN401
        """Make a table whose first column takes the share `first` of the width; numbers stand right.

        The other columns take the shares `rest` of what is left, equal ones unless given.
        """
        from reportlab.lib.colors import HexColor
        from reportlab.platypus import Table

        others = len(columns) - 1
        shares = rest or [1 / others] * others
        sizes = [width * first, *(width * (1 - first) * share for share in shares)]
        head = [self.text(cell, "number head" if at else "head") for at, cell in enumerate(columns)]
        body = [[self.text(cell, "number" if at else "cell") for at, cell in enumerate(row)] for row in rows]
        if not body:
            body = [[self.text("Nobody, in this course.", "cell"), *[""] * (len(columns) - 1)]]
        made = Table([head, *body], colWidths=sizes, hAlign="LEFT")
        made.setStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), HexColor(PALE)),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(LINE)),
                ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
                ("VALIGN", (0, 1), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 1.4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ]
        )
        return made

    def box(self, content: Sequence[Any], width: float) -> Any:  # noqa: ANN401
        """Put a bar before, and a tint behind, some paragraphs."""
        from reportlab.lib.colors import HexColor
        from reportlab.platypus import Table

        made = Table([[list(content)]], colWidths=[width])
        made.setStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), HexColor(PALE)),
                ("LINEBEFORE", (0, 0), (0, -1), 4, HexColor(BLUE)),
                ("LEFTPADDING", (0, 0), (-1, -1), 12),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
        return made

    def columns(self, blocks: Sequence[Sequence[Any]], width: float, gap: float) -> Any:  # noqa: ANN401
        """Put blocks side by side."""
        from reportlab.platypus import Table

        row: list[Any] = []
        for block in blocks:
            row += [list(block), ""] if block is not blocks[-1] else [list(block)]
        made = Table([row], colWidths=[width, gap, width][: len(row)], hAlign="LEFT")
        made.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding()])
        return made

    def map(self, shown: PageMap, width: float) -> Any:  # noqa: ANN401
        """Draw the map, no higher than it is wide."""
        height = shown.height / shown.width * width
        return drawing(shown, width=width * min(1.0, width / height), font=FONT, write=self.letters)

    def key(self, zones: Sequence[tuple[str, str, ZoneSign]]) -> Any:  # noqa: ANN401
        """Make a line with the sign, colour and title of each zone."""
        from reportlab.platypus import Paragraph

        marks = [
            f'<font name="ZapfDingbats" color="{colour}" size="6.8">{sign.dingbat}</font>&nbsp;'
            f'<font size="6.8">{escape(self.letters(self.short(title, 60)))}</font>'
            for title, colour, sign in zones
        ]
        return Paragraph("&nbsp;&nbsp; ".join(marks), self._styles["key"])

    def place(
        self,
        canvas: Any,  # noqa: ANN401
        content: Sequence[Any],
        x: float,
        top: float,
        width: float,
        height: float,
    ) -> float:
        """Draw content below `top`, shrunk if higher than `height`; give the height it took, in points."""
        from reportlab.platypus import KeepInFrame

        frame = KeepInFrame(width, height, list(content), mode="shrink", hAlign="LEFT", vAlign="TOP")
        _, taken = frame.wrapOn(canvas, width, height)
        frame.drawOn(canvas, x, top - taken)
        return float(taken)


def _no_padding() -> list[tuple[Any, ...]]:
    return [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
