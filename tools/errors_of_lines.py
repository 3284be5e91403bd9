"""Print the relative errors of a straight line on totals of the published conflicts (`hindcast/reissuing.py`).

python tools/errors_of_lines.py ../shared/data/flee
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from forewarn.hindcast.data.cases import read_cases
from forewarn.hindcast.forecasters.naive import DRIFT_DAYS

HORIZON_DAYS = 30


def main(folder: Path) -> None:
    """Print quantiles at 5, 10, … 95 %."""
    errors = []
    for case in read_cases(sorted(path for path in folder.iterdir() if (path / "input_csv").is_dir())):
        for issue in case.issues[HORIZON_DAYS]:
            known = issue.known.only(issue.places)
            now = known.counts().sum()
            line = now + (now - known.counts(DRIFT_DAYS).sum()) * HORIZON_DAYS / DRIFT_DAYS
            if line >= 1:
                errors.append((issue.truth.sum() - line) / line)
    print(len(errors), np.round(np.quantile(errors, np.arange(1, 20) / 20), 3).tolist())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
