"""The shipped gazetteer: places of the world by folded name, in one file of arrays that loads at once."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.sphere import great_circle_km

KM_PER_DEGREE: Final = 111.2
"""Length of a degree of latitude, in km: a mean radius of the Earth of 6,371 km times π/180."""


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """A place of the gazetteer.

    Parameters
    ----------
    name
        As GeoNames, or the list of p-codes, writes it.
    country
        ISO 3166-1 alpha-3; AB9 is the Abyei Area, XKX Kosovo; empty where it is disputed.
    kind
        country, region, area, town, camp, crossing.
    lat, lon
        Degrees; nothing for countries.
    """

    name: str
    country: str
    kind: str
    admin1: str = ""
    pcode: str = ""
    lat: float | None = None
    lon: float | None = None
    population: int | None = None

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.admin1, self.country) if part)


def fold(name: str) -> str:
    """Fold a name to what it is looked up by: lower case, no accents, no articles, words apart by a space.

    Examples
    --------
    >>> fold("Ma'arrat an-Nu’mān")
    'maarrat an numan'
    """
    name = re.sub(r"[’'`ʿʾ‘]", "", name)
    decomposed = unicodedata.normalize(
        "NFKD", name.lower().replace("ı", "i").replace("ø", "o").replace("ł", "l")
    )
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"[^\w]+", " ", bare).strip()


def key_of(folded: str) -> int:
    """Hash a folded name to 48 bits, the same on every machine (a false hit in 400 million look-ups)."""
    return int.from_bytes(hashlib.blake2b(folded.encode("utf-8"), digest_size=6).digest(), "little")


_ARTICLES: Final = (
    "al",
    "el",
    "ad",
    "ed",
    "an",
    "en",
    "ar",
    "er",
    "as",
    "es",
    "ash",
    "esh",
    "at",
    "et",
    "az",
    "ez",
)
"""The Arabic article, as it is written before different letters."""
_SHORTEST_JOINED: Final = 7
"""Letters of a name that may begin with an article written together with it; assumption."""


def spellings(folded: str) -> tuple[str, ...]:
    """Other ways to write a folded name: with another Arabic article, without one, or with one apart.

    Examples
    --------
    >>> "deir el balah" in spellings("deir al balah"), "el fasher" in spellings("elfasher")
    (True, True)
    """
    words = folded.split()
    found: dict[str, None] = {}
    for at, word in enumerate(words):
        if word in _ARTICLES and at + 1 < len(words):
            found |= {" ".join((*words[:at], *put, *words[at + 1 :])): None for put in (*_PUT, ())}
    joined = words[0] if words and len(words[0]) >= _SHORTEST_JOINED and words[0][:2] in _ARTICLES else ""
    if joined:
        found[" ".join((joined[:2], joined[2:], *words[1:]))] = None
    found.pop(folded, None)
    return tuple(found)


_PUT: Final = tuple((article,) for article in _ARTICLES)


class Gazetteer:
    """Places by name: `load_gazetteer` makes the one there is."""

    def __init__(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        self._arrays = arrays
        self._keys = arrays["keys"]
        self._names = arrays["names"].tobytes()
        self._countries = [str(code) for code in arrays["countries"]]
        self._regions = [str(name) for name in arrays["regions"]]
        self._supplement: dict[str, list[GazetteerPlace]] = {}
        self.demonyms: dict[str, str] = {}
        for name, place in _supplement():
            self._supplement.setdefault(fold(name), []).append(place)
        countries: dict[str, list[GazetteerPlace]] = {}
        for name, place, is_demonym in _countries():
            if is_demonym:
                self.demonyms[name] = place.country
            else:
                countries.setdefault(fold(name), []).append(place)
        for folded, places in countries.items():
            self._supplement[folded] = [*places, *self._supplement.get(folded, ())]

    def find(self, name: str) -> tuple[GazetteerPlace, ...]:
        """Find all places of a name: countries and the supplement first, then by population.

        Parameters
        ----------
        name
            As it stands in a text.

        Examples
        --------
        >>> [place.country for place in load_gazetteer().find("Sarmada")][:1]
        ['SYR']
        """
        folded = fold(name)
        found = self._named(folded)
        return found or next(filter(None, map(self._named, spellings(folded))), ())

    def _named(self, folded: str) -> tuple[GazetteerPlace, ...]:
        """Places with exactly this folded name among theirs."""
        if not folded:
            return ()
        found = list(self._supplement.get(folded, ()))
        key = np.uint64(key_of(folded))
        low = int(np.searchsorted(self._keys, key, side="left"))
        high = int(np.searchsorted(self._keys, key, side="right"))
        found.extend(self._place(int(owner)) for owner in self._arrays["owners"][low:high])
        return tuple(found)

    def near(
        self, lat: float, lon: float, *, within_km: float, least_population: int = 0
    ) -> tuple[GazetteerPlace, ...]:
        """Find the towns round a point, the largest first.

        Parameters
        ----------
        lat, lon
            Degrees.
        within_km
            Radius of the circle, in km.
        least_population
            People; smaller towns, and those whose size is not known, are left out.

        Examples
        --------
        >>> [place.name for place in load_gazetteer().near(36.2, 37.16, within_km=5)][:1]
        ['Aleppo']
        """
        numbers = {
            name: self._arrays[name].astype(np.float64) for name in ("lat", "lon", "population", "kind")
        }
        north = (numbers["lat"] - lat) * KM_PER_DEGREE
        east = (numbers["lon"] - lon) * KM_PER_DEGREE * np.cos(np.radians(lat))
        inside = (north**2 + east**2 <= within_km**2) & (numbers["population"] >= max(1, least_population))
        found = np.flatnonzero(inside & (numbers["kind"] == 0))
        ranked = found[np.argsort(-numbers["population"][found], kind="stable")]
        return tuple(self._place(int(at)) for at in ranked)

    def camps_near(self, lat: float, lon: float, *, within_km: float) -> tuple[GazetteerPlace, ...]:
        """Find the camps and towns round a point that are known by past receptions, by distance.

        Parameters
        ----------
        lat, lon
            Degrees.
        within_km
            Radius of the circle, in km.

        Examples
        --------
        >>> [place.name for place in load_gazetteer().camps_near(13.63, 25.35, within_km=20)]
        ['Abu Shouk', 'Zamzam']
        """
        listed = {
            place: great_circle_km(lat, lon, place.lat, place.lon)
            for places in self._supplement.values()
            for place in places
            if place.kind in ("camp", "town") and place.lat is not None and place.lon is not None
        }
        return tuple(sorted((each for each in listed if listed[each] <= within_km), key=listed.__getitem__))

    def _place(self, at: int) -> GazetteerPlace:
        arrays = self._arrays
        start, end = (int(offset) for offset in arrays["offsets"][at : at + 2])
        region = int(arrays["region"][at])
        lat, lon = float(arrays["lat"][at]), float(arrays["lon"][at])
        return GazetteerPlace(
            name=self._names[start:end].decode("utf-8"),
            country=self._countries[int(arrays["country"][at])],
            kind="region" if int(arrays["kind"][at]) else "town",
            admin1=self._regions[region] if region >= 0 else "",
            lat=None if np.isnan(lat) else round(lat, 5),
            lon=None if np.isnan(lon) else round(lon, 5),
            population=int(arrays["population"][at]) or None,
        )


@cache
def load_gazetteer() -> Gazetteer:
    """Load the gazetteer: 235,000 places, 3,900 regions (GeoNames, CC BY 4.0), areas, p-codes, receptions."""
    with (
        files("forewarn").joinpath("data", "gazetteer", "places.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return Gazetteer({name: arrays[name] for name in arrays.files})


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("forewarn").joinpath("data", "gazetteer", name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _supplement() -> Iterator[tuple[str, GazetteerPlace]]:
    for name in ("areas.csv", "north-west-syria.csv", "receptions.csv"):
        for row in _rows(name):
            place = GazetteerPlace(
                name=row["name"],
                country=row["country"],
                kind=row["kind"],
                admin1=row["admin1"],
                pcode=row["pcode"],
                lat=float(row["lat"]) if row["lat"] else None,
                lon=float(row["lon"]) if row["lon"] else None,
            )
            bare = re.sub(r"\s*\([^)]*\)|\s+(?:city|crossing)$", "", row["name"])
            for said in {row["name"], bare, *filter(None, re.split(r"; ?", row["other_names"]))}:
                yield said, place


def _countries() -> Iterator[tuple[str, GazetteerPlace, bool]]:
    import pycountry

    own = {row["iso3"]: row for row in _rows("countries.csv")}
    codes = {country.alpha_3: country for country in pycountry.countries}
    for iso3 in sorted({*codes, *own}):
        row = own.get(iso3, {"other_names": "", "demonyms": ""})
        others = [name for name in row["other_names"].split(";") if name]
        country = codes.get(iso3)
        names = [country.name, getattr(country, "common_name", "")] if country else []
        shown = next(iter(others), None) or getattr(country, "common_name", None) or names[0]
        place = GazetteerPlace(name=shown, country=iso3, kind="country")
        for name in dict.fromkeys((*others, *names)):
            if name:
                yield name, place, False
        for demonym in filter(None, row["demonyms"].split(";")):
            yield demonym, place, True
