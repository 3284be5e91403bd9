"""What observations can teach of a course: the uniforms that its members draw before their first day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from forewarn.arraytypes import Floats, Keys
from forewarn.forecast.member_worlds import area_of, worlds
from forewarn.forecast.sampling import Address, Sampler, normal, quantile
from forewarn.kernel.draws import AREA_PULL, PLACE_FLIGHT, PLACE_PULL, QUANTITY
from forewarn.network import Network, key_of
from forewarn.scenario import Course, Quantity, Scenario

BY_PLACE = {
    (int(PLACE_FLIGHT), 0): "share that leaves, this place against others",
    (int(PLACE_FLIGHT), 1): "days to half, this place against others",
    (int(PLACE_PULL), 0): "pull on people who choose",
}
"""Draws made once for each place, and what they are called."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that is not known exactly and that members draw: a quantity, or a trait of one place.

    `quantity` is None for a trait of a place, which is told on the scale of the standard normal.
    """

    name: str
    address: Address
    quantity: Quantity | None
    place: str = ""

    def values(self, z: Floats) -> Floats:
        """Its values at standard normal scores."""
        return z if self.quantity is None else quantile(self.quantity, ndtr(z))


class _Listener(Sampler):
    """A sampler that notes what it is asked for."""

    def __init__(self, keys: Keys) -> None:
        super().__init__(keys)
        self.quantities: dict[str, Quantity] = {}

    def draw(self, path: str, quantity: Quantity) -> Floats:
        self.quantities[path] = quantity
        return super().draw(path, quantity)


def parameters_of(scenario: Scenario, course: Course, network: Network) -> tuple[Parameter, ...]:
    """List what the members of a course draw, quantities first, then traits of places."""
    listener = _Listener(np.zeros((1, 2), dtype=np.uint64))
    for _ in worlds(scenario, course, network, listener):
        pass
    known = [
        Parameter(path, Address(int(QUANTITY), key_of(path), 0), quantity)
        for path, quantity in listener.quantities.items()
        if quantity.value is None
    ]
    for (purpose, column), what in BY_PLACE.items():
        known += [
            Parameter(f"{name}: {what}", Address(purpose, int(key), column), None, name)
            for name, key in zip(network.names, network.places.key, strict=True)
        ]
    known += [
        Parameter(f"{area}: pull its places share", Address(int(AREA_PULL), key_of(area), 0), None, area)
        for area in dict.fromkeys(area_of(place) for place in scenario.places)
    ]
    return tuple(known)


def scores(parameters: tuple[Parameter, ...], keys: Keys) -> Floats:
    """Give the standard normal scores at which members draw the parameters, (n, parameters)."""
    sampler = Sampler(keys)
    z = np.empty((len(keys), len(parameters)))
    for number, parameter in enumerate(parameters):
        purpose, key, column = parameter.address
        table = sampler.uniforms(np.uint64(purpose), np.array([key], dtype=np.uint64))
        z[:, number] = normal(table[:, 0, column])
    return z


def uniforms_at(parameters: tuple[Parameter, ...], z: Floats) -> dict[Address, Floats]:
    """Uniforms at the given scores, (n, parameters), by address: what a `Sampler` takes."""
    uniform = ndtr(z)
    return {parameter.address: uniform[:, number] for number, parameter in enumerate(parameters)}
