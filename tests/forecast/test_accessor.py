"""The accessor `fw`: weighted quantiles, exceedance and regions against plain sums; pictures by what they hold."""

from __future__ import annotations

import sys
from fractions import Fraction

import numpy as np
import pytest
import xarray as xr

from forewarn.errors import ForewarnError, MissingPartError, UsageError
from forewarn.forecast import run
from forewarn.forecast.accessor import ArrayAccessor
from forewarn.forecast.regions import UNKNOWN, region_names


@pytest.fixture(scope="module")
def forecast(crossroads):
    return run(crossroads, members=24, seed=3)


def repeated(values, weights, probability):
    """Smallest value up to which so much of the weight lies, counted in whole shares."""
    shares = [Fraction(weight).limit_denominator(10_000) for weight in weights]
    wanted = Fraction(probability).limit_denominator(10_000) * sum(shares)
    carried = Fraction(0)
    for value, share in sorted(zip(values.tolist(), shares, strict=True)):
        carried += share
        if carried >= wanted:
            return value
    raise AssertionError(probability)


@pytest.mark.parametrize("probability", [0.05, 0.25, 0.3, 0.5, 0.9])
def test_quantiles_weigh_members_by_their_course(forecast, probability):
    people = forecast["present"].sel(date="2024-03-20")
    found = people.fw.quantiles([probability]).isel(quantile=0)
    expected = [repeated(people.values[:, at], forecast["weight"].values, probability) for at in range(5)]
    assert found.values.tolist() == expected
    assert found.attrs["units"] == "count"


def test_quantiles_of_unweighted_members_differ(forecast):
    people = forecast["present"].sel(date="2024-03-20")
    even = people.assign_coords(weight=people["weight"] * 0 + 1)
    assert not people.fw.quantiles([0.3]).equals(even.fw.quantiles([0.3]))


def test_quantiles_by_course_are_of_its_members_alone(forecast):
    people = forecast["present"].sel(place="Elm Camp")
    found = people.fw.quantiles([0.5], by_course=True)
    own = people.values[forecast["course"].values == "attack"]
    expected = np.quantile(own, 0.5, axis=0, method="inverted_cdf")
    assert found.sel(course="attack").isel(quantile=0).values.tolist() == expected.tolist()
    assert found.dims == ("course", "quantile", "day")


def test_days_are_found_by_date_before_and_after(forecast):
    for found in (
        forecast["present"],
        forecast["present"].fw.quantiles(),
        forecast["present"].fw.quantiles(by_course=True),
        forecast["present"].fw.exceedance(100),
        forecast["present"].fw.exceedance([1, 2], by_course=True),
        forecast["present"].fw.by_region(),
        forecast.fw.displaced(),
        forecast.fw.quantiles()["left_home"],
    ):
        assert int(found.sel(date="2024-03-20")["day"]) == 19
        assert found.sel(date=slice("2024-03-20", "2024-03-22")).sizes["day"] == 3
        assert found.sel(day=[3, 5]).sizes["day"] == 2


def test_exceedance_adds_up_the_weight_above(forecast):
    people = forecast["present"].sel(place="Elm Camp", date="2024-03-20")
    for threshold in (0, 400, 450, 10_000):
        weight = forecast["weight"].values[people.values > threshold].sum()
        assert float(people.fw.exceedance(threshold)) == pytest.approx(weight)
    several = people.fw.exceedance([0, 400])
    assert several["threshold"].values.tolist() == [0, 400]
    # A threshold is not exceeded by itself.
    assert float(people.fw.exceedance(int(people.max()))) == 0.0


def test_exceedance_by_course_ignores_how_probable_it_is(forecast):
    people = forecast["present"].sel(place="Elm Camp", date="2024-03-20")
    found = people.fw.exceedance(0, by_course=True)
    assert found.sel(course="attack").item() == 1.0
    assert found.sel(course="calm").item() == 0.0


def test_regions_add_up_their_places(forecast):
    regions = forecast.fw.by_region()
    own = forecast["place_admin1"].values == "Valley"
    valley = forecast["present"].isel(place=np.flatnonzero(own)).sum("place")
    assert (regions["present"].sel(region="Valley").values == valley.values).all()
    assert int(regions["present"].sum()) == int(forecast["present"].sum())
    assert regions["present"].dims == ("member", "day", "region")
    assert "left_home" not in regions
    assert regions["present"].fw.quantiles().dims == ("quantile", "day", "region")


def test_regions_of_two_countries_are_told_apart():
    places = xr.DataArray(
        [1, 2, 3, 4, 5],
        dims="place",
        coords={
            "place": list("abcde"),
            "place_admin1": ("place", ["North", "North", "South", "", ""]),
            "place_country": ("place", ["AAA", "BBB", "AAA", "CCC", ""]),
        },
    )
    assert region_names(places) == ["North, AAA", "North, BBB", "South", "CCC", UNKNOWN]
    assert places.fw.by_region().values.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda f: f["present"].drop_vars("weight").fw.quantiles(), "coordinate weight: missing"),
        (lambda f: f["present"].drop_vars("course").fw.exceedance(1), "coordinate course: missing"),
        (lambda f: f["present"].isel(member=0).fw.quantiles(), "coordinate course: missing"),
        (lambda f: f["present"].fw.quantiles([2]), "probability: 2"),
        (lambda f: f["movements"].fw.by_region(), "coordinate place: missing"),
        (lambda f: f["present"].drop_vars("place_admin1").fw.by_region(), "coordinate place_admin1: missing"),
        (lambda f: f[["movements"]].fw.by_region(), "no variable has the dimension place"),
        (lambda f: xr.Dataset().fw.quantiles(), "no variable has the dimension member"),
        (lambda f: xr.Dataset().fw.displaced(), "variable left_home: missing"),
        (lambda f: f.fw.displaced("none"), "measure: 'none'"),
    ],
)
def test_what_cannot_be_asked_is_our_error(forecast, ask, words):
    with pytest.raises(ForewarnError, match=words):
        ask(forecast)


# Pictures


@pytest.fixture
def pyplot():
    matplotlib = pytest.importorskip("matplotlib", reason="the extra 'notebook' is not installed")
    matplotlib.use("agg")
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")


def test_a_fan_holds_the_median_of_each_course(forecast, pyplot):
    axes = forecast.fw.plot_fan()
    lines = {line.get_label(): line.get_ydata() for line in axes.lines}
    assert list(lines) == ["attack (75%)", "calm (25%)"]
    expected = forecast.fw.displaced().fw.quantiles([0.5], by_course=True).isel(quantile=0)
    assert lines["attack (75%)"].tolist() == expected.sel(course="attack").values.tolist()
    assert len(axes.collections) == 4  # two areas for each


def test_a_fan_of_all_courses_and_of_some_members(forecast, pyplot):
    figure, mine = pyplot.subplots()
    people = forecast["present"].sel(place="Elm Camp")
    assert people.fw.plot_fan(by_course=False, ax=mine) is mine
    assert mine.lines[0].get_ydata().tolist() == people.fw.quantiles([0.5]).values[0].tolist()
    certain = forecast.sel(member=forecast["course"] == "attack")
    assert [line.get_label() for line in certain.fw.plot_fan().lines] == ["attack (100%)"]
    undated = people.drop_vars("date").fw.plot_fan()
    assert undated.lines[0].get_xdata().tolist() == list(range(61))


def test_destinations_are_the_largest_of_a_course(forecast, pyplot):
    axes = forecast.fw.plot_destinations(count=3)
    median = forecast["present"].isel(day=-1).fw.quantiles([0.5], by_course=True).sel(course="attack")
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == sorted(median.values.ravel().tolist())[-3:]
    assert "attack" in axes.get_title(loc="left")
    assert {bar.get_width() for bar in forecast.fw.plot_destinations(course="calm").patches} == {0}


def test_a_map_has_every_place_and_names_the_largest(forecast, pyplot):
    axes = forecast.fw.plot_map()
    assert [len(each.get_offsets()) for each in axes.collections] == [5, 5]
    assert any(text.get_text().startswith("Oakford: ") for text in axes.texts)
    assert forecast.fw.plot_map(course="calm").texts[:] == []


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda f: f["present"].fw.plot_fan(), 'Choose a place first, such as forecast.present.sel'),
        (lambda f: f.fw.plot_map(course="atack"), "Did you mean 'attack'"),
        (lambda f: f.fw.plot_destinations(course="none"), "'none' not found"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_our_error(forecast, pyplot, ask, words):
    with pytest.raises(UsageError, match=words):
        ask(forecast)


def test_a_draft_that_does_not_know_where_is_not_drawn(forecast):
    unknown = forecast.assign_attrs(where_known="false")
    for draw in (unknown.fw.plot_map, unknown.fw.plot_destinations):
        with pytest.raises(ForewarnError, match="where people go is not known"):
            draw()


def test_without_matplotlib_the_extra_is_named(forecast, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingPartError, match="forewarn.notebook"):
        forecast.fw.plot_fan()


def test_nothing_is_kept_between_questions(forecast):
    array = forecast["present"]
    before = array.copy(deep=True)
    array.fw.quantiles()
    array.fw.by_region()
    xr.testing.assert_identical(array, before)
    assert isinstance(array.fw, ArrayAccessor)
