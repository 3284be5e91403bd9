"""What a place leaves out."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from forewarn.scenario.quantity import Amount


def filled_place(raw: Any) -> Any:  # noqa: ANN401
    """Fill in the attraction of a place.

    Its people, or the capacity of a camp that has none yet. Rows of the wrong form stay as they are.
    """
    if not isinstance(raw, dict) or raw.get("attraction") is not None:
        return raw
    counts = [raw.get("residents", 0), raw.get("displaced", 0)]
    if not all(type(count) is int for count in counts):
        # The count is reported; a second complaint about the attraction would not help.
        return raw | {"attraction": 0}
    people = sum(counts)
    if people == 0 and raw.get("kind") == "camp" and raw.get("capacity") is not None:
        try:
            return raw | {"attraction": Amount.model_validate(raw["capacity"]).typical()}
        except ValidationError:
            return raw | {"attraction": 0}
    return raw | {"attraction": max(people, 0)}
