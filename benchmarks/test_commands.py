"""How long the command takes from a cold start."""

from __future__ import annotations

import subprocess
import sys


def run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "forewarn.cli", *words], check=True, capture_output=True)


def test_help(benchmark):
    benchmark.pedantic(run, ("--help",), rounds=5)


def test_idlib_outlook(benchmark, tmp_path):
    benchmark.pedantic(run, ("outlook", "idlib-2018", "-o", str(tmp_path / "out")), rounds=1)
