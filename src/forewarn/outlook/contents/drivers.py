"""Which numbers of the scenario move the result most, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn.outlook.contents import evidence
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import percent

if TYPE_CHECKING:
    from forewarn.forecast.pairing import PairedRun
    from forewarn.forecast.sensitivity import Driver
    from forewarn.outlook.view import ForecastView

MOST: Final = 6
"""Numbers shown for a course."""

# What a number is, by the end of its path, and the unit of its value.
WORDS: Final = {
    "model.flight.share_leaving": ("share of people who leave a place whose attack goes on", "%"),
    "model.flight.share_leaving_spread": ("how much that share differs from place to place (logit)", ""),
    "model.flight.days_to_half": ("days of attack until half of those who leave have left", "days"),
    "model.flight.days_to_half_spread": ("how much the pace of flight differs from place to place (log)", ""),
    "model.flight.share_at_once": ("part of those who leave that goes at once", "%"),
    "model.flight.days_at_once": ("days until half of those who go at once have left", "days"),
    "model.flight.displaced_multiplier": ("pace of people displaced earlier, relative to residents", "times"),
    "model.flight.newly_displaced_multiplier": ("pace of people displaced a second time", "times"),
    "model.fear.intensity": ("fear at the edge of an attack, relative to the attack", "%"),
    "model.fear.decay_km": ("distance over which fear fades", "km"),
    "model.posts.effect": ("part of an attack that observation posts hold off", "%"),
    "model.intensity.bombardment": ("intensity of bombardment", "%"),
    "model.intensity.ground_attack": ("intensity of a ground attack", "%"),
    "model.intensity.siege": ("intensity of a siege", "%"),
    "model.intensity.chemical_attack": ("intensity of a chemical attack", "%"),
    "model.churn.monthly_rate": ("people who move in an ordinary month", "%"),
    "model.warning.share": ("people who leave because of the warning, as a share of its figure", "%"),
    "model.warning.figure": ("figure of the published warning", "people"),
    "model.warning.half_life_days": ("time in which half of those who leave for the warning go", "days"),
    "model.destination.attraction_exponent": ("how strongly people prefer large places (exponent)", ""),
    "model.destination.distance_exponent": ("how strongly people avoid long ways (exponent)", ""),
    "model.destination.softening_km": ("distance that does not matter to those who choose", "km"),
    "model.destination.camp_pull": ("pull of camps (log)", ""),
    "model.destination.foreign_pull": ("pull of places abroad (log)", ""),
    "model.destination.local_pull": ("how strongly their own place holds people who leave home (log)", ""),
    "model.destination.history_exponent": ("how strongly people follow those who went before (exponent)", ""),
    "model.destination.history_scale": ("people gone before that it takes for others to follow", "people"),
    "model.destination.shunned": ("what is left of the pull of places attacked or taken", "%"),
    "model.destination.memory_days": ("time for which people shun a place that was attacked", "days"),
    "model.destination.foresight_days": ("time before an attack from which people shun a place", "days"),
    "model.destination.danger": ("how strongly people avoid places under attack (log)", ""),
    "model.destination.pull_spread": ("how much the pull of places differs", ""),
    "model.destination.area_spread": ("how much the pull of areas differs (log)", ""),
    "model.onward.monthly_rate": ("people who move on from crowded or exposed places in a month", "%"),
    "model.travel.km_per_day": ("distance covered in a day", "km"),
    "model.crossings.patience_days": ("time people wait at a crossing that is shut", "days"),
    "model.returns.half_life_days": ("time in which half of those who may return do", "days"),
    "model.returns.calm_days": ("quiet time before anybody returns", "days"),
    "model.returns.calm_exposure": ("exposure below which a day is quiet", "%"),
    "model.demographics.household_size": ("people in a household", "people"),
    "places.*.capacity": ("people that {0} can hold", "people"),
    "crossings.*.people_per_day": ("people let across at “{0}” in a day", "people"),
    "crossings.*.pass_rate": ("chance to get across “{0}” on a day", "%"),
    "crossings.*.changes.*.start": ("when the change of “{0}” comes", "days"),
    "crossings.*.changes.*.people_per_day": ("people let across at “{0}” in a day, later", "people"),
    "crossings.*.changes.*.pass_rate": ("chance to get across “{0}” on a day, later", "%"),
    "courses.*.stages.*.intensity": ("stage “{1}”: intensity", "%"),
    "courses.*.stages.*.start": ("stage “{1}”: when it starts", "days"),
    "courses.*.stages.*.spread_days": ("stage “{1}”: time until it has reached all its places", "days"),
    "courses.*.stages.*.duration_days": ("stage “{1}”: length of the attack at a place", "days"),
    "courses.*.stages.*.falls_after_days": ("stage “{1}”: time until a place falls", "days"),
    "courses.*.ceasefires.*.start": ("when the ceasefire begins", "days"),
    "courses.*.ceasefires.*.duration_days": ("length of the ceasefire", "days"),
    "courses.*.crossing_changes.*.start": ("when a crossing changes (change {1})", "days"),
    "courses.*.crossing_changes.*.people_per_day": ("people let across in a day (change {1})", "people"),
    "courses.*.crossing_changes.*.pass_rate": ("chance to get across on a day (change {1})", "%"),
    "courses.*.return_programmes.*.people": ("people of the organised return {1}", "people"),
    "courses.*.return_programmes.*.start": ("when the organised return {1} begins", "days"),
    "courses.*.return_programmes.*.duration_days": ("length of the organised return {1}", "days"),
    "model.destination.zone_pull.*.*": ("pull of “{1}” on people from “{0}” (log)", ""),
}
NUMBERED: Final = ("ceasefires", "changes", "crossing_changes", "return_programmes")
"""Lists whose entries have no name."""
_PART: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^."]+)')


@dataclass(frozen=True, slots=True)
class CourseDrivers:
    """The numbers that move one course most, and where they come from."""

    title: str
    table: TextTable
    sentence: str


def build_drivers(view: ForecastView) -> tuple[CourseDrivers, ...]:
    """Say, course by course, which numbers move the people displaced by the offensive most.

    Courses with too few members, or where nothing stands out from chance, are left out.
    """
    sections = []
    for name in view.courses:
        strongest = [each for each in view.drivers if each.course == name][:MOST]
        if strongest:
            words, _ = in_words(strongest[0].path, names=names_of(view))
            sentence = f"Most depends on the {words} ({percent(strongest[0].index)} of the variance)."
            sections.append(
                CourseDrivers(view.formatter.title(name), _table(view, name, strongest), sentence)
            )
    return tuple(sections)


def in_words(path: str, *, names: dict[str, str] | None = None) -> tuple[str, str]:
    """Say what a number of a scenario is, and its unit; a path that nothing is known of stays as it is.

    Examples
    --------
    >>> in_words('places."St. Mary".capacity')
    ('people that St. Mary can hold', 'people')
    """
    parts = [
        quoted.replace('\\"', '"').replace("\\\\", "\\") or plain for quoted, plain in _PART.findall(path)
    ]
    for pattern, (words, unit) in WORDS.items():
        wanted = pattern.split(".")
        if len(wanted) == len(parts) and all(w in ("*", p) for w, p in zip(wanted, parts, strict=True)):
            free = [at for at, want in enumerate(wanted) if want == "*"]
            return words.format(*(_named(parts, at, names or {}) for at in free)), unit
    return path, ""


def _named(parts: list[str], at: int, names: dict[str, str]) -> str:
    if parts[at - 1] in NUMBERED and parts[at].isdecimal():
        return str(int(parts[at]) + 1)  # counted from 0 in a path, from 1 by people
    return names.get(parts[at], parts[at])


def names_of(view: ForecastView) -> dict[str, str]:
    """Titles of zones and crossings by their keys."""
    zones = {key: zone.title for key, zone in view.scenario.zones.items()}
    return zones | {each.name: each.title or each.name for each in view.scenario.crossings}


def _table(view: ForecastView, course: str, found: list[Driver]) -> TextTable:
    names, rows = names_of(view), []
    runs = {each.path: each for each in view.paired if each.course == course}
    for each in found:
        words, unit = in_words(each.path, names=names)
        low, high = (value_in_words(value, unit) for value in (each.low_value, each.high_value))
        rows.append(
            (
                words,
                f"{low}: {view.formatter.people(each.low)} people",
                f"{high}: {view.formatter.people(each.high)} people",
                percent(each.index),
                *((_alone(view, runs.get(each.path), unit),) if view.paired else ()),
            )
        )
    sources = dict.fromkeys(evidence.named(view.scenario, each.source) for each in found)
    return TextTable(
        caption=f"{view.formatter.title(course)}: numbers that move it",
        columns=(
            "Number",
            "If low",
            "If high",
            "Share of the variance",
            *(("Alone, from low to high",) if view.paired else ()),
        ),
        rows=tuple(rows),
        note="; ".join(sources) + ".",
    )


def _alone(view: ForecastView, run: PairedRun | None, unit: str) -> str:
    """Say what a number did alone; a dash if it was not run."""
    if run is None:
        return "–"
    low, high = (value_in_words(value, unit) for value in (run.low_value, run.high_value))
    words = view.formatter
    ends = words.difference_between(run.low, run.high)
    return f"{low} → {high}: {words.difference(run.median)} ({ends})"


def value_in_words(value: float, unit: str) -> str:
    """Write the value of a number with its unit.

    Examples
    --------
    >>> value_in_words(0.0798, "%"), value_in_words(3.36, "days"), value_in_words(188_168.1, "people")
    ('8 %', '3.4 days', '188,000')
    """
    if unit == "%":
        return f"{value * 100:.2g} %" if value < 0.995 else f"{value * 100:.0f} %"
    if unit == "people":
        return f"{float(f'{value:.3g}'):,.0f}"
    figure = f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"
    return f"{figure} {unit}".rstrip()
