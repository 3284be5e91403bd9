"""Write docs/api.md from the docstrings of the front door: ``PYTHONPATH=src python tools/make_api_page.py``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import forewarn
from forewarn.forecast.accessor import ArrayAccessor, DatasetAccessor

PAGE: Final = Path(__file__).parents[1] / "docs" / "api.md"
HEAD: Final = """# The Python interface

```python
import forewarn as fw

scenario = fw.load("idlib-2018")
forecast = fw.run(scenario, members=200, seed=1)  # or fw.run("idlib-2018", …)
forecast.sel(date="2018-10-01").present.fw.quantiles()
fw.planning_figures(forecast).to_dataframe()
fw.compare(scenario, ["crossings.bab-al-hawa.status=open"])
fw.write_outlook(forecast, "out")
```

These names are loaded when they are first used: `import forewarn` itself takes no time. A scenario is given as a `Scenario`, as the name of a bundled one, or as a folder. A
forecast is an [xarray](https://docs.xarray.dev) Dataset; summaries take it, a part of it (some members, some days) or one with further variables, check by name what they use, and give a
Dataset with named dims, units and long names. Of some members, probabilities are those given these members. Numbers are not suppressed in any of them: see
[responsible use](responsible-use.md) before you pass them on. What is wrong with an input is a `ForewarnError`, a `ValueError` that lists all `problems` at once.

Follow [the notebook](tutorials/notebook.md) from a report to a picture. The examples below run in the tests. This page is made by `tools/make_api_page.py`.
"""
SECTIONS: Final = {
    "Scenarios": ("load", "loads", "dump", "dumps", "scenarios", "change"),
    "Reports": ("read", "figures", "draft"),
    "Forecasts": ("run", "update", "compare", "open_forecast", "save_forecast"),
    "What a forecast says": (
        "planning_figures",
        "displaced",
        "exceedance",
        "destinations",
        "origins",
        "flows",
        "needs",
    ),
    "Outlooks and past offensives": ("write_outlook", "reference_class"),
}
ACCESSOR: Final = """## `forecast.fw` and `forecast.present.fw`

Every Dataset and DataArray of xarray has the accessor `fw` as soon as a function of this page that makes or takes a forecast was used (or `forewarn.forecast` was imported). Pictures need
the extra `notebook` (`pip install "forewarn[notebook]"`).
"""
REST: Final = """## Classes and constants

`fw.Scenario` is the frozen scenario in explicit form ([its keys](scenario.md)); `fw.ForewarnError` what all errors are; `fw.__version__` the version. A Dataset of `run` holds the
variables of [the model](model.md), and as coordinates, beside what they lie along:

"""


def page() -> str:
    """Write the page."""
    parts = [HEAD]
    for title, names in SECTIONS.items():
        parts.append(f"## {title}\n")
        parts += [_entry(f"fw.{name}", getattr(forewarn, name)) for name in names]
    parts.append(ACCESSOR)
    for what, kind in (("array.fw", ArrayAccessor), ("forecast.fw", DatasetAccessor)):
        parts.append(f"### `{what}`\n\n{body(inspect.getdoc(kind) or '')}\n")
        members = (name for name in vars(kind) if not name.startswith("_"))
        parts += [_entry(f"{what}.{name}", getattr(kind, name), level=4) for name in members]
    parts.append(REST + _coordinates())
    return "\n".join(parts)


def _entry(name: str, function: object, *, level: int = 3) -> str:
    assert callable(function)
    return (
        f"{'#' * level} `{name}`\n\n```python\n{_signature(name, function)}\n```\n\n"
        f"{body(inspect.getdoc(function) or '')}\n"
    )


def _signature(name: str, function: object) -> str:
    assert callable(function)
    signature = inspect.signature(function)
    kept = [each for each in signature.parameters.values() if each.name != "self"]
    flat = str(signature.replace(parameters=kept)).replace("'", "")
    if len(name + flat) <= 100:
        return name + flat
    lines, starred = [], False
    for each in kept:
        if each.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            lines.append("*")
            starred = True
        lines.append(str(each).replace("'", ""))
    inside = "".join(f"    {line},\n" for line in lines)
    returns = str(signature.return_annotation).replace("'", "")
    return f"{name}(\n{inside}) -> {returns}"


def body(docstring: str) -> str:
    """Turn a docstring after numpydoc into Markdown."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}\n", docstring, flags=re.MULTILINE)
    text = [_prose(parts[0])]
    for title, section in zip(parts[1::2], parts[2::2], strict=True):
        if title == "Examples":
            text.append(f"```pycon\n{section.strip()}\n```")
        else:
            text.append(f"**{title}**\n\n" + "\n".join(_items(section)))
    return "\n\n".join(text)


def _items(section: str) -> Iterator[str]:
    """Give the entries of a section as a list."""
    for entry in re.split(r"\n(?=\S)", section.strip()):
        name, _, words = entry.partition("\n")
        said = " ".join(line.strip() for line in words.splitlines())
        names = ", ".join(f"`{each}`" for each in name.split(", "))
        yield f"- {names}: {_prose(said)}" if said else f"- {names}"


def _prose(text: str) -> str:
    plain = re.sub(r"``([^`]+)``", r"`\1`", text.strip())
    return re.sub(r"docs/([\w-]+\.md)", r"[\1](\1)", plain)


def _coordinates() -> str:
    from forewarn.forecast.variables import COORDINATES, DOCUMENT

    rows = [
        f"| `{each.name}` | {', '.join(each.dims)} | {each.units or '–'} | {each.sentence} |"
        for each in (*COORDINATES, DOCUMENT)
    ]
    return "| coordinate | along | unit | what it is |\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
