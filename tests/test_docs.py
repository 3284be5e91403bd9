"""The pages speak of what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from forewarn.cli.commands import app
from forewarn.forecast.variables import VARIABLES

ROOT = Path(__file__).parents[1]


def pages():
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(group, words=("forewarn",)):
    """Every command that can be run, such as ``forewarn scenario show``."""
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*words, name))
    if not getattr(group, "commands", {}):
        yield " ".join(words)


def missing(text, wanted):
    words = re.sub(r"\s+", " ", text)
    return [name for name in wanted if not re.search(rf"{re.escape(name)}\b", words)]


def test_every_command_is_described():
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages())
    assert missing(text, commands(typer.main.get_command(app))) == []


def test_a_command_that_nobody_describes_is_noticed():
    assert missing("forewarn outlook\nforewarn comparemore", ["forewarn outlook", "forewarn compare"]) == [
        "forewarn compare"
    ]


def test_the_commands_are_found():
    assert {"forewarn outlook", "forewarn compare", "forewarn scenario show"} <= set(
        commands(typer.main.get_command(app))
    )


def test_every_recorded_variable_is_described():
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert [variable.name for variable in VARIABLES if f"| `{variable.name}` |" not in text] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_modules_that_are_named_exist(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`(?:src/)?forewarn/([a-z_]+(?:/[a-z_]+)*(?:\.(?:py|yaml))?)/?`", text)
    source = ROOT / "src" / "forewarn"
    assert [
        name for name in named if not (source / name).exists() and not (source / f"{name}.py").exists()
    ] == []


def uncredited(notice):
    """Folders of shipped data that a notice does not name."""
    folders = (path for path in (ROOT / "src" / "forewarn" / "data").iterdir() if path.is_dir())
    return [path.name for path in folders if not re.search(rf"data/{path.name}\b", notice)]


def test_every_folder_of_data_is_credited():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert uncredited(notice) == []
    assert "basemap" in uncredited(notice.replace("data/basemap", ""))
