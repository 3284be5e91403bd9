"""The table of directories in docs/flee.md is what tools/make_flee_table.py gives."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


def test_a_directory_runs_or_is_refused_with_the_first_reason(tool, make):
    assert tool.row(make()) == "| small | runs | – | no notes |\n"
    refused = make({"source_data/c.csv": "2020-01-01,-4\n"})
    assert tool.row(refused) == (
        "| small | refused | – | source_data/c.csv, line 1: '-4' is not a number of people in 'C' |\n"
    )


def test_where_flee_was_run_the_row_says_how_far_apart(tool, make):
    """Errors of shares beside reference.csv, people by place or in camps beside vectors."""
    folder = make()
    (folder.parent / "modern125.yml").write_text("move_rules:\n  awareness_level: 1\n")
    result, counts = tool.members_of(folder, tool.FleeSettings())
    error = tool.rescaled_error(result, counts)
    reference = folder.parent / "reference.csv"
    reference.write_text(f"conflict,flee_ard_rescaled\nsmall,{error + 0.0104}\n")
    assert tool.differs(folder) == "−0.010 error of shares"
    reference.unlink()
    vectors = folder.parent / "reference-vectors" / "small.csv"
    vectors.parent.mkdir()
    mean = result.present.mean(axis=0)
    everybody = mean.sum(axis=1) + result.on_links.mean(axis=0)
    head = "day,place,mean,agents\n"
    rows = [
        f"{day},{place},{mean[day, at] + 20 * (at == 0) - 20 * (at == 2)},{everybody[day]}\n"
        for day in range(10)
        for at, place in enumerate("ABC")
    ]
    vectors.write_text(head + "".join(rows))
    assert tool.differs(folder) == f"{20 / everybody[0]:.3f} of people elsewhere"
    vectors.write_text("day,in_camps_mean\n" + "".join(f"{day},{mean[day, 2] * 1.25}\n" for day in range(10)))
    assert tool.differs(folder) == "−20.0 % in camps"


@pytest.mark.slow
@pytest.mark.reference
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
def test_the_page_holds_the_table(tool):
    page = (ROOT / "docs" / "flee.md").read_text(encoding="utf-8")
    assert tool.on_page(page) == tool.table([DATA / "flee", DATA / "flee-wild"])
