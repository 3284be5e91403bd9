"""The user's own places and roads: tables, workbooks and map extracts become rows with a source each."""

from forewarn.drafting.own.places import OwnPlaces, read_places
from forewarn.drafting.own.routes import OwnRoutes, read_routes

__all__ = ["OwnPlaces", "OwnRoutes", "read_places", "read_routes"]
