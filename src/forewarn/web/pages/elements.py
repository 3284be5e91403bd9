"""Elements of the pages that NiceGUI does not have: plain tags with text, charts, the map."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import nicegui
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from forewarn.charts.geometry import Chart
from forewarn.outlook.format.text_table import TextTable

LEAFLET: Final = Path(nicegui.__file__).parent / "elements" / "leaflet" / "dist"


class Text(TextElement):
    """A tag with text in it; the text is text, whatever stands in it."""

    def __init__(self, tag: str, text: str = "", *, classes: str = "") -> None:
        super().__init__(tag=tag, text=text)
        if classes:
            self.classes(classes)


class ChartElement(ui.element, component="chart.js"):
    """A chart of the outlook."""

    def __init__(self, chart: Chart) -> None:
        super().__init__()
        self.show(chart)

    def show(self, chart: Chart) -> None:
        """Draw another chart in its place."""
        self._props["chart"] = asdict(chart)
        self.update()

    def point_at(self, share: float) -> None:
        """Draw a line at a share of the axis, 0 to 1."""
        self._props["cursor"] = share
        self.update()


class Slider(ui.slider):
    """A slider that follows hand and keys at once, whatever the way to the server takes."""

    # NiceGUI's waits for the server's answer, and loses the steps of keys that are pressed meanwhile.
    LOOPBACK = False

    def __init__(
        self, *, lowest: float, highest: float, step: float, value: float, label: str, words: Sequence[str]
    ) -> None:
        """Make a slider that says each of its steps in words."""
        super().__init__(min=lowest, max=highest, step=step, value=value)
        self._props["aria-label"] = label
        self._props["aria-valuetext"] = words[round((value - lowest) / step)]
        # Home and End, as in any slider of the web: Quasar knows arrows and page keys only.
        for key, end in (("home", lowest), ("end", highest)):
            emit = f"() => getElement({self.id}).$emit('update:modelValue', {end!r})"
            self.on(f"keydown.{key}.prevent", js_handler=emit)
        at = f"Math.round((value - {lowest!r}) / {step!r})"
        said = f"setAttribute('aria-valuetext', {json.dumps(list(words))}[{at}])"
        self.on("update:model-value", js_handler=f"(value) => getHtmlElement({self.id}).{said}")

    def stand_at(self, value: float, words: str) -> None:
        """Stand at a value, which may lie between two steps, and say it in words."""
        self._props["aria-valuetext"] = words
        self.set_value(value)
        self.update()


class MapElement(ui.element, component="map.js", esm={"nicegui-leaflet": str(LEAFLET)}):
    """The map of a scenario.

    Parameters
    ----------
    scene
        What does not change: land, roads, places, posts.
    frames
        What is shown day by day.
    day
        Day that is shown first.
    label
        Read out by screen readers.
    """

    def __init__(
        self, scene: Mapping[str, Any], frames: Mapping[str, Any] | None, *, day: int, label: str
    ) -> None:
        super().__init__()
        self.add_resource(LEAFLET)
        self._props["scene"] = dict(scene)
        self._props["frames"] = dict(frames) if frames is not None else None
        self._props["day"] = day
        self._props["label"] = label

    def set(self, frames: Mapping[str, Any]) -> None:
        """Show something else."""
        self.run_method("set", dict(frames))

    def show(self, day: int) -> None:
        """Show a day."""
        self.run_method("show", day)

    def pick(self, index: int) -> None:
        """Mark a place; none for -1."""
        self.run_method("pick", index)

    def place(self, on: bool) -> None:  # noqa: FBT001
        """Wait for a click that says where something new is to be."""
        self.run_method("place", on)

    def set_camps(self, camps: Sequence[Mapping[str, Any]]) -> None:
        """Draw camps that are not there yet."""
        self.run_method("setCamps", [dict(camp) for camp in camps])

    def on_place(self, handler: Callable[[int], Any]) -> None:
        """Call when somebody chooses a place."""
        self.on("place", lambda event: handler(_whole(event, "index")), args=["index"])

    def on_spot(self, handler: Callable[[float, float], Any]) -> None:
        """Call when somebody says where something new is to be: latitude and longitude."""
        self.on(
            "spot",
            lambda event: handler(float(event.args["lat"]), float(event.args["lon"])),
            args=["lat", "lon"],
        )


def _whole(event: GenericEventArguments, name: str) -> int:
    return int(event.args[name])


def scrolling(label: str) -> ui.element:
    """Make a box that scrolls on its own, and so can be reached by keyboard and has a name; the only such."""
    box = ui.element("div").classes("scroll").props('tabindex="0" role="region"')
    box.props["aria-label"] = label
    return box


def table(content: TextTable, *, classes: str = "") -> None:
    """Write a table of text; the first cell of each row is its heading."""
    with scrolling(content.caption), ui.element("table").classes(classes):
        Text("caption", content.caption)
        with ui.element("thead"), ui.element("tr"):
            for column in content.columns:
                Text("th", column).props('scope="col"')
        with ui.element("tbody"):
            for row in content.rows:
                with ui.element("tr"):
                    Text("th", row[0]).props('scope="row"')
                    for cell in row[1:]:
                        Text("td", cell)
            if not content.rows:
                with ui.element("tr"):
                    Text("td", "Nobody, in this course.").props(f'colspan="{len(content.columns)}"')
    if content.note:
        Text("p", content.note, classes="note")
