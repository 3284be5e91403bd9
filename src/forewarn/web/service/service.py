"""The app without its pages: one object that pages and the JSON interface share."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from forewarn.errors import ForewarnError, Problem
from forewarn.ledger import without_contacts
from forewarn.replacing import remove
from forewarn.web.service import incoming
from forewarn.web.service.comparison import PairedForecasts
from forewarn.web.service.engine import Engine, ForecastRequest
from forewarn.web.service.futures import MemberForecast
from forewarn.web.service.jobs import Job, Jobs, Running
from forewarn.web.service.levers import Levers, apply, as_dict, changes
from forewarn.web.service.limits import MIB, ConcurrencyLimit, ConflictError, NotFoundError, check_work
from forewarn.web.service.own_tables import OwnTables, readable
from forewarn.web.service.pool import Pool
from forewarn.web.service.readiness import Readiness
from forewarn.web.service.updates import (
    FEWEST_DRAWS,
    Update,
    UpdateSummary,
    load_summary,
    load_update,
    parse_observation_table,
    save_update,
    weighed,
)
from forewarn.web.service.workspace import Workspace, WorkspaceScenario

if TYPE_CHECKING:
    from forewarn.facts import Reading
    from forewarn.scenario import Scenario

PREVIEW_MEMBERS: Final = 50
"""Futures of a preview, at least."""
READ_AT_ONCE: Final = 2
MOST_WAITING_READERS: Final = 6
"""Reports that wait to be read; each of them holds a thread of the server."""
DEFAULT_MEMBERS: Final = 400
DEFAULT_SEED: Final = 20180830
MOST_OUTLOOKS_BYTES: Final = 2048 * MIB
WITHOUT: Final = "none"
"""What a link says that wants a scenario without the counts of an update."""
OPEN_FORECASTS: Final = 4
"""Whole forecasts that are kept ready to be looked at."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How forecasts of the app are made.

    Parameters
    ----------
    members
        Futures of a whole forecast; spread over the courses.
    seed
        The same seed gives the same forecast, here and with `forewarn outlook`.
    workers
        Threads of the pool; one for each processor if None.
    keep
        Days that things are kept, by kind (`forewarn.web.service.keeping`); others until they are deleted.
    """

    members: int = DEFAULT_MEMBERS
    seed: int = DEFAULT_SEED
    workers: int | None = None
    keep: Mapping[str, int] = field(default_factory=dict)


class Service:
    """Scenarios, forecasts, comparisons, reports, outlooks.

    Parameters
    ----------
    workspace
        Where everything is kept.
    settings
        How forecasts are made.
    """

    def __init__(self, workspace: Workspace, settings: Settings | None = None) -> None:
        self.workspace = workspace
        self.settings = settings or Settings()
        self.pool = Pool(self.settings.workers)
        self.readiness = Readiness()
        self.reading = ConcurrencyLimit("files", at_once=READ_AT_ONCE, waiting=MOST_WAITING_READERS)
        self.engine = Engine(self.pool, workspace.folder / "futures")
        self.jobs = Jobs(
            workspace.folder / "jobs",
            {
                "forecast": self._run_forecast,
                "outlook": self._write_outlook,
                "update": self._run_update,
            },
            workspace.audit,
        )
        self._previews: dict[str, threading.Event] = {}
        self._whole: OrderedDict[tuple[str, str, str], MemberForecast] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Stop what runs; nothing that was saved is lost."""
        self.jobs.close()
        self.pool.close()
        self.workspace.close()

    # Scenarios

    def base(self, name: str, update: Update | None = None) -> Scenario:
        """Open a scenario; after an update its courses have the chances that the counts leave."""
        scenario = self.workspace.scenario(name)
        return scenario if update is None else weighed(scenario, update.chances)

    def changed(self, name: str, levers: Levers, update: Update | None = None) -> Scenario:
        """Open a scenario and apply levers to it."""
        return apply(levers, self.base(name, update))

    def import_file(self, data: bytes, name: str) -> WorkspaceScenario:
        """Save the scenario in a file that somebody sent."""
        with self.reading.slot():
            scenario = incoming.read_scenario(data, name)
        check_work(scenario, self.settings.members)
        return self.workspace.save(scenario, origin="imported", note=incoming.shown_name(name))

    def read_report(self, data: bytes | str, name: str, *, issued: date | None) -> Reading:
        """Read a report.

        Raises
        ------
        BusyError
            Too many are being read.
        """
        with self.reading.slot():
            return incoming.read_report(data, name, issued=issued)

    def draft(
        self, data: bytes | str, name: str, *, issued: date | None, own: OwnTables | None = None
    ) -> WorkspaceScenario:
        """Draft a scenario from a report and tables of places and roads, and save it with the report."""
        from forewarn.drafting import draft

        with self.reading.slot():
            # Before anything is made of it: the draft quotes the report.
            reading = without_contacts(incoming.read_report(data, name, issued=issued, for_draft=True))
        if reading.document.issued is None:
            what = "does not say its day"
            remedy = "Say on which day it was published, in the field beside it"
            raise ForewarnError(Problem(reading.document.name, what, remedy=remedy))
        tables = own or OwnTables()
        with self.reading.slot(), readable(tables) as (places, routes):
            made = draft([reading], issued=issued, places=places, routes=routes)
        note = ", ".join((reading.document.name, *tables.names))
        return self.workspace.save(made.scenario, origin="drafted", note=note, readings=(reading,))

    def save_changed(self, name: str, levers: Levers, update: Update | None = None) -> WorkspaceScenario:
        """Save a changed scenario as a new one."""
        base = self.base(name, update)
        changed = apply(levers, base)
        said = [*changes(levers, base), *(f"new camp {camp.name}" for camp in levers.camps)]
        if update is not None:
            said.insert(0, f"chances with the counts up to {update.until}")
        title = f"{base.title} (changed)"[:200]
        named = changed.model_copy(update={"title": title})
        return self.workspace.save(named, origin="changed", note="; ".join(said)[:2000])

    # Forecasts

    def draws(self, scenario: Scenario, members: int | None = None) -> int:
        """Give the futures of each course that make up so many in all, rounded up."""
        wanted = self.settings.members if members is None else members
        return max(1, -(-wanted // len(scenario.courses)))

    def known(
        self, name: str, levers: Levers | None = None, update: Update | None = None
    ) -> MemberForecast | None:
        """Give a whole forecast if it was made before."""
        wanted = levers or Levers()
        key = (name, wanted.to_text(), update.job if update else "")
        with self._lock:
            if key in self._whole:
                self._whole.move_to_end(key)
                return self._whole[key]
        scenario = self.changed(name, wanted, update)
        found = self.engine.known(scenario, draws=self.draws(scenario), seed=self.settings.seed)
        if found is not None:
            with self._lock:
                self._whole[key] = found
                while len(self._whole) > OPEN_FORECASTS:
                    self._whole.popitem(last=False)
        return found

    def preview(
        self, name: str, *, user: str, levers: Levers | None = None, update: Update | None = None
    ) -> MemberForecast:
        """Give a small forecast at once. A newer one of the same user stops an older one.

        Raises
        ------
        StoppedError
            A newer one was asked for.
        """
        base = self.base(name, update)
        scenario = apply(levers, base) if levers else base
        check_work(scenario, PREVIEW_MEMBERS)
        stop = self._only_preview(user)
        return self.engine.forecast(
            scenario,
            draws=self.draws(scenario, PREVIEW_MEMBERS),
            seed=self.settings.seed,
            request=ForecastRequest(user, urgent=True, stop=stop),
            base=base if levers else None,
        )

    def compare(
        self, name: str, levers: Levers, *, user: str, update: Update | None = None
    ) -> PairedForecasts:
        """Compare a scenario with a changed one, in as many futures as are there, at least a preview.

        After an update both have the chances that the counts leave; the futures do not know of the counts.
        """
        base = self.known(name, update=update)
        changed = self.known(name, levers, update)
        if base is None:
            base = self.preview(name, user=user, update=update)
        if changed is None:
            changed = self.preview(name, user=user, levers=levers, update=update)
        return PairedForecasts(base, changed)

    def _only_preview(self, user: str) -> threading.Event:
        stop = threading.Event()
        with self._lock:
            before = self._previews.get(user)
            if before is not None:
                before.set()
            self._previews[user] = stop
            while len(self._previews) > 1000:
                del self._previews[next(iter(self._previews))]
        return stop

    def start_forecast(
        self, name: str, *, user: str, levers: Levers | None = None, update: Update | None = None
    ) -> Job:
        """Queue a whole forecast, and that of the base case where levers change it."""
        wanted = levers or Levers()
        scenario = self.changed(name, wanted, update)
        check_work(scenario, self.settings.members)
        spec = {"scenario": name, "levers": as_dict(wanted), "counts": update.job if update else ""}
        what = "What if: " if wanted.count else "Forecast: "
        return self.jobs.start("forecast", title=what + scenario.title, user=user, spec=spec)

    def _run_forecast(self, running: Running) -> Mapping[str, Any]:
        spec, job = running.job.spec, running.job
        levers = Levers.model_validate(spec["levers"])
        name, update = str(spec["scenario"]), self._update_of(spec)
        both = (Levers(), levers) if levers.count else (levers,)
        wanted = [self.changed(name, each, update) for each in both]
        share = len(wanted)
        for number, scenario in enumerate(wanted):
            self.engine.forecast(
                scenario,
                draws=self.draws(scenario),
                seed=self.settings.seed,
                request=ForecastRequest(
                    job.user, progress=_part(running.progress, number, share), stop=running.stop
                ),
            )
        return {"members": self.draws(wanted[0]) * len(wanted[0].courses)}

    # Counts

    def start_update(self, name: str, table: str, *, user: str) -> Job:
        """Queue a forecast that learns from a table of counts.

        Raises
        ------
        ForewarnError
            Listing every row that cannot be used.
        """
        scenario = self.workspace.scenario(name)
        check_work(scenario, self.settings.members)
        parse_observation_table(table, scenario)
        spec = {"scenario": name, "table": table}
        return self.jobs.start("update", title=f"Update: {scenario.title}", user=user, spec=spec)

    def _run_update(self, running: Running) -> Mapping[str, Any]:
        from forewarn.forecast.updating import update
        from forewarn.outlook import write

        spec, job = running.job.spec, running.job
        scenario = self.workspace.scenario(str(spec["scenario"]))
        observations = parse_observation_table(str(spec["table"]), scenario)
        draws = max(FEWEST_DRAWS, self.draws(scenario))
        seed = self.settings.seed
        with _Turn(self.pool, job.user) as turn:
            updated = update(
                scenario,
                observations,
                members=draws * len(scenario.courses),
                seed=seed,
                executor=turn,
                progress=running.progress,
            )
        write(
            updated.forecast,
            scenario,
            self._outlook_folder(job.id),
            command="forewarn serve",
            updated=updated,
        )
        save_update(self.workspace.folder / "updates" / job.id, updated, scenario, seed)
        # The forecast before, for the comparison: usually it was made already.
        self.engine.forecast(
            scenario, draws=draws, seed=seed, request=ForecastRequest(job.user, stop=running.stop)
        )
        return {"members": draws * len(scenario.courses), "counts": len(observations.rows)}

    def update(self, name: str, *, user: str, wanted: str = "") -> Update | None:
        """Give the update whose counts hold for a visitor of a scenario: their newest, if there is one.

        Parameters
        ----------
        wanted
            What a link names: an update, or `WITHOUT` for none.

        Raises
        ------
        NotFoundError
            The link names none of this scenario.
        """
        if wanted == WITHOUT:
            return None
        jobs = [self.jobs.job(wanted)] if wanted else self.jobs.of_user(user)
        for job in jobs:
            if (job.kind, job.state, job.spec.get("scenario")) == ("update", "done", name):
                try:
                    return self._update_of({"scenario": name, "counts": job.id})
                except NotFoundError:
                    # Its files were taken away; an older one may be there.
                    continue
        if wanted:
            raise _no_update()
        return None

    def _update_of(self, spec: Mapping[str, Any]) -> Update | None:
        """Give the update that a job was asked for with."""
        if not spec.get("counts"):
            return None
        folder = self.workspace.folder / "updates" / str(spec["counts"])
        return load_update(folder, self.workspace.scenario(str(spec["scenario"])))

    def update_summary(self, job: str, *, user: str) -> UpdateSummary:
        """Give what an update has learnt.

        Raises
        ------
        NotFoundError
            There is no such update, or it has not ended.
        """
        found = self.jobs.job(job)
        if found.kind != "update" or found.state != "done":
            raise _no_update()
        scenario = self.workspace.scenario(str(found.spec["scenario"]))
        draws = max(FEWEST_DRAWS, self.draws(scenario))
        before = self.engine.forecast(
            scenario, draws=draws, seed=self.settings.seed, request=ForecastRequest(user)
        )
        return load_summary(self.workspace.folder / "updates" / found.id, before)

    # Outlooks

    def start_outlook(
        self, name: str, *, user: str, levers: Levers | None = None, update: Update | None = None
    ) -> Job:
        """Queue the writing of an outlook's files."""
        wanted = levers or Levers()
        scenario = self.changed(name, wanted, update)
        check_work(scenario, self.settings.members)
        spec = {"scenario": name, "levers": as_dict(wanted), "counts": update.job if update else ""}
        return self.jobs.start("outlook", title=f"Outlook: {scenario.title}", user=user, spec=spec)

    def _write_outlook(self, running: Running) -> Mapping[str, Any]:
        from forewarn.forecast import run
        from forewarn.outlook import write

        spec, job = running.job.spec, running.job
        levers = Levers.model_validate(spec["levers"])
        scenario = self.changed(str(spec["scenario"]), levers, self._update_of(spec))
        members = self.draws(scenario) * len(scenario.courses)
        with _Turn(self.pool, job.user) as turn:
            forecast = run(
                scenario,
                members=members,
                seed=self.settings.seed,
                executor=turn,
                progress=running.progress,
            )
        folder = self._outlook_folder(job.id)
        write(forecast, scenario, folder, command="forewarn serve")
        self._make_room(folder)
        return {"members": members, "files": [path.name for path in _files_below(folder)]}

    def outlook_files(self, job: str) -> tuple[Path, ...]:
        """List the files of an outlook that was written.

        Raises
        ------
        NotFoundError
            There is no such outlook.
        """
        found = self.jobs.job(job)
        folder = self._outlook_folder(found.id)
        if found.kind not in ("outlook", "update") or found.state != "done" or not folder.is_dir():
            raise NotFoundError(Problem("outlook", "is not there", remedy="Write it again"))
        return tuple(_files_below(folder))

    def outlook_file(self, job: str, name: str) -> Path:
        """Give one file of an outlook, by its name in the list.

        Raises
        ------
        NotFoundError
            There is none of this name.
        """
        for path in self.outlook_files(job):
            # The name is only compared: it never becomes a part of a path.
            if path.name == name:
                return path
        raise NotFoundError(Problem("file", "not found in the outlook"))

    def _outlook_folder(self, job: str) -> Path:
        return self.workspace.folder / "outlooks" / job

    def _make_room(self, newest: Path) -> None:
        """Throw the oldest outlooks away: they can be written again."""
        folders = [path for path in newest.parent.iterdir() if path.is_dir() and path.name[0] != "."]
        sizes = {path: sum(file.stat().st_size for file in _files_below(path)) for path in folders}
        total = sum(sizes.values())
        for path in sorted(folders, key=lambda path: path.stat().st_mtime):
            if total <= MOST_OUTLOOKS_BYTES or path == newest:
                return
            shutil.rmtree(path, ignore_errors=True)
            total -= sizes[path]

    # Keeping and deleting

    def delete(self, name: str) -> None:
        """Delete a scenario for good, taken away or not, with its reports and all that was made of it.

        Futures do not say which scenario they belong to, so all go; they are made again when asked for.

        Raises
        ------
        ConflictError
            Something is being made of it, or it is a bundled one.
        """
        mine = [job for job in self.jobs.all() if job.spec.get("scenario") == name]
        if any(job.is_active for job in mine):
            raise ConflictError(Problem("scenario", "is being computed", remedy="Stop that first"))
        if name not in {entry.id for entry, _ in self.workspace.taken_away()}:
            self.workspace.entry(name)
        # The scenario last: a deletion that breaks off can be asked for again.
        for job in mine:
            self.delete_job(job.id)
        self._forget_futures()
        self.workspace.erase(name)
        self.workspace.audit.note("deleted", name)

    def delete_job(self, name: str) -> None:
        """Delete a job that is over, with its outlook and what it has learnt.

        Raises
        ------
        ConflictError
            It is not over.
        """
        self.jobs.forget(name)
        for folder in (self._outlook_folder(name), self.workspace.folder / "updates" / name):
            remove(folder)
        self.workspace.audit.note("deleted", name)

    def _forget_futures(self) -> None:
        self.engine.forget()
        with self._lock:
            self._whole.clear()

    def upkeep(self, now: datetime | None = None) -> None:
        """Delete what was kept for as long as it is to be."""
        at = now or datetime.now(UTC)
        before = {kind: at - timedelta(days=days) for kind, days in self.settings.keep.items()}
        self.workspace.cover_contacts()
        for entry in self.workspace.entries():
            saved = datetime.fromisoformat(entry.saved) if entry.saved else at
            if "readings" in before and saved < before["readings"]:
                self.workspace.forget_readings(entry.id)
            if "scenarios" in before and saved < before["scenarios"]:
                self._delete_if_idle(entry.id)
        if "taken-away" in before:
            for entry, when in self.workspace.taken_away():
                if when < before["taken-away"]:
                    self._delete_if_idle(entry.id)
        if "jobs" in before:
            for job in self.jobs.all():
                if job.finished and datetime.fromisoformat(job.finished) < before["jobs"]:
                    self.delete_job(job.id)
        if "futures" in before:
            self.engine.forget(before["futures"].timestamp())
        if "audit" in before:
            self.workspace.audit.forget(before["audit"])

    def _delete_if_idle(self, name: str) -> None:
        with contextlib.suppress(ConflictError):
            self.delete(name)


class _Turn:
    """The pool as `forewarn.forecast.run` wants it: work of one user, in turn with that of others."""

    def __init__(self, pool: Pool, user: str) -> None:
        self._pool = pool
        self._user = user
        self._futures: list[Future[Any]] = []

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:  # noqa: ANN401
        future = self._pool.submit(self._user, function, *arguments)
        self._futures.append(future)
        return future

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for future in self._futures:
            future.cancel()


def _no_update() -> NotFoundError:
    return NotFoundError(Problem("update", "is not there", remedy="Start it, or wait for it"))


def _part(progress: Callable[[int, int], None], number: int, of: int) -> Callable[[int, int], None]:
    return lambda done, total: progress(number * total + done, of * total)


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
