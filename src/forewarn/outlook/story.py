"""What the page says, in its order, as plain text and charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import xarray as xr

from forewarn.forecast import summary
from forewarn.outlook import evidence, mapping, pictures
from forewarn.outlook.answer import answer
from forewarn.outlook.charts import Chart
from forewarn.outlook.counted import ruled_out
from forewarn.outlook.courses_story import CourseStory, tell_courses, whole
from forewarn.outlook.destination_fans import DestinationFans, tell_destination_fans
from forewarn.outlook.draft_note import DraftBanner, draft_banner
from forewarn.outlook.drivers_story import CourseDrivers, tell_drivers
from forewarn.outlook.evidence import Evidence
from forewarn.outlook.fine_print import FinePrint, fine_print
from forewarn.outlook.mapping import Map
from forewarn.outlook.needs_story import Needs, tell_needs
from forewarn.outlook.second_opinion import SecondOpinion, second_opinion
from forewarn.outlook.skill_story import Skill, tell_skill
from forewarn.outlook.telling import Table, Teller, limits
from forewarn.outlook.trapped import say_trapped, trapped_columns
from forewarn.outlook.triggers_story import tell_triggers
from forewarn.outlook.update_story import UpdateStory, tell_update
from forewarn.outlook.where import WHERE_UNKNOWN
from forewarn.outlook.wording import between, calendar_day, listed, percent

if TYPE_CHECKING:
    from forewarn.forecast.pairing import PairedRun
    from forewarn.forecast.updating import Updated
    from forewarn.scenario import Scenario


NAMED: Final = 3
"""Destinations that the answer names."""
RULED_OUT_BY_COUNTS: Final = "ruled out by the counts"


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
    answer: tuple[str, ...]
    trapped: tuple[str, ...]
    where_unknown: str
    """Why it is not told where people go; empty if it is."""
    offensive_chance: str
    map: Map
    courses: tuple[CourseStory, ...]
    ruled_out: tuple[str, ...]
    destination_fans: tuple[DestinationFans, ...]
    course_table: Table
    planning: Table
    triggers: Table | None
    needs: Needs
    drivers: tuple[CourseDrivers, ...]
    drivers_alone: int
    """Futures of each paired run; 0 if there were none."""
    exceedance: Chart
    exceedance_table: Table
    claims: tuple[ClaimStory, ...]
    claims_chart: Chart | None
    hardship: Table
    past: SecondOpinion | None
    draft: DraftBanner | None
    update: UpdateStory | None
    evidence: Evidence
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
        What counts have taught, if any.
    paired
        Runs of single numbers low and high, if they were made.
    """
    teller = Teller(dataset, scenario, smallest, updated, paired)
    claims = pictures.lettered_claims(scenario)
    destinations = summary.destinations(dataset) if scenario.where_known else ()
    return Story(
        title=scenario.title,
        text=scenario.summary,
        issued=teller.issued,
        until=teller.until,
        hindsight=bool(scenario.hindsight),
        answer=answer(teller),
        trapped=say_trapped(dataset, scenario, smallest=smallest),
        where_unknown="" if scenario.where_known else WHERE_UNKNOWN,
        offensive_chance=whole(summary.offensive_probability(dataset, scenario), updated),
        map=mapping.draw(dataset, scenario, smallest=smallest),
        courses=tell_courses(teller, destinations),
        ruled_out=tuple(teller.title(name) for name in sorted(ruled_out(teller.updated))),
        destination_fans=tell_destination_fans(teller, destinations),
        course_table=_course_table(teller),
        planning=_planning(teller),
        triggers=tell_triggers(teller),
        needs=tell_needs(teller),
        drivers=tell_drivers(teller),
        drivers_alone=max((each.members for each in paired), default=0),
        exceedance=pictures.exceedance(dataset, claims),
        exceedance_table=_exceedance_table(teller),
        claims=_claims(teller),
        claims_chart=pictures.claims(dataset, teller.title, claims) if claims else None,
        hardship=_hardship(teller),
        draft=draft_banner(dataset, scenario),
        update=tell_update(teller, updated),
        past=second_opinion(dataset, scenario, smallest=smallest),
        evidence=evidence.gather(scenario),
        skill=tell_skill(teller),
        limits=limits(smallest),
        fine_print=fine_print(),
        made=_made(dataset),
        smallest=smallest,
    )


def _course_table(teller: Teller) -> Table:
    chances = summary.course_probability(teller.dataset)
    rows = tuple(
        (
            item.title or item.name,
            whole(chances.get(item.name, 0.0), teller.updated),
            "yes" if item.stages else "no",
            item.summary,
        )
        for item in teller.scenario.courses
    )
    return Table("The courses that events may take", ("Course", "Chance", "Offensive", "What happens"), rows)


def _planning(teller: Teller) -> Table:
    stuck = trapped_columns(teller)
    rows = []
    gone = ruled_out(teller.updated)
    for figure in summary.planning_figures(teller.dataset):
        if figure.course in gone:
            rows.append(
                (teller.title(figure.course), RULED_OUT_BY_COUNTS, *("–" for _ in range(3 + len(stuck))))
            )
            continue
        bounds = between(figure.worst_case_low, figure.worst_case_high, smallest=teller.smallest)
        rows.append(
            (
                teller.title(figure.course),
                whole(figure.probability, teller.updated),
                teller.count(figure.most_likely),
                teller.count(figure.worst_case),
                bounds,
                *(cells.get(figure.course, "–") for cells in stuck.values()),
            )
        )
    return Table(
        caption=f"People who leave because of the offensive, fear or a warning, by {teller.until}",
        columns=(
            "Course",
            "Chance",
            "Most likely (median)",
            "Worst case (1 in 10)",
            "Worst case, range of sampling",
            *stuck,
        ),
        rows=tuple(rows),
        note=(
            "Worst case: in this course, one outcome out of ten is above it. It is a stated probability and "
            "never the highest run. The range of sampling (95 %) says where it might lie had many more "
            "members been run."
        ),
    )


def _exceedance_table(teller: Teller) -> Table:
    curve = summary.exceedance(teller.dataset)
    rows = tuple(
        (f"{people:,}", percent(share))
        for people, share in zip(curve["people"].values.tolist(), curve.values.tolist(), strict=True)
    )
    return Table(
        caption=f"Chance, over all courses, that more people leave by {teller.until}",
        columns=("More than", "Chance"),
        rows=rows,
    )


def _claims(teller: Teller) -> tuple[ClaimStory, ...]:
    shares = summary.place_claims(teller.dataset, teller.scenario)
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


def _hardship(teller: Teller) -> Table:
    rows = tuple(
        (
            teller.title(item.course),
            teller.with_most(item.most_waiting),
            teller.with_most(item.waiting_at_horizon),
            teller.with_most(item.most_blocked),
            teller.with_most(item.attempts_blocked),
            teller.with_most(item.returned),
            teller.with_most(item.organised_returns),
        )
        for item in summary.hardships(teller.dataset)
    )
    return Table(
        caption="Waiting at crossings, unable to leave, and returned: median (90 % interval)",
        columns=(
            "Course",
            "Waiting, most on one day",
            f"Waiting on {teller.until}",
            "Found no way out, most on one day",
            "Attempts without a way out, all days",
            "Returned by themselves",
            "Organised returns",
        ),
        rows=rows,
        note="A person who finds no way out may try again on another day, and is then counted again.",
    )


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
