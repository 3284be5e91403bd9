"""The whole application: interface, pages and what guards them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from nicegui import ui
from starlette.middleware.sessions import SessionMiddleware

from forewarn.web.api import routes, signing_in
from forewarn.web.api.description import description
from forewarn.web.api.errors import answer_errors
from forewarn.web.api.guard import Access, Guard
from forewarn.web.pages import register
from forewarn.web.service.service import Service

COOKIE: Final = "forewarn"
SESSION_SECONDS: Final = 14 * 24 * 3600
RECONNECT_SECONDS: Final = 20.0
"""How long a page that lost its connection finds everything as it was."""


def make_app(service: Service, access: Access, *, secure: bool = False) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    service
        What it shows.
    access
        Who may come in.
    secure
        Whether the cookie is for TLS alone.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    app = make_api(service, lifespan=lifespan)
    if access.password is not None:
        app.include_router(signing_in.make_router(access.password))
    register(service, signed_in=access.password is not None)
    secret = service.workspace.secret()
    add_guard(app, access, secret=secret, secure=secure)
    ui.run_with(
        app,
        title="Forewarn",
        language="en-GB",
        storage_secret=secret,
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_SECONDS,
        show_welcome_message=False,
    )
    return app


def add_guard(app: FastAPI, access: Access, *, secret: str, secure: bool = False) -> None:
    """Put the guard before an application, and before that the session it needs."""
    # The last one added stands outermost.
    app.add_middleware(Guard, access=access)
    app.add_middleware(
        SessionMiddleware,
        secret_key=secret,
        session_cookie=COOKIE,
        max_age=SESSION_SECONDS,
        same_site="lax",
        https_only=secure,
    )


def make_api(service: Service, **options: Any) -> FastAPI:  # noqa: ANN401
    """Make the JSON interface alone, without pages and without a guard."""
    app = FastAPI(
        title="Forewarn: the JSON interface",
        description="The same operations as the pages. Every error is a list of problems: where, what was "
        "found, what is allowed, what to do. Numbers of people above 0 and below 10 are null, and so is what "
        "too few futures of a course (members_per_course) cannot support: p05 and p95 of fewer than 21, p25 "
        "and p75 of fewer than 5, a worst case of fewer than 10.",
        version=version("forewarn"),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        openapi_tags=routes.TAGS,
        **options,
    )
    answer_errors(app)
    app.include_router(routes.make_router(service))

    @app.get("/docs", include_in_schema=False)
    def describe(request: Request) -> HTMLResponse:
        return HTMLResponse(description(app.openapi()))

    return app
