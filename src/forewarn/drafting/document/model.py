"""The block ``model`` of a draft: flight by the reference class, pull of zones, the warning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from forewarn.drafting.basis import Basis
from forewarn.drafting.document.claims import Claim, warning_of
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.surroundings.model import Surroundings
from forewarn.scenario.flight_prior import NUMBER as FROM_CLASS
from forewarn.scenario.resolving import shipped_defaults

__all__ = ["draft_model"]

REGION_PEOPLE: Final = 300_000
"""From so many people under threat on, the reference class's scope is a region; assumption."""


def draft_model(
    situation: Situation,
    around: Surroundings,
    keys: Sequence[str],
    *,
    under_threat: int,
    claims: Sequence[Claim],
    day: date,
    farthest: dict[str, Any] | None = None,
) -> tuple[dict[str, Any], list[Basis]]:
    """Write ``model`` and what it rests on.

    Parameters
    ----------
    keys
        Of the reports, in ``sources``.
    under_threat
        People in the places under threat.
    claims
        Published figures that are placed in the forecast.
    day
        Issue day.
    farthest
        Radius within which people choose, if a report names a refuge beyond the default.
    """
    wide = situation.area.kind == "region" or under_threat >= REGION_PEOPLE
    flight = {
        "prior": "reference-class",
        "scope": "region" if wide else "place",
        "kind": _kind(situation),
        "leave_out": list(around.leave_out),
    }
    if situation.siege is not None or situation.sides.closed or around.shut:
        flight["exits"] = "partial"
    zones = list(around.threatened_zones)
    model: dict[str, Any] = {"flight": flight, "churn": {"zones": zones}}
    if around.zone_pull:
        model["destination"] = {"zone_pull": around.zone_pull}
    if farthest is not None:
        model.setdefault("destination", {})["radius_km"] = farthest
    for block, key, default in _counted_later(day):
        model.setdefault(block, {})[key] = default
    basis = [] if situation.ordered is None else [Basis("model.flight.kind", situation.ordered)]
    warning = warning_of(claims)
    if warning is None:
        return model, basis
    figure, said = warning
    published = {"value": int(figure.quantity.value or 0), "source": keys[said.report]}
    model.setdefault("warning", {}).update({"zones": zones, "figure": published})
    return model, [*basis, Basis("model.warning.figure", said)]


def _kind(situation: Situation) -> str:
    """Kind of offensive, as the reference class knows it."""
    if situation.ordered is not None:
        return "evacuation order"
    return "ground" if situation.siege is None else "siege"


def _counted_later(day: date) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give shipped defaults that rest on what was published after a day, by block and key, as assumptions.

    F is left out: the reference class gives it as of any day.
    """
    defaults = shipped_defaults()
    late = {key for key, source in defaults["sources"].items() if source["published"] > day}
    why = "assumption: the shipped default, which rests on what was counted after this day"
    for block, numbers in defaults["model"].items():
        for key, number in numbers.items():
            if key != FROM_CLASS and isinstance(number, dict) and number.get("source") in late:
                yield (
                    block,
                    key,
                    {name: part for name, part in number.items() if name != "note"} | {"source": why},
                )
