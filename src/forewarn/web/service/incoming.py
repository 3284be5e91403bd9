"""What people bring: a scenario as a workbook, an archive of its folder or one file, or a report."""

from __future__ import annotations

import re
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final

from forewarn.errors import ForewarnError, Problem
from forewarn.facts import Reading
from forewarn.intake import isolated
from forewarn.intake.archives import unpack
from forewarn.reading.documents.formats import SUFFIXES
from forewarn.scenario import Scenario, load
from forewarn.web.service.limits import (
    MOST_ARCHIVE_FILES,
    MOST_DOCUMENT_BYTES,
    MOST_REPORT_CHARACTERS,
    TooLargeError,
    check_size,
)

SCENARIO_SUFFIXES: Final = (".xlsx", ".zip", ".yaml", ".yml")
MOST_NAME: Final = 120
DOCUMENT: Final = "scenario.yaml"
PLAIN_NAME: Final = re.compile(r"\w[\w .()+-]*")
"""Names of files that are taken out of an archive: no colon, which is a drive or a stream on Windows."""
FOLDER_SUFFIXES: Final = (".yaml", ".yml", ".csv", ".md", ".txt")


def shown_name(name: str) -> str:
    r"""Give the last part of a file's name as a label: no folder, no control characters, not too long.

    Examples
    --------
    >>> shown_name("C:\\temp\\../../etc/passwd")
    'passwd'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(sign for sign in last if sign.isprintable()).strip()
    return clean[:MOST_NAME] or "file"


def suffix_of(name: str, allowed: tuple[str, ...]) -> str:
    """Give the ending of a file's name.

    Raises
    ------
    ForewarnError
        It is none of those allowed.
    """
    suffix = PurePosixPath(shown_name(name)).suffix.lower()
    if suffix not in allowed:
        raise ForewarnError(Problem(shown_name(name), f"a file that ends in {suffix!r}", ", ".join(allowed)))
    return suffix


def read_scenario(data: bytes, name: str) -> Scenario:
    """Read a scenario out of a file that somebody sent.

    Parameters
    ----------
    data
        A workbook, a zip archive of a scenario's folder, or ``scenario.yaml`` alone.
    name
        What the sender calls it. Only its ending counts; nothing is ever written under it.

    Raises
    ------
    ForewarnError
        With every problem that was found.
    """
    suffix = suffix_of(name, SCENARIO_SUFFIXES)
    check_size(shown_name(name), len(data), MOST_DOCUMENT_BYTES)
    with tempfile.TemporaryDirectory(prefix="forewarn-") as folder:
        try:
            return _loaded(data, shown_name(name), suffix, Path(folder))
        except ForewarnError as error:
            # Where this machine keeps its temporary files is nobody's business.
            raise type(error)([without_folder(problem, folder) for problem in error.problems]) from error


def _loaded(data: bytes, name: str, suffix: str, folder: Path) -> Scenario:
    if suffix == ".xlsx":
        from forewarn.scenario.workbook import import_workbook

        path = folder / "scenario.xlsx"
        path.write_bytes(data)
        return import_workbook(path)
    if suffix == ".zip":
        _unpack(data, name, folder)
    else:
        (folder / DOCUMENT).write_bytes(data)
    return load(folder)


def without_folder(problem: Problem, folder: str) -> Problem:
    """Take the names of a folder of ours out of a problem."""
    names = {f"{folder}/": "", f"{folder}\\": "", folder: "the file", Path(folder).name: "the file"}
    parts = asdict(problem)
    for long, short in names.items():
        parts = {key: text.replace(long, short) for key, text in parts.items()}
    return Problem(**parts)


def _unpack(data: bytes, name: str, folder: Path) -> None:
    """Write the files of one folder of an archive under their last names, if they may be there at all."""
    found = isolated(unpack)(data, name=name, most_files=MOST_ARCHIVE_FILES, most_bytes=MOST_DOCUMENT_BYTES)
    documents = [PurePosixPath(each) for each in found if PurePosixPath(each).name == DOCUMENT]
    if len(documents) != 1:
        what = f"{len(documents)} files called {DOCUMENT}"
        raise ForewarnError(Problem(name, what, "one scenario in an archive"))
    for path, content in ((PurePosixPath(each), content) for each, content in found.items()):
        is_plain = PLAIN_NAME.fullmatch(path.name) and path.suffix.lower() in FOLDER_SUFFIXES
        if path.parent == documents[0].parent and is_plain:
            (folder / path.name).write_bytes(content)


def read_report(data: bytes | str, name: str, *, issued: date | None, for_draft: bool = False) -> Reading:
    """Read a report that somebody sent or pasted.

    Parameters
    ----------
    data, name
        A file, or text, and what it is called.
    issued
        Day that somebody says it was published.
    for_draft
        Whether the date at its head may stand for that day.

    Raises
    ------
    ForewarnError
        It is too large, empty, binary, encrypted or broken.
    """
    from forewarn.drafting.report.days import with_day
    from forewarn.reading.documents.loading import parsed, read_boxed

    label = shown_name(name)
    if isinstance(data, str):
        check_size(label, len(data.encode("utf-8", "surrogatepass")), MOST_DOCUMENT_BYTES)
        document = parsed(data, name=label, issued=issued)
    else:
        suffix_of(name, SUFFIXES)
        check_size(label, len(data), MOST_DOCUMENT_BYTES)
        document = parsed(data, name=label, issued=issued)
    if len(document.text) > MOST_REPORT_CHARACTERS:
        what, remedy = f"{len(document.text):,} characters of text", "Send the pages that matter"
        raise TooLargeError(Problem(label, what, f"at most {MOST_REPORT_CHARACTERS:,}", remedy))
    return read_boxed(with_day(document) if for_draft else document)
