"""Zip archives: unpacked in the box, bounded in files and bytes, under plain names."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from forewarn.errors import ForewarnError, Problem
from forewarn.intake.files import too_large


def names_in(data: bytes, *, name: str, most_bytes: int) -> list[str]:
    """Give the names of an archive's files, if it says that they are within a size once unpacked.

    Parameters
    ----------
    data, name, most_bytes
        As for `unpack`.

    Raises
    ------
    ForewarnError
        It is too large.
    zipfile.BadZipFile
        It is no archive.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    if size > most_bytes:
        raise ForewarnError(too_large(f"{name}, unpacked", size, most_bytes))
    return [entry.filename for entry in entries]


def unpack(data: bytes, *, name: str, most_files: int, most_bytes: int) -> dict[str, bytes]:
    """Give the files of an archive: path in it → content.

    Paths are not looked at here: they are names, and nothing is written under them.

    Parameters
    ----------
    data
        The whole archive.
    name
        For errors.
    most_files
        Largest number of files.
    most_bytes
        Largest size of all together once they are unpacked.

    Raises
    ------
    ForewarnError
        It is no archive, protected by a password, or beyond a limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = [each for each in archive.infolist() if not each.is_dir()]
            if len(found) > most_files:
                raise ForewarnError(Problem(name, f"{len(found)} files", f"at most {most_files}"))
            files: dict[str, bytes] = {}
            left = most_bytes
            for each in found:
                with archive.open(each) as file:
                    # The size in the archive's list is only what it says of itself.
                    content = file.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise ForewarnError(too_large(f"{name}, unpacked", most_bytes - left, most_bytes))
                files[PurePosixPath(each.filename).as_posix()] = content
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        remedy = "Pack the folder again, without a password"
        raise ForewarnError(
            Problem(name, "is not an archive that can be read", "a zip file", remedy)
        ) from error
    return files
