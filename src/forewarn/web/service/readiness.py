"""Getting ready in the background, so that the first visitor need not wait without knowing for what."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from forewarn.forecast.readiness import get_ready, is_compiled

COMPILING: Final = (
    "Getting ready: the simulation is compiled for this computer, once after an installation. It takes about "
    "half a minute, longer on a busy machine. Pages open already; figures come as soon as it is done."
)
LOADING: Final = "Getting ready: the simulation is being loaded. It takes a few seconds."

logger = logging.getLogger(__name__)


class Readiness:
    """Whether forecasts can be made at once.

    Parameters
    ----------
    work
        What makes them so.
    is_short
        Whether that takes seconds only.
    """

    def __init__(
        self, work: Callable[[], None] = get_ready, *, is_short: Callable[[], bool] = is_compiled
    ) -> None:
        self._work = work
        self._is_short = is_short
        self._said = ""

    @property
    def said(self) -> str:
        """What visitors should know; empty once forecasts are made at once."""
        return self._said

    def start(self) -> str:
        """Begin, if it has not begun, and give what visitors are told meanwhile."""
        if not self._said:
            self._said = LOADING if self._is_short() else COMPILING
            # Whoever stops the program does not wait for it.
            threading.Thread(target=self._run, name="forewarn-getting-ready", daemon=True).start()
        return self._said

    def _run(self) -> None:
        try:
            self._work()
        except Exception:
            # Whoever asks for a forecast meets the same error, and is told.
            logger.exception("Getting ready failed")
        self._said = ""
