"""Hashes of bodies hold under redaction, and nothing else."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.ledger.canonical_form import canonical, parse
from forewarn.ledger.sealing import Seals, body_hash, leaves, new_seals, pieces, read_seals, redact

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
BODIES = st.dictionaries(
    st.text(max_size=4),
    st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4), max_leaves=12),
    max_size=5,
)  # fmt: skip


@given(text=st.text())
def test_pieces_lose_nothing(text):
    assert "".join(pieces(text)) == text


@given(body=BODIES, data=st.data())
@settings(deadline=None)
def test_redaction_keeps_the_hash_and_can_be_read_back(body, data):
    seals = new_seals()
    whole = body_hash(body, seals)
    keys = [leaf.key for leaf in leaves(body)]
    assert len(set(keys)) == len(keys)
    gone = set(data.draw(st.lists(st.sampled_from(keys), max_size=3)))
    covered, left = redact(body, seals, gone)
    covered, left = parse(canonical(covered)), read_seals(left.dump())
    assert body_hash(covered, left) == whole
    more = set(data.draw(st.lists(st.sampled_from(keys), max_size=3)))
    covered, left = redact(covered, left, more)
    assert body_hash(covered, left) == whole
    assert set(left.gone) == gone | more


@given(one=BODIES, other=BODIES)
def test_different_bodies_have_different_hashes(one, other):
    seals = Seals("0" * 32, {}, {})
    assert (body_hash(one, seals) == body_hash(other, seals)) == (canonical(one) == canonical(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": ["x"]}, {"a": {"0": "x"}}),
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": ""}, {"a": None}),
        ({"a": []}, {"a": {}}),
        ({"a": "b c"}, {"a": "b  c"}),
        ({"a": "x", "b": "y"}, {"a": "y", "b": "x"}),
    ],
)
def test_bodies_that_look_alike(one, other):
    seals = Seals("0" * 32, {}, {})
    assert body_hash(one, seals) != body_hash(other, seals)


def test_the_definition_to_the_digit():
    """An independent computation of docs/ledger.md for one body of two leaves."""
    secret = bytes(range(16))
    body = {"n": 7, "t": "ab"}
    digests = b""
    for path, piece, mask, value in (('["n"]', None, None, "7"), ('["t"]', 0, "██", '"ab"')):
        key = path if piece is None else f"{path}#{piece}"
        salt = hmac.new(secret, key.encode(), hashlib.sha256).digest()
        inner = hashlib.sha256(salt + value.encode()).hexdigest()
        shown = "null" if mask is None else '"\\u2588\\u2588"'
        number = "null" if piece is None else piece
        digests += hashlib.sha256(f'[{path},{number},{shown},"{inner}"]'.encode()).digest()
    assert body_hash(body, Seals(secret.hex(), {}, {})) == hashlib.sha256(digests).hexdigest()


def test_what_is_gone_cannot_be_guessed():
    body, seals = {"who": "Ahmad"}, new_seals()
    key = '["who"]#0'
    _, left = redact(body, seals, {key})
    assert left.secret is None
    assert key not in left.salts
    assert seals.secret not in left.dump()
    # Without its salt the word gives another hash; with it, the same: the control.
    unsalted = hashlib.sha256(canonical("Ahmad").encode()).hexdigest()
    salt = hmac.digest(bytes.fromhex(seals.secret), key.encode(), "sha256")
    assert left.gone[key] != unsalted
    assert left.gone[key] == hashlib.sha256(salt + canonical("Ahmad").encode()).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"gone":{},"salts":{},"secret":null}',
        '{"gone": {}}',
        '{"gone":{},"salts":[],"secret":"' + "0" * 32 + '"}',
    ],
)
def test_seals_that_are_none(text):
    with pytest.raises(ValueError):
        read_seals(text)
