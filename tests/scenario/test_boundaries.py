"""Boundaries of a scenario: read, mended, simplified together, written out and back."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import shapely

from forewarn.errors import ScenarioError
from forewarn.forecast import scenario_hash
from forewarn.scenario import change, dump, explicit, load, narrow, resolve
from forewarn.scenario.geometry import boundary_files, outlines
from forewarn.scenario.model.boundaries import LONGEST_OUTLINE, MOST_POINTS
from forewarn.scenario.workbook import export_workbook, import_workbook
from forewarn.scenario.yaml_files import parse

BASE = Path(__file__).parent / "zoo" / "base"
SOURCE = '"assumption: made up"'


def folder_with(tmp_path, features, *, options=""):
    """The zoo's base, whose places lie between 40.0 and 41.0 E, 9.8 and 10.9 N, with a file of areas."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    content = json.dumps({"type": "FeatureCollection", "features": features})
    (tmp_path / "admin.geojson").write_text(content, encoding="utf-8")
    with (tmp_path / "scenario.yaml").open("a", encoding="utf-8") as document:
        document.write(f"boundaries: {{file: admin.geojson, source: {SOURCE}{options}}}\n")
    return tmp_path


def area(outline, **properties):
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(outline))}


def shapes(scenario):
    return [shapely.from_wkt(each.wkt) for each in scenario.boundaries.areas]


def wavy(count):
    """Corners of a line from 40, 9 to 40, 11, with waves that a map shows and others that it does not."""
    from math import sin

    return [
        (40 + 0.1 * sin(6 * t) + 0.002 * sin(900 * t), 9 + 2 * t)
        for t in (i / count for i in range(count + 1))
    ]


@pytest.fixture(scope="module")
def neighbours():
    border = wavy(20_000)
    west = shapely.Polygon([(39, 9), *border, (39, 11)])
    east = shapely.Polygon([(41, 9), *border, (41, 11)])
    return [area(west, ADM2_EN="West", ADM2_PCODE="A1"), area(east, ADM2_EN="East", ADM2_PCODE="A2")]


def test_what_a_file_holds_is_in_the_scenario(tmp_path):
    inner = shapely.Polygon([(39.7, 9.7), (39.9, 9.7), (39.9, 9.9), (39.7, 9.7)])
    square = shapely.box(39.5, 9.5, 40.5, 10.5).difference(inner)
    found = load(folder_with(tmp_path, [area(square, ADM1_EN="Far", ADM2_EN=" West  side", ADM2_PCODE="A1")]))
    (only,) = found.boundaries.areas
    assert (only.name, only.pcode) == ("West side", "A1")
    assert found.boundaries.source == "assumption: made up"
    assert found.boundaries.note == ""
    assert shapes(found)[0].equals(square)


def test_a_shared_border_stays_shared(tmp_path, neighbours):
    found = load(folder_with(tmp_path, neighbours))
    west, east = shapes(found)
    assert shapely.get_num_coordinates([west, east]).sum() <= MOST_POINTS
    assert shapely.coverage_is_valid([west, east])
    assert west.intersection(east).area == 0
    assert west.union(east).area == pytest.approx(4, rel=1e-6)
    assert "Bends under about" in found.boundaries.note


def test_simplified_one_by_one_it_would_not(neighbours):
    """The checks above can fail: areas simplified each for itself leave gaps and overlaps."""
    west, east = (shapely.from_geojson(json.dumps(each["geometry"])).simplify(0.02) for each in neighbours)
    assert not shapely.coverage_is_valid([west, east])
    assert west.union(east).area != pytest.approx(4, rel=1e-6)


def test_simplifying_keeps_what_a_map_shows(tmp_path, neighbours):
    west, _ = shapes(load(folder_with(tmp_path, neighbours)))
    before = shapely.from_geojson(json.dumps(neighbours[0]["geometry"]))
    assert west.symmetric_difference(before).area < 0.005 * before.area
    assert west.bounds == pytest.approx(before.bounds, abs=0.01)


def test_outlines_of_few_corners_are_left_alone(tmp_path):
    bent = shapely.Polygon([(39.5, 9.5), (40.00001, 9.50001), (40.5, 9.5), (40.5, 10.5)])
    assert shapes(load(folder_with(tmp_path, [area(bent, name="West")])))[0].equals(bent)


def test_an_outline_too_long_for_a_cell_is_shortened(tmp_path):
    """2,500 corners are few, but not for one area."""
    bay = shapely.Polygon([(39, 9), *wavy(2_500), (39, 11)])
    (only,) = load(folder_with(tmp_path, [area(bay, name="Bay")])).boundaries.areas
    assert len(only.wkt) <= LONGEST_OUTLINE < len(bay.wkt)


def test_rocks_off_a_coast_go_before_the_coast_does(tmp_path):
    rocks = [shapely.box(x / 1000 + 39, 9, x / 1000 + 39.0004, 9.0004) for x in range(900)]
    coast = [shapely.box(39.5, 9.5, 40.5, 10.5), *(each for each in rocks)]
    found = load(folder_with(tmp_path, [area(shapely.MultiPolygon(coast), name="Coast")] * 3))
    assert all(each.equals(coast[0]) for each in shapes(found))


def out_of_the_box(monkeypatch):
    """Let a file be read here, where a test can set its limits."""
    monkeypatch.setattr(boundary_files, "isolated", lambda function, limits: function)


def test_a_file_that_stays_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(outlines, "MOST_POINTS", 10)
    out_of_the_box(monkeypatch)
    squares = [area(shapely.box(39.5 + x / 10, 9.5, 39.6 + x / 10, 9.6), name=str(x)) for x in range(9)]
    with pytest.raises(ScenarioError, match="even when simplified"):
        load(folder_with(tmp_path, squares))


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [("LARGEST_BYTES", 100, "at most 100 bytes"), ("MOST_AREAS", 1, "2 areas lie near")],
)
def test_giant_files_are_refused(tmp_path, monkeypatch, neighbours, limit, value, words):
    monkeypatch.setattr(boundary_files, limit, value)
    out_of_the_box(monkeypatch)
    with pytest.raises(ScenarioError, match=words):
        load(folder_with(tmp_path, neighbours))


def test_a_link_out_of_the_folder_is_refused(tmp_path, neighbours):
    folder = folder_with(tmp_path / "scenario", neighbours)
    elsewhere = shutil.move(folder / "admin.geojson", tmp_path / "secret.geojson")
    (folder / "admin.geojson").symlink_to(os.path.relpath(elsewhere, folder))
    with pytest.raises(ScenarioError, match="outside the scenario's folder"):
        load(folder)


def test_areas_far_from_all_places_are_left_out(tmp_path):
    near, far = shapely.box(39.5, 9.5, 40.5, 10.5), shapely.box(60, 9.5, 61, 10.5)
    found = load(folder_with(tmp_path, [area(near, name="Near"), area(far, name="Far")]))
    assert [each.name for each in found.boundaries.areas] == ["Near"]
    assert found.boundaries.note == "1 of 2 areas, far from all places, were left out."


def test_what_was_mended_is_said(tmp_path):
    bow = {"type": "Polygon", "coordinates": [[[39.5, 9.5], [40.5, 10.5], [40.5, 9.5], [39.5, 10.5]]]}
    feature = {"type": "Feature", "properties": {"name": "Bow"}, "geometry": bow}
    found = load(folder_with(tmp_path, [feature]))
    assert found.boundaries.note == "1 rings were closed. 1 outlines crossed themselves and were mended."
    assert shapes(found)[0].is_valid
    assert shapes(found)[0].area == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("properties", "options", "expected"),
    [
        ({"ADM1_EN": "a", "ADM3_EN": "c", "ADM3_AR": "ج", "ADM3_PCODE": "P3"}, "", ("c", "P3")),
        ({"adm2_name": "b", "adm2_name1": "x", "adm1_name": "a", "adm2_pcode": "P2"}, "", ("b", "P2")),
        ({"ADM2_FR": "b", "ADM2_PCODE": "P2"}, "", ("b", "P2")),
        ({"shapeName": "b", "shapeISO": "P2"}, "", ("b", "P2")),
        ({"name": "b", "nr": 7}, ", pcode_field: nr", ("b", "7")),
        ({"ADM1_EN": "a", "ADM2_EN": "b"}, ", name_field: ADM1_EN", ("a", "")),
        ({"ADM2_EN": None, "ADM2_PCODE": "P2"}, "", ("P2", "P2")),
        ({}, "", ("area 1", "")),
    ],
)  # fmt: skip
def test_names_and_codes_are_found(tmp_path, properties, options, expected):
    found = load(
        folder_with(tmp_path, [area(shapely.box(39.5, 9.5, 40.5, 10.5), **properties)], options=options)
    )
    assert (found.boundaries.areas[0].name, found.boundaries.areas[0].pcode) == expected


def test_the_explicit_form_stands_by_itself(tmp_path, neighbours):
    found = load(folder_with(tmp_path, neighbours))
    (tmp_path / "admin.geojson").unlink()
    assert resolve(explicit(found)) == found
    assert resolve(parse(dump(found), "again")) == found
    assert change(found, ["courses.attack.probability=0.7"]).boundaries == found.boundaries
    assert narrow(found, horizon_days=30).boundaries == found.boundaries


def test_a_workbook_holds_them(tmp_path, neighbours):
    found = load(folder_with(tmp_path, neighbours))
    export_workbook(found, tmp_path / "book.xlsx")
    assert import_workbook(tmp_path / "book.xlsx") == found
    other = found.model_copy(update={"boundaries": None})
    assert import_workbook(tmp_path / "book.xlsx") != other


def test_a_workbook_without_them_gives_none(tmp_path):
    export_workbook(load(BASE), tmp_path / "book.xlsx")
    assert import_workbook(tmp_path / "book.xlsx").boundaries is None


def test_the_hash_tells_them_and_is_the_old_one_without(tmp_path, neighbours):
    plain, drawn = load(BASE), load(folder_with(tmp_path, neighbours))
    assert "boundaries" not in dump(plain)
    assert scenario_hash(drawn) != scenario_hash(plain)
    assert scenario_hash(drawn.model_copy(update={"boundaries": None})) == scenario_hash(plain)


def test_without_a_folder_a_file_cannot_be_read(tmp_path, neighbours):
    folder_with(tmp_path, neighbours)
    document = explicit(load(BASE)) | {
        "boundaries": {"file": "admin.geojson", "source": "assumption: made up"}
    }
    with pytest.raises(ScenarioError, match="cannot be read without a folder"):
        resolve(document)
