"""The line that says how a forecast comes along, with a way to stop it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from nicegui import ui

from forewarn.errors import ForewarnError
from forewarn.web.pages.elements import Text
from forewarn.web.pages.frame import View, say_problems
from forewarn.web.service.jobs import Job

LOOK_SECONDS: Final = 0.4


class JobLine:
    """Follows one job after the other.

    Parameters
    ----------
    view
        The page.
    what
        What the job makes, such as "all 400 futures".
    on_done
        Called when a job is done.
    """

    def __init__(self, view: View, *, what: str, on_done: Callable[[Job], Awaitable[None]]) -> None:
        self.view = view
        self.what = what
        self.on_done = on_done
        self.job: Job | None = None
        self.meanwhile = ""
        with ui.element("div").classes("state").props('role="status" aria-live="polite"'):
            self.said = Text("span")
            self.command = Text("code")
            self.bar = ui.linear_progress(0.0, show_value=False, size="8px").props('aria-label="Progress"')
            self.button = ui.button("Stop", on_click=self.stop).props("flat dense").mark("stop-job")
        self.faults = ui.element("div")
        self.timer = ui.timer(LOOK_SECONDS, self.look, active=False)
        self.rest("")

    def rest(self, said: str, command: str = "") -> None:
        """Say something and show no progress; with the command that gives the same numbers."""
        self.said.set_text(f"{said} The same on the command line:" if command else said)
        self._repeat(command)
        self.bar.set_visibility(False)
        self.button.set_visibility(False)

    def _repeat(self, command: str) -> None:
        self.command.set_text(command)
        self.command.set_visibility(bool(command))

    def follow(self, job: Job, *, meanwhile: str = "") -> None:
        """Follow a job from now on; `meanwhile` says what is shown until it is done."""
        self.job = job
        self.meanwhile = meanwhile
        self._repeat("")
        self.faults.clear()
        self.timer.activate()
        self._tell(job)

    def leave(self) -> None:
        """Stop the job, if there is one, because something else is wanted."""
        self.timer.deactivate()
        if self.job is not None and self.job.is_active:
            self._stop(self.job)
        self.job = None
        self.rest("")

    def stop(self) -> None:
        """Stop the job because somebody pressed the button."""
        if self.job is not None:
            self._stop(self.job)

    def _stop(self, job: Job) -> None:
        try:
            self.view.service.jobs.stop(job.id, user=self.view.user)
        except ForewarnError:
            # It ended in this moment.
            return

    async def look(self) -> None:
        """See how the job stands."""
        if self.job is None:
            self.timer.deactivate()
            return
        job = self.view.service.jobs.job(self.job.id)
        self.job = job
        self._tell(job)
        if not job.is_active:
            self.timer.deactivate()
            if job.state == "done":
                await self.on_done(job)

    def _tell(self, job: Job) -> None:
        share = job.done / job.total if job.total else 0.0
        self.bar.set_value(share)
        self.bar.set_visibility(job.is_active)
        self.button.set_visibility(job.is_active)
        if job.state == "queued":
            ahead = job.position - 1
            others = "next in the queue" if ahead == 0 else f"{ahead} before it in the queue"
            self.said.set_text(f"Waiting to compute {self.what}: {others}. {self.meanwhile}".strip())
        elif job.state == "running" and 0 < job.total <= job.done:
            self.said.set_text(
                f"All futures are computed; putting the results together … {self.meanwhile}".strip()
            )
        elif job.state == "running":
            self.said.set_text(f"Computing {self.what} … {self.meanwhile}".strip())
        elif job.state == "stopped":
            self.rest(f"Stopped. {self.meanwhile}".strip())
        elif job.state in ("failed", "interrupted"):
            self.rest("It failed.")
            with self.faults:
                say_problems(_error(job))


def _error(job: Job) -> ForewarnError:
    from forewarn.errors import Problem

    return ForewarnError([Problem(**problem) for problem in job.problems])
