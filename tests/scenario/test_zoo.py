"""The zoo of bad inputs: one folder per mistake, with only the files that differ from `zoo/base`.

`expected.txt` holds the message, or the word "accepted" for inputs that look odd and are right. To add a
case, make its folder and run ``python tests/scenario/regenerate.py``; then read what it wrote.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forewarn.errors import ScenarioError
from forewarn.scenario import load

ZOO = Path(__file__).parent / "zoo"
BASE = ZOO / "base"
ACCEPTED = "accepted"


def cases() -> list[str]:
    return sorted(folder.name for folder in ZOO.iterdir() if folder.is_dir() and folder.name != BASE.name)


def put_together(case: str, folder: Path) -> Path:
    """Copy the base, then the files that the case changes."""
    for source in (BASE, ZOO / case):
        for file in source.iterdir():
            if file.name != "expected.txt":
                shutil.copy(file, folder / file.name)
    return folder


def message(case: str, folder: Path) -> str:
    """What loading a case says, without the names of temporary folders."""
    try:
        load(put_together(case, folder))
    except ScenarioError as error:
        return str(error).replace(str(folder), "FOLDER").replace("?.", "?")
    return ACCEPTED


def expected(case: str) -> str:
    return (ZOO / case / "expected.txt").read_text(encoding="utf-8").strip()


def test_the_base_is_valid():
    assert load(BASE).name == "base"


def test_there_are_many_cases():
    assert len(cases()) >= 36


@pytest.mark.parametrize("case", cases())
def test_each_case_says_what_is_expected(case, tmp_path):
    assert message(case, tmp_path) == expected(case)


@pytest.mark.parametrize("case", cases())
def test_each_case_is_named_for_what_it_does(case):
    assert case.startswith(ACCEPTED) == (expected(case) == ACCEPTED)


def test_nothing_was_executed(tmp_path, capfd):
    message("yaml-that-executes", tmp_path)
    assert "executed" not in capfd.readouterr().out


def test_problems_of_all_parts_are_raised_at_once(tmp_path):
    put_together("people-negative", tmp_path)
    document = (BASE / "scenario.yaml").read_text(encoding="utf-8")
    document = document.replace("duration_days: 30", "duration_days: -30").replace(
        "horizon_days: 90", "horizon_days: 0"
    )
    (tmp_path / "scenario.yaml").write_text(document, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load(tmp_path)
    where = [problem.where for problem in error.value.problems]
    assert where == [
        "scenario.yaml, horizon_days",
        "places.csv, line 2, residents",
        "scenario.yaml, courses[attack].stages[first].duration_days",
    ]
