import pytest

from forewarn.outlook.format import values as wording


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (1, "under 10"), (9, "under 10"), (10, "10"), (14, "10"), (15, "20"), (999, "1,000"),
     (1_234, "1,230"), (12_345, "12,300"), (99_950, "100,000"), (412_499, "412,000"), (1_999_999, "2,000,000")],
)  # fmt: skip
def test_people_are_rounded_to_three_digits(count, text):
    assert wording.people(count) == text


def test_small_counts_are_told_apart_only_if_asked():
    assert wording.people(7, suppress_below=0) == "10"
    assert wording.people(3, suppress_below=5) == "under 5"


@pytest.mark.parametrize(
    ("difference", "text"),
    [(-3, "under 10"), (3, "under 10"), (0, "0"), (-9, "under 10"), (10, "+10"), (-10, "−10"), (-1_234, "−1,230")],
)  # fmt: skip
def test_differences_are_rounded_as_people_are(difference, text):
    assert wording.signed(difference) == text
    assert wording.signed(difference).lstrip("+−") == wording.people(abs(difference))


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(-3, 4, "under 10"), (0, 0, "0"), (-3, 0, "under 10 to 0"), (-1_234, -7, "−1,230 to under 10")],
)
def test_ranges_of_differences(low, high, text):
    assert wording.signed_range(low, high) == text


def test_small_differences_are_told_apart_only_if_asked():
    assert [wording.signed(each, suppress_below=0) for each in (-7, 3, 0)] == ["−10", "0", "0"]


def test_there_is_one_rule_for_differences():
    from forewarn.outlook.contents import drivers as drivers_story
    from forewarn.web.pages import what_if

    assert what_if.signed is drivers_story.signed is wording.signed


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "under 1 %"),
        (0.005, "under 1 %"),
        (0.01, "1 %"),
        (0.5, "50 %"),
        (0.99, "99 %"),
        (1.0, "over 99 %"),
    ],
)
def test_simulated_shares_are_never_certain(share, text):
    assert wording.percent(share) == text


def test_lists():
    assert [wording.listed(names) for names in ([], ["a"], ["a", "b"])] == ["", "a", "a and b"]
