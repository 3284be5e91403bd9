"""The folder of the app: scenarios, jobs, outlooks, the ledger. Names in it are ours, never a visitor's."""

from __future__ import annotations

import os
import re
import secrets
import sys
import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, Final, Literal

from forewarn.errors import ForewarnError, Problem
from forewarn.facts import Reading
from forewarn.ledger import without_contacts
from forewarn.replacing import remove, replacing_folder, tidy
from forewarn.scenario import Scenario, bundled, dump, load
from forewarn.web.service.audit import Audit
from forewarn.web.service.files import read_json, write_json, write_text
from forewarn.web.service.limits import MOST_SCENARIOS, ConflictError, NotFoundError

Origin = Literal["bundled", "imported", "drafted", "changed"]
IDENTIFIER: Final = re.compile(r"[0-9a-f]{16}")
READINGS: Final = "readings.json"
CONTACTS: Final = "contacts"
"""Key of a file of readings that says what became of contact details."""
FOLDERS: Final = ("scenarios", "jobs", "outlooks", "updates", "futures", "taken-away")
OPEN_SCENARIOS: Final = 16
"""Scenarios that are kept in memory."""


@dataclass(frozen=True, slots=True)
class WorkspaceScenario:
    """A scenario in the list.

    Parameters
    ----------
    id
        Name of a bundled scenario, or what we called it when it was saved.
    origin
        Where it came from.
    note
        Of what it was made: names of reports, of a file, or changes.
    """

    id: str
    title: str
    issued: date
    horizon_days: int
    places: int
    courses: int
    origin: Origin
    saved: str = ""
    note: str = ""


def new_id() -> str:
    """Make a name that nobody can guess: 16 hexadecimal digits."""
    return secrets.token_hex(8)


def default_folder() -> Path:
    """Give the user's folder for data of this program."""
    home = Path("~").expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "forewarn" / "app"


class Workspace:
    """Everything that the app keeps. One process at a time.

    Parameters
    ----------
    folder
        Made if missing; readable by its owner alone.

    Raises
    ------
    ConflictError
        Another process works in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                folder.chmod(0o700)
            for name in FOLDERS:
                (folder / name).mkdir(exist_ok=True)
        except OSError as error:
            raise ForewarnError(
                Problem(str(folder), f"cannot be used as a workspace: {error.strerror}")
            ) from error
        self._lock_file = _locked(folder / "lock")
        self._tidy()
        self.audit = Audit(folder / "audit")
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Scenario] = OrderedDict()

    @property
    def ledger(self) -> Path:
        """Where the ledger is."""
        return self.folder / "ledger.db"

    def close(self) -> None:
        """Let another process work in it."""
        self._lock_file.close()

    def secret(self) -> str:
        """Give the key that cookies are signed with; made once."""
        path = self.folder / "secret"
        if not path.is_file():
            write_text(path, secrets.token_urlsafe(32), private=True)
        return path.read_text(encoding="utf-8").strip()

    def entries(self) -> tuple[WorkspaceScenario, ...]:
        """List scenarios: those that were saved, newest first, then the bundled ones."""
        saved = [self._entry(path) for path in (self.folder / "scenarios").iterdir()]
        known = sorted((each for each in saved if each is not None), key=lambda e: e.saved, reverse=True)
        return (*known, *(self._bundled(each.name) for each in bundled()))

    def entry(self, name: str) -> WorkspaceScenario:
        """Give one scenario of the list.

        Raises
        ------
        NotFoundError
            There is none of this name.
        """
        if any(each.name == name for each in bundled()):
            return self._bundled(name)
        found = self._entry(self._folder_of(name))
        if found is None:
            raise _no_scenario()
        return found

    def scenario(self, name: str) -> Scenario:
        """Open a scenario.

        Raises
        ------
        NotFoundError
            There is none of this name.
        """
        with self._lock:
            if name in self._open:
                self._open.move_to_end(name)
                return self._open[name]
        if any(each.name == name for each in bundled()):
            found = load(name)
        else:
            folder = self._folder_of(name)
            if not (folder / "scenario.yaml").is_file():
                raise _no_scenario()
            found = load(folder)
        with self._lock:
            self._open[name] = found
            while len(self._open) > OPEN_SCENARIOS:
                self._open.popitem(last=False)
        return found

    def readings(self, name: str) -> tuple[Reading, ...]:
        """Give the reports that a scenario was drafted from, as they were read; none for others."""
        self.entry(name)
        if not IDENTIFIER.fullmatch(name):
            return ()
        return _read_readings(self._folder_of(name) / READINGS)

    def save(
        self, scenario: Scenario, *, origin: Origin, note: str = "", readings: tuple[Reading, ...] = ()
    ) -> WorkspaceScenario:
        """Save a scenario under a new name of ours, whole or not at all.

        Raises
        ------
        ConflictError
            There are too many.
        """
        root = self.folder / "scenarios"
        if sum(1 for _ in root.iterdir()) >= MOST_SCENARIOS:
            what = f"there are {MOST_SCENARIOS} scenarios"
            raise ConflictError(Problem("workspace", what, remedy="Take some away first"))
        name = new_id()
        entry = _described(name, scenario, origin, note)
        with replacing_folder(root / name) as draft:
            write_text(draft / "scenario.yaml", dump(scenario))
            if readings:
                _write_readings(draft / READINGS, readings)
            write_json(draft / "entry.json", {**asdict(entry), "issued": entry.issued.isoformat()})
        self.audit.note(origin, name)
        return entry

    def take_away(self, name: str) -> None:
        """Take a saved scenario out of the list; its folder is kept in ``taken-away``.

        Raises
        ------
        NotFoundError
            There is none of this name.
        ConflictError
            It is a bundled one.
        """
        if self.entry(name).origin == "bundled":
            raise ConflictError(Problem("scenario", f"{name} comes with Forewarn", remedy="It stays"))
        folder = self._folder_of(name)
        # From now on it is counted how long it is kept.
        os.utime(folder)
        folder.rename(self.folder / "taken-away" / f"{name}-{new_id()}")
        self._forget(name)
        self.audit.note("taken away", name)

    def taken_away(self) -> tuple[tuple[WorkspaceScenario, datetime], ...]:
        """List what was taken out of the list, and when."""
        found = []
        for folder in (self.folder / "taken-away").iterdir():
            entry = self._entry(folder, folder.name.partition("-")[0])
            if entry is not None:
                status = folder.stat()
                # A folder that was moved before its time was set has moved when its record changed.
                when = max(status.st_mtime, status.st_ctime)
                found.append((entry, datetime.fromtimestamp(when, UTC)))
        return tuple(sorted(found, key=lambda each: each[1], reverse=True))

    def erase(self, name: str) -> None:
        """Delete a saved scenario with its reports, in the list or taken out of it.

        Raises
        ------
        NotFoundError
            There is none of this name.
        ConflictError
            It is a bundled one.
        """
        if any(each.name == name for each in bundled()):
            raise ConflictError(Problem("scenario", f"{name} comes with Forewarn", remedy="It stays"))
        folders = [self._folder_of(name), *(self.folder / "taken-away").glob(f"{name}-*")]
        there = [folder for folder in folders if folder.is_dir()]
        if not there:
            raise _no_scenario()
        for folder in there:
            remove(folder)
        self._forget(name)

    def forget_readings(self, name: str) -> None:
        """Delete the reports that a scenario was drafted from; it stays."""
        (self._folder_of(name) / READINGS).unlink(missing_ok=True)

    def cover_contacts(self) -> None:
        """Cover contact details in readings that an older version stored as they were."""
        for path in self.folder.glob(f"*/*/{READINGS}"):
            content = read_json(path) or {}
            if "readings" in content and CONTACTS not in content:
                _write_readings(path, tuple(without_contacts(each) for each in _read_readings(path)))

    def _forget(self, name: str) -> None:
        with self._lock:
            self._open.pop(name, None)

    def _tidy(self) -> None:
        """Take away what a program that was killed left half done: nobody else works here now."""
        tidy(self.folder)
        for name in FOLDERS:
            tidy(self.folder / name)
            for left in (self.folder / name).glob(".*"):
                remove(left)

    def _folder_of(self, name: str) -> Path:
        if not IDENTIFIER.fullmatch(name):
            raise _no_scenario()
        return self.folder / "scenarios" / name

    def _entry(self, folder: Path, called: str = "") -> WorkspaceScenario | None:
        name = called or folder.name
        content = read_json(folder / "entry.json") if IDENTIFIER.fullmatch(name) else None
        if content is None:
            return None
        try:
            issued = date.fromisoformat(content.pop("issued"))
            return WorkspaceScenario(**{**content, "id": name, "issued": issued})
        except (KeyError, TypeError, ValueError):
            return None

    def _bundled(self, name: str) -> WorkspaceScenario:
        return _described(name, self.scenario(name), "bundled", "")


def _described(name: str, scenario: Scenario, origin: Origin, note: str) -> WorkspaceScenario:
    return WorkspaceScenario(
        id=name,
        title=scenario.title,
        issued=scenario.issued,
        horizon_days=scenario.horizon_days,
        places=len(scenario.places),
        courses=len(scenario.courses),
        origin=origin,
        saved="" if origin == "bundled" else datetime.now(UTC).isoformat(timespec="milliseconds"),
        note=note,
    )


def _write_readings(path: Path, readings: tuple[Reading, ...]) -> None:
    content = [each.model_dump(mode="json") for each in readings]
    write_json(path, {CONTACTS: "covered", "readings": content})


def _read_readings(path: Path) -> tuple[Reading, ...]:
    content = read_json(path) or {}
    return tuple(Reading.model_validate(each) for each in content.get("readings", ()))


def _no_scenario() -> NotFoundError:
    return NotFoundError(Problem("scenario", "not found", remedy="Choose one of the list"))


def _locked(path: Path) -> IO[Any]:
    """Hold a lock that goes with the process, however it ends."""
    file = path.open("a+")
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError as error:
        file.close()
        remedy = "Stop it, or name another folder with --workspace"
        raise ConflictError(
            Problem(str(path.parent), "another forewarn serve works in it", remedy=remedy)
        ) from error
    return file
