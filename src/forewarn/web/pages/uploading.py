"""A field for a file: what is chosen is handed on as bytes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from forewarn.errors import ForewarnError, Problem
from forewarn.web.service.limits import MIB


def upload(
    label: str,
    suffixes: tuple[str, ...],
    most: int,
    on_file: Callable[[bytes, str], Awaitable[None]],
    *,
    mark: str,
    on_rejected: Callable[[ForewarnError], None],
) -> None:
    """Draw a field for a file; what is chosen is handed on as bytes, never saved under its name."""

    async def received(event: events.UploadEventArguments) -> None:
        await on_file(await event.file.read(), event.file.name)
        field.reset()

    def refused() -> None:
        allowed = f"{', '.join(suffixes)}, at most {most // MIB} MB"
        on_rejected(ForewarnError(Problem("file", "was not taken", allowed)))

    field = ui.upload(
        label=label,
        auto_upload=True,
        max_file_size=most,
        max_files=1,
        on_upload=received,
        on_rejected=refused,
    )
    # Its own looks have buttons without names; what people see and screen readers say is the button below.
    field.props(f'accept="{",".join(suffixes)}"').classes("behind").mark(mark)
    button = ui.button(f"{label} …", icon="upload_file").props("outline no-caps")
    button.on("click", js_handler=f"() => runMethod({field.id}, 'pickFiles', [])")
