"""Scenario → arrays of places and roads."""

from forewarn.network.build import Network, build
from forewarn.network.distances import great_circle_km
from forewarn.network.roads import key_of

__all__ = ["Network", "build", "great_circle_km", "key_of"]
