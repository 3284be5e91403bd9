"""What all pages have in common: head, navigation, the scenario that is looked at, errors in plain words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import urlencode

from nicegui import context, ui

from forewarn.errors import ForewarnError
from forewarn.outlook.format.values import day
from forewarn.web.api.identity import BROWSER, address_of
from forewarn.web.pages.elements import Text
from forewarn.web.service.limits import NotFoundError
from forewarn.web.service.service import WITHOUT, Service
from forewarn.web.service.updates import Update
from forewarn.web.service.workspace import WorkspaceScenario

STYLE: Final = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
PAGES: Final = (
    ("/", "Scenarios"),
    ("/forecast", "Forecast"),
    ("/what-if", "What if"),
    ("/observations", "Observations"),
    ("/evidence", "Evidence"),
    ("/downloads", "Downloads"),
)
DEFAULT_SCENARIO: Final = "idlib-2018"

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class View:
    """What a page shows: who looks, at which scenario, and the link that brings it back.

    Parameters
    ----------
    counts
        What the link says of counts: an update, `WITHOUT`, or nothing.
    update
        The update whose counts hold; on pages that take them.
    """

    service: Service
    user: str
    path: str
    entry: WorkspaceScenario | None = None
    counts: str = ""
    update: Update | None = None

    @property
    def scenario(self) -> str:
        """Id of the scenario; empty if the page shows none."""
        return self.entry.id if self.entry else ""

    def link(self, path: str, **query: Any) -> str:  # noqa: ANN401
        """Make a link to a page; nothing that is empty is in it."""
        given = {name: value for name, value in query.items() if value not in (None, "", False)}
        return f"{path}?{urlencode(given)}" if given else path

    def remember(self, **query: Any) -> None:  # noqa: ANN401
        """Let the browser's address bring back what is shown."""
        here = self.link(self.path, scenario=self.scenario, counts=self.counts, **query)
        ui.navigate.history.replace(here)


def visitor() -> str:
    """Give the name of the browser that looks at the page."""
    request = context.client.request
    session: Mapping[str, Any] = request.scope.get("session") or {}
    return str(session.get(BROWSER) or session.get("id") or f"address {address_of(request)}")


@contextmanager
def page_frame(
    service: Service,
    path: str,
    *,
    scenario: str | None = None,
    counts: str | None = None,
    signed_in: bool = False,
) -> Iterator[View]:
    """Draw what stands around a page, and give its view.

    Parameters
    ----------
    scenario
        Id of the scenario that the page is about; None for a page that is about none.
    counts
        What the link says of counts; None for a page that they do not change.
    signed_in
        Whether there is somebody to sign out.
    """
    title = dict(PAGES).get(path, "Draft")
    ui.add_css(STYLE)
    ui.colors(
        primary="#0b5c9e", secondary="#083c68", accent="#a33a00", positive="#1b6e3c", negative="#a3271f"
    )
    view = View(service, visitor(), path, counts=counts or "")
    fault: ForewarnError | None = None
    if scenario is not None:
        try:
            view.entry = service.workspace.entry(scenario or DEFAULT_SCENARIO)
            if counts is not None:
                view.update = service.update(view.scenario, user=view.user, wanted=counts)
        except ForewarnError as error:
            fault = error
    content = context.client.content.classes("whole")
    if content.parent_slot is not None:
        # NiceGUI makes the whole page the main part; here the head is no part of it.
        content.parent_slot.parent.props('role="none"')
    ui.page_title(f"{title} · Forewarn")
    ui.link("Skip to the content", "#content").classes("skip")
    with ui.element("header").classes("top"), ui.element("div").classes("wide bar"):
        ui.link("Forewarn", "/").classes("name")
        with ui.element("nav").props('aria-label="Pages"'):
            for where, name in PAGES:
                query = {"scenario": view.scenario, "counts": view.counts} if where != "/" else {}
                link = ui.link(name, view.link(where, **query))
                if where == path:
                    link.props('aria-current="page"')
        if signed_in:
            ui.link("Access", "/access")
            with ui.element("form").props('method="post" action="/logout"'):
                Text("button", "Sign out").props('type="submit"')
    with ui.element("main").classes("wide").props('id="content" tabindex="-1"'):
        if fault is not None:
            Text("h1", title)
            say_problems(fault)
            ui.link("Back to the scenarios", "/")
            raise _Shown
        say_getting_ready(service)
        yield view
    with ui.element("footer").classes("wide"):
        Text(
            "p",
            "A simulation of what the scenario describes: an argument beside other evidence, not a proven "
            "forecast. For the protection of civilians.",
        )
        ui.link("The JSON interface", "/docs")


class _Shown(Exception):  # noqa: N818
    """The page has said already why it shows nothing."""


def page(path: str) -> Callable[[Callable[P, Awaitable[None]]], Callable[P, Awaitable[None]]]:
    """Register a page; what goes wrong while it is made is said on it."""

    def register(function: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
        @wraps(function)
        async def made(*arguments: P.args, **options: P.kwargs) -> None:
            try:
                await function(*arguments, **options)
            except _Shown:
                return
            except ForewarnError as error:
                say_problems(error)

        return ui.page(path)(made)

    return register


def title_of(view: View) -> None:
    """Write which scenario is looked at, with a way to another."""
    entry = view.entry
    if entry is None:
        return
    with ui.element("div").classes("about"):
        with ui.element("div"):
            Text("h1", entry.title)
            Text("p", about(entry), classes="soft")
        options = {each.id: each.title for each in view.service.workspace.entries()}
        choose = ui.select(options, value=entry.id, label="Scenario").props("outlined dense options-dense")
        choose.classes("chooser").mark("choose-scenario")
        choose.on_value_change(lambda event: ui.navigate.to(view.link(view.path, scenario=event.value)))


def say_counts(view: View, what: str) -> None:
    """Say whether counts are in a page and what they do there, with a way to the other view."""
    update = view.update
    if update is None and view.service.update(view.scenario, user=view.user) is None:
        return
    with ui.element("div").classes("notice"):
        if update is None:
            Text("p", "Without the counts of your update.")
            ui.link("Show it with them", view.link(view.path, scenario=view.scenario))
            return
        Text("p", f"With counts up to {day(update.until)}: {what}.")
        ui.link("What they have changed", view.link("/observations", scenario=view.scenario, job=update.job))
        without = view.link(view.path, scenario=view.scenario, counts=WITHOUT)
        ui.link("Show it without them", without)


def about(entry: WorkspaceScenario) -> str:
    """Say in a line what a scenario is."""
    origin = {
        "bundled": "comes with Forewarn",
        "imported": "imported",
        "drafted": "drafted from a report, to be corrected",
        "changed": "changed by hand",
    }[entry.origin]
    size = f"{entry.places:,} places, {entry.courses} courses, {entry.horizon_days} days"
    return f"Issued {entry.issued.day} {entry.issued:%B %Y}; {size}; {origin}."


def say_getting_ready(service: Service) -> None:
    """Say that the first figures take longer, until they do not."""
    if not service.readiness.said:
        return
    with ui.element("div").classes("notice").props('role="status"') as box:
        ui.spinner(size="1.4rem").props('aria-hidden="true"')
        said = Text("p", service.readiness.said)

    def look() -> None:
        said.set_text(service.readiness.said)
        if not service.readiness.said:
            box.set_visibility(False)
            timer.deactivate()

    timer = ui.timer(0.5, look)


def say_problems(error: ForewarnError) -> None:
    """Say on the page what is wrong and what to do."""
    with ui.element("div").classes("fault").props('role="alert"'):
        Text("p", "That did not work:" if not isinstance(error, NotFoundError) else "It is not there:")
        with ui.element("ul"):
            for problem in error.problems[:20]:
                Text("li", str(problem))
            if len(error.problems) > 20:
                Text("li", f"… and {len(error.problems) - 20} more")


def show_fault(box: ui.element, error: ForewarnError) -> None:
    """Say in a box what is wrong, and bring it into view: a button may be far below."""
    box.clear()
    with box:
        say_problems(error)
        ui.run_javascript(f"getHtmlElement({box.id})?.scrollIntoView({{block: 'center'}})")


async def away(function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs) -> T:
    """Do something that takes a moment without keeping other pages waiting."""
    return await asyncio.to_thread(function, *arguments, **options)
