"""In which order an attack is said to come, and the parts of a town that are attacked one after the other."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.drafting import draft
from forewarn.drafting.report.stages import find_stages
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

DAY = date(2024, 6, 5)
GOMA = (
    "Rebels are preparing an assault on Goma in Congo, officers said. About 1,000,000 people live in Goma. "
)


def said(text):
    return read(from_text(text, name="report.txt", issued=DAY))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The attack will begin in the east, then the city centre, and only later Zamzam camp in the south.",
         [("east", ""), ("centre", ""), ("south", "Zamzam")]),
        ("The assault would begin in the eastern neighbourhoods and along the border, not yet in the centre and the west.",
         [("east", ""), ("centre west", "")]),
        ("The offensive would initially target the southern and western parts, but not yet the city of Idlib.",
         [("south west", ""), ("", "Idlib")]),
        ("They would clear Guit and then Leer in an offensive.", [("", "Guit"), ("", "Leer")]),
        ("There are three steps: Bartella and Bashiqa first; Mosul thereafter; and Hawija last.",
         [("", "Bartella Bashiqa"), ("", "Mosul"), ("", "Hawija")]),
    ],
)  # fmt: skip
def test_the_order_is_read(text, told):
    stages = find_stages([said(text)], ())
    assert [(" ".join(s.sides), " ".join(name.text for name in s.names)) for s in stages] == told
    assert [stage.order for stage in stages] == list(range(1, len(told) + 1))


@pytest.mark.parametrize(
    "text",
    [
        "Fears grow of an assault on the last army city in Darfur.",
        "It was the first attack this week on the town.",
        "Fighters attacked 60 kilometres to the west of the town and later left.",
        "The attack began on Friday in eastern Ukraine.",
        "An assault on the northwestern province is feared.",
    ],
)
def test_no_order_is_made_up(text):
    assert find_stages([said(text)], ()) == ()


def stages_of(made):
    return [list(stage.places) for stage in made.scenario.courses[-1].stages]


@pytest.mark.parametrize(
    ("more", "stages", "shares"),
    [
        ("The attack would begin in the north.", [["Goma (north)"], ["Goma (the rest)"]], [0.2, 0.8]),
        (
            "The attack would begin in the north and the west, and not yet in the centre.",
            [["Goma (north and west)"], ["Goma (centre)"]],
            [0.4, 0.6],
        ),
        (
            "The attack would begin in the north, then the west, and later the centre.",
            [["Goma (north)"], ["Goma (west)"], ["Goma (centre)"]],
            [0.2, 0.2, 0.6],
        ),
        ("The attack would begin on Friday.", [["Goma"]], [1.0]),
    ],
)
def test_a_town_is_divided_by_the_sides_that_are_told_and_nobody_is_lost(more, stages, shares):
    made = draft([said(GOMA + more)])
    assert stages_of(made) == stages
    people = {place.name: place.residents for place in made.scenario.places}
    assert [sum(people[name] for name in stage) for stage in stages] == pytest.approx(
        [1_000_000 * share for share in shares], rel=1e-5
    )
    assert sum(people[name] for stage in stages for name in stage) == 1_000_000


@pytest.mark.parametrize(
    ("more", "later"),
    [
        ("The attack would begin in Goma, and not yet in Sake.", "Sake"),
        ("They would attack Goma first, and later Bukavu.", "Bukavu"),
        ("They would storm Goma and then Rutshuru.", "Rutshuru"),
    ],
)
def test_what_is_not_yet_attacked_comes_in_a_later_stage(more, later):
    assert stages_of(draft([said(GOMA + more)])) == [["Goma"], [later]]
