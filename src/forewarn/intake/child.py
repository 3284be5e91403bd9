"""Inside the box: take a piece of work, do it within its limits, answer, wait for the next."""

from __future__ import annotations

import importlib
import os
import traceback
from dataclasses import astuple
from typing import IO, Any

from forewarn.errors import ForewarnError
from forewarn.intake.lockdown import limit, lock_down
from forewarn.intake.messages import receive, send


def main(own: str) -> None:
    """Serve until the other side closes; `own` is the one folder in which anything may be written."""
    # What a library prints must not get between the messages.
    answers = os.fdopen(os.dup(1), "wb")
    questions = os.fdopen(os.dup(0), "rb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    send(answers, ("ready", lock_down(own)))
    while True:
        try:
            work = receive(questions)
        except EOFError:
            return
        if not _answer(answers, work):
            return


def _answer(answers: IO[bytes], work: dict[str, Any]) -> bool:
    """Do a piece of work and send what came of it; say whether this process is fit for another."""
    try:
        limit(processor_seconds=work["processor_seconds"], memory_bytes=work["memory_bytes"])
        module = importlib.import_module(work["module"])
        result = getattr(module, work["function"])(*work["arguments"], **work["named"])
        send(answers, ("done", result))
    except ForewarnError as error:
        kind = type(error)
        problems = [astuple(problem) for problem in error.problems]
        send(answers, ("refused", kind.__module__, kind.__qualname__, problems))
    except MemoryError:
        # Whatever was half done may hold the memory still.
        send(answers, ("memory",))
        return False
    except Exception as error:  # noqa: BLE001  (parsers raise anything on hostile bytes)
        send(answers, ("failed", f"{type(error).__name__}: {error}"[:300], traceback.format_exc()[-4000:]))
    return True
