"""The documentation site, opened from its folder in a browser without a network."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("index", "quickstart", "tutorials/what-ifs", "commands", "hindcast", "glossary")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-f", ROOT / "mkdocs.yml", "-d", folder], check=True
    )
    return folder


@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize("page", PAGES)
def test_it_asks_for_its_own_files_alone_and_fits(browser, site, page, width):
    browser.open(site / f"{page}.html", width=width)
    asked = browser.requests()
    assert asked  # its styles
    assert [url for url in asked if not url.startswith(site.as_uri())] == []
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.run("return document.fonts.check('16px Lato')")


def test_a_request_elsewhere_would_be_noticed(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<img src="https://cdn.example/x.png">', encoding="utf-8")
    assert browser.open(page).requests() == ["https://cdn.example/x.png"]
