"""Bounded fuzzing of every door: what was a good file and is no more is read, or refused with its name.

`make fuzz` tries more.
"""

import io
import os
import random
import zipfile

import pytest

from forewarn.drafting.user_tables import read_places
from forewarn.errors import ForewarnError
from forewarn.forecast.updating import read_observations
from forewarn.intake.sandbox import BrokenLimitError
from forewarn.reading.documents.loading import parsed
from forewarn.scenario import load
from forewarn.scenario.resolving import dump
from forewarn.scenario.workbook import export_workbook, import_workbook

TRIES = int(os.environ.get("FOREWARN_FUZZ", "0")) // 10 or 12
GEOJSON = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "A", "people": 5},'
    ' "geometry": {"type": "Point", "coordinates": [36.7, 35.9]}}]}'
)
OSM = (
    '<?xml version="1.0"?><osm version="0.6"><node id="1" lat="35.9" lon="36.7"><tag k="place" v="town"/>'
    '<tag k="name" v="Saraqib"/></node><node id="2" lat="35.8" lon="36.6"><tag k="place" v="city"/>'
    '<tag k="name" v="Idlib"/></node></osm>'
)
SAID = "More than 3,000 people fled Sarmada on Monday, the mayor said."


def broken(data, luck):
    """Change, cut, repeat or insert a few bytes; in an archive, inside one of its parts half of the time."""
    if data[:2] == b"PK" and luck.random() < 0.5:
        return inside_archive(data, luck)
    made = bytearray(data)
    for _ in range(luck.randint(1, 8)):
        at = luck.randrange(len(made) + 1)
        kind = luck.randrange(4)
        if kind == 0 and at < len(made):
            made[at] = luck.randrange(256)
        elif kind == 1:
            del made[at : at + luck.randint(1, 40)]
        elif kind == 2:
            made[at:at] = made[at : at + luck.randint(1, 60)] * luck.randint(1, 30)
        else:
            made[at:at] = luck.choice(
                [b"\0", b"\xff\xfe", b"&x;", b"<!--", b"1e999", b"-1", b"\x1b[", b'"', b"="]
            )
    return bytes(made)


def inside_archive(data, luck):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        chosen = luck.choice(old.infolist()).filename
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, broken(content, luck) if entry.filename == chosen else content)
    return made.getvalue()


def doors(folder):
    """Good files, and the doors that they go through."""
    scenario = load("crossroads")
    export_workbook(scenario, folder / "good.xlsx")
    workbook = (folder / "good.xlsx").read_bytes()
    document = zipped({"word/document.xml": f"<w:document><w:body><w:p>{SAID}</w:p></w:body></w:document>"})
    places = b"name,lat,lon,population\nSaraqib,35.9,36.7,5000\nIdlib,35.8,36.6,90000\n"
    return {
        "scenario.yaml": (dump(scenario).encode(), load),
        "book.xlsx": (workbook, import_workbook),
        "places.csv": (places, lambda path: read_places([str(path)])),
        "places.xlsx": (workbook, lambda path: read_places([str(path)])),
        "places.geojson": (GEOJSON.encode(), lambda path: read_places([str(path)])),
        "places.osm": (OSM.encode(), lambda path: read_places([str(path)])),
        "observed.csv": (
            b"measure,place,date,people\nnewly_displaced,Elm Camp,2018-09-10,500\n",
            lambda path: read_observations(path, scenario),
        ),
        "report.html": (f"<html><body><p>{SAID}</p></body></html>".encode(), report),
        "report.docx": (document, report),
        "report.eml": (f"From: a@b.org\nMIME-Version: 1.0\nSubject: x\n\n{SAID}\n".encode(), report),
        "report.txt": (SAID.encode(), report),
    }


def zipped(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def report(path):
    return parsed(path.read_bytes(), name=path.name)


NAMES = (
    *("scenario.yaml", "book.xlsx", "places.csv", "places.xlsx", "places.geojson", "places.osm"),
    *("observed.csv", "report.html", "report.docx", "report.eml", "report.txt"),
)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_broken_is_read_or_refused(tmp_path, name):
    good, door = doors(tmp_path)[name]
    luck = random.Random(name)  # noqa: S311
    said = []
    for number in range(TRIES):
        path = tmp_path / name
        path.write_bytes(broken(good, luck))
        try:
            door(path)
        except BrokenLimitError as error:
            pytest.fail(f"try {number} took too much: {error}")
        except ForewarnError as error:
            said.append(str(error))
    assert all(said)


def test_good_files_are_read(tmp_path):
    """Negative control: what is fuzzed is read as it stands, but for the tables that are none of ours."""
    for name, (good, door) in doors(tmp_path).items():
        if name in ("places.xlsx", "report.docx", "observed.csv"):
            continue
        path = tmp_path / name
        path.write_bytes(good)
        door(path)
