"""One password for the app, kept as a hash: scrypt, with a salt of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

from forewarn.errors import ForewarnError, Problem
from forewarn.web.service.files import write_text

N, R, P = 2**15, 8, 1
"""Cost of scrypt: 32 MiB and about 0.1 s (RFC 7914; OWASP's second setting has the same cost)."""
LEAST_CHARACTERS: Final = 12
MOST_CHARACTERS: Final = 1000
SCHEME: Final = "scrypt"


def hashed(password: str) -> str:
    """Hash a password with a new salt.

    Raises
    ------
    ForewarnError
        It is too short or too long.
    """
    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        what = f"{len(password)} characters"
        raise ForewarnError(
            Problem("password", what, f"{LEAST_CHARACTERS} to {MOST_CHARACTERS:,}", "Take a sentence")
        )
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, N, R, P)
    return "$".join((SCHEME, str(N), str(R), str(P), _text(salt), _text(digest)))


def make_file(path: Path, password: str) -> None:
    """Write a password file that only its owner can read."""
    if path.exists():
        raise ForewarnError(Problem(str(path), "is there already", remedy="Take it away first"))
    text = hashed(password) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    write_text(path, text)
    path.chmod(0o600)


class Password:
    """A password that others are compared with.

    Parameters
    ----------
    line
        As `hashed` wrote it.

    Raises
    ------
    ForewarnError
        It is something else.
    """

    def __init__(self, line: str) -> None:
        try:
            scheme, *cost, salt, digest = line.strip().split("$")
            self._n, self._r, self._p = (int(each) for each in cost)
            self._salt, self._digest = base64.b64decode(salt), base64.b64decode(digest)
            # A file that somebody else wrote must not cost more than a login may.
            sound = scheme == SCHEME and self._n * self._r * self._p <= 2**20 and len(self._digest) >= 32
        except ValueError:
            sound = False
        if not sound:
            remedy = "Make one with: forewarn serve --make-password-file FILE"
            raise ForewarnError(Problem("password file", "holds no hashed password", remedy=remedy))
        self._known = secrets.token_bytes(32)
        self._right = ""

    @classmethod
    def from_file(cls, path: Path) -> Password:
        """Read a password file."""
        try:
            return cls(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            remedy = f"Make one with: forewarn serve --make-password-file {path}"
            raise ForewarnError(Problem(str(path), "cannot be read", remedy=remedy)) from error

    def is_right(self, given: str) -> bool:
        """Whether this is the password. A right one is remembered, so that scripts need not pay each time."""
        if len(given) > MOST_CHARACTERS:
            return False
        mark = hmac.new(self._known, given.encode(), hashlib.sha256).hexdigest()
        if self._right and hmac.compare_digest(mark, self._right):
            return True
        digest = _scrypt(given, self._salt, self._n, self._r, self._p, len(self._digest))
        if hmac.compare_digest(digest, self._digest):
            self._right = mark
            return True
        return False


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int, length: int = 32) -> bytes:
    memory = 256 * n * r * p
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=length)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
