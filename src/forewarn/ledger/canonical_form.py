"""One way to write a value as JSON, so that equal values have equal hashes."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final, TypeAlias

from forewarn.errors import ForewarnError, Problem

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

BODY_BYTES: Final = 4 * 2**20
"""Largest body of an entry, bytes of canonical JSON (assumption: some 700,000 words are no dispatch)."""
BODY_DEPTH: Final = 24
"""Deepest nesting of a body (assumption; a reading needs 7)."""


class LedgerError(ForewarnError):
    """Something that the ledger cannot take, or a ledger that cannot be used."""


def canonical(value: object) -> str:
    r"""Write a value as ASCII JSON with sorted keys and no white space.

    Raises
    ------
    ValueError
        The value is no JSON, or holds a number that is not finite.

    Examples
    --------
    >>> canonical({"b": 1.50, "a": ["é"]})
    '{"a":["\\u00e9"],"b":1.5}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def parse(text: str) -> Json:
    """Read canonical JSON; refuse text that says the same in another way.

    Raises
    ------
    ValueError
        The text is no JSON or not canonical: spaces, doubled keys, other escapes.
    """
    try:
        value: Json = json.loads(text)
        again = canonical(value)
    except (TypeError, RecursionError) as error:
        raise ValueError("not JSON that a ledger writes") from error
    if again != text:
        raise ValueError("JSON is not in canonical form")
    return value


def sha256(text: str | bytes) -> str:
    """Hash text (as UTF-8) or bytes; 64 hexadecimal digits."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def check_body(body: object, where: str) -> dict[str, Json]:
    """Make sure that a body is a JSON object of bearable size, and give it back as plain JSON.

    Raises
    ------
    LedgerError
        It is no object, not JSON, too deep or too large.
    """
    if not isinstance(body, dict):
        raise LedgerError(Problem(where, f"a body of type {type(body).__name__}", "an object of JSON"))
    if _too_deep(body):
        raise LedgerError(Problem(where, f"nested deeper than {BODY_DEPTH} levels"))
    if _has_odd_keys(body):
        raise LedgerError(Problem(where, "keys that are not text", "keys of an object are strings"))
    try:
        text = canonical(body)
    except (TypeError, ValueError) as error:
        raise LedgerError(Problem(where, f"not JSON: {error}")) from error
    if len(text) > BODY_BYTES:
        remedy = "Split the document and add its parts"
        raise LedgerError(Problem(where, f"{len(text):,} bytes", f"at most {BODY_BYTES:,} bytes", remedy))
    try:
        plain: dict[str, Json] = json.loads(text)
    except ValueError as error:
        raise LedgerError(Problem(where, f"not JSON that can be read back: {error}")) from error
    return plain


def _has_odd_keys(body: Any) -> bool:  # noqa: ANN401
    if isinstance(body, dict):
        return any(not isinstance(name, str) or _has_odd_keys(child) for name, child in body.items())
    return isinstance(body, (list, tuple)) and any(_has_odd_keys(child) for child in body)


def _too_deep(body: Any) -> bool:  # noqa: ANN401
    level = [body]
    for _ in range(BODY_DEPTH):
        level = [
            child
            for each in level
            for child in (each.values() if isinstance(each, dict) else each)
            if isinstance(child, (dict, list, tuple))
        ]
        if not level:
            return False
    return True
