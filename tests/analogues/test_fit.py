"""The model: pooling, prediction, likeness, warnings."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import scipy

from forewarn.analogues import (
    Attributes,
    nearest_cases,
    parse,
    plotting,
    predictive,
    select,
)
from forewarn.analogues.attributes import exits_of, kind_of
from forewarn.analogues.pooling import ModelRow, predict


def test_without_factors_it_is_the_student_t_of_the_textbook():
    values = [1.0, 2.0, 4.0, 4.5, 7.0, 3.0]
    found = predict([ModelRow(())] * 6, values, ModelRow(())).quantiles(np.array([0.1, 0.5, 0.9]))
    scale = np.std(values, ddof=1) * np.sqrt(1 + 1 / 6)
    assert found == pytest.approx(np.mean(values) + scale * scipy.stats.t.ppf([0.1, 0.5, 0.9], 5), abs=0.02)


def test_a_factor_that_decides_is_used_and_one_that_says_nothing_is_shrunk():
    generator = np.random.Generator(np.random.Philox(3))
    noise = generator.normal(size=40)
    rows = [ModelRow((f"side {index % 2}", f"coin {index // 2 % 2}")) for index in range(40)]
    values = [float(noise[index] + 6 * (index % 2)) for index in range(40)]
    middle = np.array([0.5])
    sides = [
        predict(rows, values, ModelRow((f"side {side}", "coin 0"))).quantiles(middle)[0] for side in (0, 1)
    ]
    coins = [
        predict(rows, values, ModelRow(("side 0", f"coin {coin}"))).quantiles(middle)[0] for coin in (0, 1)
    ]
    assert sides[1] - sides[0] > 5
    plain = np.mean(values[2::4] + values[3::4]) - np.mean(values[0::4] + values[1::4])
    assert abs(coins[1] - coins[0]) < 0.6 * abs(plain)


def test_an_unknown_level_widens_the_prediction():
    rows = [ModelRow((f"side {index % 2}",)) for index in range(20)]
    values = [float(5 * (index % 2) + index % 3) for index in range(20)]
    known, unknown = (
        np.ptp(predict(rows, values, ModelRow((level,))).quantiles(np.array([0.1, 0.9])))
        for level in ("side 0", None)
    )
    assert unknown > 1.5 * known


def test_quantiles_rise_and_stay_in_range():
    found = predictive(parse("place, siege, exits closed, 400,000 people"))
    for quantiles in (found.share, found.days_to_half, found.crossing):
        assert list(quantiles) == sorted(quantiles)
    assert found.share[0] > 0
    assert found.share[-1] < 1
    assert found.crossing[-1] <= 1


def test_half_cannot_come_after_the_end_of_the_window():
    assert max(predictive(parse("place, ground, 10 days")).days_to_half) <= 10


def test_more_people_mean_a_smaller_share():
    wide, narrow = (predictive(Attributes(scope="place", people=people)).share[3] for people in (3e6, 5e4))
    assert wide < narrow


def test_stages_of_one_campaign_do_not_count_as_so_many():
    """Nine more events like a great exodus: of clusters of their own they move the class further."""
    chosen = select(as_of=date(2018, 8, 30))
    marawi = next(event for event in chosen.events if event.id == "phl_marawi_2017")
    asked = Attributes(kind="siege", people=marawi.population)

    def median(clusters):
        more = [replace(marawi, id=f"more-{i}", cluster=name) for i, name in enumerate(clusters)]
        return predictive(asked, events=(*chosen.events, *more)).share[3]

    without, one, apart = median([]), median([marawi.cluster] * 9), median([f"own-{i}" for i in range(9)])
    assert without < one < apart - 0.02


def test_a_kind_that_nobody_has_seen_is_as_good_as_unknown():
    then = date(2018, 8, 30)
    shares = [
        predictive(Attributes(kind=kind, people=5e5), as_of=then).share
        for kind in ("evacuation order", None, "siege")
    ]
    assert shares[0] == shares[1] != shares[2]


def test_only_a_later_day_knows_of_idlib():
    asked = parse("region, ground, exits partial, 3 million people")
    early = predictive(asked, as_of=date(2019, 8, 1))
    assert early == predictive(asked, as_of=date(2019, 8, 1), leave_out=["IDLEB"])
    assert predictive(asked).share_events == 2 + predictive(asked, leave_out=["Idlib"]).share_events


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("region, evacuation order, 1 million people", Attributes("region", "evacuation order", None, 1e6)),
        ("place, siege, exits closed, 400000 people", Attributes("place", "siege", "closed", 400_000)),
        ("Region, ground offensive, 1.2 million people", Attributes("region", "ground", None, 1.2e6)),
        ("shelling, border open, 30 days", Attributes(None, "bombardment", "open", None, 30)),
        ("1,200,000 people", Attributes(people=1_200_000)),
    ],
)
def test_words_are_read(words, expected):
    assert parse(words) == expected


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("ground offensive; bombardment", "ground"),
        ("bombardment; ground offensive", "ground"),
        ("ground offensive; siege; bombardment", "siege"),
        ("bombardment; evacuation order; ground offensive", "evacuation order"),
        ("siege; residents were ordered to leave", "evacuation order"),
        ("negotiated evacuation; ground offensive", "ground"),
        ("ground operation; demolition; expulsion", "expulsion"),
        ("inter-communal; ground attack", "expulsion"),
        ("ground offensive; bombardment; inter-communal", "ground"),
        ("ground-attack", "ground"),
        ("air strikes", "bombardment"),
        ("parade", None),
    ],
)
def test_kinds_are_read(words, kind):
    assert kind_of(words) == kind


@pytest.mark.parametrize(
    ("words", "exits"),
    [
        ("open toward Bosnia", "open"),
        ("open (Burundi border closed at times)", "open"),
        ("closed (outer border)", "closed"),
        ("closed (outer border); open southward", "partial"),
        ("partially, later closed", "partial"),
        ("unknown", None),
    ],
)
def test_exits_are_read(words, exits):
    assert exits_of(words) == exits


def test_the_nearest_case_is_the_event_itself():
    chosen = select()
    event = next(event for event in chosen.events if event.id == "syr_eghouta_2018")
    asked = Attributes(event.scope, event.kind, event.exits, event.population, event.window_days)
    cases = nearest_cases(asked, chosen)
    assert cases[0].event is event
    assert len(cases) == 10
    assert [case.distance for case in cases] == sorted(case.distance for case in cases)


def test_the_plot_names_the_cases_safely():
    chosen = select()
    asked = parse("place, ground")
    svg = plotting.plot(predictive(asked), nearest_cases(asked, chosen))
    assert svg.startswith("<svg")
    assert svg.count("<circle") >= 10
    assert "<script" not in svg
