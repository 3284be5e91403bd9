"""What every outlook carries with it: what it may be used for, and whose work is in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_MARKS: Final = re.compile(r"^#+ |\*\*|`|\[(?P<words>[^\]]+)\]\([^)]*\)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FinePrint:
    """Two texts of the project, plain."""

    responsible_use: str
    notice: str


@cache
def fine_print() -> FinePrint:
    """Read the texts that are shipped: copies of ``docs/responsible-use.md`` and ``NOTICE``."""
    folder = files("forewarn").joinpath("data", "outlook")
    use, notice = (folder.joinpath(name).read_text("utf-8") for name in ("responsible-use.md", "NOTICE"))
    return FinePrint(plain(use), notice.strip())


def plain(text: str) -> str:
    """Take the marks of Markdown out of a text.

    Examples
    --------
    >>> plain("**not** for [targets](x.md)")
    'not for targets'
    """
    return _MARKS.sub(lambda found: found["words"] or "", text).strip()
