"""Forewarn: forecasts of who will be displaced by a looming offensive, with sources and uncertainty.

Import what you need from its rooms: `forewarn.scenario`, `forewarn.forecast`, `forewarn.outlook`.
"""
