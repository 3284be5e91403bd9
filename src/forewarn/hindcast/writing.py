"""The folder of a hindcast: every issue, the summary, the comparison, the plot; whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Final

from forewarn.csvfiles import CsvWriter, csv_text
from forewarn.errors import ForewarnError, Problem
from forewarn.hindcast.cold_start.table import ColdStart
from forewarn.hindcast.data.cases import Case
from forewarn.hindcast.reissuing import Reissue
from forewarn.hindcast.scores.calibration import BINS, Calibration
from forewarn.hindcast.scores.formulas import LEVELS, Ratio, crps, interval, quantiles
from forewarn.hindcast.scores.plot import draw
from forewarn.hindcast.scores.records import Scored
from forewarn.hindcast.scores.summary import Comparison, MeanScores
from forewarn.hindcast.scores.triggers import TriggerSkill
from forewarn.replacing import replacing_folder

FILES: Final = (
    *("issues.csv", "summary.csv", "comparison.csv", "calibration.csv", "triggers.csv"),
    "hindcast.svg",
)
COLD_FILES: Final = ("cold-start.csv", "cold-start-comparison.csv")
COLD_COLUMNS: Final = ("conflict", "forecaster", "days", "rescaled_ard")
COLD_COMPARISON_COLUMNS: Final = ("other", "ratio", "low", "high", "better_in", "conflicts")
_BOUNDS: Final = tuple(f"{end}_{level:.0%}".rstrip("%") for level in LEVELS for end in ("low", "high"))
ISSUE_COLUMNS: Final = (
    *("conflict", "mode", "horizon_days", "issue_date", "target_date", "forecaster", "place"),
    *("truth", "forecast", "median", *_BOUNDS, "crps"),
)
SUMMARY_COLUMNS: Final = (
    *("mode", "horizon_days", "forecaster", "conflict", "issues", "error", "crps", "weighted_interval_score"),
    *(f"coverage_{level:.0%}".rstrip("%") for level in LEVELS),
    *("ard", "rescaled_ard"),
)
COMPARISON_COLUMNS: Final = (
    *("mode", "horizon_days", "forecaster", "measure", "best_naive", "ratio", "low", "high"),
    *("low_same_conflicts", "high_same_conflicts"),
)
CALIBRATION_COLUMNS: Final = (
    *("mode", "horizon_days", "forecaster", "conflict", "forecasts"),
    *(f"coverage_{level:.0%}{end}".replace("%", "") for level in LEVELS for end in ("", "_low", "_high")),
    *(f"rank_{number}" for number in range(1, BINS + 1)),
)
_RATES: Final = ("activation", "detection", "false_alarm_ratio", "false_alarm_rate")
TRIGGER_COLUMNS: Final = (
    *("mode", "horizon_days", "forecaster", "threshold_of", "threshold_part", "activates_above"),
    *("forecasts", "events", "activations", "hits"),
    *(f"{rate}{end}" for rate in _RATES for end in ("", "_low", "_high")),
    *("brier", "best_naive", "brier_naive", "brier_skill", "brier_skill_low", "brier_skill_high"),
)


def write(
    folder: Path,
    *,
    cases: Sequence[Case],
    scored: Sequence[Scored],
    rows: Sequence[MeanScores],
    comparisons: Sequence[Comparison],
    calibrations: Sequence[Calibration] = (),
    triggers: Sequence[TriggerSkill] = (),
) -> None:
    """Write a hindcast into `folder`; an older hindcast there is replaced.

    Raises
    ------
    ForewarnError
        If the folder holds anything else, or cannot be written.
    """

    def fill(draft: Path) -> None:
        _table(draft / "issues.csv", ISSUE_COLUMNS, _issue_rows(cases, scored))
        write_tables(draft, rows, comparisons, calibrations, triggers)
        (draft / "hindcast.svg").write_text(draw(rows), encoding="utf-8")

    _replace(folder, fill)


def write_cold_start(folder: Path, found: ColdStart) -> None:
    """Write a cold start into `folder`, as `write` does.

    Raises
    ------
    ForewarnError
        If the folder holds anything else, or cannot be written.
    """
    _replace(folder, lambda draft: write_cold_tables(draft, found))


def write_cold_tables(folder: Path, found: ColdStart) -> None:
    """Write the two tables of a cold start."""
    rows = [(row.conflict, row.forecaster, row.days, f"{row.error:.4f}") for row in found.rows]
    _table(folder / COLD_FILES[0], COLD_COLUMNS, rows)
    compared = [
        (
            one.other,
            *(f"{end:.4f}" for end in _ends(one.ratio) if end is not None),
            one.better_in,
            one.conflicts,
        )
        for one in found.comparisons
    ]
    _table(folder / COLD_FILES[1], COLD_COMPARISON_COLUMNS, compared)


def _replace(folder: Path, fill: Callable[[Path], None]) -> None:
    try:
        mine = (*FILES, *COLD_FILES)
        foreign = [path.name for path in folder.iterdir() if path.name not in mine] if folder.exists() else []
        if foreign:
            what = f"{folder} holds something else: {', '.join(sorted(foreign)[:3])}"
            raise ForewarnError(Problem("--output", what, "a new folder, or one of an older hindcast"))
        with replacing_folder(folder) as draft:
            fill(draft)
    except OSError as error:
        raise ForewarnError(Problem("--output", f"cannot write {folder}: {error.strerror}")) from error


def write_tables(
    folder: Path,
    rows: Sequence[MeanScores],
    comparisons: Sequence[Comparison],
    calibrations: Sequence[Calibration],
    triggers: Sequence[TriggerSkill],
) -> None:
    """Write the tables of scores alone: nothing in them was registered by anybody."""
    _table(folder / "summary.csv", SUMMARY_COLUMNS, map(_summary_row, rows))
    _table(folder / "comparison.csv", COMPARISON_COLUMNS, map(_comparison_row, comparisons))
    _table(folder / "calibration.csv", CALIBRATION_COLUMNS, map(_calibration_row, calibrations))
    _table(folder / "triggers.csv", TRIGGER_COLUMNS, map(_trigger_row, triggers))


def _table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        CsvWriter(file, columns).rows(rows)


def _issue_rows(cases: Sequence[Case], scored: Sequence[Scored]) -> Iterator[Sequence[object]]:
    start = {case.name: case.registrations.start for case in cases}
    for entry in scored:
        issue, forecast = entry.issue, entry.forecast
        issued = start[issue.conflict] + timedelta(days=issue.issue_day)
        target = issued + timedelta(days=issue.horizon_days)
        head = (issue.conflict, entry.mode, issue.horizon_days, issued, target, entry.forecaster)
        for place, true, point, samples in zip(
            issue.places, issue.truth, forecast.point, forecast.samples, strict=True
        ):
            bounds = [end for level in LEVELS for end in interval(samples, level)]
            numbers = (true, point, float(quantiles(samples, [0.5])[0]), *bounds, crps(samples, true))
            yield (*head, place, *(f"{number:.1f}" for number in numbers))


def _summary_row(row: MeanScores) -> Sequence[object]:
    scores = (row.error, row.crps, row.weighted_interval_score, *row.coverage, row.ard, row.rescaled_ard)
    head = (row.mode, row.horizon_days, row.forecaster, row.conflict, row.issues)
    return (*head, *(f"{score:.4f}" for score in scores))


def _comparison_row(found: Comparison) -> Sequence[object]:
    numbers = (found.ratio.value, found.ratio.low, found.ratio.high, found.within.low, found.within.high)
    head = (found.mode, found.horizon_days, found.forecaster, found.measure, found.naive)
    return (*head, *(f"{number:.4f}" for number in numbers))


def _calibration_row(found: Calibration) -> Sequence[object]:
    numbers = (*(end for part in found.coverage for end in _ends(part)), *found.ranks)
    head = (found.mode, found.horizon_days, found.forecaster, found.conflict, found.forecasts)
    return (*head, *(_number(number) for number in numbers))


def _trigger_row(found: TriggerSkill) -> Sequence[object]:
    threshold = (found.threshold.of, found.threshold.part, found.activates_above)
    head = (found.mode, found.horizon_days, found.forecaster, *threshold)
    counts = (found.forecasts, found.events, found.activations, found.hits)
    rates = [end for rate in _RATES for end in _ends(getattr(found, rate))]
    brier = (_number(found.brier), found.best_naive, _number(found.brier_naive))
    return (*head, *counts, *map(_number, rates), *brier, *map(_number, _ends(found.brier_skill)))


def _ends(found: Ratio | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if found is None else (found.value, found.low, found.high)


def _number(value: float | None) -> str:
    """Write four decimals; blank where there is nothing to divide."""
    return "" if value is None else f"{value:.4f}"


def reissues_as_csv(rows: Sequence[Reissue]) -> str:
    """Write re-issues as a CSV table."""
    ranks = ("p10", "median", "p90")
    names = [
        name
        for field in fields(Reissue)
        for name in (
            [f"{field.name}_{rank}" for rank in ranks] if field.name in ("forecast", "line") else [field.name]
        )
    ]
    values = ([getattr(row, field.name) for field in fields(Reissue)] for row in rows)
    flat = ([v for each in row for v in (each if isinstance(each, tuple) else (each,))] for row in values)
    return csv_text(([f"{v:.6g}" if isinstance(v, float) else v for v in row] for row in flat), names)
