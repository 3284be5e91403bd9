"""What scrolls on its own can be reached by keyboard and has a name: one class scrolls, made in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "forewarn"
SCROLLS = (".scroll", "header.top nav")
"""The navigation holds links, which take the focus themselves."""
STYLES = sorted(SOURCE.rglob("*.css"))
MARKUP = [
    *sorted((SOURCE / "outlook" / "page" / "templates").glob("*.j2")),
    *sorted((SOURCE / "web" / "api").glob("*.py")),
]


def scrolling_selectors(css):
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [
        selector.strip()
        for selector, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", plain)
        if re.search(r"overflow(-[xy])?\s*:\s*[^;]*\b(auto|scroll)\b", rules)
    ]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_only_one_class_scrolls(path):
    assert set(scrolling_selectors(path.read_text(encoding="utf-8"))) <= set(SCROLLS)


def test_another_would_be_noticed():
    css = ".a { color: red; } @media print { .report { max-height: 3rem; overflow-y: auto } } .b { overflow: hidden }"
    assert scrolling_selectors(css) == [".report"]


@pytest.mark.parametrize("path", MARKUP, ids=lambda path: path.name)
def test_it_takes_the_focus_and_has_a_name_wherever_it_is_written(path):
    for tag in re.findall(r'<\w+ class="scroll[^>]*>', path.read_text(encoding="utf-8")):
        assert 'tabindex="0"' in tag
        assert 'role="region"' in tag
        assert re.search(r'aria-label="[^"]+"', tag)


def test_pages_of_the_app_make_it_in_one_place():
    makers = [
        path.name
        for path in (SOURCE / "web" / "pages").glob("*.py")
        if re.search(r'classes\([^)]*"[^"]*\bscroll\b', path.read_text(encoding="utf-8"))
    ]
    assert makers == ["elements.py"]
