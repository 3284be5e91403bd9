"""What the box may not do: reach a network, start programs, open and change files, take too much.

Called inside the child process, before it has seen anything of a stranger's.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, Final

MOST_OPEN_FILES: Final = 64
"""Files and pipes that are open at once; assumption: loading libraries takes a dozen."""
MOST_FILE_BYTES: Final = 2**28
"""Largest file in the box's own folder; assumption: the model that tells languages unpacks to a third."""
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of Linux (unshare(2))
_REFUSED: Final = (
    *(
        "socket.",
        "subprocess.",
        "os.exec",
        "os.fork",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "os.startfile",
    ),
    *("os.kill", "os.link", "os.symlink", "os.truncate", "os.chown", "ctypes.dlopen", "ctypes.dlsym"),
    *("urllib.", "http.client.", "ftplib.", "smtplib.", "webbrowser.", "sqlite3.connect"),
)
_ON_PATHS: Final = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "shutil.")
_FOLDERS: Final = ("/usr/share/zoneinfo", "/usr/lib", "/usr/lib64", "/lib", "/lib64")
_FILES: Final = ("/dev/null", "/dev/urandom", "/etc/localtime", "/etc/mime.types", os.devnull)


def lock_down(own: str) -> str:
    """Give up what parsers never need; say how the network was closed: ``namespace`` or ``audit hook``.

    Parameters
    ----------
    own
        Folder in which the box may write.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started the box ends it
    closed = "namespace" if _leave_network() else "audit hook"
    _limit_files()
    sys.dont_write_bytecode = True
    folders = {*_FOLDERS, sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path}
    readable = tuple(os.path.realpath(folder) + os.sep for folder in folders if folder)
    writable = os.path.realpath(own) + os.sep
    sys.addaudithook(lambda event, arguments: _watch(event, arguments, readable, writable))
    return closed


def limit(*, processor_seconds: float, memory_bytes: int | None) -> None:
    """Limit what the next piece of work may take, where the system can.

    Parameters
    ----------
    processor_seconds
        From now on; the system ends the process beyond.
    memory_bytes
        Address space in all; beyond it memory is refused. Nothing where it is watched from outside.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + processor_seconds) + 1
    _soften(resource.RLIMIT_CPU, until)
    if memory_bytes is not None:
        _soften(resource.RLIMIT_AS, memory_bytes)


def _soften(kind: int, most: int) -> None:
    import resource

    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _limit_files() -> None:
    if sys.platform == "win32":
        return
    import resource

    for kind, most in (
        (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
        (resource.RLIMIT_FSIZE, MOST_FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _leave_network() -> bool:
    """Move to a network of its own that leads nowhere, where the system grants one (user namespaces)."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    try:
        return bool(ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK) == 0)
    except (OSError, AttributeError):
        return False


def _watch(event: str, arguments: tuple[Any, ...], readable: tuple[str, ...], writable: str) -> None:
    """Refuse what no parser needs. It holds for Python's own calls; libraries in C are held by the limits."""
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, int) or os.fsdecode(path) in _FILES:
            return
        is_writing = bool((flags or 0) & (os.O_WRONLY | os.O_RDWR))
        if not _inside(path, (writable,) if is_writing else (*readable, writable)):
            message = "the box opens no files"
            raise PermissionError(message)
    elif event.startswith(_ON_PATHS):
        if not all(_inside(path, (writable,)) for path in arguments if isinstance(path, (str, bytes))):
            message = "the box changes no files"
            raise PermissionError(message)
    elif event.startswith(_REFUSED):
        message = f"the box does no {event}"
        raise PermissionError(message)


def _inside(path: str | bytes, folders: tuple[str, ...]) -> bool:
    return (os.path.realpath(os.fsdecode(path)) + os.sep).startswith(folders)
