import hashlib
import json

import pytest
import xarray as xr

from forewarn import replacing
from forewarn.errors import ForewarnError, UsageError
from forewarn.forecast.variables import check
from forewarn.outlook import write, writing
from forewarn.scenario import resolve

# Their formats hold the time at which they were written.
STAMPED = ("places.gpkg",)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_files_and_nothing_else(dataset, scenario, tmp_path):
    folder = write(dataset, scenario, tmp_path / "new" / "outlook")
    assert set(contents(folder)) == set(writing.FILES) - {"alerts", "observed.csv", "learnt.csv"}
    assert [path.name for path in folder.parent.iterdir()] == ["outlook"]


def test_same_input_same_tables_and_page(dataset, scenario, tmp_path):
    first = contents(write(dataset, scenario, tmp_path / "first"))
    second = contents(write(dataset, scenario, tmp_path / "second"))
    assert {name for name in first if first[name] != second[name]} <= {"forecast.nc", "run.json", *STAMPED}


def test_netcdf_comes_back(dataset, scenario, tmp_path):
    folder = write(dataset, scenario, tmp_path / "outlook")
    with xr.open_dataset(folder / "forecast.nc", engine="h5netcdf") as back:
        check(back)
        for name in dataset.variables:
            assert (back[name].values == dataset[name].values).all()
        assert back.attrs["hindsight"] == "false"
        assert back["present"].encoding["zlib"]


def test_run_names_checksums(dataset, scenario, tmp_path):
    folder = write(dataset, scenario, tmp_path / "outlook", command="forewarn outlook crossroads")
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    files = contents(folder)
    assert set(run["files"]) == set(files) - {"run.json"}
    for name, entry in run["files"].items():
        assert entry["sha256"] == hashlib.sha256(files[name]).hexdigest()
    assert (run["seed"], run["command"]) == (7, "forewarn outlook crossroads")


def test_scenario_is_explicit(dataset, scenario, tmp_path):
    import yaml

    folder = write(dataset, scenario, tmp_path / "outlook")
    document = yaml.safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    assert resolve(document, folder) == scenario


def test_old_outlook_is_replaced_whole(dataset, scenario, tmp_path):
    folder = write(dataset, scenario, tmp_path / "outlook")
    (folder / "index.html").write_text("old", encoding="utf-8")
    write(dataset, scenario, folder)
    assert (folder / "index.html").read_text(encoding="utf-8") != "old"
    assert [path.name for path in tmp_path.iterdir()] == ["outlook"]


@pytest.mark.parametrize(
    "step", ["_write_tables", "render_model", "draw_brief", "dump", "write_netcdf", "_run"]
)
@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_a_broken_write_leaves_the_old_outlook(dataset, scenario, tmp_path, monkeypatch, step, failure):
    folder = write(dataset, scenario, tmp_path / "outlook")
    before = contents(folder)

    def breaks(*_args, **_kwargs):
        raise failure

    monkeypatch.setattr(writing, step, breaks)
    with pytest.raises(failure):
        write(dataset.assign_attrs(seed=8), scenario, folder)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["outlook"]


def test_a_broken_exchange_brings_the_old_outlook_back(dataset, scenario, tmp_path, monkeypatch):
    folder = write(dataset, scenario, tmp_path / "outlook")
    before = contents(folder)
    rename = type(folder).rename

    def breaks(path, target):
        if ".draft-" in path.name:
            raise OSError
        return rename(path, target)

    monkeypatch.setattr(replacing, "exchange", lambda *_: False)
    monkeypatch.setattr(type(folder), "rename", breaks)
    with pytest.raises(OSError):
        write(dataset, scenario, folder)
    assert contents(folder) == before


def test_a_broken_first_write_leaves_nothing(dataset, scenario, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "dump", None)
    with pytest.raises(TypeError):
        write(dataset, scenario, tmp_path / "outlook")
    assert list(tmp_path.iterdir()) == []


def test_other_peoples_files_are_not_deleted(dataset, scenario, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ForewarnError, match=r"not part of an outlook: thesis\.txt"):
        write(dataset, scenario, tmp_path)
    assert contents(tmp_path) == {"thesis.txt": b"mine"}


def test_a_file_is_no_folder(dataset, scenario, tmp_path):
    path = tmp_path / "outlook"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ForewarnError, match="not a folder"):
        write(dataset, scenario, path)


def test_only_forecasts_are_written(dataset, scenario, tmp_path):
    with pytest.raises(ForewarnError, match="left_home: missing"):
        write(dataset.drop_vars("left_home"), scenario, tmp_path / "outlook")
    with pytest.raises(UsageError, match="suppress_below"):
        write(dataset, scenario, tmp_path / "outlook", suppress_below=-1)
    assert list(tmp_path.iterdir()) == []
