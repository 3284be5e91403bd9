"""Docs run: what the tutorials tell people to type is typed, and what they show is what comes.

A block fenced with ``console`` holds commands after ``$ `` and, below each, what it prints; ``…`` in a line stands
for any text, alone on a line for any lines. A block below a line that ends with a file's name and a colon is
that file. The commands of a page run in their order in one empty folder. Each must succeed, but those of a
block below ``<!-- fails -->``, which must not.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
# Pages of notebooks hold Python; tests/test_notebook.py runs them.
TUTORIALS = [page for page in (DOCS / "tutorials").glob("*.md") if not page.with_suffix(".ipynb").exists()]
PAGES = [DOCS / "quickstart.md", *sorted(TUTORIALS)]
FENCED = re.compile(
    r"(?:`(?P<file>[\w/-]+\.\w+)`:\n\n)?(?P<fails><!-- fails -->\n)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
PROGRESS = re.compile(r"━ \d+/\d+ \d")
COLUMNS = "100"
"""Width of the terminal that the pages show."""


@dataclass(frozen=True)
class File:
    """A file that the reader is told to write."""

    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """A line that the reader is told to type, and what the page shows below it."""

    line: str
    shown: str
    fails: bool


def steps(text):
    """Files and commands of a page, in their order."""
    for block in FENCED.finditer(text):
        if block["file"]:
            yield File(block["file"], block["body"])
        elif block["kind"] == "console":
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                line, _, shown = part.partition("\n")
                yield Command(line, shown.strip("\n"), fails=block["fails"] is not None)


def filled_lines(text):
    """Lines without runs of spaces, blank lines and the bars of progress, which a terminal wipes out."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line and not PROGRESS.search(line)]


def is_shown(shown, printed):
    """Whether what was printed is what is shown; blank lines and runs of spaces do not count."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in filled_lines(shown)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in filled_lines(printed))) is not None


def type_in(line, folder):
    """Type a line into a terminal that stands in the folder."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=os.environ | {"PATH": path, "COLUMNS": COLUMNS, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def follow(text, folder):
    """Do what a page says; the first thing that went otherwise, in words."""
    for step in steps(text):
        if isinstance(step, File):
            (folder / step.name).parent.mkdir(exist_ok=True)
            (folder / step.name).write_text(step.text, encoding="utf-8")
            continue
        done = type_in(step.line, folder)
        if (done.returncode != 0) != step.fails:
            return f"$ {step.line}\nends with {done.returncode}:\n{done.stdout}"
        if step.shown and not is_shown(step.shown, done.stdout):
            return f"$ {step.line}\nshows:\n{step.shown}\n\nprints:\n{done.stdout}"
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_runs_as_it_stands(page, tmp_path):
    text = page.read_text(encoding="utf-8")
    assert any(isinstance(step, Command) for step in steps(text))
    wrong = follow(text, tmp_path)
    assert not wrong, wrong


PAGE = """
Write `names.txt`:

```text
Millbrook
Oakford
```

```console
$ cat names.txt
Millbrook
Oakford
```
"""


def test_a_true_page_is_followed(tmp_path):
    assert follow(PAGE, tmp_path) == ""
    assert (tmp_path / "names.txt").read_text(encoding="utf-8") == "Millbrook\nOakford\n"


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Millbrook\nOakford\n```\n\n```", "Millbrook\nElm Camp\n```\n\n```"),  # other file
        ("$ cat names.txt\nMillbrook\nOakford", "$ cat names.txt\nMillbrook"),  # a line is missing
        ("$ cat names.txt\nMillbrook", "$ cat names.txt\nMillbrok"),
        ("$ cat names.txt", "$ cat name.txt"),  # the command fails
        ("```console", "<!-- fails -->\n```console"),  # the command should fail and does not
    ],
)
def test_a_false_page_is_noticed(true, false, tmp_path):
    assert true in PAGE
    assert follow(PAGE.replace(true, false), tmp_path) != ""


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("a  1\nb  2", True),
        ("a … 1\nb 2", False),
        ("a …\nb 2", True),
        ("…\nb 2", True),
        ("a 1\n…", True),
        ("…", True),
        ("a 1\n…\nb 2", True),
        ("b 2\n…", False),
        ("a 1\nb …3", False),
    ],
)
def test_what_was_left_out_matches_and_nothing_else(shown, same):
    assert is_shown(shown, "a 1\n\n   b 2\n") is same
