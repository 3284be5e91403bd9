"""Where compiled code is kept."""

from __future__ import annotations

import importlib
import shutil
import tempfile
from pathlib import Path

import numba
import pytest

from forewarn.kernel import compiling

KERNEL = Path(compiling.__file__).parent
SOURCES = sorted(path.relative_to(KERNEL) for path in KERNEL.rglob("*.py"))


@pytest.fixture
def no_choice(monkeypatch):
    for name in ("NUMBA_CACHE_DIR", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_users_choice_comes_first(no_choice):
    no_choice.setenv("NUMBA_CACHE_DIR", "/elsewhere")
    folder = Path(compiling._cache_folder())
    assert folder.parent == Path("/elsewhere")
    assert folder.name == f"forewarn-{compiling.fingerprint(KERNEL)}"


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
    assert folder.name == f"forewarn-{compiling.fingerprint(KERNEL)}"
    assert not (tmp_path / "file" / "forewarn").exists()


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_a_change_of_any_source_is_another_cache(source, tmp_path):
    copy = shutil.copytree(KERNEL, tmp_path / "kernel")
    assert compiling.fingerprint(copy) == compiling.fingerprint(KERNEL)
    (copy / source).write_bytes((copy / source).read_bytes() + b"#")
    assert compiling.fingerprint(copy) != compiling.fingerprint(KERNEL)


def test_every_compiled_function_stands_in_a_hashed_source():
    found = set()
    for source in SOURCES:
        name = ".".join(["forewarn", "kernel", *source.with_suffix("").parts]).removesuffix(".__init__")
        found |= {
            Path(each.py_func.__code__.co_filename).relative_to(KERNEL)
            for each in vars(importlib.import_module(name)).values()
            if isinstance(each, numba.core.registry.CPUDispatcher)
        }
    assert Path("native/member.py") in found
    assert Path("flee/member.py") in found
    assert found <= set(SOURCES)
