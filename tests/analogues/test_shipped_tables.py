"""The package's tables: what they must hold, and how they were made."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from forewarn.analogues import load_events, load_warnings, select

REPOSITORY = Path(__file__).resolve().parents[2]
TABLES = files("forewarn") / "data" / "analogues"
LEVELS = [0.1, 0.25, 0.5, 0.75, 0.9]

PACK = Path(__file__).parents[3] / "shared" / "data" / "analogues"


def rows(name):
    return list(csv.DictReader((TABLES / name).read_text(encoding="utf-8").splitlines()))


def test_sizes():
    assert (len(load_events()), len(rows("counts.csv")), len(load_warnings())) == (79, 204, 24)


def test_the_class_of_30_august_2018():
    chosen = select(as_of=date(2018, 8, 30), leave_out=["Idlib"])
    shares = [share for _, share in chosen.shares()]
    days = [value for _, value in chosen.days()]
    assert len(shares) == 23
    assert np.quantile(shares, LEVELS).round(2) == pytest.approx([0.20, 0.39, 0.47, 0.83, 0.96])
    assert len(days) == 27
    assert np.quantile(days, LEVELS) == pytest.approx([3.0, 6.5, 16.0, 32.5, 61.6])


def test_nothing_later_is_used():
    day = date(2018, 8, 30)
    for event, _ in select(as_of=day).shares():
        assert max(event.end, event.population_published, event.displaced_published) <= day


def test_a_figure_published_after_the_event_waits():
    mosul = next(event for event in load_events() if event.id == "irq_mosul_2016")
    assert mosul.crossing(date(2017, 7, 1)) is None
    assert mosul.crossing(date(2017, 10, 7)) == pytest.approx(26462 / 897663)


def test_a_month_counts_as_its_last_day():
    """Hodeidah 2018 had ended by 30 August, and its total was published in August: on the 31st at the latest."""
    hodeidah = next(event for event in load_events() if event.id == "yem_hodeidah_2018")
    assert hodeidah in select(as_of=date(2018, 8, 30)).events
    assert hodeidah.share(date(2018, 8, 30)) is None
    assert hodeidah.share(date(2018, 8, 31)) == pytest.approx(336_846 / 600_000)


def test_an_order_to_leave_is_its_own_kind_wherever_a_row_tells_of_one():
    told = {row["id"] for row in rows("events.csv") if "order" in row["attack_kind"]}
    assert told >= {row["id"] for row in rows("events.csv") if "vacuation order" in row["note"]}
    assert told == {event.id for event in load_events() if event.kind == "evacuation order"}
    assert len(told) == 8


def test_the_twelve_that_were_apart_are_marked():
    held = [row["id"] for row in rows("events.csv") if row["held"] == "yes"]
    assert len(held) == 12
    assert {"lby_derna_2018", "lbn_escalation_2024", "sdn_zamzam_2025"} <= set(held)
    assert "syr_idlib_2019_20" not in held


def test_overlapping_events_share_a_cluster():
    sizes = Counter(event.cluster for event in load_events())
    assert {name for name, size in sizes.items() if size > 1} == {
        *("raqqa-2017", "ukraine-2022", "sudan-2023", "gaza-2023", "syria-2026", "mosul-2016", "idlib-2019")
    }


def test_days_to_half_follow_from_the_counts():
    counts = {}
    for row in rows("counts.csv"):
        counts.setdefault(row["event"], []).append(
            (date.fromisoformat(row["date"]), float(row["displaced"]), row["published"])
        )
    checked = 0
    for event in load_events():
        inside = [
            count
            for count in counts.get(event.id, [])
            if event.start <= count[0] <= event.end and date.fromisoformat(count[2]) <= event.days_published
        ]
        if event.days_to_half is None or len(inside) < 2:
            continue
        times = [0.0, *((day - event.start).days for day, _, _ in inside)]
        people = [0.0, *(displaced for _, displaced, _ in inside)]
        half = np.interp(people[-1] / 2, people, times)
        checked += abs(half - event.days_to_half) <= 1.5
    assert checked >= 25


def test_every_figure_says_where_it_comes_from():
    for row in rows("events.csv"):
        assert row["displaced_source"], row["id"]
        assert row["displaced_basis"] in ("dated", "event end")
        assert bool(row["population_exposed"]) == bool(row["population_source"])


@pytest.mark.reference
@pytest.mark.skipif(not PACK.exists(), reason="needs ../shared")
def test_the_tool_makes_the_same_bytes(tmp_path):
    tool = REPOSITORY / "tools" / "make_analogues.py"
    subprocess.run([sys.executable, str(tool), "--to", str(tmp_path)], check=True)
    for name in ("events.csv", "counts.csv", "warnings.csv"):
        assert (tmp_path / name).read_bytes() == (TABLES / name).read_bytes()
