"""The map: where things stand, and that sizes, crosses and labels say what the scenario and the forecast say."""

import re
from itertools import combinations
from math import cos, hypot, radians, sqrt

import pytest

from forewarn.outlook.maps import page_map as mapping
from forewarn.outlook.maps.page_map import LARGEST, SMALL_LETTERING, WIDEST, WIDTH, Label
from forewarn.outlook.page.render import render_page
from forewarn.outlook.view import ForecastView
from forewarn.scenario import load, narrow
from forewarn.scenario.model.boundaries import Area, Boundaries

EARTH_KM_PER_DEGREE = 111.2


def drawn(dataset, scenario, *, suppress_below=10):
    return mapping.draw_map(ForecastView(dataset, scenario, suppress_below))


@pytest.fixture(scope="module")
def idlib():
    return load("idlib-2018")


@pytest.fixture(scope="module")
def idlib_map(synthetic, idlib):
    return drawn(synthetic.forecast(idlib, members=8), idlib)


def dot(found, name):
    return next(each for each in found.dots if each.name == name)


def test_distances_on_the_map_are_true(idlib, idlib_map):
    """One scale holds for all pairs of places: plate carrée with its true scale at the middle latitude."""
    places = {place.name: place for place in idlib.places}
    scales = []
    for first, second in combinations(idlib_map.dots[:12], 2):
        a, b = places[first.name], places[second.name]
        east = (a.lon - b.lon) * cos(radians((a.lat + b.lat) / 2)) * EARTH_KM_PER_DEGREE
        north = (a.lat - b.lat) * EARTH_KM_PER_DEGREE
        scales.append(hypot(first.x - second.x, first.y - second.y) / hypot(east, north))
    assert max(scales) / min(scales) < 1.02


def test_north_is_up_and_everything_is_inside(idlib, idlib_map):
    places = {place.name: place for place in idlib.places}
    north = max(idlib_map.dots, key=lambda each: places[each.name].lat)
    assert north.y == min(each.y for each in idlib_map.dots)
    east = max(idlib_map.dots, key=lambda each: places[each.name].lon)
    assert east.x == max(each.x for each in idlib_map.dots)
    assert all(0 < each.x < WIDTH and 0 < each.y < idlib_map.height for each in idlib_map.dots)


def meet(one, other):
    a, b = one.box, other.box
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


@pytest.mark.parametrize("which", ["labels", "small_labels"])
def test_labels_do_not_overlap_and_stay_inside(idlib_map, which):
    labels = getattr(idlib_map, which)
    assert len(labels) >= 6
    assert [pair for pair in combinations(labels, 2) if meet(*pair)] == []
    for label in labels:
        assert label.box[0] > 0
        assert label.box[2] < WIDTH
        assert label.box[1] > 0
        assert label.box[3] < idlib_map.height


def test_overlapping_labels_would_be_noticed(idlib_map):
    label = idlib_map.labels[0]
    assert meet(label, Label(label.x + 3, label.y + 3, "Elsewhere", label.anchor, label.size))


def test_labels_are_readable_on_a_phone(idlib_map):
    # The map is 368 pixels wide on a screen of 400.
    assert {label.size for label in idlib_map.small_labels} == {SMALL_LETTERING}
    assert SMALL_LETTERING * 368 / WIDTH >= 11


def test_the_largest_destination_is_named(idlib_map):
    largest = max(idlib_map.dots, key=lambda each: each.radius)
    assert largest.name.split(" (")[0] in {label.text for label in idlib_map.labels}
    assert largest.name.split(" (")[0] in {label.text for label in idlib_map.small_labels}


def test_areas_of_circles_follow_the_medians(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=6)
    names = dataset["place"].values.tolist()
    # The median of the course's three members: 400 and 100, whatever the others.
    dataset["present"][::2, -1, names.index("Oakford")] = [0, 400, 9000]
    dataset["present"][::2, -1, names.index("Farside")] = [100, 100, 0]
    found = drawn(dataset, scenario)
    assert dot(found, "Oakford").radius == LARGEST
    assert dot(found, "Farside").radius == pytest.approx(LARGEST / 2, abs=0.06)
    assert dot(found, "Elm Camp").radius == 0
    assert found.largest == "400"


def test_widths_of_roads_follow_the_medians(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=2)
    dataset["flows"][0, -1, 0, 0] = 700
    dataset["flows"][0, -1, 0, 1] = 200
    dataset["flows"][0, -1, 1, 0] = 225
    found = drawn(dataset, scenario)
    # Both directions count; areas would not make sense of a line, roots keep small flows visible.
    assert found.lines[0].width == WIDEST
    assert found.lines[1].width == pytest.approx(WIDEST * sqrt(225 / 900), abs=0.06)
    assert found.lines[2].width == 0


@pytest.mark.parametrize(
    ("when", "flows_of"),
    [
        ("3 September 2018", None),
        ("27 September 2018", None),  # day 28 of 30
        ("1 October 2018", "29 September 2018"),  # day 32
        ("29 October 2018", "29 October 2018"),  # day 60
        ("24 December 2018", "28 November 2018"),  # day 116 of 120
        ("28 December 2018", "28 December 2018"),
    ],
)
def test_no_flows_of_a_later_day_are_drawn(synthetic, idlib, when, flows_of):
    dataset = synthetic.empty(idlib, members=4)
    for number, table_day in enumerate(dataset["table_day"].values):
        dataset["flows"][:, number, 0, 0] = 1000 * table_day
    found = drawn(dataset, idlib)
    table = found.data["table"][found.days.index(when)]
    days = {None: 0, "29 September 2018": 30, "29 October 2018": 60, "28 November 2018": 90}
    assert found.data["moved"]["staged"][table][0] == 1000 * days.get(flows_of, 120)
    said = found.data["roads"][table]
    assert said == (
        "Roads show nobody before 29 September 2018, the first day with figures of roads."
        if flows_of is None
        else "Roads show the people who have set out along them from the issue day up to "
        f"{flows_of}, in both directions (median)."
    )


def test_small_numbers_are_drawn_as_nobody(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=2)
    names = dataset["place"].values.tolist()
    dataset["present"][0, -1, names.index("Oakford")] = 500
    dataset["present"][0, -1, names.index("Farside")] = 9
    dataset["flows"][0, -1, 1, 0] = 9
    hidden, told = drawn(dataset, scenario), drawn(dataset, scenario, suppress_below=0)
    assert dot(hidden, "Farside").radius == 0
    assert dot(told, "Farside").radius > 0
    assert hidden.lines[1].width == 0
    assert told.lines[1].width > 0
    at = names.index("Farside")
    assert {row[at] for table in hidden.data["present"].values() for row in table} == {0}
    assert {row[at] for row in told.data["present"]["attack"]} == {0, 9}


def closed(scenario, dataset):
    return {line.name for line in drawn(dataset, scenario).lines if line.closed}


def test_closed_roads_are_marked_as_the_scenario_says(dataset, scenario):
    shut = tuple(each.model_copy(update={"status": "closed"}) for each in scenario.crossings)
    before, after = (
        closed(scenario, dataset),
        closed(scenario.model_copy(update={"crossings": shut}), dataset),
    )
    bridge = next(route for route in scenario.routes if route.crossing == "bridge" or route.to == "Farside")
    assert f"{bridge.from_} – {bridge.to}" not in before
    assert after - before == {f"{bridge.from_} – {bridge.to}"}
    held = {place.name: place.zone for place in scenario.places}
    within = {f"{each.from_} – {each.to}" for each in scenario.routes if held[each.from_] == held[each.to]}
    assert not within & after


def test_attacked_places_are_those_of_the_gravest_course(dataset, scenario):
    found = drawn(dataset, scenario)
    assert found.course == "attack"
    assert [each.name for each in found.dots if each.attacked] == ["Millbrook"]


def test_only_zones_of_places_on_the_map_are_in_the_key(idlib, idlib_map):
    held = {idlib.zones[place.zone].title for place in idlib.places if not place.isolated}
    assert {title for title, _, _ in idlib_map.zones} == held
    assert len(held) < len(idlib.zones)
    colours = {each.name: idlib_map.zones[each.zone][0] for each in idlib_map.dots}
    assert all(colours[p.name] == idlib.zones[p.zone].title for p in idlib.places if p.name in colours)


def test_countries_outside_the_view_are_not_drawn(idlib_map):
    assert {name for name, _ in idlib_map.countries} == {"Syria", "Turkey"}
    assert all(re.fullmatch(r"(M-?[\d.]+,[-\d.,L]+Z)+", path) for _, path in idlib_map.countries)


def test_the_last_stop_is_the_last_day(dataset, scenario):
    found = drawn(dataset, scenario)
    assert (found.days[0], found.days[-1]) == ("1 March 2024", "30 April 2024")
    assert len(found.days) <= mapping.STEPS + 2
    present = found.data["present"]["attack"]
    assert len(present) == len(found.days)
    for each, count in zip(found.dots, present[-1], strict=True):
        assert each.radius == pytest.approx(found.data["largest"] * sqrt(count), abs=0.06)


def test_names_on_the_map_are_escaped(dataset, scenario):
    zones = {
        key: zone.model_copy(update={"title": "</script><i>zone"}) for key, zone in scenario.zones.items()
    }
    text = render_page(dataset, scenario.model_copy(update={"zones": zones}))
    assert "<i>zone" not in text
    places = tuple(each.model_copy(update={"name": f"</script><i>{each.name}"}) for each in scenario.places)
    routes = tuple(
        each.model_copy(update={"from_": f"</script><i>{each.from_}", "to": f"</script><i>{each.to}"})
        for each in scenario.routes
    )
    hostile = scenario.model_copy(update={"places": places, "routes": routes})
    assert "<i>Oakford" not in render_page(dataset, hostile)


def test_a_map_on_which_nobody_moves(synthetic, scenario):
    found = drawn(synthetic.empty(scenario, members=2), scenario)
    assert found.largest == "0"
    assert {each.radius for each in found.dots} == {0}


def test_places_without_roads(synthetic, scenario):
    alone = scenario.model_copy(
        update={
            "places": tuple(each.model_copy(update={"isolated": True}) for each in scenario.places),
            "routes": (),
        }
    )
    found = drawn(synthetic.forecast(scenario, members=4).isel(route=slice(0, 0)), alone)
    assert len(found.dots) == len(scenario.places)
    assert found.lines == ()


WEST = "POLYGON ((39 9, 40 9, 40 11, 39 11, 39 9))"


def with_areas(scenario, *areas, source="assumption: made up", note=""):
    made = tuple(Area(name=name, pcode=pcode, wkt=wkt) for name, pcode, wkt in areas)
    return scenario.model_copy(update={"boundaries": Boundaries(source=source, note=note, areas=made)})


def test_own_boundaries_are_drawn_where_they_are(synthetic, idlib, idlib_map):
    """An area whose eastern edge runs through a place has that edge at the place's mark."""
    place = next(place for place in idlib.places if place.name == "Hama city")
    edge = f"POLYGON (({place.lon} 20, {place.lon} 50, 30 50, 30 20, {place.lon} 20))"
    found = drawn(synthetic.forecast(idlib, members=2), with_areas(idlib, ("West", "W1", edge)))
    ((name, path),) = found.own
    xs = [float(x) for x, _ in re.findall(r"([\d.-]+),([\d.-]+)", path)]
    assert name == "West"
    assert max(xs) == pytest.approx(dot(found, "Hama city").x, abs=0.11)
    assert min(xs) == 0
    assert idlib_map.own == ()


def test_rough_borders_beside_own_ones_are_not_drawn(synthetic, idlib, idlib_map):
    """The border of Syria and Turkey, drawn roughly, is gone where the scenario knows both sides; not elsewhere."""
    dataset = synthetic.forecast(idlib, members=2)
    everything = with_areas(idlib, ("All", "", "POLYGON ((20 20, 50 20, 50 50, 20 50, 20 20))"))
    west = with_areas(idlib, ("West", "", "POLYGON ((20 20, 36.6 20, 36.6 50, 20 50, 20 20))"))
    assert idlib_map.borders
    assert drawn(dataset, everything).borders == ""
    assert 0 < len(drawn(dataset, west).borders) < len(idlib_map.borders)


def test_the_note_names_the_source_of_boundaries(dataset, scenario):
    found = drawn(dataset, with_areas(scenario, ("West", "", WEST), note="Bends were left out."))
    far = drawn(dataset, with_areas(scenario, ("Far", "", "POLYGON ((0 0, 1 0, 1 1, 0 0))")))
    assert "Boundaries within: Assumption: made up. Bends were left out" in found.source
    assert "lie outside this map" in far.source
    assert far.own == ()
    assert "oundaries" not in drawn(dataset, scenario).source


def test_names_of_areas_are_escaped(dataset, scenario):
    text = render_page(dataset, with_areas(scenario, ("</title><script>x</script>", "", WEST)))
    assert "&lt;/title&gt;&lt;script&gt;x" in text
    assert "<script>x" not in text


def test_circles_shrink_where_places_crowd(synthetic, scenario):
    """Four times as many places as may have large circles: half the radius."""
    first = scenario.places[0]
    many = tuple(
        first.model_copy(update={"name": f"Town {i}", "lat": 10 + i % 20 / 10, "lon": 40 + i // 20 / 10})
        for i in range(4 * mapping.CROWDED)
    )
    crowded = narrow(scenario, course="calm").model_copy(update={"places": many, "routes": ()})
    dataset = synthetic.empty(crowded, members=2)
    dataset["present"][:, -1, 3] = 500
    assert max(each.radius for each in drawn(dataset, crowded).dots) == pytest.approx(LARGEST / 2, abs=0.06)


def test_long_names_are_cut_on_the_map_alone(dataset, scenario):
    long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch"
    places = tuple(
        each.model_copy(update={"name": long}) if each.name == "Highgate" else each
        for each in scenario.places
    )
    routes = tuple(
        each.model_copy(
            update={
                "from_": long if each.from_ == "Highgate" else each.from_,
                "to": long if each.to == "Highgate" else each.to,
            }
        )
        for each in scenario.routes
    )
    found = drawn(dataset, scenario.model_copy(update={"places": places, "routes": routes}))
    assert f"{long[:31]}…" in {label.text for label in found.labels}
    assert dot(found, long).name == long


def test_the_key_names_what_is_there(synthetic, dataset, scenario):
    shut = tuple(each.model_copy(update={"status": "closed"}) for each in scenario.crossings)
    text = render_page(dataset, scenario.model_copy(update={"crossings": shut}))
    assert "no way across on the issue day</li>" in text
    assert "attacked in this course</li>" in text
    alone = narrow(scenario, course="calm").model_copy(update={"places": scenario.places[:1], "routes": ()})
    bare = render_page(synthetic.empty(alone, members=2), alone)
    for words in (
        "no way across on the issue day</li>",
        "attacked in this course</li>",
        "along a road, median</li>",
    ):
        assert words not in bare
