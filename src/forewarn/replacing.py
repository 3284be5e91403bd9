"""Files and folders that are whole or not there, also where the program is killed while it writes them.

What is written is a draft under a hidden name beside its place until it is whole. A folder takes the place of
an older one in one step where the system can exchange two names (Linux, macOS); elsewhere the older one has a
hidden name for a moment, and whoever writes there next gives it its name back.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LEFT: Final = re.compile(r"\.(?P<name>.+)\.(?P<what>draft|former)-(?:\d+-)?[0-9a-f]{8}")
"""Names of drafts, and of what a draft was to replace."""
ABANDONED_SECONDS: Final = 24 * 3600
"""Age from which a draft is nobody's where a system has no locks that end with a process (assumption)."""
_HERE: Final = -100
"""AT_FDCWD of Linux: names are those of the working directory."""
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of Linux (renameat2) and RENAME_SWAP of macOS (renamex_np)."""


@contextmanager
def replacing_file(path: Path, *, private: bool = False, locks_itself: bool = False) -> Iterator[Path]:
    """Give the name of a draft that takes the place of a file at the end, or vanishes on an error.

    Parameters
    ----------
    private
        Whether only its owner may read it.
    locks_itself
        Whether what writes the file locks it, as HDF5 does: then it gets a name that is not locked yet.
    """
    tidy(path.parent, path.name)
    draft = _beside(path, "draft")
    given = _beside(path, "draft") if locks_itself else draft
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if private else 0o666))
    try:
        with _claimed(draft):
            yield given
            with given.open("rb+") as file:
                os.fsync(file.fileno())
            given.replace(path)
    finally:
        given.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Give a draft that takes the place of a folder at the end, or vanishes on an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    tidy(target.parent, target.name)
    draft = _beside(target, "draft")
    draft.mkdir()
    try:
        with _claimed(draft):
            yield draft
            put(draft, target)
    finally:
        # After an exchange this is the older one.
        remove(draft)


def put(draft: Path, target: Path) -> None:
    """Let a folder take the place of another one, which is then a hidden draft or gone."""
    if not target.exists():
        draft.rename(target)
    elif not exchange(draft, target):
        former = _beside(target, "former")
        target.rename(former)
        try:
            draft.rename(target)
        except BaseException:
            former.rename(target)
            raise
        remove(former)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders exchange their names in one step; say whether the system could."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(system.renamex_np(names[0], names[1], _EXCHANGE) == 0)
        return bool(system.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):
        return False


def tidy(folder: Path, name: str = "") -> None:
    """Remove what programs that were killed left in a folder, and give back what has a hidden name alone.

    Parameters
    ----------
    name
        Of the file or folder whose drafts are looked for; all if empty.
    """
    for left in list(folder.iterdir()) if folder.is_dir() else ():
        found = LEFT.fullmatch(left.name)
        if found is None or (name and found["name"] != name) or not _is_abandoned(left):
            continue
        target = folder / found["name"]
        if found["what"] == "former" and not target.exists():
            left.rename(target)
        else:
            remove(left)


def remove(path: Path) -> None:
    """Remove a file or a folder if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}-{secrets.token_hex(4)}")


@contextmanager
def _claimed(draft: Path) -> Iterator[None]:
    """Hold a lock on a draft that goes with the process, however it ends."""
    if os.name != "posix":
        yield
        return
    import fcntl

    handle = os.open(draft, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _is_abandoned(left: Path) -> bool:
    """Whether nobody writes a draft any more."""
    try:
        if os.name != "posix":
            return time.time() - left.stat().st_mtime > ABANDONED_SECONDS
        import fcntl

        handle = os.open(left, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(handle)
    except OSError:
        return False
    return True
