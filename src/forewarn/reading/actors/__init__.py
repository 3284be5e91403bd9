"""Actors: states, forces, agencies, groups, and persons in public roles."""
