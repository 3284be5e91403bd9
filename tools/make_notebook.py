"""Run the notebooks of the tutorials and write what comes out: into them, and as pages of the documentation.

``PYTHONPATH=src python tools/make_notebook.py`` needs what development needs. Each notebook runs from its first
cell to its last in one empty folder, as a person would run it; what the last line of a cell gives is shown,
unless it ends with a semicolon, and so are its pictures. ``notebook.ipynb`` becomes the page ``notebook.md``, with
its pictures beside it. `tests/test_notebook.py` runs them again and compares.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

TUTORIALS: Final = Path(__file__).parents[1] / "docs" / "tutorials"
DOTS_PER_INCH: Final = 80
MOST_HTML: Final = 20_000
"""Characters of HTML that a cell may keep; what shows itself in more is kept as text alone."""

Json = dict[str, Any]


def run(notebook: Json) -> Json:
    """Give a notebook with what its cells show when they are run in an empty folder."""
    import matplotlib as mpl
    import pandas as pd

    mpl.use("agg")
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = []
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        pd.option_context("display.width", 100, "display.max_columns", 20),
    ):
        for number, cell in enumerate(notebook["cells"]):
            cells.append(_run_cell(cell, names, number) if cell["cell_type"] == "code" else cell)
    return notebook | {"cells": cells}


def _run_cell(cell: Json, names: dict[str, Any], number: int) -> Json:
    from matplotlib import pyplot

    source = "".join(cell["source"])
    tree = ast.parse(source, filename=f"cell {number}")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, f"cell {number}", "exec"), names)
        value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names) if last else None
    outputs: list[Json] = []
    if printed.getvalue():
        text = printed.getvalue().splitlines(keepends=True)
        outputs.append({"output_type": "stream", "name": "stdout", "text": text})
    if value is not None and not source.rstrip().endswith(";"):
        outputs.append(
            {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": _shown(value)}
        )
    outputs += [
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": picture}}
        for picture in _pictures()
    ]
    pyplot.close("all")
    return cell | {"outputs": outputs, "execution_count": None}


def _shown(value: object) -> Json:
    """Show a value as text, and as HTML if it can be and it is short."""
    data: Json = {"text/plain": repr(value).splitlines(keepends=True)}
    html = value._repr_html_() if hasattr(value, "_repr_html_") else None
    if html and len(html) < MOST_HTML and type(value).__module__.split(".")[0] != "xarray":
        data["text/html"] = html.splitlines(keepends=True)
    return data


def _pictures() -> Iterator[str]:
    from matplotlib import pyplot

    for number in pyplot.get_fignums():
        drawn = io.BytesIO()
        pyplot.figure(number).savefig(drawn, dpi=DOTS_PER_INCH, format="png", metadata={"Software": None})
        yield base64.b64encode(drawn.getvalue()).decode()


def pictures(notebook: Json, stem: str) -> dict[str, bytes]:
    """Give the pictures of a notebook by the names of their files, in order."""
    found = [
        base64.b64decode(output["data"]["image/png"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    return {f"{stem}-{number}.png": data for number, data in enumerate(found, start=1)}


def page(notebook: Json, stem: str) -> str:
    """Write a notebook as a page: its words, its code, what is shown below."""
    names = iter(pictures(notebook, stem))
    parts = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "image/png" in data:
                parts.append(f"![Picture drawn by the lines above]({next(names)})")
            else:
                text = "".join(output.get("text") or data["text/plain"])
                parts.append(f"```text\n{text.rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def read(path: Path) -> Json:
    """Read a notebook."""
    notebook: Json = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def main() -> None:
    """Run every notebook, and write it, its page and its pictures."""
    for path in sorted(TUTORIALS.glob("*.ipynb")):
        notebook = run(read(path))
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")
        path.with_suffix(".md").write_text(page(notebook, path.stem), encoding="utf-8", newline="\n")
        for old in path.parent.glob(f"{path.stem}-*.png"):
            old.unlink()
        for name, data in pictures(notebook, path.stem).items():
            (path.parent / name).write_bytes(data)
        print(f"{os.path.relpath(path)}: {len(notebook['cells'])} cells, {len(text):,} characters")


if __name__ == "__main__":
    main()
