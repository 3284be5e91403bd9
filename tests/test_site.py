"""The documentation as a site: it builds without a warning, and asks nobody for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOADING = {"src", "srcset", "data", "poster", "action", "background", "manifest"}
"""Attributes whose address a browser asks for by itself, or sends to."""
OUTSIDE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
IN_STYLES = re.compile(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")\s]+)", re.IGNORECASE)
IN_SCRIPTS = re.compile(
    r"(?:fetch|importScripts|open|Worker|getScript|ajax)\s*\([^)]*?['\"]((?:https?:)?//[^'\"]+)"
)


class Loaded(HTMLParser):
    """Addresses of other places that a page would load; links to follow are not among them."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            follows = tag == "link" and name == "href"
            if value and (name in LOADING or follows) and OUTSIDE.match(value.strip()):
                self.found.append(value)
            if name == "style" and value:
                self.found += IN_STYLES.findall(value)


def outside(path):
    """Addresses outside of the site that opening this file would ask for."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".html":
        return Loaded(text).found + IN_STYLES.findall(text)
    return {".css": IN_STYLES, ".js": IN_SCRIPTS}[path.suffix].findall(text)


def build(folder, config=ROOT / "mkdocs.yml"):
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", config, "-d", folder],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_there(site):
    pages = [*(ROOT / "docs").rglob("*.md"), Path("changelog.md"), Path("notice.md"), Path("benchmarks.md")]
    made = {path.relative_to(site).with_suffix(".md").as_posix() for path in site.rglob("*.html")}
    wanted = {p.relative_to(ROOT / "docs").as_posix() if p.is_absolute() else p.as_posix() for p in pages}
    assert wanted - made == set()


def test_nothing_is_loaded_from_elsewhere(site):
    files = [path for path in site.rglob("*") if path.suffix in (".html", ".css", ".js")]
    assert len(files) > 20
    assert {path.name: outside(path) for path in files if outside(path)} == {}


def test_it_opens_from_a_folder(site):
    """Links name files, for a browser does not look for index.html in a folder."""
    page = (site / "index.html").read_text(encoding="utf-8")
    targets = re.findall(r'href="(?!https?:|#)([^"#]+)', page)
    assert targets
    assert [target for target in targets if not (site / target).is_file()] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://cdn.example/x.js"></script>'),
        ("a.html", '<link rel="stylesheet" href="//cdn.example/x.css">'),
        ("a.html", "<style>@import 'https://fonts.example/x'</style>"),
        ("a.css", "@font-face { src: url(https://fonts.example/x.woff2) }"),
        ("a.js", "fetch('https://count.example/x')"),
    ],
)
def test_an_address_elsewhere_is_noticed(name, text, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert outside(tmp_path / name)


def test_a_link_to_follow_is_no_request(tmp_path):
    (tmp_path / "a.html").write_text('<a href="https://example.org/">x</a>', encoding="utf-8")
    assert outside(tmp_path / "a.html") == []


def test_a_broken_link_stops_the_build(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# One\n\n[gone](two.md) [part](#three)\n", encoding="utf-8")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings[: settings.index("nav:\n  - ")].replace("hooks: [tools/site_pages.py]\n", "")
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")
    done = build(tmp_path / "site", tmp_path / "mkdocs.yml")
    assert done.returncode != 0
    assert "two.md" in done.stdout + done.stderr
