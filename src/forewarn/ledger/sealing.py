"""Hashes of a body that hold after some of its words were taken out.

A body is cut into *leaves*: every number, truth value, null and empty container is one; a string gives one
leaf per word. The digest of a leaf is ``sha256([path, piece, mask, sha256(salt + value)])``, the hash of a
body is the ``sha256`` of the digests of its leaves in canonical order. The salt of a leaf is
``HMAC-SHA256(secret, path and piece)`` with a secret of 128 random bits per entry.

Redaction takes out the value of a leaf and its salt, and keeps ``sha256(salt + value)``: the hash of the
body holds, and nobody who guesses the word can confirm it. The secret goes with the first redaction, since it
would give all salts; the salts of the leaves that stay are kept one by one. The *mask* keeps the length of a
word, so that offsets into a text hold.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from forewarn.ledger.canonical_form import Json, canonical, parse

GONE: Final = "█"
"""What stands for each character that was redacted."""
SECRET_BYTES: Final = 16
"""128 bits: out of reach of guessing (NIST SP 800-132, 5.1, asks for at least that)."""
_PIECE: Final = re.compile(r"\s*\S+|\s+\Z")
_VISIBLE: Final = re.compile(r"\S")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """The smallest part of a body that can be redacted."""

    path: Path
    piece: int | None
    """Number of the word in its string; none if the value is no string."""
    value: Json

    @property
    def key(self) -> str:
        """Its address: canonical path, and the number of the word."""
        address = canonical(list(self.path))
        return address if self.piece is None else f"{address}#{self.piece}"

    @property
    def mask(self) -> str | None:
        """Its shape: white space as it is, every other character covered; none if it is no string."""
        return _VISIBLE.sub(GONE, self.value) if isinstance(self.value, str) else None


@dataclass(frozen=True, slots=True)
class Seals:
    """What is needed to check a body besides the body."""

    secret: str | None
    """Hexadecimal secret of the entry; none once something was redacted."""
    salts: dict[str, str]
    """Hexadecimal salts by leaf, if there is no secret."""
    gone: dict[str, str]
    """Inner hashes of redacted leaves."""

    def dump(self) -> str:
        """Write as canonical JSON."""
        return canonical({"gone": self.gone, "salts": self.salts, "secret": self.secret})


def new_seals() -> Seals:
    """Make seals with a new secret."""
    return Seals(secrets.token_hex(SECRET_BYTES), {}, {})


def read_seals(text: str) -> Seals:
    """Read seals strictly.

    Raises
    ------
    ValueError
        They are not what `Seals.dump` writes.
    """
    found = parse(text)
    if not isinstance(found, dict) or set(found) != {"gone", "salts", "secret"}:
        raise ValueError("seals without secret, salts and gone")
    secret, salts, gone = found["secret"], found["salts"], found["gone"]
    if not (secret is None or (isinstance(secret, str) and re.fullmatch("[0-9a-f]{32}", secret))):
        raise ValueError("an invalid secret")
    if (secret is None) != bool(gone):
        raise ValueError("a secret beside redacted words, or neither")
    return Seals(secret, _hashes(salts), _hashes(gone))


def leaves(body: Json, path: Path = ()) -> Iterator[Leaf]:
    """Cut a body into leaves, in canonical order."""
    if isinstance(body, dict) and body:
        for name in sorted(body):
            yield from leaves(body[name], (*path, name))
    elif isinstance(body, list) and body:
        for index, child in enumerate(body):
            yield from leaves(child, (*path, index))
    elif isinstance(body, str):
        for number, piece in enumerate(pieces(body)):
            yield Leaf(path, number, piece)
    else:
        yield Leaf(path, None, body)


def pieces(text: str) -> list[str]:
    """Cut text into words, each with the white space before it.

    Examples
    --------
    >>> pieces("some words ")
    ['some', ' words', ' ']
    """
    return _PIECE.findall(text) or [text]


def body_hash(body: Json, seals: Seals) -> str:
    """Hash a body, redacted or not.

    Raises
    ------
    ValueError
        Seals and body do not fit each other: a salt is missing or left over, a redacted word is back.
    """
    whole = hashlib.sha256()
    used = 0
    for leaf in leaves(body):
        key = leaf.key
        if key in seals.gone:
            if leaf.value != leaf.mask:
                raise ValueError(f"{key} was redacted and holds something again")
            inner, used = seals.gone[key], used + 1
        else:
            inner = _inner(_salt(seals, key), leaf.value)
            used += seals.secret is None
        digest = canonical([list(leaf.path), leaf.piece, leaf.mask, inner]).encode()
        whole.update(hashlib.sha256(digest).digest())
    if used != len(seals.gone) + len(seals.salts):
        raise ValueError("salts of words that are not there")
    return whole.hexdigest()


def redact(body: Json, seals: Seals, keys: Iterable[str]) -> tuple[Json, Seals]:
    """Take leaves out of a body.

    Parameters
    ----------
    body, seals
        As stored.
    keys
        Addresses of leaves (`Leaf.key`); those already gone stay gone.

    Returns
    -------
    tuple
        Body and seals with the same `body_hash`.
    """
    wanted = set(keys) | set(seals.gone)
    if not wanted:
        return body, seals
    gone, salts = dict(seals.gone), {}
    for leaf in leaves(body):
        key = leaf.key
        if key in gone:
            continue
        salt = _salt(seals, key)
        if key in wanted:
            gone[key] = _inner(salt, leaf.value)
        else:
            salts[key] = salt.hex()
    return _cover(body, (), frozenset(wanted)), Seals(None, salts, gone)


def _cover(body: Json, path: Path, wanted: frozenset[str]) -> Json:
    if isinstance(body, dict) and body:
        return {name: _cover(child, (*path, name), wanted) for name, child in body.items()}
    if isinstance(body, list) and body:
        return [_cover(child, (*path, index), wanted) for index, child in enumerate(body)]
    if isinstance(body, str):
        return "".join(
            str(leaf.mask) if leaf.key in wanted else str(leaf.value) for leaf in leaves(body, path)
        )
    return None if Leaf(path, None, body).key in wanted else body


def path_of(key: str) -> Path:
    """Give the path in an address of a leaf."""
    return tuple(json.loads(key[: key.rindex("]") + 1]))


def _salt(seals: Seals, key: str) -> bytes:
    if seals.secret is not None:
        return hmac.digest(bytes.fromhex(seals.secret), key.encode(), "sha256")
    if key not in seals.salts:
        raise ValueError(f"{key} has no salt")
    return bytes.fromhex(seals.salts[key])


def _inner(salt: bytes, value: Json) -> str:
    return hashlib.sha256(salt + canonical(value).encode()).hexdigest()


def _hashes(found: Json) -> dict[str, str]:
    if not isinstance(found, dict):
        raise ValueError("salts that are not an object")  # noqa: TRY004 - one error for all that is unreadable
    for value in found.values():
        if not (isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value)):
            raise ValueError("an invalid salt or hash")
    return {name: str(value) for name, value in found.items()}
