"""A draft beside the report that it was made from, with the sentence behind each part."""

from __future__ import annotations

from nicegui import ui

from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import chance, people
from forewarn.scenario import Scenario
from forewarn.web.pages.elements import Text, table
from forewarn.web.pages.frame import away, page, page_frame, title_of
from forewarn.web.pages.marked_text import draw_key, draw_report
from forewarn.web.service.service import Service


def register(service: Service, *, signed_in: bool) -> None:
    """Register the page."""

    @page("/draft")
    async def draft(scenario: str = "") -> None:
        with page_frame(service, "/draft", scenario=scenario, signed_in=signed_in) as view:
            title_of(view)
            document = await away(service.workspace.scenario, view.scenario)
            readings = await away(service.workspace.readings, view.scenario)
            with ui.element("div").classes("draft"):
                Text(
                    "p",
                    "A draft: correct it before anybody relies on it. What it rests on stands beside it.",
                )
                for note in document.draft.notes if document.draft else ():
                    Text("p", note)
            with ui.element("div").classes("buttons"):
                ui.link("Open the forecast", view.link("/forecast", scenario=view.scenario))
                ui.link("What if", view.link("/what-if", scenario=view.scenario))
                link = ui.link("Take it to an editor (YAML)", f"/api/scenarios/{view.scenario}/document")
                link.props(f'download="{view.scenario}.yaml"')
            used = (
                frozenset(each.words for each in document.draft.evidence) if document.draft else frozenset()
            )
            with ui.element("div").classes("board"):
                with ui.element("section"):
                    Text("h2", "The report" if len(readings) == 1 else "The reports").style("margin-top:0")
                    if not readings:
                        Text(
                            "p",
                            "This scenario was not drafted here, so it has no report to show.",
                            classes="soft",
                        )
                    else:
                        draw_key()
                    for reading in readings:
                        Text("h3", reading.document.title or reading.document.name)
                        draw_report(reading, used)
                with ui.element("section").classes("panel"):
                    _draw_draft(document)


def _draw_draft(scenario: Scenario) -> None:
    Text("h2", "What was drafted")
    total = sum(place.residents + place.displaced for place in scenario.places if place.kind != "foreign")
    Text(
        "p",
        f"{len(scenario.places)} places with {people(total)} people, {len(scenario.routes)} roads, "
        f"{len(scenario.crossings)} crossings, {len(scenario.posts)} observation posts.",
    )
    rows = tuple(
        (course.title or course.name, chance(course.probability.typical()), str(len(course.stages)))
        for course in scenario.courses
    )
    table(TextTable("Courses", ("Course", "Chance", "Stages"), rows))
    if scenario.draft is not None:
        rests = tuple((each.path, each.words) for each in scenario.draft.evidence)
        table(
            TextTable("What each part rests on", ("Part", "Sentence or assumption"), rests), classes="words"
        )
