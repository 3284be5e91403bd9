"""The user's own places and roads: tables, workbooks and map extracts become rows with a source each."""

from forewarn.drafting.user_tables.places import OwnPlaces, read_places
from forewarn.drafting.user_tables.routes import OwnRoutes, read_routes

__all__ = ["OwnPlaces", "OwnRoutes", "read_places", "read_routes"]
