"""What the page says, in its order, as plain text and charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from forewarn.forecast import summary
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.outlook.charts import forecast_charts as pictures
from forewarn.outlook.charts.destination_fans import DestinationFans, tell_destination_fans
from forewarn.outlook.charts.geometry import Chart
from forewarn.outlook.contents import evidence
from forewarn.outlook.contents.answer import answer
from forewarn.outlook.contents.blocked import say_trapped
from forewarn.outlook.contents.courses import CourseStory, tell_courses
from forewarn.outlook.contents.draft_note import DraftBanner, draft_banner
from forewarn.outlook.contents.drivers import CourseDrivers, tell_drivers
from forewarn.outlook.contents.evidence import EvidenceSummary
from forewarn.outlook.contents.fine_print import FinePrint, fine_print
from forewarn.outlook.contents.needs import Needs, tell_needs
from forewarn.outlook.contents.planning import tell_planning
from forewarn.outlook.contents.reference_class import SecondOpinion, second_opinion
from forewarn.outlook.contents.skill import Skill, tell_skill
from forewarn.outlook.contents.triggers import tell_triggers
from forewarn.outlook.contents.update import UpdateStory, tell_update
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.format.sentences import Teller, TextTable, limits
from forewarn.outlook.format.values import calendar_day, listed, percent
from forewarn.outlook.maps import page_map as mapping
from forewarn.outlook.maps.page_map import PageMap
from forewarn.scenario import doubts

if TYPE_CHECKING:
    from forewarn.forecast.pairing import PairedRun
    from forewarn.forecast.updating import Updated
    from forewarn.scenario import Scenario


@dataclass(frozen=True, slots=True)
class ClaimStory:
    """A published figure and, course by course, the shares of outcomes below, within and above it."""

    heading: str
    said: str
    source: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything on the page."""

    title: str
    text: str
    issued: str
    until: str
    hindsight: bool
    doubts: tuple[str, ...]
    answer: tuple[str, ...]
    trapped: tuple[str, ...]
    where_unknown: str
    """Why it is not told where people go; empty if it is."""
    offensive_chance: str
    map: PageMap
    courses: tuple[CourseStory, ...]
    """Those that have a chance."""
    ranked: tuple[int, ...]
    """Positions of the courses, highest worst case first."""
    ruled_out: str
    """One sentence that names the others; empty if there are none."""
    destination_fans: tuple[DestinationFans, ...]
    course_table: TextTable
    planning: TextTable
    triggers: TextTable | None
    needs: Needs
    drivers: tuple[CourseDrivers, ...]
    drivers_alone: int
    """Futures of each paired run; 0 if there were none."""
    exceedance: Chart
    exceedance_table: TextTable
    claims: tuple[ClaimStory, ...]
    claims_chart: Chart | None
    hardship: TextTable
    past: SecondOpinion | None
    draft: DraftBanner | None
    update: UpdateStory | None
    evidence: EvidenceSummary
    skill: Skill
    limits: tuple[str, ...]
    fine_print: FinePrint
    made: tuple[tuple[str, str], ...]
    smallest: int


def tell(
    dataset: xr.Dataset,
    scenario: Scenario,
    *,
    smallest: int,
    updated: Updated | None = None,
    paired: tuple[PairedRun, ...] = (),
) -> Story:
    """Gather what the page says about a forecast.

    Parameters
    ----------
    updated
        The update, if any.
    paired
        Runs of single numbers low and high, if they were made.
    """
    teller = Teller(dataset, scenario, smallest, updated, paired)
    claims = pictures.lettered_claims(scenario)
    possible = teller.possible
    destinations = summary.destinations(possible) if scenario.where_known else ()
    worst = [each.worst_case for each in summary.planning_figures(possible)]
    return Story(
        title=scenario.title,
        text=scenario.summary,
        issued=teller.issued,
        until=teller.until,
        hindsight=bool(scenario.hindsight),
        doubts=tuple(str(problem) for problem in doubts(scenario)),
        answer=answer(teller),
        trapped=say_trapped(possible, scenario, smallest=smallest),
        where_unknown="" if scenario.where_known else WHERE_UNKNOWN,
        offensive_chance=teller.chance(summary.offensive_probability(dataset, scenario)),
        map=mapping.draw(possible, scenario, smallest=smallest),
        courses=tell_courses(teller, destinations),
        ranked=tuple(sorted(range(len(worst)), key=lambda at: -worst[at])),
        ruled_out=teller.said_ruled_out,
        destination_fans=tell_destination_fans(teller, destinations),
        course_table=_course_table(teller),
        planning=tell_planning(teller),
        triggers=tell_triggers(teller),
        needs=tell_needs(teller),
        drivers=tell_drivers(teller),
        drivers_alone=max((each.members for each in paired), default=0),
        exceedance=pictures.exceedance(dataset, claims),
        exceedance_table=_exceedance_table(teller),
        claims=_claims(teller),
        claims_chart=pictures.claims(possible, teller.title, claims) if claims else None,
        hardship=_hardship(teller),
        draft=draft_banner(teller),
        update=tell_update(teller, updated),
        past=second_opinion(possible, scenario, smallest=smallest),
        evidence=evidence.gather(scenario),
        skill=tell_skill(teller),
        limits=limits(smallest),
        fine_print=fine_print(),
        made=_made(dataset),
        smallest=smallest,
    )


def _course_table(teller: Teller) -> TextTable:
    chances = summary.course_probability(teller.dataset)
    rows = tuple(
        (
            item.title or item.name,
            teller.chance(chances.get(item.name, 0.0)),
            "yes" if item.stages else "no",
            item.summary,
        )
        for item in teller.scenario.courses
    )
    return TextTable(
        "The courses that events may take", ("Course", "Chance", "Offensive", "What happens"), rows
    )


def _exceedance_table(teller: Teller) -> TextTable:
    curve = summary.exceedance(teller.dataset)
    rows = tuple(
        (f"{people:,}", percent(share))
        for people, share in zip(curve["people"].values.tolist(), curve.values.tolist(), strict=True)
    )
    return TextTable(
        caption=f"Chance, over all courses, that more people leave by {teller.until}",
        columns=("More than", "Chance"),
        rows=rows,
    )


def _claims(teller: Teller) -> tuple[ClaimStory, ...]:
    shares = summary.place_claims(teller.possible, teller.scenario)
    stories = []
    for index, lettered in enumerate(pictures.lettered_claims(teller.scenario)):
        claim = teller.scenario.claims[index]
        single = lettered.low == lettered.high
        rows = tuple(
            (
                teller.title(share.course),
                percent(share.below),
                "–" if single else percent(share.within),
                percent(share.above),
            )
            for share in shares
            if share.claim == index
        )
        stories.append(
            ClaimStory(
                heading=f"{lettered.letter}. {lettered.text}" + (f", {claim.by}" if claim.by else ""),
                said=claim.wording,
                source=evidence.named(teller.scenario, claim.source),
                rows=rows,
            )
        )
    return tuple(stories)


def _hardship(teller: Teller) -> TextTable:
    reached = _in_places_attacked(teller)
    rows = tuple(
        (
            teller.title(item.course),
            teller.with_most(item.most_waiting),
            teller.with_most(item.waiting_at_horizon),
            teller.with_most(item.most_blocked),
            teller.with_most(item.attempts_blocked),
            reached.get(item.course, "–"),
            teller.with_most(item.returned),
            teller.with_most(item.organised_returns),
        )
        for item in summary.hardships(teller.possible)
    )
    return TextTable(
        caption="Waiting at crossings, unable to leave, in places attacked, returned: median (90 % interval)",
        columns=(
            "Course",
            "Waiting, most on one day",
            f"Waiting on {teller.until}",
            "Found no way out, most on one day",
            "Attempts without a way out, all days",
            f"Newly displaced in places that the course attacks, {teller.until}",
            "Returned by themselves",
            "Organised returns",
        ),
        rows=rows,
        note=(
            "A person who finds no way out may try again on another day, and is then counted again. Newly "
            "displaced people in places that the course attacks have come there from elsewhere, before the "
            "attack, during it or after it; ordinary moves are included."
        ),
    )


def _in_places_attacked(teller: Teller) -> dict[str, str]:
    """Give course → newly displaced people at the end in the places that it attacks at some time."""
    places = teller.possible["place"].values.astype(str)
    present = teller.possible["present"].isel(day=-1)
    told = {}
    for course in (
        each for each in teller.scenario.courses if each.stages and each.name not in teller.ruled_out
    ):
        there = np.flatnonzero(np.isin(places, list(mapping.attacked_places(teller.scenario, course.name))))
        people = quantiles_by_course(present.isel(place=there).sum("place", dtype=np.int64))
        told[course.name] = teller.with_most(summary.interval(people.sel(course=course.name)))
    return told


def _made(dataset: xr.Dataset) -> tuple[tuple[str, str], ...]:
    attributes = dataset.attrs
    counts = summary.members_per_course(dataset)
    members = listed([f"{count:,} for “{name}”" for name, count in counts.items()])
    created = str(attributes.get("created", ""))
    issued = calendar_day(dataset["date"].values[0]).isoformat()
    return (
        ("Forewarn", str(attributes.get("forewarn_version", "unknown"))),
        ("Scenario", str(attributes.get("scenario", "unknown"))),
        ("Issue day", issued),
        ("Hash of the scenario", str(attributes.get("scenario_hash", "unknown"))),
        ("Seed", str(attributes.get("seed", "unknown"))),
        ("Members", f"{dataset.sizes['member']:,}: {members}"),
        ("Made on", created or "unknown"),
    )
