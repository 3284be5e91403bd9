"""Events: what is expected is marked up in the sentence itself, as [words|kind|status]."""

import re
from datetime import date
from pathlib import Path

import pytest

from forewarn.facts import PlaceMention, Span
from forewarn.reading.actors.find import find_actors
from forewarn.reading.documents.document import from_text
from forewarn.reading.events.find import find_events
from forewarn.reading.events.sectors import find_sectors
from forewarn.reading.text.sentences import build_pipeline

MARKED = [
    "The army is preparing a [ground offensive|attack|planned] on the town.",
    "Rebels [attacked|attack|past] the base.",
    "The general threatened an [assault|attack|threatened] on the port.",
    "The UN warned that an [attack|attack|possible] could come within days.",
    "The minister denied any plan for an [invasion|attack|denied].",
    "Troops are [massing tanks|attack|planned] near the river.",
    "There is no doubt that the [shelling|attack|under-way] is under way.",
    "The two sides signed a [peace agreement|agreement|past] in May.",
    "The envoy called for a [ceasefire|ceasefire|asked-for].",
    "Authorities [closed the border|border|past] on Friday.",
    "[Talks|talks|planned] will resume in Doha.",
    "The town has been under [siege|siege|under-way] since June.",
    "[Floods|disaster|past] destroyed 300 homes.",
    "The governor accused the rebels of a [chlorine attack|chemical-attack|alleged].",
    "According to the mayor, [heavy rain|disaster|past] cut the road.",
    "Observers said they opposed an accordion festival.",
]


def place(text, name):
    start = text.index(name)
    return PlaceMention(span=Span(start=start, end=start + len(name), text=name), name=name)


def read_events(text, *, names=(), issued=date(2024, 5, 20)):
    document = from_text(text, name="test", issued=issued)
    assert document.text == text
    doc = build_pipeline()(text)
    return find_events(doc, document, find_actors(doc, document), (), [place(text, name) for name in names])


@pytest.mark.parametrize("marked", MARKED)
def test_kind_and_status(marked):
    text = re.sub(r"\[([^|\]]+)\|[^\]]+\]", r"\1", marked)
    wanted = [tuple(m.groups()) for m in re.finditer(r"\[([^|\]]+)\|([^|]+)\|([^\]]+)\]", marked)]
    assert [(e.span.text, e.kind, e.status) for e in read_events(text)] == wanted


def test_a_wrong_status_is_noticed():
    assert read_events("Rebels attacked the base.")[0].status != "planned"


def test_stages_sectors_and_what_is_spared():
    text = "The assault would first hit the eastern and southern districts, but not yet the city of Harad, he said."
    first, later = read_events(text, names=["Harad"])
    assert (first.stage, first.status, first.sectors) == (1, "planned", ("east", "south"))
    assert [p.name for p in first.excluded] == ["Harad"]
    assert first.places == ()
    assert (later.stage, later.status, later.sectors) == (2, "possible", ("city",))
    assert [p.name for p in later.places] == ["Harad"]
    assert later.details == (("implied-by", "not yet"),)


def test_a_stage_without_a_verb_of_its_own():
    events = read_events("They plan to attack from the east in the first stage, and later from the south.")
    assert [(e.stage, e.status, e.sectors) for e in events] == [
        (1, "planned", ("east",)),
        (2, "planned", ("south",)),
    ]


def test_what_is_spared_for_good_has_no_later_stage():
    (event,) = read_events(
        "The army will launch an offensive on Harad, but not on Sirt.", names=["Harad", "Sirt"]
    )
    assert [p.name for p in event.places] == ["Harad"]
    assert [p.name for p in event.excluded] == ["Sirt"]


def test_a_chemical_attack_is_never_a_fact():
    (event,) = read_events("The army used chlorine in Harad.")
    assert (event.kind, event.status) == ("chemical-attack", "alleged")


def test_names_are_no_events():
    assert read_events("The Rapid Support Forces said so.") == ()


def test_an_attack_that_spares_nothing_has_one_stage():
    events = read_events("The assault would hit the eastern districts of Harad.", names=["Harad"])
    assert [(e.stage, e.excluded, [p.name for p in e.places]) for e in events] == [(None, (), ["Harad"])]


def test_doers_and_targets_turn_round_with_a_passive():
    (active,) = read_events("Rwanda is backing M23.")
    (passive,) = read_events("M23 is backed by Rwanda.")
    assert (active.actors, active.targets) == (("rwanda",), ("m23",))
    assert (passive.actors, passive.targets) == (("rwanda",), ("m23",))


def test_talks_are_open_or_closed_and_somebody_asked_for_them():
    (event,) = read_events("Closed-door talks that were requested by Kenya began on Friday.")
    assert dict(event.details) == {"door": "closed", "asked-for-by": "Kenya"}


def test_the_day_of_saying_is_not_the_day_of_the_event():
    (event,) = read_events("The army said on Friday it would launch an offensive.")
    assert event.date is None
    (event,) = read_events("The army launched an offensive on Friday.")
    assert event.date is not None
    assert event.date.earliest == date(2024, 5, 17)


def test_a_metaphor_is_no_disaster():
    assert [e.kind for e in read_events("It could unleash a flood of refugees.")] == ["displacement"]


def test_borders_are_open_or_closed():
    assert dict(read_events("Sudan reopened the border crossing.")[0].details) == {"state": "open"}
    assert dict(read_events("The crossing at Adre is closed.")[0].details) == {"state": "closed"}


@pytest.mark.parametrize(
    ("words", "sectors"),
    [
        ("the north-western countryside", ("northwest",)),
        ("the northern, eastern and western fronts", ("north", "east", "west")),
        ("a western diplomat", ()),
        ("from the south", ("south",)),
    ],
)
def test_sectors(words, sectors):
    assert find_sectors(words) == sectors


@pytest.mark.parametrize("text", ["", "\n", "?", "attack " * 3000])
def test_odd_text(text):
    document = from_text("x", name="t", issued=None).model_copy(update={"text": text})
    assert isinstance(find_events(build_pipeline()(text), document, (), (), ()), tuple)


DISPATCH = Path(__file__).parents[3] / "shared" / "dispatches" / "idlib-2018-08.txt"


@pytest.mark.reference
@pytest.mark.skipif(not DISPATCH.is_file(), reason="needs ../shared/dispatches")
def test_what_a_scenario_needs_of_the_reference_dispatch():
    document = from_text(DISPATCH.read_text(encoding="utf-8"), name="idlib", issued=date(2018, 8, 31))
    doc = build_pipeline()(document.text)
    actors = find_actors(doc, document)
    city = document.text.index("city of Idlib") + len("city of ")
    spared = PlaceMention(span=Span(start=city, end=city + 5, text="Idlib"), name="Idlib")
    events = find_events(doc, document, actors, (), [spared])
    first = next(e for e in events if e.stage == 1)
    assert (first.kind, first.status, first.sectors, first.excluded) == (
        "attack",
        "planned",
        ("south", "west"),
        (spared,),
    )
    assert any(e.stage == 2 and e.places == (spared,) for e in events)
    talks = [dict(e.details) for e in events if e.kind == "talks"]
    assert {"door": "closed", "asked-for-by": "Russia"} in talks
    statuses = {(e.kind, e.status) for e in events}
    assert {("chemical-attack", "alleged"), ("chemical-attack", "denied"), ("post", "past")} <= statuses
    assert {("talks", "under-way"), ("listing", "possible"), ("support", "under-way")} <= statuses
    keys = {actor.key: actor for actor in actors}
    assert keys["sergei-lavrov"].speaks_for == "russia"
    assert keys["mevlut-cavusoglu"].speaks_for == "turkey"
    assert "Moscow" in {m.text for m in keys["russia"].mentions}
