"""The block ``model`` of a draft: flight by the reference class, pull of zones, the warning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from forewarn.drafting.basis import Basis
from forewarn.drafting.document.claims import Claim, warning_of
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.surroundings.model import Surroundings
from forewarn.scenario.resolving import shipped_defaults

__all__ = ["draft_model"]

CLASS_DAY: Final = date(2018, 8, 30)
"""From this day on the shipped defaults that rest on counts were known."""
COUNTED: Final = (
    ("warning", "share"),
    ("destination", "attraction_exponent"),
    ("destination", "distance_exponent"),
    ("destination", "pull_spread"),
)
"""Those defaults, but for flight, which the reference class fills in as of any day."""
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
    """
    wide = situation.area.kind == "region" or under_threat >= REGION_PEOPLE
    flight = {
        "prior": "reference-class",
        "scope": "region" if wide else "place",
        "kind": "siege" if situation.siege is not None else "ground",
        "leave_out": list(around.leave_out),
    }
    if situation.siege is not None or situation.sides.closed or around.shut:
        flight["exits"] = "partial"
    zones = list(around.threatened_zones)
    model: dict[str, Any] = {"flight": flight, "churn": {"zones": zones}}
    if around.zone_pull:
        model["destination"] = {"zone_pull": around.zone_pull}
    if day < CLASS_DAY:
        for block, key in COUNTED:
            default = {
                name: part for name, part in shipped_defaults()["model"][block][key].items() if name != "note"
            }
            late = "assumption: the shipped default, which rests on what was counted after this day"
            model.setdefault(block, {})[key] = default | {"source": late}
    warning = warning_of(claims)
    if warning is None:
        return model, []
    figure, said = warning
    published = {"value": int(figure.quantity.value or 0), "source": keys[said.report]}
    model.setdefault("warning", {}).update({"zones": zones, "figure": published})
    return model, [Basis("model.warning.figure", said)]
