"""Scenario → arrays of places and roads."""

from forewarn.network.building import Network, build
from forewarn.network.roads import key_of

__all__ = ["Network", "build", "key_of"]
