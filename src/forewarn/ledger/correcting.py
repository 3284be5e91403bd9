"""Corrections: new entries that point at old ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from pydantic import ValidationError

from forewarn.errors import Problem
from forewarn.ledger.canonical_form import Json, LedgerError, check_body
from forewarn.ledger.entries import Incident, as_body, parse_when, validation_problems
from forewarn.ledger.paths import at, locate, put
from forewarn.ledger.sealing import Seals, leaves


def settle(kind: str, changes: Mapping[str, object]) -> dict[str, Json]:
    """Give changes as plain JSON; the date of an incident may be given in words."""
    plain = check_body(dict(changes), "changes")
    when = plain.get("when")
    if kind == "incident" and isinstance(when, str):
        plain["when"] = as_body(parse_when(when))
    return plain


def correction_body(entry: int, changes: Mapping[str, Json], *, reason: str, source: str) -> dict[str, Json]:
    """Make the body of a correction."""
    listed: list[Json] = [{"field": field, "value": value} for field, value in changes.items()]
    return {"corrects": entry, "changes": listed, "reason": reason, "source": source}


def check_changes(
    entry: int,
    kind: str,
    body: Json,
    seals: Seals,
    changes: Mapping[str, Json],
    earlier: Iterable[Mapping[str, Any]],
) -> None:
    """Make sure that changes fit the entry.

    Raises
    ------
    LedgerError
        No changes; a correction or redaction; no such field; a redacted field; another type of value; an
        incident that would break the rules for incidents.
    """
    where = f"entry {entry}"
    if kind in ("correction", "redaction"):
        target = body.get("corrects", body.get("redacts")) if isinstance(body, dict) else ""
        raise LedgerError(Problem(where, f"a {kind}", remedy=f"Correct entry {target}"))
    if not changes:
        raise LedgerError(Problem(where, "nothing to correct", "at least one field"))
    problems = [
        found for field, value in changes.items() if (found := _problem(where, body, seals, field, value))
    ]
    if problems:
        raise LedgerError(problems)
    if kind == "incident" and not seals.gone:
        now = applied(
            cast("dict[str, Any]", body), [*earlier, correction_body(entry, changes, reason="", source="")]
        )
        try:
            Incident.model_validate(now)
        except ValidationError as error:
            raise LedgerError(validation_problems(error, where)) from error


def applied(body: Mapping[str, Any], corrections: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Give a body with corrections applied in order."""
    now: Json = dict(body)
    for correction in corrections:
        for change in correction.get("changes", ()):
            now = put(now, locate(now, change["field"], "correction"), change["value"])
    return cast("dict[str, Any]", now)


def _problem(where: str, body: Json, seals: Seals, field: str, value: Json) -> Problem | None:
    try:
        path = locate(body, field, where)
    except LedgerError as error:
        return error.problems[0]
    old = at(body, path)
    if any(leaf.key in seals.gone for leaf in leaves(old, path)):
        return Problem(
            f"{where}, {field}", "was redacted", remedy="Nothing is put in the place of redacted words"
        )
    if old is not None and value is not None and _kind(old) != _kind(value):
        return Problem(f"{where}, {field}", f"a new value that is a {_kind(value)}", f"a {_kind(old)}")
    return None


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "truth value"
    if isinstance(value, (int, float)):
        return "number"
    return {str: "text", list: "list", dict: "object", type(None): "null"}[type(value)]
