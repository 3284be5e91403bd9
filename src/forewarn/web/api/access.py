"""Who has signed in and what was done: as JSON, and as a page that ends sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from html import escape
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from forewarn.web.api.identity import SESSION
from forewarn.web.api.openapi import STYLE
from forewarn.web.service.service import Service
from forewarn.web.service.sessions import Session, Sessions

TAG: Final = "Access"
PAGE: Final = "/access"
SHOWN: Final = 200
"""Entries of the log that the page shows."""

SessionName = Annotated[str, Path(max_length=80, description="Id of the list of sessions.")]


SESSION_HEADS = ("Who", "From", "Browser", "Since (UTC)", "Last here", "Action")


def make_router(sessions: Sessions, service: Service) -> APIRouter:
    """Make the routes of sessions, of the log and of what was taken away."""
    router, audit = APIRouter(), service.workspace.audit

    @router.get("/api/sessions", tags=[TAG])
    def list_sessions(request: Request) -> list[dict[str, Any]]:
        """List the sessions that last: who signed in, when, where from."""
        return _told(sessions, request)

    @router.delete("/api/sessions/{session}", tags=[TAG], status_code=204)
    def end_session(session: SessionName) -> None:
        """End a session, anybody's: nothing comes in or goes out by it any more."""
        sessions.end(session)

    @router.get("/api/audit", tags=[TAG])
    def show_audit(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[dict[str, Any]]:
        """Give the newest entries of the log of who did what, newest first."""
        return audit.entries(limit)

    @router.get(PAGE, include_in_schema=False)
    def show(request: Request) -> HTMLResponse:
        gone = [{"title": e.title, "id": e.id, "when": str(w)} for e, w in service.workspace.taken_away()]
        return HTMLResponse(_page(_told(sessions, request), gone, audit.entries(SHOWN)))

    @router.post(PAGE + "/taken-away/{name}/delete", include_in_schema=False)
    def delete(name: SessionName) -> Response:
        service.delete(name)
        return RedirectResponse(PAGE, status_code=303)

    @router.post(PAGE + "/sessions/{session}/end", include_in_schema=False)
    def end(session: SessionName) -> Response:
        sessions.end(session)
        return RedirectResponse(PAGE, status_code=303)

    return router


def _told(sessions: Sessions, request: Request) -> list[dict[str, Any]]:
    mine = sessions.find(str(request.session.get(SESSION, "")))
    return [_tell(each, mine) for each in sessions.listed()]


def _tell(session: Session, mine: Session | None) -> dict[str, Any]:
    told = asdict(session)
    del told["mark"]
    return {**told, "this": mine is not None and mine.id == session.id}


def _page(
    sessions: Iterable[Mapping[str, Any]],
    gone: Iterable[Mapping[str, Any]],
    entries: Iterable[Mapping[str, Any]],
) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Forewarn: access</title><style>{STYLE}</style></head><body><main><h1>Access</h1>"
        '<p><a href="/">Back to the app</a></p><h2>Who is signed in</h2>'
        f"{_table('Sessions', SESSION_HEADS, sessions, _session_row)}"
        "<h2>What was taken away, and is still kept</h2>"
        f"{_table('What was taken away', ('Scenario', 'Id', 'Since (UTC)', 'Action'), gone, _gone_row)}"
        "<h2>What was done</h2>"
        f"{_table('What was done', ('When (UTC)', 'Who', 'What', 'To which', 'From'), entries, _entry_row)}"
        "</main></body></html>"
    )


def _table(
    title: str,
    heads: Iterable[str],
    rows: Iterable[Mapping[str, Any]],
    row: Callable[[Mapping[str, Any]], str],
) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">'
        f"<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(row(each) for each in rows)}</tbody></table></div>"
    )


def _session_row(told: Mapping[str, Any]) -> str:
    who = told["person"] or "somebody with the password"
    cells = (who, told["address"], told["browser"], _time(told["started"]), _time(told["seen"]))
    word = "Sign out" if told["this"] else "End"
    label = escape(f"{word}: {who}, {told['address']}, since {_time(told['started'])}")
    return _acting_row(cells, f"sessions/{told['id']}/end", word, label)


def _gone_row(told: Mapping[str, Any]) -> str:
    label = escape(f"Delete for good: {told['title']}")
    cells = (told["title"], told["id"], _time(told["when"]))
    return _acting_row(cells, f"taken-away/{escape(told['id'])}/delete", "Delete for good", label)


def _acting_row(cells: Iterable[object], action: str, word: str, label: str) -> str:
    """Write a row with a button at its end."""
    button = f'<button aria-label="{label}">{word}</button>'
    form = f'<form method="post" action="{PAGE}/{action}">{button}</form>'
    return f"<tr>{_cells(cells)}<td>{form}</td></tr>"


def _entry_row(entry: Mapping[str, Any]) -> str:
    cells = (
        _time(entry.get("time", "")),
        *(entry.get(name, "") for name in ("person", "what", "about", "address")),
    )
    return f"<tr>{_cells(cells)}</tr>"


def _cells(texts: Iterable[object]) -> str:
    return "".join(f"<td>{escape(str(text))}</td>" for text in texts)


def _time(text: object) -> str:
    return str(text)[:16].replace("T", " ")
