"""The commands as people run them: output, exit codes, files."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import signal
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from forewarn.cli import main as entry
from forewarn.cli.commands import app
from forewarn.outlook.writing import FILES

SOURCE = Path(__file__).parents[1] / "src"
FEW = ("--members", "4", "--seed", "1")


@pytest.fixture
def forewarn(monkeypatch, capsys):
    """Run the entry point: (exit code, standard output, standard error)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["forewarn", *map(str, arguments)])
        code = 0
        try:
            entry()
        except SystemExit as stop:
            code = stop.code or 0
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return run


def test_version(forewarn):
    assert forewarn("--version") == (0, f"forewarn {version('forewarn')}\n", "")


def test_help_lists_every_command(forewarn):
    code, out, _ = forewarn("--help")
    assert code == 0
    assert all(name in out for name in ("outlook", "compare", "scenario", "analogues"))


def test_outlook(forewarn, tmp_path):
    code, out, _ = forewarn("outlook", "crossroads", *FEW, "-o", tmp_path / "new")
    assert code == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(FILES) - {
        "alerts",
        "observed.csv",
        "learnt.csv",
    }
    assert "6,0" in out or "5,9" in out
    assert str(tmp_path / "new") in out.replace("\n", "")
    run = json.loads((tmp_path / "new" / "run.json").read_text(encoding="utf-8"))
    assert (run["members"], run["seed"], run["scenario"]) == (4, 1, "crossroads")
    assert run["command"].startswith("forewarn outlook crossroads --members 4")


def test_outlook_of_one_course_and_fewer_days(forewarn, tmp_path):
    code, out, _ = forewarn(
        "outlook", "crossroads", *FEW, "--course", "calm", "--days", "20", "-o", tmp_path / "x"
    )
    assert code == 0
    assert "Millbrook is attacked" not in out
    resolved = yaml.safe_load((tmp_path / "x" / "scenario.yaml").read_text(encoding="utf-8"))
    assert resolved["horizon_days"] == 20
    assert [course["name"] for course in resolved["courses"]] == ["calm"]


def test_the_default_folder(forewarn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert forewarn("outlook", "crossroads", *FEW)[0] == 0
    assert (tmp_path / "out" / "crossroads" / "index.html").is_file()


def test_a_folder_of_ones_own(forewarn, tmp_path):
    """What `scenario show` prints is itself a scenario."""
    _, out, _ = forewarn("scenario", "show", "crossroads")
    (tmp_path / "scenario.yaml").write_text(out, encoding="utf-8")
    assert forewarn("scenario", "show", tmp_path)[:2] == (0, out)
    assert forewarn("outlook", tmp_path, *FEW, "-o", tmp_path / "result")[0] == 0


def test_compare_with_other_chances(forewarn, tmp_path):
    """Chances weigh courses and change nothing within one."""
    code, out, _ = forewarn(
        *("compare", "crossroads", *FEW, "-o", tmp_path / "x.csv"),
        *("--with", "courses.attack.probability=0.5", "--with", "courses.calm.probability=0.5"),
    )
    assert code == 0
    rows = list(csv.DictReader((tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()))
    assert rows
    assert {float(row[key]) for row in rows for key in ("low", "median", "high")} == {0.0}


def test_a_place_that_cannot_be_written_is_said(forewarn, tmp_path):
    (tmp_path / "folder").mkdir()
    there = ("--with", "crossings.bridge.status=closed", "-o", tmp_path / "folder")
    code, _, err = forewarn("compare", "crossroads", *FEW, *there)
    assert code == 1
    assert f"{tmp_path / 'folder'}: Is a directory" in err
    code, _, err = forewarn("scenario", "export", "crossroads", tmp_path / "no" / "x.xlsx")
    assert code == 1
    assert "No such file or directory" in err


def test_a_wrong_ledger_or_kind_of_plot_is_said_at_once(forewarn, tmp_path):
    code, out, err = forewarn("outlook", "crossroads", *FEW, "--ledger", tmp_path / "no.db")
    assert code == 1
    assert "no such ledger" in err
    assert "Forecasting" not in out + err
    code, _, err = forewarn("analogues", "--like", "region", "--plot", tmp_path / "x.png")
    assert code == 2
    assert ".svg" in err


def test_compare(forewarn, tmp_path):
    file = tmp_path / "difference.csv"
    code, out, _ = forewarn(
        "compare", "crossroads", *FEW, "--with", "crossings.bridge.status=closed", "-o", file
    )
    assert code == 0
    assert "Farside" in out
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert float(next(row["median"] for row in rows if row["place"] == "Farside")) < -2000
    assert [path.name for path in tmp_path.iterdir()] == ["difference.csv"]


def test_a_workbook_that_somebody_edited_is_never_written_over(forewarn, tmp_path):
    book, folder = tmp_path / "book.xlsx", tmp_path / "folder"
    assert forewarn("scenario", "export", "crossroads", book)[0] == 0
    book.write_bytes(b"edited")
    for command in (("export", "crossroads"), ("export", "idlib-2018"), ("new",)):
        code, _, err = forewarn("scenario", *command, book)
        assert (code, book.read_bytes()) == (1, b"edited")
        assert err.endswith(f"{book}: is there already. Give another name.\n")
    assert forewarn("scenario", "new", folder)[0] == 0
    for name in ("scenario.yaml", "places.csv", "routes.csv"):
        for other in folder.iterdir():
            other.unlink(missing_ok=True)
        (folder / name).write_text("edited", encoding="utf-8")
        assert forewarn("scenario", "new", folder)[0] == 1
        assert [(file.name, file.read_text(encoding="utf-8")) for file in folder.iterdir()] == [
            (name, "edited")
        ]


def test_a_new_scenario_is_forecast_after_it_was_filled_in(forewarn, tmp_path):
    book, folder = tmp_path / "my-town.xlsx", tmp_path / "my-town"
    assert forewarn("scenario", "new", book, "--issued", "2025-06-01")[0] == 0
    code, out, err = forewarn("scenario", "import", book, folder)
    assert (code, "Written to" in out) == (0, True)
    assert "Warning: scenario: 18 numbers are placeholders" in err
    code, out, err = forewarn("scenario", "check", folder)
    assert "my-town is valid: 4 places" in out
    assert "issued 2025-06-01" in out
    assert "Warning: scenario: 18 numbers" in err
    code, _, err = forewarn("outlook", folder, *FEW, "-o", tmp_path / "x")
    assert code == 0
    assert "Warning: scenario: 18 numbers" in err


def test_a_new_scenario_is_of_today(forewarn, tmp_path):
    assert forewarn("scenario", "new", tmp_path / "town")[0] == 0
    issued = yaml.safe_load((tmp_path / "town" / "scenario.yaml").read_text(encoding="utf-8"))["issued"]
    assert abs((issued - date.today()).days) <= 1


@pytest.mark.parametrize("arguments", [["x.ods"], ["x.yaml"], ["x.xls"], ["x.xlsx", "--issued", "soon"]])
def test_a_template_that_cannot_be_written_is_refused(forewarn, tmp_path, arguments):
    code, _, err = forewarn("scenario", "new", tmp_path / arguments[0], *arguments[1:])
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert "Allowed" in err


@pytest.mark.parametrize("command", [["scenario", "check", "crossroads"], ["outlook", "crossroads", *FEW]])
def test_what_is_doubted_is_said_on_standard_error(forewarn, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    code, out, err = forewarn(*command)
    assert code == 0
    assert "Warning: model: 38 numbers of behaviour are those of the teaching example" in err
    assert "Warning" not in out


def test_nothing_is_doubted_in_a_scenario_that_is_right(forewarn):
    assert "Warning" not in forewarn("scenario", "check", "idlib-2018")[2]


def test_compare_tells_people_as_the_outlook_does(forewarn, tmp_path):
    change = ("--with", "crossings.bridge.status=closed")
    code, out, _ = forewarn("compare", "crossroads", *FEW, *change, "-o", tmp_path / "difference.csv")
    assert code == 0
    cells = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if "attack" in line
    ]
    assert {row[4] for row in cells if row[2] == "People displaced"} == {"0"}
    written = [number for row in cells for number in re.findall(r"[−+]?[\d,]+", " ".join(row[3:]))]
    assert len(written) > 10
    assert all(int(number.strip("−+").replace(",", "")) % 10 == 0 for number in written)


@pytest.mark.parametrize(
    ("chances", "gone"),
    [((1, 0), "calm"), ((0, 1), "attack"), ((0.9, 0.1), None)],
)
def test_compare_tells_no_figures_of_a_course_without_a_chance(forewarn, tmp_path, chances, gone):
    folder = tmp_path / "crossroads"
    forewarn("scenario", "export", "crossroads", tmp_path / "crossroads.xlsx")
    forewarn("scenario", "import", tmp_path / "crossroads.xlsx", folder)
    document = yaml.safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    for course, chance in zip(document["courses"], chances, strict=True):
        course["probability"]["value"] = chance
    (folder / "scenario.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    file = tmp_path / "difference.csv"
    code, out, err = forewarn("compare", folder, *FEW, "--with", "model.travel.km_per_day=20", "-o", file)
    assert code == 0, err
    told = {line.split("│")[1].strip() for line in out.splitlines() if line.count("│") == 7} - {""}
    assert told == {"attack", "calm"} - {gone}
    assert ("without figures here" in out) == (gone is not None)
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    assert {row["course"] for row in rows} == {"attack", "calm"}


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "{}", "--with", "model.travel.km_per_day=20"),
        ("update", "{}", "counts.csv"),
        ("reissue", "{}"),
        ("scenario", "check", "{}"),
        ("scenario", "show", "{}"),
        ("scenario", "export", "{}", "new.xlsx"),
    ],
)
def test_what_cannot_read_a_report_does_not_offer_to(forewarn, tmp_path, words):
    report = tmp_path / "report.txt"
    report.write_text("The army has massed round Oakford.", encoding="utf-8")
    code, _, err = forewarn(*(word.format(report) for word in words))
    assert code == 1
    assert "report.txt" in err
    command = words[: words.index("{}")]
    code, out, _ = forewarn(*command, "--help")
    assert code == 0
    assert "A bundled name or a folder." in out
    assert "report" not in out.lower()


def test_what_reads_reports_offers_to(forewarn):
    assert "reports about one offensive" in " ".join(forewarn("outlook", "--help")[1].split())


def test_scenario_list(forewarn):
    code, out, _ = forewarn("scenario", "list")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} == {"crossroads", "idlib-2018", "idlib-2019"}


def test_scenario_check(forewarn):
    code, out, _ = forewarn("scenario", "check", "idlib-2018")
    assert code == 0
    assert "idlib-2018 is valid" in out
    assert "are assumed" in out


def test_scenario_check_says_each_reason_once(forewarn):
    from forewarn.scenario import load, tally

    _, out, _ = forewarn("scenario", "check", "idlib-2018")
    said = " ".join(out.split())
    reasons = {assumption.why for assumption in tally(load("idlib-2018")).assumptions}
    # A reason may stand within a longer one; its first words and what follows them are what is counted.
    demographic = next(why for why in reasons if "children" in why or "women" in why)
    assert said.count(demographic[:40]) == 1
    assert "model.demographics.female_0_4" in said
    assert " more" in said


def test_scenario_schema(forewarn):
    code, out, _ = forewarn("scenario", "schema")
    assert code == 0
    assert "horizon_days" in json.loads(out)["properties"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["outlook", "crossraods"], 1, "crossroads"),
        (["scenario", "check", "no-such-folder"], 1, "no-such-folder"),
        (["compare", "crossroads", "--with", "crossings.brigde.status=open"], 1, "bridge"),
        (["compare", "crossroads", "--with", "crossings.bridge.status=ajar"], 1, "closed"),
        (["compare", "crossroads"], 2, "--with"),
        (["outlook"], 2, "SCENARIO"),
        (["outlook", "crossroads", "--members", "0"], 2, "--members"),
        (["outlook", "crossroads", "--members", "1"], 2, "at least one for each"),
        (["outlook", "crossroads", "--seed", "-1"], 2, "--seed"),
        (["outlook", "crossroads", "--course", "attak"], 2, "attack"),
        (["outlok"], 2, "outlok"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_errors_say_what_is_wrong_on_standard_error(forewarn, tmp_path, monkeypatch, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    found, out, err = forewarn(*arguments)
    assert (found, out) == (code, "")
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_every_problem_of_a_scenario_is_listed(forewarn, tmp_path):
    _, out, _ = forewarn("scenario", "show", "crossroads")
    broken = out.replace("horizon_days: 60", "horizon_days: 0").replace("status: open", "status: ajar")
    (tmp_path / "scenario.yaml").write_text(broken, encoding="utf-8")
    code, _, err = forewarn("scenario", "check", tmp_path)
    assert code == 1
    assert "horizon_days" in err
    assert "ajar" in err


def test_a_folder_with_other_things_is_not_replaced(forewarn, tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    code, _, err = forewarn("outlook", "crossroads", *FEW, "-o", tmp_path)
    assert code != 0
    assert err
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("function", ["render_model", "write_netcdf", "_run"])
def test_a_run_that_fails_half_way_leaves_the_old_outlook(forewarn, tmp_path, monkeypatch, function):
    from forewarn.outlook import writing

    target = tmp_path / "result"
    assert forewarn("outlook", "crossroads", *FEW, "-o", target)[0] == 0
    before = {path.name: path.read_bytes() for path in target.iterdir()}

    def stop(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, function, stop)
    assert forewarn("outlook", "crossroads", *FEW, "--seed", "2", "-o", target)[0] == 130
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_run_leaves_no_outlook_under_its_name(tmp_path):
    """Killed while it writes: what is left is a hidden draft, never a folder that looks finished."""
    target = tmp_path / "result"
    script = (
        "import os, signal, sys\n"
        "from forewarn.outlook import writing\n"
        f"writing.write_netcdf = lambda *a, **k: os.kill(os.getpid(), {int(signal.SIGKILL)})\n"
        f"sys.argv = ['forewarn', 'outlook', 'crossroads', '--members', '4', '-o', {str(target)!r}]\n"
        "from forewarn.cli import main\n"
        "main()\n"
    )
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not target.exists()
    assert all(path.name.startswith(".result.draft") for path in tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [[], ["scenario"]], ids=str)
def test_no_command_shows_help(arguments):
    result = CliRunner().invoke(app, arguments)
    assert "Usage" in result.output
    assert result.exit_code in (0, 2)


REPORTS = Path(__file__).parent / "drafting" / "reports"


def test_a_report_with_the_users_own_tables_becomes_an_outlook(forewarn, tmp_path):
    case = REPORTS.parent / "zoo" / "accepted-own-format"
    files = ("--places", case / "places.csv", "--routes", case / "routes.csv")
    code, _, said = forewarn(
        "outlook",
        REPORTS / "march-on-capital.txt",
        *files,
        *FEW,
        "--issued",
        "2023-12-11",
        "-o",
        tmp_path / "o",
    )
    assert code == 0, said
    assert "DRAFT" in said
    page = (tmp_path / "o" / "index.html").read_text(encoding="utf-8")
    assert "routes.csv, columns" in page


def test_own_tables_belong_to_reports(forewarn):
    code, _, said = forewarn("outlook", "crossroads", "--routes", "roads.csv")
    assert code == 2
    assert "only for reports" in said


def test_a_scenario_and_a_report_are_too_much(forewarn):
    code, _, said = forewarn("outlook", "crossroads", REPORTS / "flood.txt")
    assert code == 2
    assert "not all are reports" in said


COUNTS = "date,place,measure,people,source\n2024-03-20,Elm Camp,present,1500,<script>alert(1)</script>\n"


def test_update(forewarn, tmp_path):
    counts = tmp_path / "counts.csv"
    counts.write_text(COUNTS)
    code, out, _ = forewarn("update", "crossroads", counts, "--members", 60, "-o", tmp_path / "new")
    assert code == 0
    assert "Chances of the courses" in out
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(FILES) - {"alerts"}
    page = (tmp_path / "new" / "index.html").read_text(encoding="utf-8")
    assert "What the counts have changed" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("as_of", "message"), [("2024-03-19", "observations: none"), ("soon", "--as-of: 'soon'")]
)
def test_update_with_nothing_known(forewarn, tmp_path, as_of, message):
    counts = tmp_path / "counts.csv"
    counts.write_text(COUNTS)
    code, _, err = forewarn("update", "crossroads", counts, "--members", 60, "--as-of", as_of)
    assert code == 2
    assert message in err


def test_reissue(forewarn, tmp_path):
    counts = tmp_path / "counts.csv"
    counts.write_text(
        "date,place,measure,people\n2024-03-12,anywhere,displaced,300\n2024-03-24,anywhere,displaced,2600\n"
    )
    file = tmp_path / "again.csv"
    code, out, _ = forewarn(
        "reissue", "crossroads", counts, "--every", 12, "--ahead", 8, "--members", 60, "-o", file
    )
    assert code == 0
    assert "The 80 % interval held" in out
    header, row = file.read_text(encoding="utf-8").splitlines()
    assert header.split(",")[:5] == ["series", "day", "target_day", "counts", "forecast_p10"]
    assert row.startswith("displaced|anywhere|0,12,20,1,")


def test_reissue_without_counts(forewarn):
    code, _, err = forewarn("reissue", "crossroads")
    assert code == 1
    assert "observed.csv: file not found" in err


@pytest.mark.parametrize("command", [("outlook", "crossroads"), ("update", "crossroads", "counts.csv")])
def test_a_folder_with_other_files_is_refused_before_the_forecast(forewarn, tmp_path, monkeypatch, command):
    """Nothing runs: the functions that forecast are replaced by ones that fail the test."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("years of work")
    counts = "date,place,measure,people,source\n2024-03-12,Oakford,arrivals,40,assumption: a test\n"
    (tmp_path / "counts.csv").write_text(counts)

    def never(*_, **__):
        pytest.fail("the forecast ran")

    monkeypatch.setattr("forewarn.forecast.run", never)
    monkeypatch.setattr("forewarn.forecast.updating.update", never)
    code, _, said = forewarn(*command, "-o", tmp_path / "mine")
    assert code == 1
    assert "thesis.docx" in said
    assert (tmp_path / "mine" / "thesis.docx").exists()


@pytest.mark.parametrize("word", ["", "  "])
def test_an_empty_name_is_not_the_current_folder(forewarn, tmp_path, monkeypatch, word):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.txt").write_text(
        (REPORTS / "flood.txt").read_text(encoding="utf-8"), encoding="utf-8"
    )
    code, _, said = forewarn("outlook", word)
    assert code == 1
    assert "the name is empty" in said


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_full_disk_ends_in_a_message(monkeypatch, capsys, code):
    """Such an error names no file."""

    def fail():
        raise OSError(code, os.strerror(code))

    monkeypatch.setitem(entry.__globals__, "app", fail)
    with pytest.raises(SystemExit) as ended:
        entry()
    assert ended.value.code == 1
    assert f"the disk: {os.strerror(code)}" in capsys.readouterr().err


def test_other_errors_of_the_system_are_not_hidden(monkeypatch):
    monkeypatch.setitem(entry.__globals__, "app", lambda: (_ for _ in ()).throw(OSError(errno.EBADF, "x")))
    with pytest.raises(OSError, match="x"):
        entry()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_knows_few_letters_is_no_traceback(encoding):
    found = subprocess.run(
        [sys.executable, "-m", "forewarn.cli", "scenario", "show", "idlib-2018"],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(SOURCE)},
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, b"")
    assert b"idlib-2018" in found.stdout
