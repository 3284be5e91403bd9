"""Progress on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def ensemble_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error; the first run says that it compiles.

    Yields
    ------
    callable
        To be called with (members done, members in all).
    """
    from forewarn.kernel.compiling import is_compiled_before

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        first = what if is_compiled_before() else f"{what} (first run: compiling, half a minute)"
        task = bar.add_task(first, total=None)

        def show(done: int, members: int) -> None:
            bar.update(task, completed=done, total=members, description=what)

        yield show


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error; gives what is to be called with (done, in all)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, jobs: bar.update(task, completed=done, total=jobs)
