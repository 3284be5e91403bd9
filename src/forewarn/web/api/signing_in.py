"""The page where a password or a token is given: plain HTML, before anything else is loaded."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from forewarn.web.api.guard import LOGIN
from forewarn.web.api.identity import address_of, begin, finish
from forewarn.web.api.openapi import STYLE
from forewarn.web.service.sessions import Sessions


def make_router(sessions: Sessions) -> APIRouter:
    """Make the routes for signing in and out."""
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN)
    def ask() -> HTMLResponse:
        return HTMLResponse(_page(sessions, ""))

    @router.post(LOGIN)
    async def sign_in(request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        name, given = (form.get(field, [""])[0].strip() for field in ("name", "password"))
        person = await run_in_threadpool(sessions.identify, name, given, address=address_of(request))
        if person is None:
            return HTMLResponse(_page(sessions, "That is not right."), status_code=401)
        begin(request, sessions, person)
        return RedirectResponse("/", status_code=303)

    @router.post("/logout")
    def sign_out(request: Request) -> Response:
        finish(request, sessions)
        return RedirectResponse(LOGIN, status_code=303)

    return router


def _page(sessions: Sessions, fault: str) -> str:
    said = f'<p role="alert"><strong>{escape(fault)}</strong></p>' if fault else ""
    asked = "Password" if sessions.keys.has_names else "Password of this server"
    if sessions.keys.in_addresses:
        asked = "Token of this server"
        said += "<p>It stands at the end of the address that <code>forewarn serve</code> printed.</p>"
    name = (
        '<label for="name">Name</label>'
        '<input id="name" name="name" autocomplete="username" autocapitalize="none" required>'
        if sessions.keys.has_names
        else ""
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Forewarn: sign in</title><style>{STYLE}</style></head><body><main><h1>Forewarn</h1>{said}"
        f'<form class="sign-in" method="post" action="{LOGIN}">{name}<label for="password">{asked}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required>'
        "<button>Sign in</button></form></main></body></html>"
    )
