"""A forecast that learns from counts, beside the one before, kept so that a link brings both back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from forewarn.errors import Problem
from forewarn.outlook.contents.answer import answer
from forewarn.outlook.contents.update import build_update
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.view import ForecastView
from forewarn.scenario import Scenario
from forewarn.web.service.counted import ObservedSeries, read_stored, series_of, stored
from forewarn.web.service.engine import read_futures, write_futures
from forewarn.web.service.files import read_json, write_json
from forewarn.web.service.futures import MemberForecast, of_dataset
from forewarn.web.service.limits import MOST_TABLE_BYTES, NotFoundError, check_size

if TYPE_CHECKING:
    from forewarn.forecast.updating import Observations, Updated
    from forewarn.forecast.updating.observations import Observation

FEWEST_DRAWS: Final = 30
"""Futures of each course below which counts teach nothing (`forewarn.forecast.updating`)."""
SOURCE: Final = "assumption: chance of the course, weighed by how well it explains the counts"


@dataclass(frozen=True, slots=True)
class Update:
    """An update that was made.

    Parameters
    ----------
    job
        Whose work it was.
    until
        Day of the last count.
    chances
        What the counts leave of each course, by its name; they add to 1.
    """

    job: str
    until: date
    chances: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class UpdateSummary:
    """What counts have changed.

    Parameters
    ----------
    before, after
        The forecasts without and with the counts, as many futures each.
    answer
        The sentences that the outlook with the counts begins with.
    text
        What was done, in a few sentences.
    last_day
        Day of the last count, days after the issue day.
    chances, fits, learnt
        Tables of the outlook: courses, counts, numbers.
    series
        What was counted.
    warnings, notes
        What should make a reader doubt, and how the counts were read.
    """

    before: MemberForecast
    after: MemberForecast
    answer: tuple[str, ...]
    text: str
    last_day: int
    chances: TextTable
    fits: TextTable
    learnt: TextTable | None
    series: tuple[ObservedSeries, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def parse_observation_table(table: str, scenario: Scenario) -> Observations:
    """Read a table of counts that somebody pasted or sent.

    Raises
    ------
    ForewarnError
        Listing every row that cannot be used.
    """
    from forewarn.forecast.updating import parse_observations

    check_size("counts", len(table.encode("utf-8", "surrogatepass")), MOST_TABLE_BYTES)
    return parse_observations(table, scenario, name="counts")


def save_update(folder: Path, updated: Updated, scenario: Scenario, seed: int) -> None:
    """Write down what was learnt; the forecast before can be made again."""
    folder.mkdir(exist_ok=True)
    view = ForecastView(updated.forecast, scenario, updated=updated)
    section = build_update(view)
    if section is None:
        raise NotFoundError(Problem("update", "has learnt nothing"))
    for number, (name, futures) in enumerate(of_dataset(updated.forecast).items()):
        write_futures(folder / f"{number}.npz", futures)
        if scenario.courses[number].name != name:
            raise NotFoundError(Problem("update", f"course {name} is in another place"))
    chances = {each.course: each.after for each in updated.diagnosis.chances}
    until = str(updated.forecast.attrs["observed_until"])
    days = [str(date)[:10] for date in updated.forecast["date"].values]
    content = {
        "seed": seed,
        "chances": chances,
        "last_day": days.index(until),
        "answer": list(answer(view)),
        "text": section.text,
        "warnings": list(section.warnings),
        "notes": list(section.notes),
        "series": stored(series_of(_counts(updated))),
        "tables": {
            "chances": asdict(section.chances),
            "fits": asdict(section.fits),
            "learnt": None if section.learnt is None else asdict(section.learnt),
        },
    }
    write_json(folder / "lesson.json", content)


def _counts(updated: Updated) -> list[Observation]:
    """Give every count once; each course has its own fit to it."""
    return list(dict.fromkeys(fit.observation for fit in updated.diagnosis.fits))


def load_update(folder: Path, scenario: Scenario) -> Update:
    """Read what an update leaves of the chances of a scenario.

    Raises
    ------
    NotFoundError
        It is not there any more, or of other courses.
    """
    content = read_json(folder / "lesson.json")
    if content is None or set(content["chances"]) != {course.name for course in scenario.courses}:
        raise _gone()
    until = scenario.issued + timedelta(days=int(content["last_day"]))
    return Update(folder.name, until, content["chances"])


def load_summary(folder: Path, before: MemberForecast) -> UpdateSummary:
    """Read what was learnt.

    Raises
    ------
    NotFoundError
        It is not there any more.
    """
    content = read_json(folder / "lesson.json")
    if content is None or "series" not in content:
        raise _gone()
    scenario = before.scenario
    courses = {}
    for number, course in enumerate(scenario.courses):
        futures = read_futures(folder / f"{number}.npz")
        if futures is None:
            raise _gone()
        courses[course.name] = futures
    tables = content["tables"]
    return UpdateSummary(
        before=before,
        after=MemberForecast(weighed(scenario, content["chances"]), int(content["seed"]), courses),
        answer=tuple(content["answer"]),
        text=str(content["text"]),
        last_day=int(content["last_day"]),
        chances=_table(tables["chances"]),
        fits=_table(tables["fits"]),
        learnt=None if tables["learnt"] is None else _table(tables["learnt"]),
        series=read_stored(content["series"]),
        warnings=tuple(content["warnings"]),
        notes=tuple(content["notes"]),
    )


def weighed(scenario: Scenario, chances: Mapping[str, float]) -> Scenario:
    """Give the scenario with the chances that the counts leave to its courses."""
    courses = tuple(
        course.model_copy(
            update={
                "probability": course.probability.model_copy(
                    update={"value": float(chances[course.name]), "source": SOURCE}
                )
            }
        )
        for course in scenario.courses
    )
    return scenario.model_copy(update={"courses": courses})


def _table(content: Mapping[str, Any]) -> TextTable:
    rows = tuple(tuple(row) for row in content["rows"])
    return TextTable(content["caption"], tuple(content["columns"]), rows, content["note"])


def _gone() -> NotFoundError:
    return NotFoundError(Problem("update", "is not there any more", remedy="Start it again"))
