from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "make_flee_table.py"

PARTS = {
    "input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,10\n",
    "input_csv/locations.csv": (
        "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
        "A,R,X,1.0,2.0,conflict_zone,0,1000\nB,R,X,1.5,2.0,town,,\nC,R,Y,2.0,2.0,camp,,5000\n"
    ),
    "input_csv/routes.csv": "#name1,name2,distance,forced_redirection\nA,B,50,0\nB,C,40,\n",
    "input_csv/closures.csv": "#closure_type,name1,name2,closure_start,closure_end\n",
    "input_csv/conflicts.csv": "#Day,A,B,C\n" + "".join(f"{day},1,0,0\n" for day in range(10)),
    "source_data/data_layout.csv": "total,refugees.csv\nC,c.csv\n",
    "source_data/refugees.csv": "2020-01-01,1000\n2020-01-10,1135\n",
    "source_data/c.csv": "2020-01-01,1000\n2020-01-10,1135\n",
}


def write(folder: Path, **changes: str | None) -> Path:
    """Write the small directory, with files replaced (None: left out)."""
    for name, text in {
        **PARTS,
        **{key: value for key, value in changes.items() if value is not None},
    }.items():
        if changes.get(name, "") is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.fixture(scope="session")
def tool():
    """tools/make_flee_table.py: how far runs are from Flee's."""
    spec = importlib.util.spec_from_file_location("make_flee_table", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def make(tmp_path):
    def make(changes=None):
        return write(tmp_path / "small", **(changes or {}))

    return make
