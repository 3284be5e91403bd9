"""Messages read without stumbling: the worst turns of phrase are refused in every string of the package."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "forewarn"
WORST = (
    r"\b(?:is|are|was|were) no (?!longer\b|more\b|reason\b)",  # "is not a valid date"
    r"\bthere (?:is|are) (?:no|none)\b",  # "not found"
    r"\b(?:is|are) none\b",
    r"\bof this name\b",
)


def strings(tree):
    """Line and text of every string of a syntax tree that is no docstring; what is filled in stands as …."""
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in node.values}
            text = (str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
            yield node.lineno, "".join(text)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.lineno, node.value


def stumbles(tree):
    """Strings that hold one of the worst turns of phrase."""
    found = re.compile("|".join(WORST), re.IGNORECASE)
    return [f"line {line}: {text}" for line, text in strings(tree) if found.search(text)]


def modules():
    return sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_messages_are_in_plain_english(path):
    assert stumbles(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "problem('this is no date')",
        "problem(f'{name!r} is no number')",
        "problem('there are no rows in it')",
        "problem('there is none of this name')",
        "problem('a scenario of this name')",
    ],
)
def test_a_stumble_is_noticed(code):
    assert stumbles(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    ["'''This is no date.'''", "problem('is no longer used')", "problem('is not a date')"],
)
def test_plain_words_and_docstrings_pass(code):
    assert stumbles(ast.parse(code)) == []
