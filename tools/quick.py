"""Run the tests of an edit: ``make quick``.

    python tools/quick.py                 # rooms of the files that differ from the last commit, else of that commit
    python tools/quick.py reading ledger  # these rooms

A room is a folder of src/forewarn; its tests are those of the folder of the same name in tests/, and the examples
in its docstrings. To them come the test files that were edited, and those that hold for every edit (ALWAYS).
Left out are tests marked slow, browser or statistical, and rooms that use the room: `make test` runs them.
Tests that failed last time run first.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
ALWAYS: Final = ("tests/test_architecture.py", "tests/test_docs.py")
LEFT_OUT: Final = "not slow and not browser and not statistical"
# Tests of what stands beside the rooms, by how the path of the file begins.
BESIDE: Final = {
    "src/forewarn/csvfiles.py": "tests/test_csvfiles.py",
    "src/forewarn/record.py": "tests/test_record.py",
    "src/forewarn/replacing.py": "tests/test_replacing.py",
    "src/forewarn/sphere.py": "tests/test_sphere.py",
    "src/forewarn/cli/": "tests/test_cli.py",
    "src/forewarn/data/reading/": "tests/reading",
    "src/forewarn/data/gazetteer/": "tests/reading",
    "src/forewarn/data/drafting/": "tests/drafting",
    "src/forewarn/data/packs/": "tests/drafting",
    "src/forewarn/data/scenarios/": "tests/scenario",
    "src/forewarn/data/analogues/": "tests/analogues",
    "src/forewarn/data/skill/": "tests/test_skill_page.py",
    "tools/make_skill.py": "tests/test_skill_page.py",
    "tools/make_reading_tables.py": "tests/reading/test_tables_of_the_page.py",
    "corpus/": "tests/reading/test_corpus_files.py",
    "mkdocs.yml": "tests/test_site.py",
}


def git(*arguments: str) -> list[str]:
    """Lines that git prints."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def edited() -> list[str]:
    """Files that differ from the last commit; if none does, files of the last commit."""
    found = git("diff", "--name-only", "HEAD") + git("ls-files", "--others", "--exclude-standard")
    return found or git("diff", "--name-only", "HEAD~1", "HEAD")


def belonging(path: str) -> Iterator[str]:
    """Test files and folders that belong to a file."""
    parts = path.split("/")
    yield from (tests for begin, tests in BESIDE.items() if path.startswith(begin))
    if parts[:2] == ["src", "forewarn"] and len(parts) > 3 and (ROOT / "tests" / parts[2]).is_dir():
        yield f"tests/{parts[2]}"
    if path.startswith("src/") and path.endswith(".py"):
        yield path
    if parts[0] == "tests" and len(parts) > 2 and not parts[-1].startswith("test_"):
        yield "/".join(parts[:2])  # a conftest, a helper, a golden file
    elif parts[0] == "tests" and parts[-1].startswith("test_"):
        yield path


def chosen(files: Iterable[str], rooms: Sequence[str]) -> list[str]:
    """Tests to run: of files and of rooms, without what stands in a folder that is chosen anyway."""
    asked = [name for room in rooms for name in (f"tests/{room}", f"src/forewarn/{room}")]
    found = {*asked, *ALWAYS, *(test for path in files for test in belonging(path))}
    kept = {each for each in found if (ROOT / each).exists()}
    return sorted(each for each in kept if not any(each.startswith(f"{other}/") for other in kept))


def main(rooms: Sequence[str]) -> int:
    """Run them."""
    unknown = [room for room in rooms if not (ROOT / "tests" / room).is_dir()]
    if unknown:
        print(
            f"There are no tests of {', '.join(unknown)}: tests/ has one folder for each room",
            file=sys.stderr,
        )
        return 2
    tests = chosen([] if rooms else edited(), rooms)
    print("Tests of this edit (make test runs all):", *tests, flush=True)
    workers = os.environ.get("WORKERS", "2")
    command = [sys.executable, "-m", "pytest", "-n", workers, "--failed-first"]
    return subprocess.run([*command, "-m", LEFT_OUT, *tests], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
