"""The pages of the app."""

from __future__ import annotations

from forewarn.web.pages import downloads, draft, evidence, forecast, observations, scenarios, what_if
from forewarn.web.service.service import Service


def register(service: Service, *, signed_in: bool) -> None:
    """Register all pages of a service."""
    for room in (scenarios, forecast, what_if, observations, evidence, downloads, draft):
        room.register(service, signed_in=signed_in)
