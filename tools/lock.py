"""Write requirements/*.lock from pyproject.toml: pinned versions and hashes, no addresses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ["hatchling", "editables"]  # an editable install without build isolation needs them


def lock(name: str, *options: str) -> None:
    """Resolve for all systems and Pythons and write one lock."""
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "-", "--universal", "--generate-hashes",
        "--no-emit-index-url", "--no-annotate", "--no-header", "--python-version", "3.11", "--quiet",
        "--output-file", f"requirements/{name}.lock", *options,
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT, input="\n".join(BUILD), text=True)


if __name__ == "__main__":
    lock("run")
    lock("web", "--extra", "web")
    lock(
        "dev",
        "--group",
        "dev",
        "--extra",
        "cluster",
        "--extra",
        "postgres",
        "--extra",
        "web",
        "--extra",
        "notebook",
    )
