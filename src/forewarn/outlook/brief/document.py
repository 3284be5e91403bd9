"""The brief: two pages of A4 to hand on, in the order in which readers of flash updates look for things.

Its words and numbers are the page's (`page.model`), so that the two cannot differ. Every region shrinks its
text until it fits, and long lists are cut with a count of what was left out: there are always two pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import xarray as xr

from forewarn.forecast.variables import check
from forewarn.outlook.brief.parts import Parts
from forewarn.outlook.contents.needs_standards import SOURCE
from forewarn.outlook.contents.within import SHORT_HEADING
from forewarn.outlook.format.suppression import SUPPRESS_BELOW
from forewarn.outlook.format.values import listed
from forewarn.outlook.page.model import PageModel, build_page_model
from forewarn.outlook.view import ForecastView

if TYPE_CHECKING:
    from forewarn.forecast.updating import Updated
    from forewarn.scenario import Scenario

# Points, of which 72 are an inch.
WIDTH, HEIGHT = 595.28, 841.89
EDGE: Final = 34.0
INNER: Final = WIDTH - 2 * EDGE
BAND: Final = 64.0
FOOT: Final = 30.0
GAP: Final = 14.0
COURSES: Final = 4
"""Courses whose needs and drivers are shown: those with the highest worst case."""
DESTINATIONS: Final = 10
BLOCKED: Final = 2
"""Sentences about people who are blocked that two pages have room for."""
COURSE_LINES: Final = 7
SOURCES: Final = 10
MAP_HEIGHT: Final = 370.0
SHORT: Final = 170
"""Letters of a course's summary, at most."""


def write_brief(
    dataset: xr.Dataset,
    scenario: Scenario,
    path: Path,
    *,
    suppress_below: int = SUPPRESS_BELOW,
    updated: Updated | None = None,
) -> None:
    """Write the brief of a forecast as a PDF file of two pages.

    The same forecast gives the same bytes.

    Parameters
    ----------
    dataset
        A forecast of `scenario`.
    scenario
        What it was made of.
    path
        File to write.
    suppress_below
        Numbers of people above 0 and below this are suppressed.
    updated
        What observations have changed, if `dataset` is the forecast of an update.

    Raises
    ------
    ForewarnError
        `dataset` is not a forecast.
    """
    check(dataset)
    draw_brief(build_page_model(ForecastView(dataset, scenario, suppress_below, updated)), path)


def draw_brief(model: PageModel, path: Path) -> None:
    """Write the brief of a page model."""
    Brief(model).write(path)


class Brief:
    """The two pages of a page model."""

    def __init__(self, model: PageModel) -> None:
        self.model = model
        self.parts = Parts()

    @property
    def _crowded(self) -> bool:
        """Whether what happens in the courses has to go to the second page."""
        return len(self.model.ranked) > COURSES

    def _positions(self, most: int) -> list[int]:
        """Positions of planning figures: an offensive in any course, if shown, and the gravest courses."""
        lead = len(self.model.planning.rows) - len(self.model.courses)
        return [*range(lead), *(lead + at for at in self.model.ranked[:most])]

    def write(self, path: Path) -> None:
        """Draw both pages into a file."""
        from reportlab.pdfgen.canvas import Canvas

        # `invariant` leaves out the time of writing.
        canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1, lang="en")
        canvas.setTitle(self.parts.letters(f"Displacement outlook: {self.model.title}"))
        canvas.setAuthor("Forewarn")
        canvas.setSubject(f"Issued {self.model.issued}, up to {self.model.until}")
        self._first(canvas)
        canvas.showPage()
        self._second(canvas)
        canvas.showPage()
        canvas.save()

    def _first(self, canvas: Any) -> None:  # noqa: ANN401
        self._band(canvas)
        top = HEIGHT - BAND - GAP
        top -= self.parts.place(canvas, self._highlights(), EDGE, top, INNER, 190) + GAP
        left = 290.0
        map_height = self.parts.place(canvas, self._map(left), EDGE, top, left, MAP_HEIGHT)
        right = INNER - left - GAP
        side = self.parts.place(
            canvas,
            [*self._key_figures(right), *([] if self._crowded else self._courses())],
            EDGE + left + GAP,
            top,
            right,
            MAP_HEIGHT,
        )
        top -= max(map_height, side) + GAP
        self.parts.place(canvas, self._destinations(), EDGE, top, INNER, top - FOOT - 6)
        self._foot(canvas, 1)

    def _second(self, canvas: Any) -> None:  # noqa: ANN401
        top = HEIGHT - EDGE
        top -= self.parts.place(canvas, self._needs(), EDGE, top, INNER, 240) + GAP
        column = (INNER - GAP) / 2
        first = self.parts.place(canvas, self._who(), EDGE, top, column, 290)
        beside = [*(self._courses() if self._crowded else []), *self._drivers(), *self._past()]
        second = self.parts.place(canvas, beside, EDGE + column + GAP, top, column, 290) if beside else 0.0
        top -= max(first, second) + GAP
        self.parts.place(canvas, [*self._evidence(), *self._limits()], EDGE, top, INNER, top - FOOT - 6)
        self._foot(canvas, 2)

    def _band(self, canvas: Any) -> None:  # noqa: ANN401
        from reportlab.lib.colors import HexColor

        canvas.setFillColor(HexColor("#0b5c9e"))
        canvas.rect(0, HEIGHT - BAND, WIDTH, BAND, stroke=0, fill=1)
        title = [self.parts.text("Displacement outlook", "kind"), self.parts.text(self.model.title, "title")]
        self.parts.place(canvas, title, EDGE, HEIGHT - 10, INNER - 150, BAND - 14)
        dates = [
            self.parts.text(f"Issued {self.model.issued}", "date"),
            self.parts.text(f"Up to {self.model.until}", "date"),
        ]
        self.parts.place(canvas, dates, WIDTH - EDGE - 145, HEIGHT - 20, 145, BAND - 24)

    def _foot(self, canvas: Any, number: int) -> None:  # noqa: ANN401
        made = dict(self.model.made)
        line = (
            f"Forewarn {made['Forewarn']}. Scenario {made['Scenario']}, {made['Hash of the scenario'][:12]}; "
            f"seed {made['Seed']}; {made['Members'].split(':')[0]} members. Full outlook: index.html. "
            f"Page {number} of 2"
        )
        self.parts.place(canvas, [self.parts.text(line, "foot")], EDGE, FOOT - 4, INNER, 20)

    def _highlights(self) -> list[Any]:
        lines = [self.parts.text("Highlights", "heading")]
        if self.model.hindsight:
            lines.append(
                self.parts.text(
                    f"Made in hindsight: it uses information published after {self.model.issued}.", "warning"
                )
            )
        if self.model.doubts:
            lines.append(
                self.parts.text("Numbers of the scenario are doubtful: see the top of index.html.", "warning")
            )
        if self.model.draft is not None:
            reports = listed(list(self.model.draft.reports))
            lines.append(self.parts.text(f"Draft, made from {reports}. Nobody has corrected it.", "warning"))
        lines += [self.parts.text(sentence, "highlight") for sentence in self.model.answer]
        lines += [self.parts.text(sentence, "warning") for sentence in self.model.blocked[:BLOCKED]]
        return [self.parts.box(lines, INNER)]

    def _map(self, width: float) -> list[Any]:
        shown = self.model.map
        title = dict(shown.courses)[shown.course]
        cross = " Cross: no way across on the issue day." if any(line.closed for line in shown.lines) else ""
        post = " Triangle: observation post." if shown.posts else ""
        ringed = " Ringed black: attacked." if any(dot.attacked for dot in shown.dots) else ""
        people = (
            f"newly displaced people at each place on {self.model.until} (circles, median; the largest "
            f"{shown.largest}), and along roads those who have set out by then (brown)."
            if shown.shows_where
            else "places and roads."
        )
        note = f"{title}: {people}{ringed}{cross}{post} {shown.disclaimer} {shown.source}."
        return [
            self.parts.text("Where", "heading"),
            self.parts.map(shown, width),
            self.parts.key(shown.zones),
            self.parts.text(note, "note"),
        ]

    def _key_figures(self, width: float) -> list[Any]:
        planning = self.model.planning
        # In the scenario's order, of those with the highest worst case; an offensive in any of them first.
        rows = [planning.rows[at][:4] for at in sorted(self._positions(COURSE_LINES))]
        left_out = self.parts.left_out(len(self.model.courses) - COURSE_LINES, "courses")
        return [
            self.parts.text("Key figures", "heading"),
            self.parts.text(planning.caption, "caption"),
            self.parts.table(
                (*planning.columns[:2], "Most likely", "Worst case (1 in 10)"), rows, first=0.36, width=width
            ),
            *left_out,
            self.parts.text(
                "Most likely: the median; half of the futures (simulated runs of events) are below it. Worst "
                "case: one future out of ten is above it. Chances are the scenario’s. "
                + self.model.ruled_out,
                "note",
            ),
            self.parts.text(f"Chance of an offensive: {self.model.offensive_chance}", "caption"),
        ]

    def _destinations(self) -> list[Any]:
        if self.model.where_unknown:
            return [
                self.parts.text("Destinations", "heading"),
                self.parts.text(self.model.where_unknown, "item"),
            ]
        chosen = [self.model.courses[at] for at in self.model.ranked[:2]]
        within = bool(self.model.within_note)
        width = (INNER - GAP) / 2
        blocks = [
            [
                self.parts.text(course.title, "caption"),
                self.parts.table(
                    ("Place", "Median", "90 % interval", *([SHORT_HEADING] if within else [])),
                    [(row[0], row[1], row[3], *row[4:-1]) for row in course.destinations.rows[:DESTINATIONS]],
                    first=0.42 if within else 0.44,
                    rest=(0.25, 0.45, 0.3) if within else (),
                    width=width,
                ),
            ]
            for course in chosen
        ]
        return [
            self.parts.text(
                f"Top destinations: newly displaced people there on {self.model.until}", "heading"
            ),
            self.parts.columns(blocks, width, GAP),
        ]

    def _needs(self) -> list[Any]:
        chosen = [self.model.needs.courses[at] for at in self._positions(COURSES)[:COURSES]]
        columns = [
            "Need",
            *(
                f"{self.parts.short(each.title, 45)}: {kind}"
                for each in chosen
                for kind in ("most likely", "worst case")
            ),
        ]
        rows = [
            tuple([row[0], *(cell for each in chosen for cell in each.needs.rows[at][1:])])
            for at, row in enumerate(chosen[0].needs.rows)
        ]
        return [
            self.parts.text(f"What they need on {self.model.until}", "heading"),
            self.parts.table(columns, rows, first=0.18, width=INNER),
            *self.parts.left_out(len(self.model.needs.courses) - COURSES, "courses"),
            self.parts.text(
                "For the people of the key figures. Ordinary moves and people who live there are not "
                f"counted. Worst case: exceeded by one future out of ten. {SOURCE}.",
                "note",
            ),
        ]

    def _who(self) -> list[Any]:
        needs = self.model.needs.courses[self._positions(1)[0]]
        return [
            self.parts.text("Who they are", "heading"),
            self.parts.text(needs.title, "caption"),
            self.parts.table(needs.people.columns, needs.people.rows, first=0.34, width=(INNER - GAP) / 2),
        ]

    def _drivers(self) -> list[Any]:
        chosen = self.model.drivers[:COURSES]
        if not chosen:
            return []
        lines = [self.parts.text(each.sentence, "item", each.title + ":") for each in chosen]
        return [self.parts.text("What moves the result most", "heading"), *lines]

    def _past(self) -> list[Any]:
        past = self.model.past
        if past is None:
            return []
        rows = [(row.title, row.by_class, row.simulated) for row in past.courses[:COURSES]]
        return [
            self.parts.text("Comparison with past offensives (reference class)", "heading"),
            self.parts.text(past.sentence, "item"),
            self.parts.table(
                ("Course", "By past offensives", "Simulated"), rows, first=0.4, width=(INNER - GAP) / 2
            ),
        ]

    def _courses(self) -> list[Any]:
        courses = [self.model.courses[at] for at in self.model.ranked]
        lines = [
            self.parts.text(
                self.parts.short(each.text, SHORT),
                "item",
                f"{each.title}, {each.chance}{':' if each.text else ''}",
            )
            for each in courses[:COURSE_LINES]
        ]
        return [
            self.parts.text("Courses that events may take", "heading"),
            *lines,
            *self.parts.left_out(len(courses) - COURSE_LINES, "courses"),
        ]

    def _evidence(self) -> list[Any]:
        evidence = self.model.evidence
        named = [
            ", ".join(
                part for part in (self.parts.short(each.title, 90), each.publisher, each.published) if part
            )
            for each in evidence.publications[:SOURCES]
        ]
        more = len(evidence.publications) - SOURCES
        rest = f"; and {more} more in index.html" if more > 0 else ""
        counted = (
            f"Of the {evidence.sourced + evidence.assumed:,} numbers in the scenario, {evidence.sourced:,} "
            f"come from a source and {evidence.assumed:,} are assumptions."
        )
        listed = f" Publications: {'; '.join(named)}{rest}." if named else ""
        return [self.parts.text("Sources", "heading"), self.parts.text(counted + listed, "item")]

    def _limits(self) -> list[Any]:
        lines = [self.parts.text(each, "bullet") for each in self.model.limits]
        return [self.parts.text("Limits and responsible use", "heading"), *lines]
