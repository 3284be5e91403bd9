"""The page where the password is given: plain HTML, before anything else is loaded."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from forewarn.web.api.description import STYLE
from forewarn.web.api.guard import LOGIN
from forewarn.web.api.identity import SIGNED_IN, greet
from forewarn.web.service.passwords import Password


def make_router(password: Password) -> APIRouter:
    """Make the routes for signing in and out."""
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN)
    def ask() -> HTMLResponse:
        return HTMLResponse(_page(""))

    @router.post(LOGIN)
    async def sign_in(request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        given = form.get("password", [""])[0]
        if not await run_in_threadpool(password.is_right, given):
            return HTMLResponse(_page("This is not the password."), status_code=401)
        request.session.clear()
        greet(request.session)
        request.session[SIGNED_IN] = True
        return RedirectResponse("/", status_code=303)

    @router.post("/logout")
    def sign_out(request: Request) -> Response:
        request.session.clear()
        return RedirectResponse(LOGIN, status_code=303)

    return router


def _page(fault: str) -> str:
    said = f'<p role="alert"><strong>{escape(fault)}</strong></p>' if fault else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Forewarn: sign in</title><style>{STYLE}</style></head><body><main><h1>Forewarn</h1>{said}"
        f'<form class="sign-in" method="post" action="{LOGIN}">'
        '<label for="password">Password of this server</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required>'
        "<button>Sign in</button></form></main></body></html>"
    )
