"""What a hindcast says of its conflicts on standard error: remarks, and whether what is shipped is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forewarn.cli.consoles import say_note

if TYPE_CHECKING:
    from forewarn.hindcast.data.cases import Case
    from forewarn.hindcast.forecasters.shipped import Shipped


def say_remarks(cases: Sequence[Case]) -> None:
    """Say on standard error what was read otherwise than it stands."""
    for case in cases:
        for remark in case.registrations.remarks:
            say_note(f"{case.name}: {remark}")


def shipped(cases: Sequence[Case]) -> Shipped | None:
    """Give what is shipped, unless one of the conflicts is among those it was learnt from; say which."""
    from forewarn.hindcast.forecasters.shipped import load

    found = load()
    again = found.known_again(case.registrations for case in cases)
    if again:
        say_note(f"{', '.join(again)}: what is shipped was learnt from this, and is left aside")
        return None
    say_note(f"learnt from {len(found.names)} published conflicts too (--given-alone does not)")
    return found
