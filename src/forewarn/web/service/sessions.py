"""Who is signed in: sessions are kept here, so that they can be ended here."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from forewarn.errors import Problem
from forewarn.web.service.audit import Audit
from forewarn.web.service.files import read_json, write_json
from forewarn.web.service.limits import NotFoundError

LASTS: Final = timedelta(days=14)
"""From signing in (assumption: two weeks of an emergency); the cookie lives as long."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly it is noted when somebody was here last."""
MOST_SESSIONS: Final = 1000


class Keys(Protocol):
    """What opens the door: passwords of people, or the token of this machine."""

    @property
    def has_names(self) -> bool:
        """Whether people are told apart by name."""

    @property
    def can_be_guessed(self) -> bool:
        """Whether attempts must be counted."""

    @property
    def in_addresses(self) -> bool:
        """Whether it may stand in an address."""

    def identify(self, name: str, given: str) -> str | None:
        """Give the person whose secret was given; None if it is wrong."""

    def mark(self, person: str) -> str | None:
        """Give what changes with the secret of a person; None if there is no such person any more."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody has signed in.

    Parameters
    ----------
    id
        Names it in lists, and opens nothing.
    person
        Who; empty where the password has no name.
    mark
        Of the password at that time: with another password the session is over.
    started, seen
        When, in UTC.
    address, browser
        Where from, as the browser says of itself.
    """

    id: str
    person: str
    mark: str
    started: str
    seen: str
    address: str
    browser: str


class Sessions:
    """Sessions by the hash of what the browser holds: whoever reads the file cannot use it.

    Parameters
    ----------
    path
        Where they are kept between runs of the program.
    keys
        What they are bound to.
    audit
        Where it is written down.
    """

    def __init__(self, path: Path, keys: Keys, audit: Audit) -> None:
        self.keys = keys
        self._audit = audit
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[str, Session] = {}
        for hashed, content in (read_json(path) or {}).items():
            try:
                self._known[hashed] = Session(**content)
            except TypeError:
                continue

    def identify(self, name: str, given: str, *, address: str) -> str | None:
        """Give the person whose secret was given; None if it is wrong, which is written down."""
        person = self.keys.identify(name, given)
        if person is None:
            self._audit.refused(address)
        return person

    def open(self, person: str, *, address: str, browser: str) -> str:
        """Begin a session; give what the browser is to hold."""
        token = secrets.token_urlsafe(32)
        hashed, now = _hashed(token), _text(datetime.now(UTC))
        shown = "".join(sign for sign in browser[:200] if sign.isprintable())
        session = Session(hashed[:16], person, self.keys.mark(person) or "", now, now, address, shown)
        with self._lock:
            self._known[hashed] = session
            for old in sorted(self._known, key=lambda each: self._known[each].seen)[:-MOST_SESSIONS]:
                del self._known[old]
            self._write()
        self._audit.note("signed in", session.id, person=person, address=address)
        return token

    def find(self, token: str) -> Session | None:
        """Give the session that a browser holds, if it is not over."""
        hashed, now = _hashed(token), datetime.now(UTC)
        with self._lock:
            found = self._known.get(hashed)
            if found is None:
                return None
            if not self._lasts(found, now):
                del self._known[hashed]
                self._write()
                return None
            if now - datetime.fromisoformat(found.seen) > SEEN_EVERY:
                found = self._known[hashed] = replace(found, seen=_text(now))
                self._write()
            return found

    def listed(self) -> tuple[Session, ...]:
        """Give the sessions that last, the one that was here last first."""
        now = datetime.now(UTC)
        with self._lock:
            lasting = [each for each in self._known.values() if self._lasts(each, now)]
        return tuple(sorted(lasting, key=lambda each: each.seen, reverse=True))

    def end(self, name: str) -> Session:
        """End the session of this id.

        Raises
        ------
        NotFoundError
            There is none.
        """
        with self._lock:
            for hashed, session in self._known.items():
                if session.id == name:
                    del self._known[hashed]
                    self._write()
                    self._audit.note("ended a session", session.id)
                    return session
        raise NotFoundError(Problem("session", "not found", remedy="It may be over already"))

    def _lasts(self, session: Session, now: datetime) -> bool:
        begun = datetime.fromisoformat(session.started)
        return now - begun < LASTS and self.keys.mark(session.person) == session.mark

    def _write(self) -> None:
        write_json(self._path, {hashed: asdict(each) for hashed, each in self._known.items()}, private=True)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _text(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
