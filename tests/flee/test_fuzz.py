"""Whatever stands in a directory or a settings file: it is read, or there is a clear error.

`FOREWARN_FUZZ` is the number of examples; a plain test run tries few of them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forewarn.errors import ForewarnError
from forewarn.flee.counts import read_counts
from forewarn.flee.directory import FleeError
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings, settings_from
from tests.flee.conftest import PARTS, write

EXAMPLES = int(os.environ.get("FOREWARN_FUZZ", "60"))
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

CELLS = st.one_of(
    st.sampled_from(["", " ", "#", "-1", "0", "1e308", "nan", "inf", "-inf", "1_0", "٣", "12.5", "0x10", "A", "B", "C",
                     "2020-02-30", "2020-01-05", "9999-12-31", "0001-01-01", "20200105", "2020-01-05T12:00", '"', "a\nb",
                     "camp", "marker", "country", "location", "36526", "99999999999999999999", "\ufeff", "=1+1"]),
    st.text(max_size=8),
    st.integers(-3, 12).map(str),
)  # fmt: skip


@st.composite
def changed_tables(draw):
    """One to three files with cells, rows or bytes changed."""
    changes = {}
    for name in draw(st.lists(st.sampled_from(sorted(PARTS)), min_size=1, max_size=3, unique=True)):
        rows = [line.split(",") for line in PARTS[name].splitlines()]
        for _ in range(draw(st.integers(1, 4))):
            row = draw(st.sampled_from(rows))
            what = draw(st.sampled_from(["cell", "cell", "cell", "longer", "shorter", "again"]))
            if what == "cell" and row:
                row[draw(st.integers(0, len(row) - 1))] = draw(CELLS)
            elif what == "longer":
                row.append(draw(CELLS))
            elif what == "shorter" and row:
                row.pop()
            else:
                rows.append(list(row))
        text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(",".join(row) for row in rows)
        changes[name] = text.encode(
            draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])), "replace"
        )
    return changes


def read_and_run(changes):
    """Read and, if that works, run: everybody is somewhere in the end. None if it is refused with a reason."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            directory = read_directory(write(Path(folder) / "small", **changes))
            if directory.length_days > 60:
                return None
            counts = read_counts(directory, FleeSettings())
            result = run(make_world(directory, counts, FleeSettings()), seed=1)
        except FleeError as error:
            said = [problem.where and problem.what for problem in error.problems]
            return None if all(said) else said
    everybody = result.world.places.initial.sum() + result.spawned.sum(dtype=np.int64)
    assert result.present[:, -1].sum(dtype=np.int64) + result.on_links[:, -1].sum() == everybody
    return result


@pytest.mark.slow
@BOUNDED
@given(changed_tables())
@example({})
def test_a_changed_directory_is_read_or_refused(changes):
    assert not isinstance(read_and_run(changes), list)


@BOUNDED
@given(st.sampled_from(sorted(PARTS)), st.binary(max_size=200))
def test_a_file_of_any_bytes_is_read_or_refused(name, content):
    assert not isinstance(read_and_run({name: content}), list)


def test_the_small_directory_runs():
    assert read_and_run({}) is not None


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=4,
)
KEYS = st.one_of(st.sampled_from([*FleeSettings.__slots__, "conflict_driven_spawning", "fixed_routes", "use_v1_rules"]), st.text(max_size=6))  # fmt: skip
SECTIONS = st.dictionaries(KEYS, VALUES, max_size=3)
DOCUMENTS = st.one_of(
    VALUES,
    st.fixed_dictionaries(
        {},
        optional={
            "spawn_rules": SECTIONS,
            "move_rules": SECTIONS,
            "optimisations": SECTIONS,
            "log_levels": VALUES,
        },
    ),  # fmt: skip
)


@BOUNDED
@given(DOCUMENTS)
def test_any_settings_are_read_or_refused(document):
    try:
        found = settings_from(document, "simsetting.yml")
    except ForewarnError:
        return
    assert -1 <= found.awareness_level <= 100
    assert 0 <= found.default_movechance <= 1


@pytest.mark.parametrize("value", [True, "a third", float("nan"), -1, 1.5, None, [0.3]])
def test_a_chance_that_is_none_is_refused(value):
    with pytest.raises(ForewarnError):
        settings_from({"move_rules": {"default_movechance": value}}, "simsetting.yml")
