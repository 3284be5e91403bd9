"""A workspace with its ledger in one file, and back: whole and verified, or not at all.

The file is a zip archive; ``manifest.json`` in it lists every file with its SHA-256, and the ledger's head.
Computed futures, sessions and the key of cookies are left out: they are made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sqlite3
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from forewarn.errors import ForewarnError, Problem
from forewarn.intake import open_file
from forewarn.ledger import open_ledger
from forewarn.replacing import replacing_file, replacing_folder
from forewarn.web.service.keeping import FILE as RETENTION
from forewarn.web.service.limits import MIB
from forewarn.web.service.workspace import Workspace

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LEDGER: Final = "ledger.db"
FOLDERS: Final = ("scenarios", "jobs", "outlooks", "updates", "taken-away", "audit")
TOP_FILES: Final = (LEDGER, RETENTION)
PLAIN: Final = re.compile(r"\w[\w .()+-]*", re.ASCII)
"""A part of a name: no colon, no separator, no first dot."""
MOST_FILES: Final = 200_000
MOST_FILE_BYTES: Final = 4096 * MIB
MOST_BYTES: Final = 16_384 * MIB
"""Unpacked; assumption: outlooks and updates have 2 GB each at most, the rest far less."""
MOST_MANIFEST_BYTES: Final = 64 * MIB
PIECE: Final = MIB


@dataclass(frozen=True, slots=True)
class Checked:
    """What was verified: files, their size, and the ledger."""

    files: int
    size: int
    ledger_entries: int
    ledger_head: str


def back_up(workspace: Path, file: Path) -> Checked:
    """Write a workspace into a file, and verify it. The app may run meanwhile.

    Every file of a workspace is whole or not there, and the ledger is copied by its own database.

    Raises
    ------
    ForewarnError
        There is not a workspace, its ledger is broken, or the file does not hold what was written.
    """
    if not (workspace / "scenarios").is_dir():
        raise ForewarnError(Problem(str(workspace), "is not a workspace", remedy="Name one with --workspace"))
    with (
        replacing_file(file, private=True) as draft,
        tempfile.TemporaryDirectory(prefix="forewarn-") as folder,
    ):
        written: dict[str, Any] = {}
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for path in _files(workspace):
                # What was deleted or replaced a moment ago is not missed.
                with contextlib.suppress(FileNotFoundError):
                    _add(archive, path.relative_to(workspace).as_posix(), path, written)
            if (workspace / LEDGER).is_file():
                _copy_ledger(workspace / LEDGER, Path(folder) / LEDGER)
                _add(archive, LEDGER, Path(folder) / LEDGER, written)
            made = datetime.now(UTC).isoformat(timespec="seconds")
            head = _ledger_state(Path(folder) / LEDGER)[1]
            manifest = {"forewarn_backup": FORMAT, "made": made, "ledger_head": head, "files": written}
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
        return verify(draft, name=str(file))


def verify(file: Path, *, name: str = "") -> Checked:
    """Check every file of a backup, and the chain of its ledger, without restoring it.

    Raises
    ------
    ForewarnError
        It is no backup, or something in it is not as it was.
    """
    with tempfile.TemporaryDirectory(prefix="forewarn-") as folder:
        return _unpack(file, Path(folder), name or str(file), ledger_alone=True)


def restore(file: Path, workspace: Path, *, replace: bool = False) -> Checked:
    """Make a workspace out of a backup: whole and verified, in one step, or not at all.

    Parameters
    ----------
    replace
        Whether it may take the place of a workspace that is there, which is then gone.

    Raises
    ------
    ForewarnError
        It is no backup, something in it is not as it was, or the workspace is there or in use.
    """
    workspace = workspace.absolute()
    is_there = workspace.exists() and (not workspace.is_dir() or any(workspace.iterdir()))
    if is_there and not (replace and (workspace / "scenarios").is_dir()):
        allowed = "a folder that is empty or not there, or a workspace and --replace"
        raise ForewarnError(Problem(str(workspace), "is there already", allowed))
    with contextlib.ExitStack() as stack:
        if is_there:
            # Nobody may work in what is about to go.
            stack.callback(Workspace(workspace).close)
        elif workspace.exists():
            workspace.rmdir()
        draft = stack.enter_context(replacing_folder(workspace))
        draft.chmod(0o700)
        checked = _unpack(file, draft, str(file), ledger_alone=False)
        opened = Workspace(draft)
        opened.entries()
        opened.close()
    return checked


def _files(workspace: Path) -> Iterator[Path]:
    for name in FOLDERS:
        for path in sorted((workspace / name).rglob("*")):
            parts = path.relative_to(workspace).parts
            if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in parts):
                yield path
    if (workspace / RETENTION).is_file():
        yield workspace / RETENTION


def _add(archive: zipfile.ZipFile, name: str, path: Path, written: dict[str, Any]) -> None:
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        digest, size = _copy(source, target)
    written[name] = {"bytes": size, "sha256": digest}


def _copy(source: IO[bytes], target: IO[bytes], most: int = MOST_FILE_BYTES) -> tuple[str, int]:
    """Copy a file up to a little more than `most`; give its SHA-256 and its size."""
    digest, size = hashlib.sha256(), 0
    while size <= most and (piece := source.read(PIECE)):
        digest.update(piece)
        target.write(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _copy_ledger(source: Path, target: Path) -> None:
    """Copy a database that somebody may be writing to, as it is at one moment."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True, timeout=60)) as one,
        contextlib.closing(sqlite3.connect(target)) as other,
    ):
        one.backup(other)


def _ledger_state(path: Path) -> tuple[int, str]:
    """Give entries and head of a ledger once its chain is verified; nothing where there is none."""
    if not path.is_file():
        return 0, ""
    with open_ledger(path, create=False) as ledger:
        found = ledger.verify()
    if not found.ok:
        raise ForewarnError(found.faults)
    return found.entries, found.head


def _unpack(file: Path, folder: Path, name: str, *, ledger_alone: bool) -> Checked:
    """Write the files of a backup below a folder, or its ledger alone, and check all of them."""
    try:
        with open_file(file) as opened, zipfile.ZipFile(opened) as archive:
            manifest = _manifest(archive, name)
            listed = manifest["files"]
            members = [each for each in archive.infolist() if each.filename != MANIFEST]
            _check_names(members, listed, name)
            problems = []
            for member in members:
                kept = not ledger_alone or member.filename == LEDGER
                stated = listed[member.filename]
                if not _write(archive, member, folder / member.filename if kept else None, stated):
                    problems.append(
                        Problem(f"{name}, {member.filename}", "is not as it was when it was written")
                    )
            if problems:
                raise ForewarnError(problems[:20])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ForewarnError(
            Problem(name, "is not a backup, or is broken", "a file of forewarn backup")
        ) from error
    entries, head = _ledger_state(folder / LEDGER)
    if head != manifest.get("ledger_head"):
        raise ForewarnError(Problem(f"{name}, {LEDGER}", "is not the ledger that was backed up"))
    return Checked(len(members), sum(each["bytes"] for each in listed.values()), entries, head)


def _manifest(archive: zipfile.ZipFile, name: str) -> Mapping[str, Any]:
    refused = ForewarnError(Problem(name, "is not a backup of a workspace", "a file of forewarn backup"))
    try:
        with archive.open(MANIFEST) as file:
            found = json.loads(file.read(MOST_MANIFEST_BYTES))
        sound = found["forewarn_backup"] == FORMAT and all(
            isinstance(each["bytes"], int) and each["bytes"] >= 0 and isinstance(each["sha256"], str)
            for each in found["files"].values()
        )
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise refused from error
    if not sound:
        raise refused
    manifest: Mapping[str, Any] = found
    return manifest


def _check_names(members: list[zipfile.ZipInfo], listed: Mapping[str, Any], name: str) -> None:
    """Refuse what is more, fewer or other than the manifest lists: a backup may come from a stranger."""
    problems = []
    if len(members) > MOST_FILES:
        problems.append(Problem(name, f"{len(members):,} files", f"at most {MOST_FILES:,}"))
    if sum(each["bytes"] for each in listed.values()) > MOST_BYTES:
        problems.append(Problem(name, "is too large once it is unpacked", f"at most {MOST_BYTES:,} bytes"))
    names = [each.filename for each in members]
    if sorted(names) != sorted(listed):
        problems.append(Problem(name, "does not hold the files that it lists", "each once"))
    for member in members:
        if not _is_plain(member):
            problems.append(Problem(f"{name}, {member.filename[:100]!r}", "is not a file of a workspace"))
    if problems:
        raise ForewarnError(problems[:20])


def _is_plain(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a regular file with a name that a workspace can have."""
    path = PurePosixPath(member.filename)
    kind = stat.S_IFMT(member.external_attr >> 16)
    inside = len(path.parts) > 1 and path.parts[0] in FOLDERS
    return (
        kind in (0, stat.S_IFREG)
        and not member.is_dir()
        and (inside or member.filename in TOP_FILES)
        and member.filename == path.as_posix()
        and all(PLAIN.fullmatch(part) and len(part) <= 200 for part in path.parts)
    )


def _write(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path | None, stated: Mapping[str, Any]
) -> bool:
    """Write a member, or only read it; say whether it is what the manifest says."""
    most = min(int(stated["bytes"]), MOST_FILE_BYTES)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, _target(path) as target:
        found = _copy(source, target, most)
    return found == (stated["sha256"], stated["bytes"])


@contextlib.contextmanager
def _target(path: Path | None) -> Iterator[IO[bytes]]:
    with (Path(os.devnull) if path is None else path).open("wb") as file:
        yield file
        if path is not None:
            file.flush()
            os.fsync(file.fileno())
