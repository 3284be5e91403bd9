"""Models of the `model` block: how people behave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

from pydantic import Field, model_validator

from forewarn.scenario.model.quantity import (
    Amount,
    Block,
    PlainDistance,
    Positive,
    Probability,
    Pull,
    Share,
    wrong,
)


def filled(description: str, **constraints: Any) -> Any:  # noqa: ANN401
    """Describe a field that people may leave out, because `resolve` fills it in."""
    return Field(description=description, json_schema_extra={"filled": True}, **constraints)


class Flight(Block):
    """How many people leave a place whose attack goes on, and how fast."""

    share_leaving: Share = filled("F: share of people who leave a place whose attack goes on.")
    share_leaving_spread: Amount = filled("Standard deviation of logit F between places.")
    days_to_half: Positive = filled("t50: days of full exposure until half of the leavers have left.")
    days_to_half_spread: Amount = filled("Standard deviation of log t50 between places.")
    share_at_once: Share = filled(
        "Part of the leavers that goes within days of the first attack; the rest follows."
    )
    days_at_once: Positive = filled("Days of full exposure until half of those who go at once have left.")
    displaced_multiplier: Amount = filled(
        "Pace of people already displaced on the issue day, relative to residents (ratio)."
    )
    newly_displaced_multiplier: Amount = filled(
        "The same for people who fled after the issue day; 0 switches secondary displacement off (ratio)."
    )


class Fear(Block):
    """Flight ahead of the front."""

    intensity: Share = filled(
        "Exposure of a place at no distance from a place under attack of intensity 1; 0 switches it off."
    )
    decay_km: Positive = filled("Road distance over which fear falls by the factor e, in km.")


class PostEffect(Block):
    """What observation posts do."""

    effect: Share = filled(
        "Part of the attack's intensity that a post takes away within its radius; 0 = posts are ignored."
    )


class Intensity(Block):
    """Default intensity of a stage by its kind; stages that follow it change with it."""

    bombardment: Share = filled("Bombardment.")
    ground_attack: Share = filled("Ground attack.")
    siege: Share = filled("Siege.")
    chemical_attack: Share = filled("Chemical attack.")


class Churn(Block):
    """People who move in ordinary times."""

    monthly_rate: Share = filled("People who move in an ordinary month, share per 30 days.")
    zones: tuple[str, ...] = filled("Zones it applies to; none if empty.")


class WarningEffect(Block):
    """Flight out of fear after a published warning."""

    share: Share = filled("People who leave because of the warning, as a share of its figure.")
    figure: Amount = filled("The warning that was published, in people; 0 switches it off.")
    half_life_days: Positive = filled("Time in which half of them leave, in days.")
    zones: tuple[str, ...] = filled("Zones it applies to.")


class Destination(Block):
    """How people choose where to go."""

    attraction_exponent: Amount = filled("a: exponent of a place's attraction.")
    distance_exponent: Amount = filled("b: exponent of road distance.")
    softening_km: Positive = filled("Added to every distance, in km.")
    camp_pull: Pull = filled("Added for camps (log).")
    foreign_pull: Pull = filled("Added for places abroad (log).")
    local_pull: Pull = filled(
        "Pull of their own place on people who leave home, beside that of its size (log)."
    )
    history_exponent: Amount = filled(
        "Exponent of the movements counted earlier between two places (flow_history); 0 leaves them out."
    )
    history_scale: Positive = filled(
        "Movements counted earlier that double a weight if the exponent is 1, in people."
    )
    danger: Amount = filled("Taken away per unit of exposure at the destination (log).")
    shunned: Share = filled(
        "What is left of the pull of a place attacked, about to be, or taken by another side (ratio)."
    )
    memory_days: Amount = filled("Time after an attack on a place for which people shun it, in days.")
    foresight_days: Amount = filled("Time before an attack on a place from which people shun it, in days.")
    liberators: tuple[str, ...] = filled("Zones that places may fall to without being shunned.")
    pull_spread: Amount = filled(
        "Standard deviation of a gamma distributed factor of each place's pull, of mean 1 (ratio)."
    )
    area_spread: Amount = filled(
        "Standard deviation of a random pull that places of one zone and first-level region share (log)."
    )
    radius_km: PlainDistance = filled("No destination beyond this road distance, in km; a plain number.")
    zone_pull: Mapping[str, Mapping[str, Pull]] = filled(
        "How people from the first zone see the second (log); 0 where not given."
    )


class OnwardMoves(Block):
    """People who move on from where they first stopped."""

    monthly_rate: Share = filled(
        "People who move on from a place that is crowded or in fear, share per 30 days; 0 switches it off."
    )


class Travel(Block):
    """Journeys."""

    km_per_day: Positive = filled("Road distance covered in a day, in km.")


class Waiting(Block):
    """What people do at a crossing that does not let them through."""

    patience_days: Positive = filled("Mean time people wait before they settle near the crossing, in days.")


class Returns(Block):
    """People who go home by themselves once it is calm."""

    half_life_days: Positive = filled(
        "Time in which half of those who may return do, in days; a very large number switches it off."
    )
    calm_days: Amount = filled("Time without exposure before anybody returns, in days.")
    calm_exposure: Share = filled("Exposure below which a day counts as calm.")


class Demographics(Block):
    """Composition of the people displaced, by sex and age; applied to what comes out."""

    female_0_4: Probability = filled("Girls under 5.")
    female_5_17: Probability = filled("Girls from 5 to 17.")
    female_18_59: Probability = filled("Women from 18 to 59.")
    female_60_plus: Probability = filled("Women of 60 and more.")
    male_0_4: Probability = filled("Boys under 5.")
    male_5_17: Probability = filled("Boys from 5 to 17.")
    male_18_59: Probability = filled("Men from 18 to 59.")
    male_60_plus: Probability = filled("Men of 60 and more.")
    household_size: Positive = filled("People per household.")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(getattr(self, name).value or 0.0 for name in GROUPS)
        if abs(total - 1) > SUM_TOLERANCE:
            raise wrong(f"the shares of women, men, girls and boys add to {total:g}", "shares that add to 1")
        return self


GROUPS: Final = (
    *("female_0_4", "female_5_17", "female_18_59", "female_60_plus"),
    *("male_0_4", "male_5_17", "male_18_59", "male_60_plus"),
)
SUM_TOLERANCE: Final = 1e-6


class Model(Block):
    """Behaviour; whatever is left out comes from the shipped defaults."""

    flight: Flight = filled("How many leave and how fast.")
    fear: Fear = filled("Flight ahead of the front.")
    posts: PostEffect = filled("What observation posts do.")
    intensity: Intensity = filled("Default intensity of a stage by its kind.")
    churn: Churn = filled("People who move in ordinary times.")
    warning: WarningEffect = filled("Flight out of fear after a published warning.")
    destination: Destination = filled("How people choose where to go.")
    onward: OnwardMoves = filled("People who move on from where they first stopped.")
    travel: Travel = filled("Journeys.")
    crossings: Waiting = filled("What people do at a crossing that does not let them through.")
    returns: Returns = filled("People who go home by themselves once it is calm.")
    demographics: Demographics = filled("Composition of the people displaced.")
