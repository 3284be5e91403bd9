"""The whole application: interface, pages and what guards them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from nicegui import ui
from starlette.middleware.sessions import SessionMiddleware

from forewarn.web.api import access as access_routes
from forewarn.web.api import routes, signing_in
from forewarn.web.api.errors import answer_errors
from forewarn.web.api.forwarded import Forwarded
from forewarn.web.api.guard import Access, Guard
from forewarn.web.api.openapi import description
from forewarn.web.pages import register
from forewarn.web.service.service import Service
from forewarn.web.service.sessions import LASTS, Sessions

COOKIE: Final = "forewarn"
UPKEEP_SECONDS: Final = 3600
RECONNECT_SECONDS: Final = 20.0
"""How long a page that lost its connection finds everything as it was."""


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cookie:
    """How a browser keeps who it is.

    Parameters
    ----------
    secret
        What it is signed with.
    name
        Servers on two ports of one machine share their cookies, and so need two names.
    secure
        Whether it is for TLS alone.
    """

    secret: str
    name: str = COOKIE
    secure: bool = False


def make_app(service: Service, access: Access, cookie: Cookie, *, behind_proxy: bool = False) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    service
        What it shows.
    access
        Who may come in.
    cookie
        How a browser keeps who it is.
    behind_proxy
        Whether a proxy says who asks.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        upkeep = asyncio.create_task(_keep_up(service))
        yield
        upkeep.cancel()
        service.close()

    app = make_api(service, access.sessions, lifespan=lifespan)
    register(service, signed_in=access.sessions is not None)
    add_guard(app, access, cookie, behind_proxy=behind_proxy)
    ui.run_with(
        app,
        title="Forewarn",
        language="en-GB",
        storage_secret=cookie.secret,
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_SECONDS,
        show_welcome_message=False,
    )
    return app


async def _keep_up(service: Service) -> None:
    """Delete what was kept long enough, now and every hour."""
    while True:
        try:
            await asyncio.to_thread(service.upkeep)
        except Exception:
            logger.exception("Upkeep failed")
        await asyncio.sleep(UPKEEP_SECONDS)


def add_guard(app: FastAPI, access: Access, cookie: Cookie, *, behind_proxy: bool = False) -> None:
    """Put the guard before an application, and before that the session it needs."""
    # The last one added stands outermost.
    app.add_middleware(Guard, access=access)
    app.add_middleware(
        SessionMiddleware,
        secret_key=cookie.secret,
        session_cookie=cookie.name,
        max_age=int(LASTS.total_seconds()),
        same_site="lax",
        https_only=cookie.secure,
    )
    if behind_proxy:
        app.add_middleware(Forwarded)


def make_api(service: Service, sessions: Sessions | None = None, **options: Any) -> FastAPI:  # noqa: ANN401
    """Make the JSON interface and the plain pages, without a guard."""
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
    if sessions is not None:
        app.include_router(signing_in.make_router(sessions))
        app.include_router(access_routes.make_router(sessions, service), responses=routes.WRONG)

    @app.get("/docs", include_in_schema=False)
    def describe(request: Request) -> HTMLResponse:
        return HTMLResponse(description(app.openapi()))

    return app
