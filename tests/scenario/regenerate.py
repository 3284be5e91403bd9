"""Write the expected messages of the zoo and the golden files again.

Run ``PYTHONPATH=src python tests/scenario/regenerate.py`` and read the difference before keeping it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    import test_golden  # noqa: PLC0415
    import test_zoo  # noqa: PLC0415

    from forewarn.scenario import bundled, dump, load  # noqa: PLC0415

    for case in test_zoo.cases():
        with tempfile.TemporaryDirectory() as folder:
            text = test_zoo.message(case, Path(folder))
        (test_zoo.ZOO / case / "expected.txt").write_text(text + "\n", encoding="utf-8")
    for name, *_ in bundled():
        test_golden.golden(name).write_text(dump(load(name)), encoding="utf-8")


if __name__ == "__main__":
    main()
