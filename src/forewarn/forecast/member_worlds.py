"""What the members of a chunk draw before their first day: the kernel's inputs, member by member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Floats
from forewarn.flightlaw import days_of_followers
from forewarn.forecast.sampling import Sampler, log_gamma_factor, normal
from forewarn.forecast.timelines import attacks, ceasefires, crossing_states, return_programmes
from forewarn.kernel.arrays import Behaviour, Schedule, Traits
from forewarn.kernel.draws import AREA_PULL, PLACE_FLIGHT, PLACE_PULL
from forewarn.network import Network, key_of
from forewarn.scenario import Course, Place, Scenario, path_of

DAYS_PER_MONTH = 30
"""Churn and onward moves are given per month of thirty days."""

NOBODY_STAYS = -30.0
"""Log pull, the lowest that a scenario may give: it switches staying within a place off."""

_CERTAIN = 1e-6  # F is kept this far from 0 and 1, where its logit is infinite

ATTRACTION_UNIT = 1000.0
"""People; attraction is counted in thousands so that weights stay near 1."""


class MemberWorld(NamedTuple):
    """Everything that one member hands to the kernel besides the network."""

    key: NDArray[np.uint64]
    plan: Schedule
    traits: Traits
    behaviour: Behaviour


def worlds(scenario: Scenario, course: Course, network: Network, sampler: Sampler) -> Iterator[MemberWorld]:
    """Draw the worlds of a course for the members of a sampler, one by one."""
    plans = _plans(scenario, course, network, sampler)
    traits = _traits(scenario, network, sampler)
    behaviours = _behaviours(scenario, sampler)
    for member in range(len(sampler)):
        yield MemberWorld(sampler.keys[member], plans(member), traits(member), behaviours(member))


def _plans(
    scenario: Scenario, course: Course, network: Network, sampler: Sampler
) -> Callable[[int], Schedule]:
    quiet = ceasefires(scenario, course, sampler)
    rows = attacks(scenario, course, network, sampler, quiet)
    mode, rate = crossing_states(scenario, course, sampler)
    programme, programme_people = return_programmes(course, network, sampler)
    seen = scenario.model.destination.foresight_days
    foresight = sampler.whole("model.destination.foresight_days", seen)
    half_life = sampler.draw("model.warning.half_life_days", scenario.model.warning.half_life_days)
    day = np.arange(scenario.horizon_days + 1)
    share = np.exp2(-(day - 1) / half_life[:, None]) - np.exp2(-day / half_life[:, None])
    share[:, 0] = 0.0

    def plan(member: int) -> Schedule:
        return Schedule(
            place=rows.place,
            start=rows.start[member],
            end=rows.end[member],
            fall=rows.fall[member],
            intensity=np.ascontiguousarray(rows.intensity[member]),
            zone_after=rows.zone_after,
            siege=rows.siege,
            seen_from=rows.start[member] - foresight[member],
            ceasefire=quiet[member],
            crossing_mode=mode[member],
            crossing_rate=rate[member],
            programme=programme[member],
            programme_people=programme_people[member],
            warning_share=share[member],
        )

    return plan


def _traits(scenario: Scenario, network: Network, sampler: Sampler) -> Callable[[int], Traits]:
    share_leaving, days_to_half, followers = _flight(scenario, network, sampler)
    appeal = _appeal(scenario, network, sampler)
    capacity = _capacity(scenario, sampler)
    churn = _churn(scenario, sampler)
    warning = _warning(scenario, sampler)
    effect = sampler.draw("model.posts.effect", scenario.model.posts.effect)
    shelter = np.where(network.covered, 1.0 - effect[:, None], 1.0)
    zone_pull = _zone_pull(scenario, network, sampler)
    local_pull = _local_pull(scenario, sampler)
    history = _history(scenario, network, sampler)
    liberates = np.array(
        [zone in scenario.model.destination.liberators for zone in network.zones], dtype=np.bool_
    )

    def of(member: int) -> Traits:
        return Traits(
            share_leaving[member],
            days_to_half[member],
            followers[member],
            appeal[member],
            local_pull[member],
            capacity[member],
            churn[member],
            warning[member],
            shelter[member],
            zone_pull[member],
            liberates,
            network.history.start,
            network.history.place,
            history(member),
        )

    return of


def _flight(scenario: Scenario, network: Network, sampler: Sampler) -> tuple[Floats, Floats, Floats]:
    """F and t50 of every place, and days until half of those who follow have left; (n, P) each."""
    flight = scenario.model.flight
    uniform = sampler.uniforms(PLACE_FLIGHT, network.places.key)

    def draw(name: str) -> Floats:
        return sampler.draw(f"model.flight.{name}", getattr(flight, name))[:, None]

    share = np.clip(draw("share_leaving"), _CERTAIN, 1 - _CERTAIN)
    logit = np.log(share / (1 - share)) + draw("share_leaving_spread") * normal(uniform[:, :, 0])
    days = draw("days_to_half") * np.exp(draw("days_to_half_spread") * normal(uniform[:, :, 1]))
    followers = days_of_followers(days, draw("share_at_once"), draw("days_at_once"))
    return np.clip(1 / (1 + np.exp(-logit)), _CERTAIN, 1 - _CERTAIN), days, followers


def _appeal(scenario: Scenario, network: Network, sampler: Sampler) -> Floats:
    """Log pull of every place, (n, P); -inf where nobody chooses to go."""
    destination = scenario.model.destination

    def draw(name: str) -> Floats:
        return sampler.draw(f"model.destination.{name}", getattr(destination, name))[:, None]

    attraction = np.array([place.attraction for place in scenario.places]) / ATTRACTION_UNIT
    is_camp = np.array([place.kind == "camp" for place in scenario.places])
    is_foreign = np.array([place.kind == "foreign" for place in scenario.places])
    random_pull = log_gamma_factor(
        draw("pull_spread"), sampler.uniforms(PLACE_PULL, network.places.key)[:, :, 0]
    )
    random_pull = random_pull + draw("area_spread") * _area_pull(scenario, sampler)
    chosen = attraction > 0
    log_attraction = np.log(np.where(chosen, attraction, 1.0))
    appeal = draw("attraction_exponent") * log_attraction + random_pull
    appeal = appeal + draw("camp_pull") * is_camp + draw("foreign_pull") * is_foreign
    return np.where(chosen, appeal, -np.inf)


def _area_pull(scenario: Scenario, sampler: Sampler) -> Floats:
    """Draw the standard normal pull that places of an area share, (n, P)."""
    areas, number = np.unique([area_of(place) for place in scenario.places], return_inverse=True)
    keys = np.array([key_of(area) for area in areas], dtype=np.uint64)
    return normal(sampler.uniforms(AREA_PULL, keys)[:, number, 0])


def area_of(place: Place) -> str:
    """Name the area of a place: what one zone holds of its first-level region."""
    return area_name(place.zone, place.admin1)


def area_name(zone: str, admin1: str) -> str:
    """Name the area of places of a zone and first-level region, which may be unknown (empty)."""
    return f"{zone} in {admin1}" if admin1 else zone


def _local_pull(scenario: Scenario, sampler: Sampler) -> Floats:
    """Log pull of every place on people who leave home there, (n, P); -inf where nobody stays."""
    pull = sampler.draw("model.destination.local_pull", scenario.model.destination.local_pull)[:, None]
    may_stay = np.array([place.local for place in scenario.places])
    return np.where(may_stay & (pull > NOBODY_STAYS), pull, -np.inf)


def _history(scenario: Scenario, network: Network, sampler: Sampler) -> Callable[[int], Floats]:
    """Log pull of the movements counted earlier, (N,) for each member."""
    destination = scenario.model.destination
    exponent = sampler.draw("model.destination.history_exponent", destination.history_exponent)
    scale = sampler.draw("model.destination.history_scale", destination.history_scale)

    def of(member: int) -> Floats:
        return np.asarray(exponent[member] * np.log1p(network.history.people / scale[member]))

    return of


def _capacity(scenario: Scenario, sampler: Sampler) -> Floats:
    """People that every place can hold, (n, P)."""
    capacity = np.full((len(sampler), len(scenario.places)), np.inf)
    for i, place in enumerate(scenario.places):
        if place.capacity is not None:
            capacity[:, i] = sampler.draw(path_of(("places", place.name, "capacity")), place.capacity)
    return capacity


def _churn(scenario: Scenario, sampler: Sampler) -> Floats:
    """Chance of an ordinary move per person and day, (n, P)."""
    churn = scenario.model.churn
    monthly = sampler.draw("model.churn.monthly_rate", churn.monthly_rate)[:, None]
    applies = np.array([place.zone in churn.zones for place in scenario.places])
    daily = 1.0 - (1.0 - monthly) ** (1 / DAYS_PER_MONTH)
    return np.asarray(daily * applies)


def _warning(scenario: Scenario, sampler: Sampler) -> Floats:
    """Chance that the warning moves a person, over all days, (n, P)."""
    warning = scenario.model.warning
    applies = np.array([place.zone in warning.zones for place in scenario.places])
    people = sum(
        place.residents + place.displaced for place in scenario.places if place.zone in warning.zones
    )
    share = sampler.draw("model.warning.share", warning.share)
    figure = sampler.draw("model.warning.figure", warning.figure)
    chance = np.minimum(share * figure / max(people, 1), 1.0)
    return np.asarray(chance[:, None] * applies)


def _zone_pull(scenario: Scenario, network: Network, sampler: Sampler) -> Floats:
    """Log pull of the second zone on people of the first, (n, Z, Z)."""
    pull = np.zeros((len(sampler), len(network.zones), len(network.zones)))
    for first, seconds in scenario.model.destination.zone_pull.items():
        for second, quantity in seconds.items():
            path = path_of(("model", "destination", "zone_pull", first, second))
            pull[:, network.zones.index(first), network.zones.index(second)] = sampler.draw(path, quantity)
    return pull


def _behaviours(scenario: Scenario, sampler: Sampler) -> Callable[[int], Behaviour]:
    model = scenario.model

    def draw(block: str, name: str) -> Floats:
        return sampler.draw(f"model.{block}.{name}", getattr(getattr(model, block), name))

    fear_intensity, fear_decay = draw("fear", "intensity"), draw("fear", "decay_km")
    displaced, again = draw("flight", "displaced_multiplier"), draw("flight", "newly_displaced_multiplier")
    distance, softening = draw("destination", "distance_exponent"), draw("destination", "softening_km")
    danger, speed = draw("destination", "danger"), draw("travel", "km_per_day")
    at_once, days_at_once = draw("flight", "share_at_once"), draw("flight", "days_at_once")
    shunned = draw("destination", "shunned")
    memory = sampler.whole("model.destination.memory_days", model.destination.memory_days)
    onward = 1.0 - (1.0 - draw("onward", "monthly_rate")) ** (1 / DAYS_PER_MONTH)
    give_up = np.minimum(1.0 / draw("crossings", "patience_days"), 1.0)
    returning = 1.0 - np.exp2(-1.0 / draw("returns", "half_life_days"))
    calm_days = sampler.whole("model.returns.calm_days", model.returns.calm_days)
    calm_exposure = draw("returns", "calm_exposure")

    def of(member: int) -> Behaviour:
        return Behaviour(
            fear_intensity=fear_intensity[member],
            fear_decay_km=fear_decay[member],
            share_at_once=at_once[member],
            days_at_once=days_at_once[member],
            displaced_multiplier=displaced[member],
            newly_displaced_multiplier=again[member],
            distance_exponent=distance[member],
            softening_km=softening[member],
            danger=danger[member],
            shunned=shunned[member],
            memory_days=int(memory[member]),
            onward_chance=onward[member],
            radius_km=float(model.destination.radius_km.typical()),
            km_per_day=speed[member],
            give_up_chance=give_up[member],
            return_chance=returning[member],
            calm_days=int(calm_days[member]),
            calm_exposure=calm_exposure[member],
        )

    return of
