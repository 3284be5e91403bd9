"""What opens the app: passwords of people, kept as hashes (scrypt), or a token of this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
from pathlib import Path
from typing import Final

from forewarn.errors import ForewarnError, Problem
from forewarn.web.service.files import write_text

N, R, P = 2**15, 8, 1
"""Cost of scrypt: 32 MiB and about 0.1 s (RFC 7914; OWASP's second setting has the same cost)."""
LEAST_CHARACTERS: Final = 12
MOST_CHARACTERS: Final = 1000
SCHEME: Final = "scrypt"
NAME: Final = re.compile(r"\w[\w .@'-]{0,39}")
"""Names of people: no colon, which ends the name in a password file and in a request."""
LOCAL: Final = "this machine"
"""Who signs in with the token of a server that only this machine can reach."""


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


def make_file(path: Path, password: str, name: str = "") -> None:
    """Write a password file that only its owner can read, or add a person to one, or replace one's password.

    Parameters
    ----------
    name
        Of a person; without it the file holds one password for everybody, and must be new.

    Raises
    ------
    ForewarnError
        The password is too short, the name is none, or the file is there already and no name is given.
    """
    if name and not NAME.fullmatch(name):
        allowed = "1 to 40 letters, digits, blanks and . @ ' -"
        raise ForewarnError(Problem("--name", f"{name[:60]!r}", allowed))
    if path.exists() and not name:
        remedy = "Name a person with --name to add one, or take the file away first"
        raise ForewarnError(Problem(str(path), "is there already", remedy=remedy))
    lines = read_lines(path) if path.exists() else {}
    lines[name] = hashed(password)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = "".join(f"{who}:{line}\n" if who else f"{line}\n" for who, line in lines.items())
    write_text(path, written, private=True)


def read_lines(path: Path) -> dict[str, str]:
    """Read the lines of a password file by name of person; the one without a name is everybody's.

    Raises
    ------
    ForewarnError
        It cannot be read, or holds something else.
    """
    remedy = f"Make one with: forewarn serve --make-password-file {path}"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ForewarnError(Problem(str(path), "cannot be read", remedy=remedy)) from error
    lines: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, _, rest = line.strip().rpartition(":")
        if name in lines or (name and not NAME.fullmatch(name)):
            what = (
                f"the name {name[:60]!r} is used twice or is not valid"
                if name
                else "a second line without a name"
            )
            raise ForewarnError(Problem(f"{path}, line {number}", what, remedy=remedy))
        Password(rest)
        lines[name] = rest
    if not lines:
        raise ForewarnError(Problem(str(path), "holds no hashed password", remedy=remedy))
    return lines


class PasswordFile:
    """Those whose passwords are in a file. The file is read again when it has changed.

    Raises
    ------
    ForewarnError
        It cannot be read, or holds something else.
    """

    can_be_guessed = True
    in_addresses = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen = self._state()
        self._lines = read_lines(path)
        self._passwords = {name: Password(line) for name, line in self._lines.items()}

    @property
    def has_names(self) -> bool:
        """Whether somebody is told apart by name."""
        return any(self._current())

    def identify(self, name: str, given: str) -> str | None:
        """Give the person whose password was given; None if it is wrong."""
        passwords = self._current()
        person = name if name in passwords else ""
        password = passwords.get(person) or next(iter(passwords.values()), None)
        # A name that is not there costs as much as one that is.
        is_right = password is not None and password.is_right(given)
        return person if is_right and person in passwords else None

    def mark(self, person: str) -> str | None:
        """Give what changes with the password of a person; None if there is no such person any more."""
        self._current()
        line = self._lines.get(person)
        return None if line is None else hashlib.sha256(line.encode()).hexdigest()[:32]

    def _current(self) -> dict[str, Password]:
        with self._lock:
            state = self._state()
            if state != self._seen:
                try:
                    lines = read_lines(self._path)
                except ForewarnError:
                    # Nobody comes in by a file that is not there or is broken.
                    lines = {}
                known = {line: self._passwords[name] for name, line in self._lines.items()}
                self._passwords = {name: known.get(line) or Password(line) for name, line in lines.items()}
                self._lines, self._seen = lines, state
            return self._passwords

    def _state(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except OSError:
            return ()
        return found.st_ino, found.st_size, found.st_mtime_ns


class LocalToken:
    """The token in the address that the server prints at its start: other users of the machine have none."""

    has_names = False
    can_be_guessed = False
    in_addresses = True

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)

    def identify(self, name: str, given: str) -> str | None:
        """Give the one person there is, if the token is right."""
        return LOCAL if hmac.compare_digest(given.encode(), self.token.encode()) else None

    def mark(self, person: str) -> str | None:
        """Give the same at every start: who was in the workspace before needs no new address."""
        return LOCAL if person == LOCAL else None


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
