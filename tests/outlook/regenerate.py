"""Write the golden tables of the crossroads again.

Run ``PYTHONPATH=src python tests/outlook/regenerate.py`` and read the difference before keeping it.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    import test_golden_tables as goldens  # noqa: PLC0415

    for name, text in goldens.tables_of(goldens.forecast()).items():
        (goldens.FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
