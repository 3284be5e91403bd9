"""Write what Forewarn says to each case of the zoo of own tables; read it before you keep it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from test_own_tables import ZOO, cases, message

# The guard matters: pytest imports this file when it looks for examples in docstrings.
if __name__ == "__main__":
    for case in cases():
        (ZOO / case / "expected.txt").write_text(message(case) + "\n", encoding="utf-8")
