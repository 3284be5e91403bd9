"""What they need, and what moves the result: the sections that page and brief share."""

import numpy as np
import pytest

from forewarn.forecast.sampling import Sampler, member_keys
from forewarn.forecast.sensitivity import beyond_chance, first_order_index
from forewarn.outlook.contents.drivers import build_drivers, in_words, value_in_words
from forewarn.outlook.contents.needs import SUPPRESSED, amount, build_needs
from forewarn.outlook.contents.needs_standards import groups, standards
from forewarn.outlook.contents.triggers import build_trigger_table
from forewarn.outlook.page.render import render_page
from forewarn.outlook.view import ForecastView
from forewarn.scenario import Trigger, bundled, change, load, quantities


def view(dataset, scenario):
    return ForecastView(dataset, scenario, 10)


def test_needs_are_those_of_the_people_of_the_planning_figure(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=4)
    dataset["left_home"][::2, -1, 0] = [2000, 4000]
    # Ordinary moves are people there too, and no part of the figure.
    dataset["left_home"][::2, -1, 3] = 500
    dataset["present"][::2, -1, 1] = [2500, 4500]
    found = build_needs(view(dataset, scenario)).courses[0]
    assert (found.most_likely, found.worst_case) == ("2,000", "4,000")
    rows = {row[0]: row[1:] for row in found.needs.rows}
    assert rows["people who leave"] == ("2,000", "4,000")
    assert [row[1] for row in found.needs.rows[1:]] == [
        amount(each.quantity(2000)) for each in standards(scenario)
    ]
    assert rows["water, litres per day"] == ("30,000", "60,000")
    assert len(found.people.rows) == len(groups(scenario)) == 8


def test_needs_of_few_people_are_not_told(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=2)
    dataset["left_home"][0, -1, 0] = 9
    rows = build_needs(view(dataset, scenario)).courses[0].needs.rows
    assert rows[0][1:] == ("under 10", "under 10")
    assert {cell for row in rows[1:] for cell in row[1:]} == {SUPPRESSED}


def test_nobody_needs_nothing(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=2)
    rows = build_needs(view(dataset, scenario)).courses[0].needs.rows
    assert {cell for row in rows for cell in row[1:]} == {"0"}


@pytest.mark.parametrize(
    ("quantity", "written"),
    [(0, "0"), (999, "999"), (1001, "1,000"), (9_999_999, "10 million"), (999_900_000, "1,000 million"),
     (10_000_000, "10 million"), (9_990_000, "9,990,000"), (123_456_789_012, "123,000 million")],
)  # fmt: skip
def test_amounts(quantity, written):
    assert amount(quantity) == written


@pytest.mark.parametrize("name", [each.name for each in bundled()])
def test_every_uncertain_number_has_words(name):
    paths = [path for path, quantity in quantities(load(name)) if quantity.value is None]
    assert [path for path in paths if in_words(path)[0] == path] == []


def test_words_of_names_with_dots_quotes_and_numbers():
    assert in_words('places."St. Mary".capacity')[0] == "people that St. Mary can hold"
    assert in_words('places."a\\"b".capacity')[0] == 'people that a"b can hold'
    assert in_words("places.42.capacity")[0] == "people that 42 can hold"
    assert "organised return 1" in in_words("courses.deal.return_programmes.0.people")[0]
    assert in_words("nothing.known") == ("nothing.known", "")
    assert "{0}" in in_words("places.{0}.capacity")[0]


def uncertain(scenario):
    return change(
        scenario,
        ["model.flight.share_leaving={low: 0.2, high: 0.8}", "model.travel.km_per_day={low: 20, high: 80}"],
    )


def driven(synthetic, scenario, *, members=400):
    """A forecast in which the share that leaves is all that matters."""
    dataset = synthetic.empty(scenario, members=members)
    known = dict(quantities(scenario))
    path = "model.flight.share_leaving"
    here = dataset["course"].values.astype(str) == "attack"
    sampler = Sampler(member_keys(7, dataset["draw"].values[here]))
    dataset["left_home"].values[here, -1, 0] = np.round(10_000 * sampler.draw(path, known[path]))
    return dataset


def test_the_number_that_moves_it_is_named(synthetic, scenario):
    changed = uncertain(scenario)
    (course,) = build_drivers(view(driven(synthetic, changed), changed))
    assert course.title == "Millbrook is attacked"
    (row,) = course.table.rows
    assert row[0] == "share of people who leave a place whose attack goes on"
    # Medians of the lowest and highest quarter of a uniform number between 0.2 and 0.8.
    low, high = (float(cell.split(" %")[0]) for cell in row[1:3])
    assert (low, high) == (pytest.approx(27.5, abs=2), pytest.approx(72.5, abs=2))
    assert int(row[3].split(" ")[0]) > 90 or row[3] == "over 99 %"


def test_nothing_with_few_members(synthetic, scenario):
    changed = uncertain(scenario)
    dataset = driven(synthetic, changed, members=100)
    assert build_drivers(view(dataset, changed)) == ()
    assert "What moves the result most" not in render_page(dataset, changed)
    assert "What moves the result most" in render_page(driven(synthetic, changed), changed)


def test_idle_numbers_are_rarely_shown():
    generator = np.random.Generator(np.random.Philox(5))
    highest = []
    for _ in range(200):
        result = generator.normal(size=200)
        highest.append(max(first_order_index(generator.random(200), result) for _ in range(40)))
    # Any of 40 idle numbers in 5 of 100 ensembles, that is 10 of 200; three standard errors more are 19.
    assert (np.array(highest) > beyond_chance(200, 40)).sum() <= 19
    # What would do for one number does not do for forty.
    assert (np.array(highest) > beyond_chance(200, 1)).sum() > 100


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [(0.5, "%", "50 %"), (1.0, "%", "100 %"), (0.004, "%", "0.4 %"), (13.9, "days", "14 days"), (1.25, "", "1.2"),
     (1234.5, "people", "1,230")],
)  # fmt: skip
def test_values(value, unit, written):
    assert value_in_words(value, unit) == written


def test_triggers_that_hold_stand_first(synthetic, scenario):
    rule = "present in Oakford > {} within 60 days with probability > 0.3"
    triggers = (
        Trigger(name="Oakford is overrun", when=rule.format(5000), action="Call for help"),
        Trigger(name="Oakford fills", when=rule.format(100)),
    )
    dataset = synthetic.empty(scenario, members=8)
    dataset["present"][::2, -1, dataset["place"].values.tolist().index("Oakford")] = [50, 200, 200, 6000]
    table = build_trigger_table(view(dataset, scenario.model_copy(update={"triggers": triggers})))
    # Three and one of the four members of a course of 75 %.
    assert [row[:4] for row in table.rows] == [
        ("Oakford fills", "56 %", "30 %", "alert"),
        ("Oakford is overrun", "19 %", "30 %", "no alert"),
    ]
    assert table.rows[1][-1].endswith("0.3. Call for help")


def test_no_triggers_no_section(dataset, scenario):
    assert build_trigger_table(view(dataset, scenario)) is None
    assert "Triggers" not in render_page(dataset, scenario)
