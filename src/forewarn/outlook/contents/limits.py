"""What a forecast cannot do, and what nobody may do with it."""

from __future__ import annotations


def limits(suppress_below: int) -> tuple[str, ...]:
    """Say what a forecast cannot do, and what nobody may do with it."""
    return (
        "This is a simulation of what the scenario describes. It cannot know what commanders will decide, "
        "and courses that nobody named are not in it.",
        "Intervals hold if the scenario does. They do not cover errors in its population figures, its roads "
        "or the model itself.",
        "Figures for single places are less certain than totals. Use them to prepare, together with what "
        "people on the ground report, and replace them as counts come in.",
        "Think before sharing figures by place: who could use them to block, target or turn back people on "
        f"the move? Numbers of people below {suppress_below} are not shown.",
        "A low figure does not justify leaving people without protection, and no figure here justifies "
        "closing a way out.",
        "Names and boundaries, and who is said to hold a place, imply no endorsement and no opinion on the "
        "status of any territory.",
    )
