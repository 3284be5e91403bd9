"""Places of another continent that only share a name with the one that is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from forewarn.reading.places.gazetteer import GazetteerPlace, fold
from forewarn.reading.text.rules import read_table
from forewarn.sphere import great_circle_km

_WELL_KNOWN = 1_000_000  # people: towns and regions that reports from anywhere may name (assumption)
_FAR_KM = 1_000.0  # km from every place that the document is sure of (assumption)
# Weights of countries, as `places` counts them: 10 for a country named, 3 for a name of one country alone.
_SPOKEN_FOR = 3  # from which other names speak for a country
_ABOUT_ANOTHER = 6  # from which a document is about another country
_SURE_PART = 0.5  # of the weight of the country that weighs most, from which its places are sure (assumption)


def without_namesakes(
    names: Sequence[tuple[str, tuple[GazetteerPlace, ...]]],
    weights: Mapping[str, Counter[str]],
    total: Counter[str],
) -> list[tuple[GazetteerPlace, ...]]:
    """Leave out the places that a document about another country can hardly mean.

    A lesser town or region is left out if no other name of the document speaks for its country, others speak
    for another one, and it is far from all that the document is sure of. So "Rann" of a report from
    Nigeria is not the town in Slovenia.

    Parameters
    ----------
    names
        Words as they stand in the text, and the places of that name, the likeliest first.
    weights
        By the words of a name, what it adds to the countries of the document.
    total
        The sum of the weights.

    Returns
    -------
    list of tuple of Place
        In the order given; empty where nothing is left.
    """

    @cache
    def stands_alone(words: str, country: str) -> bool:
        own = weights[words]
        elsewhere = max((total[code] - own[code] for code in total if code != country), default=0)
        return total[country] - own[country] < _SPOKEN_FOR and elsewhere >= _ABOUT_ANOTHER

    doubted = [
        [_is_lesser(place) and stands_alone(words, place.country) for place in places]
        for words, places in names
    ]
    # Where talks are held or somebody speaks says nothing of where a namesake is.
    least = _SURE_PART * max(total.values(), default=0)
    firsts = [
        places[0]
        for (_, places), doubts in zip(names, doubted, strict=True)
        if places and not doubts[0] and total[places[0].country] >= least
    ]
    sure = {(one.lat, one.lon) for one in firsts if one.lat is not None and one.lon is not None}
    return [
        tuple(
            place for place, doubt in zip(places, doubts, strict=True) if not (doubt and _is_far(place, sure))
        )
        for (_, places), doubts in zip(names, doubted, strict=True)
    ]


def _is_lesser(place: GazetteerPlace) -> bool:
    return (
        bool(place.country)
        and place.kind in ("town", "region")
        and not place.pcode
        and (place.population or 0) < _WELL_KNOWN
        and fold(place.name) not in _seats()
    )


def _is_far(place: GazetteerPlace, sure: Iterable[tuple[float, float]]) -> bool:
    if place.lat is None or place.lon is None:
        return False
    return all(great_circle_km(lat, lon, place.lat, place.lon) > _FAR_KM for lat, lon in sure)


@cache
def _seats() -> frozenset[str]:
    return frozenset(fold(row["name"]) for row in read_table("seats.csv"))
