"""Nobody opens a stranger's file in another way: a walk over the syntax tree of every module."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "forewarn"
OPENING = {"open", "read_text", "read_bytes"}
# Parsers that take a path, or that unpack: they belong where the bytes are boxed.
PARSING = {
    "load_workbook": {"intake/workbooks.py"},
    "ZipFile": {
        "intake/workbooks.py",
        "intake/archives.py",
        "reading/documents/office.py",
        "web/service/backup.py",
        "outlook/tables/workbook.py",  # of the book that it has just made
    },
    "PdfReader": {"reading/documents/pdf.py"},
    "FileProcessor": {"drafting/user_tables/extracts.py"},
    "read_dataframe": set(),
    "read_file": set(),  # of geopandas; ours is called by its name alone
    # Of a whole forecast, which no box could hand over: a call in Python alone leads here, no command and no page.
    "open_dataset": {"api/forecasts.py"},
    "fromstring": {"outlook/alerts/cap.py", "reading/documents/office.py"},
}
# Modules that open files of our own: what was written here, and what the person who starts a command names.
OURS = {
    "kernel/compiling.py": "hashes the kernel's sources",
    "reading/figures/linear_models.py": "weights of the package",
    "outlook/contents/fine_print.py": "pages of the package",
    "scenario/template.py": "the template of the package",
    "outlook/writing.py": "hashes what it has just written",
    "outlook/tables/datapackage.py": "hashes what it has just written",
    "replacing.py": "what is about to be written",
    "web/api/identity.py": "opens sessions, no files",
    "web/service/audit.py": "the log of the workspace",
    "web/service/backup.py": "copies file by file, each held against its checksum and bounds",
    "web/service/passwords.py": "the password file of whoever runs the app",
    "web/service/evidence.py": "an export that it has just written",
    "web/service/engine.py": "the workspace",
    "web/service/files.py": "the workspace",
    "web/service/workspace.py": "the workspace",
}


def modules():
    return sorted(path for path in SOURCE.rglob("*.py") if path.parts[-2] != "intake")


def is_of_the_package(node):
    """Whether an expression starts at the package's own data: ``files(…)`` or ``Path(__file__)``."""
    return any(
        isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.func.id == "files"
        or isinstance(each, ast.Name)
        and each.id in ("__file__", "WEIGHTS")
        or isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.func.id == "_folder"
        for each in ast.walk(node)
    )


def is_writing(call):
    """Whether a call opens a file to write it."""
    modes = [each for each in [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]]
    return any(
        isinstance(mode, ast.Constant) and isinstance(mode.value, str) and mode.value[:1] in ("w", "x", "a")
        for mode in modes
    )


def faults(name, tree):
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        through = ast.unparse(node.func).split(".")[0] in ("reading_yaml", "_opener()")
        if isinstance(node.func, ast.Name) and called != "open":
            through = True
        if called in OPENING and not (
            through or name in OURS or is_of_the_package(node.func) or is_writing(node)
        ):
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
        bare = isinstance(node.func, ast.Name)
        allowed = name in PARSING.get(called, ()) or called == "read_file" and bare or is_writing(node)
        if called in PARSING and not allowed:
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_are_opened_by_the_intake(path):
    name = path.relative_to(SOURCE).as_posix()
    assert faults(name, ast.parse(path.read_text(encoding="utf-8"))) == []


def test_every_exception_is_used():
    for name in {*OURS, *(each for allowed in PARSING.values() for each in allowed)}:
        assert (SOURCE / name).exists(), name


@pytest.mark.parametrize(
    "code",
    [
        "open('report.txt')",
        "path.read_text()",
        "path.read_bytes()",
        "path.open('rb')",
        "load_workbook(path)",
        "zipfile.ZipFile(path)",
        "pyogrio.read_dataframe(path)",
        "geopandas.read_file(path)",
        "xr.open_dataset(path)",
    ],
)
def test_other_ways_are_found(code):
    assert faults("drafting/user_tables/places.py", ast.parse(code))


@pytest.mark.parametrize(
    "code", ["read_file(path, most_bytes=1)", "files('forewarn').joinpath('x').read_text()", "path.open('w')"]
)
def test_the_ways_that_are_right_are_not(code):
    assert faults("drafting/user_tables/places.py", ast.parse(code)) == []
