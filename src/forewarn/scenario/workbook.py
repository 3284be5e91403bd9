"""A scenario as one workbook, for people who live in spreadsheets, and back.

Every list of the explicit form is a sheet, one row for each entry; what stands deeper in an entry has its
own column with a dotted name, such as ``duration_days.low``. Lists inside a course (`stages`, …) are sheets
with the name of their course in the first column. Everything else is a row of the sheet ``settings``: a path
and its value. Names in one cell are separated by semicolons, quantiles are written ``0.1: 0.21; 0.5: 0.46``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from forewarn.errors import ForewarnError, Problem, ScenarioError, nearest
from forewarn.intake import Limits, isolated, read_file
from forewarn.intake.workbooks import read_sheets, without_value
from forewarn.scenario.model.models import Scenario
from forewarn.scenario.resolving import explicit, resolve

SETTINGS: Final = "settings"
ABOUT: Final = "about"
KEYED: Final = ("sources", "zones")
LISTS: Final = ("places", "routes", "flow_history", "crossings", "posts", "courses", "claims", "triggers")
OF_COURSES: Final = ("stages", "ceasefires", "crossing_changes", "return_programmes")
OF_CROSSINGS: Final = ("changes",)
AREAS: Final = "areas"
"""Of the boundaries, whose source is a setting."""
SHEETS: Final = (SETTINGS, *KEYED, *LISTS[:4], *OF_CROSSINGS, *LISTS[4:6], *OF_COURSES, *LISTS[6:], AREAS)
OWNERS: Final = {**dict.fromkeys(OF_COURSES, "course"), **dict.fromkeys(OF_CROSSINGS, "crossing")}
NAMES: Final = ("places", "zones", "between", "from", "to", "courses", "leave_out", "liberators")
"""Keys that hold lists of names."""
BETWEEN_PLACES: Final = ("routes", "flow_history")
"""Sheets whose `from` and `to` are one place each."""
EMPTY: Final[Mapping[str, tuple[str, ...]]] = {
    "sources": ("key", "title", "publisher", "published", "url", "kind", "note"),
    "routes": ("from", "to", "km", "road", "source", "crossing"),
    "flow_history": ("from", "to", "people", "source"),
    "crossings": ("name", "title", "between", "roads", "status"),
    "changes": ("crossing", "start.value", "start.source", "status"),
    "posts": ("name", "lat", "lon", "radius_km", "source"),
    "stages": (
        *("course", "name", "places", "kind", "start.value", "start.source", "duration_days.value"),
        *("duration_days.source", "control_after", "falls_after_days.value", "falls_after_days.source"),
    ),
    "ceasefires": ("course", "start.value", "start.source", "duration_days.value", "duration_days.source"),
    "crossing_changes": ("course", "crossing", "start.value", "start.source", "status"),
    "return_programmes": (
        *("course", "people.value", "people.source", "start.value", "start.source", "duration_days.value"),
        *("duration_days.source", "from", "to"),
    ),
    "claims": ("people", "low", "high", "wording", "by", "about", "courses", "source"),
    "triggers": ("name", "when", "action"),
    AREAS: ("name", "pcode", "wkt"),
}
"""Columns of a sheet without rows, so that whoever fills it knows what to write."""
SEPARATOR: Final = "; "
MOST_BYTES: Final = 50_000_000
LIMITS: Final = Limits(processor_seconds=60.0, memory_bytes=3 * 2**30, wall_seconds=120.0)
"""What reading a workbook may take; assumption: the largest that are read need half of it."""

_HELP: Final = (
    "A scenario of Forewarn. Change numbers and words, add rows; read it back with: forewarn scenario import",
    "Each list has its sheet; 'settings' holds everything else as path and value.",
    "Names in one cell are separated by semicolons.",
    "Every number needs a source: a key of the sheet sources, or 'assumption: why'.",
)


def export_workbook(scenario: Scenario, path: Path) -> None:
    """Write the explicit form of a scenario as a workbook."""
    write_workbook(explicit(scenario), path)


def write_workbook(document: Mapping[str, Any], path: Path) -> None:
    """Write a document of a scenario, short or explicit, with its rows in it, as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    about = book.active
    about.title = ABOUT
    for line in _HELP:
        about.append([line])
    for name, rows in _sheets(document).items():
        _write(book.create_sheet(name), name, rows)
    book.save(path)


def import_workbook(path: Path) -> Scenario:
    """Read a scenario from a workbook.

    Raises
    ------
    ScenarioError
        If it is no workbook, has unknown sheets or columns, or the scenario breaks a rule; every problem.
    """
    data = read_file(path, most_bytes=MOST_BYTES, name=path.name, error=ScenarioError)
    try:
        document = isolated(_document, limits=LIMITS)(data, name=path.name)
    except ForewarnError as error:
        raise ScenarioError(error.problems) from error
    return resolve(document, name=path.name)


def _sheets(document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows of each sheet, in the order of `SHEETS`."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SHEETS}
    for key, value in document.items():
        if key in KEYED:
            rows[key] = [{"key": name, **dict(_flat(entry))} for name, entry in value.items()]
        elif key in LISTS:
            for entry in value:
                inner = {name for name, owner in OWNERS.items() if owner == key.removesuffix("s")}
                rows[key].append(dict(_flat({k: v for k, v in entry.items() if k not in inner})))
                for name in inner:
                    owner = {OWNERS[name]: entry["name"]}
                    # A change of a crossing in a course names that crossing too.
                    rows[name] += [owner | dict(_flat(each)) for each in entry.get(name, [])]
        else:
            if key == "boundaries":
                rows[AREAS] = [dict(_flat(area)) for area in value["areas"]]
                value = {inner: each for inner, each in value.items() if inner != AREAS}
            rows[SETTINGS] += [{"path": path, "value": cell} for path, cell in _flat({key: value})]
    return rows


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if isinstance(value, Mapping):
        if path.endswith("quantiles"):
            yield (
                path,
                SEPARATOR.join(f"{probability!r}: {number!r}" for probability, number in value.items()),
            )
            return
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        yield path, SEPARATOR.join(str(each) for each in value)
    else:
        yield path, value


def _write(page: Any, name: str, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    first = "path" if name == SETTINGS else "key" if name in KEYED else OWNERS.get(name, "name")
    found = dict.fromkeys(column for row in rows for column in row)
    columns = sorted(found, key=lambda column: column != first) or list(EMPTY[name])
    page.append(columns)
    for cell in page[1]:
        cell.font = Font(bold=True)
    for row in rows:
        page.append([_cell(row.get(column)) for column in columns])
        for cell in page[page.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # text that begins with = is no formula
    page.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        longest = max([len(column), *(len(str(row.get(column, ""))) for row in rows[:100])])
        page.column_dimensions[get_column_letter(number)].width = min(48, longest + 2)


def _cell(value: Any) -> Any:  # noqa: ANN401
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _document(data: bytes, *, name: str) -> dict[str, Any]:
    """Make a document of a workbook's bytes. Runs in the box."""
    file, problems = name, list[Problem]()
    pages = _pages(data, file)
    for name in pages:
        if name not in (*SHEETS, ABOUT):
            problems.append(Problem(f"{file}, sheet '{name}'", "unknown sheet", nearest(name, SHEETS)))
    document: dict[str, Any] = {}
    for row in pages.get(SETTINGS, []):
        if "path" in row:
            _put(document, str(row["path"]), row.get("value"))
    for name in KEYED:
        document[name] = {str(row.pop("key", "")): _nested(row) for row in pages.get(name, [])}
    for name in LISTS:
        document[name] = [_nested(row, lists=name not in BETWEEN_PLACES) for row in pages.get(name, [])]
    for name, owner in OWNERS.items():
        entries = {
            str(entry.get("name")): entry
            for entry in document[f"{owner}s" if owner == "course" else "crossings"]
        }
        for number, row in enumerate(pages.get(name, []), start=2):
            whose = str(row.pop(owner, ""))
            if whose not in entries:
                where = f"{file}, sheet '{name}', row {number}, {owner}"
                problems.append(
                    Problem(where, f"unknown {owner} '{whose}'", nearest(whose, tuple(entries)) or "none")
                )
                continue
            entries[whose].setdefault(name, []).append(_nested(row))
    boundaries = document.setdefault("boundaries", {}) if pages.get(AREAS) else None
    if isinstance(boundaries, dict):
        boundaries[AREAS] = [_nested(row) for row in pages[AREAS]]
    if problems:
        raise ScenarioError(problems)
    return document


def _pages(data: bytes, name: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of each sheet by the names in its first line; blank cells are left out."""
    pages: dict[str, list[dict[str, Any]]] = {}
    problems = []
    for sheet in read_sheets(data, name=name):
        if sheet.title == ABOUT:
            continue
        head = _head(next(sheet.rows, ()))
        pages[sheet.title] = _rows(head, sheet.rows)
        # A column without a name is read by nobody, unless its very name is what is missing.
        missing = [cell for cell in sheet.without_value if cell.row == 1 or cell.column in head]
        if missing:
            cells = [cell.coordinate for cell in missing]
            problems.append(without_value(f"{name}, sheet '{sheet.title}'", cells))
    if problems:
        raise ScenarioError(problems)
    return pages


def _head(cells: Sequence[Any]) -> dict[int, str]:
    """Names in the first line by the number of their column."""
    texts = {number: str(cell.value or "").strip() for number, cell in enumerate(cells, 1)}
    return {number: text for number, text in texts.items() if text}


def _rows(head: Mapping[int, str], lines: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    rows = []
    for line in lines:
        cells = ((head[number], cell.value) for number, cell in enumerate(line, 1) if number in head)
        if row := {name: value for name, value in cells if value not in (None, "")}:
            rows.append(row)
    return rows


def _nested(row: Mapping[str, Any], *, lists: bool = True) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for path, value in row.items():
        _put(made, path, value, lists=lists)
    return made


def _put(document: dict[str, Any], path: str, value: Any, *, lists: bool = True) -> None:  # noqa: ANN401
    """Put a cell where its path leads; a route goes from one place, a return programme from several."""
    *above, key = path.split(".")
    here = document
    for part in above:
        inner = here.setdefault(part, {})
        if not isinstance(inner, dict):
            inner = here[part] = {"value": inner}
        here = inner
    here[key] = _value(key, value, lists=lists)


def _value(key: str, raw: Any, *, lists: bool) -> Any:  # noqa: ANN401
    if isinstance(raw, datetime):
        return raw.date()
    if key == "quantiles":
        pairs = (pair.split(":") for pair in str(raw).split(SEPARATOR.strip()) if pair.strip())
        return {_number(pair[0]): _number(pair[-1]) for pair in pairs}
    if lists and key in NAMES and isinstance(raw, str):
        return [name.strip() for name in raw.split(SEPARATOR.strip()) if name.strip()]
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if raw is None:
        return [] if key in NAMES else ""
    if key in ("isolated", "local", "hindsight") and raw in ("yes", "no"):
        return raw == "yes"
    if key in ("issued", "published") and isinstance(raw, str):
        return _date(raw)
    return raw


def _number(text: str) -> Any:  # noqa: ANN401
    try:
        return float(text)
    except ValueError:
        return text.strip()


def _date(text: str) -> Any:  # noqa: ANN401
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
