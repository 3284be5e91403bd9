"""Run the hindcasts of the published conflicts and store their scores in src/forewarn/data/skill.

    python tools/score_hindcasts.py ../shared/data/flee

Scores alone are stored, nothing that was registered. Then ``make skill`` writes docs/skill.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from forewarn.hindcast.calibration import calibrate
from forewarn.hindcast.cases import Case, read_cases
from forewarn.hindcast.catalogue import chosen
from forewarn.hindcast.forecasters import MODES
from forewarn.hindcast.running import Scored, run
from forewarn.hindcast.summary import compare, summarise
from forewarn.hindcast.triggers import trigger_skill
from forewarn.hindcast.writing import write_tables

SKILL = Path(__file__).resolve().parent.parent / "src" / "forewarn" / "data" / "skill"
FORECASTERS = (
    *("last_value", "stock_share", "flow_share_15d", "flow_share_30d", "flow_share_60d", "drift", "equal"),
    *("distance", "flow_share_60d+pooled", "drift+pooled", "forewarn"),
)
TRIGGERS_OF = ("last_value", "flow_share_60d", "drift", "forewarn")  # stored; all naive ones are rivals


def conflicts(folder: Path) -> tuple[Case, ...]:
    """Read every Flee directory of a folder."""
    return read_cases(sorted(path for path in folder.iterdir() if (path / "input_csv").is_dir()))


def score(cases: Sequence[Case], names: Sequence[str] = FORECASTERS) -> list[Scored]:
    """Issue and score every forecast, each conflict with what was learnt from the others."""
    return list(run({case.name: case.issues for case in cases}, chosen(names), modes=MODES))


def main(folder: Path) -> None:
    """Score and store."""
    cases = conflicts(folder)
    scored = score(cases)
    triggers = [row for row in trigger_skill(scored) if row.forecaster in TRIGGERS_OF]
    write_tables(SKILL, summarise(scored), compare(scored), calibrate(scored), triggers)
    about = {
        "made_by": "tools/score_hindcasts.py",
        "conflicts": [case.name for case in cases],
        "issues": {
            str(horizon): sum(len(case.issues[horizon]) for case in cases) for horizon in cases[0].issues
        },
        "bootstrap_seed": 1,
    }
    (SKILL / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
