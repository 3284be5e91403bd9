"""Errors of Forewarn as answers of the interface."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from forewarn.errors import ForewarnError, MissingPartError, Problem
from forewarn.web.service.limits import BusyError, ConflictError, NotFoundError, StoppedError, TooLargeError
from forewarn.web.service.plain_data import build_problems

WRONG_INPUT: Final = 422
STATUS: Final[tuple[tuple[type[ForewarnError], int], ...]] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (StoppedError, 409),
    (TooLargeError, 413),
    (BusyError, 429),
    (MissingPartError, 503),
    (ForewarnError, WRONG_INPUT),
)


def answer_errors(app: FastAPI) -> None:
    """Let an application answer every error in one form: a list of problems."""

    @app.exception_handler(ForewarnError)
    async def refused(request: Request, error: ForewarnError) -> JSONResponse:
        status = next(code for kind, code in STATUS if isinstance(error, kind))
        return _answer(status, error.problems)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        return _answer(WRONG_INPUT, _problems(error))

    @app.exception_handler(HTTPException)
    async def failed(request: Request, error: HTTPException) -> JSONResponse:
        said = Problem("request", str(error.detail))
        return _answer(error.status_code, [said], dict(error.headers or {}))


def _problems(error: RequestValidationError) -> list[Problem]:
    return [
        Problem(", ".join(str(part) for part in each.get("loc", ())), str(each.get("msg", "is wrong")))
        for each in error.errors()
    ]


def _answer(status: int, problems: Iterable[Problem], headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"problems": build_problems(problems)}, status_code=status, headers=headers)
