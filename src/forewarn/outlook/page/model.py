"""What the page says, in its order, as plain text and charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forewarn.charts.geometry import Chart
from forewarn.outlook.charts import forecast_charts as pictures
from forewarn.outlook.charts.destination_fans import DestinationFans, build_destination_fans
from forewarn.outlook.contents import evidence
from forewarn.outlook.contents.answer import answer
from forewarn.outlook.contents.blocked import blocked_sentences, build_blocked_table
from forewarn.outlook.contents.chances import chance_heading, offensive_chance, what_chances_are
from forewarn.outlook.contents.courses import CourseSection, build_courses
from forewarn.outlook.contents.draft_note import DraftBanner, build_draft_banner
from forewarn.outlook.contents.drivers import CourseDrivers, build_drivers
from forewarn.outlook.contents.evidence import EvidenceSummary
from forewarn.outlook.contents.fine_print import FinePrint, fine_print
from forewarn.outlook.contents.limits import limits
from forewarn.outlook.contents.needs import Needs, build_needs
from forewarn.outlook.contents.planning import build_planning_table, ruled_out_sentence
from forewarn.outlook.contents.reference_class import ReferenceClassComparison, compare_with_reference_class
from forewarn.outlook.contents.skill import Skill, build_skill
from forewarn.outlook.contents.triggers import build_trigger_table
from forewarn.outlook.contents.update import UpdateSection, build_update
from forewarn.outlook.contents.where import Where, build_where
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.contents.within import within_note
from forewarn.outlook.format.ranges import futures_said
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import calendar_day, listed, percent
from forewarn.outlook.maps.page_map import PageMap, draw_map
from forewarn.scenario import doubts

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView


@dataclass(frozen=True, slots=True)
class ClaimSection:
    """A published figure and, course by course, the shares of its members below, within and above it."""

    heading: str
    said: str
    source: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PageModel:
    """Everything on the page."""

    title: str
    text: str
    issued: str
    until: str
    futures: str
    """On how many futures it rests."""
    hindsight: bool
    doubts: tuple[str, ...]
    answer: tuple[str, ...]
    blocked: tuple[str, ...]
    where_unknown: str
    """Why it does not say where people go; empty if it does."""
    where: Where | None
    """Shares of destinations by the finest level that is known; None if nobody is anywhere."""
    within_note: str
    """Who is within their own place; empty if nobody is."""
    offensive_chance: str
    map: PageMap
    courses: tuple[CourseSection, ...]
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
    claims: tuple[ClaimSection, ...]
    claims_chart: Chart | None
    blocked_table: TextTable
    past: ReferenceClassComparison | None
    draft: DraftBanner | None
    update: UpdateSection | None
    evidence: EvidenceSummary
    skill: Skill
    limits: tuple[str, ...]
    fine_print: FinePrint
    made: tuple[tuple[str, str], ...]


def build_page_model(view: ForecastView) -> PageModel:
    """Gather what the page says about a forecast."""
    scenario, claims = view.scenario, pictures.labelled_claims(view.scenario)
    worst = [each.worst_case for each in view.planning_figures]
    return PageModel(
        title=scenario.title,
        text=scenario.summary,
        issued=view.issued,
        until=view.until,
        futures=futures_said(view.dataset.sizes["member"], min(view.members_per_course.values())),
        hindsight=bool(scenario.hindsight),
        doubts=tuple(str(problem) for problem in doubts(scenario)),
        answer=answer(view),
        blocked=blocked_sentences(view),
        where_unknown="" if scenario.where_known else WHERE_UNKNOWN,
        where=build_where(view),
        within_note=within_note(view),
        offensive_chance=", ".join(part for part in (offensive_chance(view), what_chances_are(view)) if part),
        map=draw_map(view),
        courses=build_courses(view),
        ranked=tuple(sorted(range(len(worst)), key=lambda at: -worst[at])),
        ruled_out=ruled_out_sentence(view),
        destination_fans=build_destination_fans(view),
        course_table=_course_table(view),
        planning=build_planning_table(view),
        triggers=build_trigger_table(view),
        needs=build_needs(view),
        drivers=build_drivers(view),
        drivers_alone=max((each.members for each in view.paired), default=0),
        exceedance=pictures.exceedance(view, claims),
        exceedance_table=_exceedance_table(view),
        claims=_claims(view),
        claims_chart=pictures.claims(view, claims) if claims else None,
        blocked_table=build_blocked_table(view),
        draft=build_draft_banner(view),
        update=build_update(view),
        past=compare_with_reference_class(view),
        evidence=evidence.gather(scenario),
        skill=build_skill(view),
        limits=limits(view.suppress_below),
        fine_print=fine_print(),
        made=_made(view),
    )


def _course_table(view: ForecastView) -> TextTable:
    rows = tuple(
        (
            item.title or item.name,
            view.formatter.chance(view.chances.get(item.name, 0.0)),
            "yes" if item.stages else "no",
            item.summary,
        )
        for item in view.scenario.courses
    )
    return TextTable(
        "The courses that events may take",
        ("Course", chance_heading(view), "Offensive", "What happens"),
        rows,
    )


def _exceedance_table(view: ForecastView) -> TextTable:
    curve = view.exceedance
    rows = tuple(
        (f"{people:,}", percent(share))
        for people, share in zip(curve["people"].values.tolist(), curve.values.tolist(), strict=True)
    )
    return TextTable(
        caption=f"Chance, over all courses, that more people leave by {view.until}",
        columns=("More than", "Chance"),
        rows=rows,
    )


def _claims(view: ForecastView) -> tuple[ClaimSection, ...]:
    sections = []
    for index, labelled in enumerate(pictures.labelled_claims(view.scenario)):
        claim = view.scenario.claims[index]
        single = labelled.low == labelled.high
        rows = tuple(
            (
                view.formatter.title(share.course),
                percent(share.below),
                "–" if single else percent(share.within),
                percent(share.above),
            )
            for share in view.claim_shares
            if share.claim == index
        )
        sections.append(
            ClaimSection(
                heading=f"{labelled.letter}. {labelled.text}" + (f", {claim.by}" if claim.by else ""),
                said=claim.wording,
                source=evidence.named(view.scenario, claim.source),
                rows=rows,
            )
        )
    return tuple(sections)


def _made(view: ForecastView) -> tuple[tuple[str, str], ...]:
    attributes, counts = view.dataset.attrs, view.members_per_course
    members = listed([f"{count:,} for “{name}”" for name, count in counts.items()])
    created = str(attributes.get("created", ""))
    issued = calendar_day(view.dates[0]).isoformat()
    return (
        ("Forewarn", str(attributes.get("forewarn_version", "unknown"))),
        ("Scenario", str(attributes.get("scenario", "unknown"))),
        ("Issue day", issued),
        ("Hash of the scenario", str(attributes.get("scenario_hash", "unknown"))),
        ("Seed", str(attributes.get("seed", "unknown"))),
        ("Members", f"{view.dataset.sizes['member']:,}: {members}"),
        ("Made on", created or "unknown"),
    )
