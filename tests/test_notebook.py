"""The notebook of the tutorials runs and shows what it shows; its page and docs/api.md are made of what is there."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from copy import deepcopy
from pathlib import Path

import pytest

import forewarn as fw

ROOT = Path(__file__).parents[1]
TUTORIALS = ROOT / "docs" / "tutorials"
NOTEBOOKS = sorted(TUTORIALS.glob("*.ipynb"))


def tool(name):
    specification = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


maker = tool("make_notebook")


def shown(notebook):
    """Text that each cell shows, and how many pictures."""
    return [
        (
            [
                "".join(output.get("text") or output["data"].get("text/plain", ""))
                for output in cell["outputs"]
            ],
            sum("image/png" in output.get("data", {}) for output in cell["outputs"]),
        )
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def test_there_is_one():
    assert [path.name for path in NOTEBOOKS] == ["notebook.ipynb"]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_shows_what_it_shows(path):
    pytest.importorskip("matplotlib", reason="the extra 'notebook' is not installed")
    notebook = maker.read(path)
    assert shown(maker.run(notebook)) == shown(notebook)
    assert sum(pictures for _, pictures in shown(notebook)) == 3


def test_another_number_is_noticed():
    pytest.importorskip("matplotlib", reason="the extra 'notebook' is not installed")
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": []}
    cells = [cell | {"source": ["x = 2\n", "print(x)\n", "x + 1"]}, cell | {"source": ["x;"]}]
    made = maker.run({"cells": cells})
    assert shown(made) == [(["2\n", "3"], 0), ([], 0)]
    other = deepcopy(made)
    other["cells"][0]["outputs"][1]["data"]["text/plain"] = ["4"]
    assert shown(other) != shown(made)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_page_and_pictures_are_made_of_it(path):
    notebook = maker.read(path)
    assert path.with_suffix(".md").read_text(encoding="utf-8") == maker.page(notebook, path.stem)
    pictures = maker.pictures(notebook, path.stem)
    assert {each.name for each in TUTORIALS.glob(f"{path.stem}-*.png")} == set(pictures)
    for name, data in pictures.items():
        assert (TUTORIALS / name).read_bytes() == data
        assert data.startswith(b"\x89PNG")
        assert len(data) < 60_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_a_notebook(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    names = [cell["id"] for cell in notebook["cells"]]
    assert len(set(names)) == len(names)
    for cell in notebook["cells"]:
        assert cell["cell_type"] in ("code", "markdown")
        assert all(output["output_type"] != "error" for output in cell.get("outputs", ()))


# docs/api.md


def test_the_api_page_is_current():
    assert (ROOT / "docs" / "api.md").read_text(encoding="utf-8") == tool("make_api_page").page()


def test_every_public_name_is_on_the_api_page():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in fw.__all__ if f"`fw.{name}`" not in page] == []


def test_the_first_lines_of_the_api_page_run(monkeypatch, tmp_path):
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(import forewarn.*?)```", page, re.DOTALL)[1]
    monkeypatch.chdir(tmp_path)
    names = {}
    fewer = code.replace("members=200", "members=4, horizon_days=40")
    fewer = fewer.replace('status=open"])', 'status=open"], members=4)')
    assert fewer.count("members=4") == 2
    exec(compile(fewer, "api.md", "exec"), names)
    assert (tmp_path / "out" / "index.html").exists()


def test_numpydoc_becomes_markdown():
    found = tool("make_api_page").body(
        "Do it (docs/model.md).\n\nParameters\n----------\na, b\n    ``x`` or\n    y.\n\nExamples\n--------\n>>> 1\n1"
    )
    assert found == (
        "Do it ([model.md](model.md)).\n\n**Parameters**\n\n- `a`, `b`: `x` or y.\n\n```pycon\n>>> 1\n1\n```"
    )
