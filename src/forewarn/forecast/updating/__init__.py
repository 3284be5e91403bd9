"""Forecasts that start from what has been observed since the issue day."""

from forewarn.forecast.updating.diagnosis import Diagnosis
from forewarn.forecast.updating.observations import (
    Observation,
    Observations,
    parse_observations,
    read_observations,
)
from forewarn.forecast.updating.updating import Updated, update

__all__ = [
    "Diagnosis",
    "Observation",
    "Observations",
    "Updated",
    "parse_observations",
    "read_observations",
    "update",
]
