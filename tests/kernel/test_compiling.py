"""Where compiled code is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from forewarn.kernel import compiling


@pytest.fixture
def no_choice(monkeypatch):
    for name in ("NUMBA_CACHE_DIR", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_users_choice_comes_first(no_choice):
    no_choice.setenv("NUMBA_CACHE_DIR", "/elsewhere")
    assert compiling._cache_folder() == "/elsewhere"


def test_the_users_cache(no_choice, tmp_path):
    no_choice.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = Path(compiling._cache_folder())
    assert folder.parent == tmp_path / "forewarn"
    assert folder.is_dir()


def test_a_cache_that_cannot_be_written(no_choice, tmp_path):
    """A file stands where the cache should be, so no folder can be made there."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    no_choice.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    folder = Path(compiling._cache_folder())
    assert folder.parent == Path(tempfile.gettempdir())
    assert folder.name == f"forewarn-{compiling._fingerprint()}"
    assert not (tmp_path / "file" / "forewarn").exists()
