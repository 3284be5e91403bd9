"""What is a contact detail, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.ledger.admitting import keys_within
from forewarn.ledger.contacts import find_contacts
from forewarn.ledger.sealing import pieces

# What is to be found stands between ⟦ and ⟧.
FOUND = [
    "Write to ⟦press.office+syria@unhcr.example.org⟧.",
    "Write to ⟦press [at] agency.example⟧ today",
    "Call ⟦+963 11 555 01 00⟧ at once",
    "WhatsApp: ⟦0555-123-456⟧",
    "Tel. ⟦022 917 00 00⟧.",
    "from ⟦0041 22 917 00 00⟧ only",
    "Commander Ahmad Saleh sleeps at ⟦35.93061, 36.63391⟧, neighbours say",
    "Ms Reem was seen at ⟦35°55'50\"N 36°38'02\"E⟧.",
]
NOT_FOUND = [
    "Some 700,000 people, or 1,400,000 by 30 August 2018",
    "A call for 500000 tents and a text of 12 pages",
    "The call was made on 2018-08-30.",
    "They signal 2018-2019 as the worst winter",
    "between 2018 and 2019 some 250 000 of 3 000 000 people",
    "The camp lies at 35.93061, 36.63391",
    "The town (35.9, 36.6) was shelled, said Ahmad Saleh.",
    "ahmad@ home, @handle, a@b",
    "+3 °C, +12 per cent, 000 of them",
    "a rate of 0.000012345678 per day",
]


@pytest.mark.parametrize("marked", FOUND)
def test_contacts_are_found(marked):
    start, end = marked.index("⟦"), marked.index("⟧") - 1
    text = marked.replace("⟦", "").replace("⟧", "")
    assert [(found.start, found.end) for found in find_contacts(text)] == [(start, end)]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_other_numbers_are_not(text):
    assert find_contacts(text) == []


def test_known_persons_count_by_any_name():
    text = "They look for saleh at 35.93061, 36.63391"
    assert find_contacts(text) == []
    assert len(find_contacts(text, persons=["saleh"])) == 1


@pytest.mark.parametrize(
    "text", ["a" * 10**6 + "@", "1 " * 10**6, "+" * 10**6, "call " * 10**6, "1.111 " * 10**4, "@a." * 10**5]
)
def test_hostile_text_ends(text):
    find_contacts(text)


@given(
    text=st.text(alphabet="ab \n", max_size=30),
    spans=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4),
)
def test_words_touched_by_stretches(text, spans):
    """Word by word, against the characters that are covered."""
    covered = {at for start, end in spans for at in range(start, min(end, len(text)))}
    at, expected = 0, set()
    for number, piece in enumerate(pieces(text)):
        shown = [at + offset for offset, letter in enumerate(piece) if not letter.isspace()]
        at += len(piece)
        if covered & set(shown):
            expected.add(f'["text"]#{number}')
    assert keys_within(("text",), text, spans) == expected
