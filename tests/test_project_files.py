"""Files about the project agree with it: citation, changes, workflow, hooks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def versions_of(changelog):
    """Parts of a changelog: version -> its headings."""
    parts = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    return {part.splitlines()[0]: re.findall(r"^### (.+)$", part, flags=re.MULTILINE) for part in parts}


def test_every_version_tells_users_and_those_who_work_on_it():
    found = versions_of((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert found
    assert {name: headings for name, headings in found.items() if headings != ["Users", "Internals"]} == {}
    assert PROJECT["version"] in found


def test_a_version_without_a_part_for_users_is_noticed():
    assert versions_of("# C\n\n## 9.9\n\n### Internals\n\n* x\n") == {"9.9": ["Internals"]}


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]
    assert [author["name"] for author in citation["authors"]] == [each["name"] for each in PROJECT["authors"]]


def test_the_workflow_covers_every_python_that_is_allowed():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))
    allowed = SpecifierSet(PROJECT["requires-python"])
    matrix = workflow["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["python"] == [f"3.{minor}" for minor in range(30) if allowed.contains(f"3.{minor}")]
    assert len(matrix["os"]) == 3


@pytest.mark.parametrize("name", ["tests.yml", ".pre-commit-config.yaml"])
def test_commands_are_those_of_the_makefile(name):
    """What the Makefile runs and what others run in its place do not part."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    if name == "tests.yml":
        text = (ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8")
        options = re.search(r"^TEST := \$\(BIN\)/(.*) \$\(WORKERS\)$", makefile, flags=re.MULTILINE)[1]
        assert f"- run: {options} 2\n" in text
    else:
        hooks = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))["repos"]
        assert [repository["repo"] for repository in hooks] == ["local"]
        programs = {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in hooks[0]["hooks"]}
        assert all(f"$(BIN)/{program}" in makefile for program in programs)


def test_every_target_of_the_makefile_is_described():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[1].split()
    page = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    assert [target for target in targets if f"| `make {target}`" not in page] == []
