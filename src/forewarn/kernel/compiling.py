"""The one place that sets Numba's flags and says where compiled code is kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core import config

Function = TypeVar("Function", bound=Callable[..., Any])

# One processor family and one lock file give one result: no reordering of sums, no fused shortcuts.
# `_nrt` off: the kernel allocates nothing, so nobody need count who uses an array; counting took most of the
# time of a member, and most of the time of compiling.
FLAGS: dict[str, Any] = {
    "nogil": True,
    "cache": True,
    "fastmath": False,
    "error_model": "numpy",
    "_nrt": False,
}


def fingerprint(folder: Path) -> str:
    """Hash all sources below a folder: Numba does not notice when a function in another file changes."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> str:
    """Folder for compiled code: the user's choice, else the user's cache, else a temporary one."""
    sources = fingerprint(Path(__file__).parent)
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return str(Path(chosen) / f"forewarn-{sources}")
    home = (
        os.environ.get("LOCALAPPDATA")
        or os.environ.get("XDG_CACHE_HOME")
        or str(Path("~").expanduser() / ".cache")
    )
    folder = Path(home) / "forewarn" / sources
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"forewarn-{sources}"
    return str(folder)


CACHE_FOLDER = _cache_folder()


def compiled(function: Function) -> Function:
    """Compile a kernel function on first use and keep the machine code for the next run."""
    return _compile(function, FLAGS)


def merged(function: Function) -> Function:
    """Compile a function as a part of whoever calls it: for steps that are called from one or two places.

    Handing the groups of arrays from one compiled function to another takes longer to compile than most
    of these functions do.
    """
    return _compile(function, {**FLAGS, "inline": "always"})


def inlined(function: Function) -> Function:
    """Compile a small function as machine code of its callers: for what is done person by person."""
    return _compile(function, {**FLAGS, "forceinline": True})


def _compile(function: Function, flags: dict[str, Any]) -> Function:
    before = config.CACHE_DIR  # type: ignore[attr-defined]
    config.CACHE_DIR = CACHE_FOLDER  # type: ignore[attr-defined]
    try:
        dispatcher: Function = numba.njit(**flags)(function)
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]
    return dispatcher


@compiled
def wide(number: int) -> int:
    """Give a number of a narrow table as the int64 for which functions are compiled: `int` would keep its width."""
    return np.int64(number)  # type: ignore[return-value]


def is_compiled_before() -> bool:
    """Whether machine code from an earlier run is at hand (if not, the first run compiles)."""
    return any(Path(CACHE_FOLDER).glob("native_*/member.simulate*.nbi"))
