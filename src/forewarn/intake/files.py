"""Files of strangers: regular ones only, up to a size, as bytes."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from forewarn.errors import ForewarnError, Problem

_CHUNK = 2**16


def read_file(
    path: str | Path, *, most_bytes: int, name: str = "", error: type[ForewarnError] = ForewarnError
) -> bytes:
    """Read a regular file, up to a size.

    Parameters
    ----------
    path
        Where it is; links are followed.
    most_bytes
        Largest size that is read.
    name
        What errors call it; nothing = the path as given.
    error
        Kind of error that is raised.

    Raises
    ------
    ForewarnError
        There is no such file, it is no regular file, it is too large, or the system refuses it.
    """
    called = name or str(path)
    with open_file(path, name=called, error=error) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most_bytes:
            raise error(too_large(called, size, most_bytes))
        try:
            return read_limited(file, called, most_bytes=most_bytes, error=error)
        except OSError as cause:
            raise error(Problem(called, f"cannot be read: {cause.strerror}")) from cause


@contextmanager
def open_file(
    path: str | Path, *, name: str = "", error: type[ForewarnError] = ForewarnError
) -> Iterator[IO[bytes]]:
    """Open a regular file for reading.

    A FIFO, a device or a socket would block for ever or never end, whatever its name says; they are refused
    before a byte is read.

    Parameters
    ----------
    path, name, error
        As for `read_file`.

    Raises
    ------
    ForewarnError
        There is no such file, it is no regular file, or the system refuses it.
    """
    called = name or str(path)
    try:
        # Without O_NONBLOCK, opening a FIFO waits for a writer.
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as cause:
        raise error(_unopened(path, called, cause)) from cause
    if (problem := _no_file(os.fstat(opened).st_mode, called)) is not None:
        os.close(opened)
        raise error(problem)
    with os.fdopen(opened, "rb") as file:
        yield file


def read_limited(
    stream: IO[bytes],
    name: str,
    *,
    most_bytes: int,
    deadline_seconds: float | None = None,
    error: type[ForewarnError] = ForewarnError,
) -> bytes:
    """Read a stream to its end, up to a size, and not for ever: what it says of its length may be wrong.

    Raises
    ------
    ForewarnError
        It is too large, or did not come in time.
    """
    parts: list[bytes] = []
    size = 0
    start = time.monotonic()
    while part := stream.read(_CHUNK):
        size += len(part)
        if size > most_bytes:
            raise error(too_large(name, size, most_bytes))
        parts.append(part)
        if deadline_seconds is not None and time.monotonic() - start > deadline_seconds:
            raise error(Problem(name, f"did not come within {deadline_seconds:.0f} seconds"))
    return b"".join(parts)


def too_large(name: str, size: int, most_bytes: int) -> Problem:
    """Say that something is too large; sizes in bytes."""
    in_mib = most_bytes >= 2**20 and most_bytes % 2**20 == 0
    found = f"{size / 2**20:,.1f} MiB" if in_mib else f"{size:,} bytes"
    allowed = f"{most_bytes // 2**20} MiB" if in_mib else f"{most_bytes:,} bytes"
    return Problem(name, found, f"at most {allowed}", "Split it, or keep only what matters")


def _no_file(mode: int, called: str) -> Problem | None:
    """Say what something is that is not a regular file; `mode` as stat gives it."""
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISDIR(mode):
        return Problem(called, "is a folder", "a file")
    return Problem(called, "is not a regular file", "a file on a disk", "Copy its content into one")


def _unopened(path: str | Path, called: str, cause: OSError | ValueError) -> Problem:
    if isinstance(cause, FileNotFoundError):
        return Problem(called, "file not found", remedy=f"Looked for {path}")
    if isinstance(cause, IsADirectoryError):
        return Problem(called, "is a folder", "a file")
    reason = cause.strerror if isinstance(cause, OSError) else str(cause)
    return Problem(called, f"cannot be read: {reason}")
