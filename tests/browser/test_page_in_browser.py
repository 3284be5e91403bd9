"""The page as its readers see it: on a screen, on a phone, on paper, without a network."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_PAGES = 4
NAMES = ("crossroads", "uncertain", "idlib-2018", "draft", "long-names")

# Elements that stick out to the right of the screen, but for what scrolls on its own.
OVERFLOWING = """
const wide = document.documentElement.clientWidth;
return [...document.body.querySelectorAll('*')].filter(each =>
  !each.closest('.scroll, svg, details:not([open]) > :not(summary), .unseen')
  && each.getBoundingClientRect().right > wide + 0.5).map(each => each.outerHTML.slice(0, 80));
"""
RADII = "return [...document.querySelectorAll('circle.people')].map(each => Number(each.getAttribute('r')));"


def key(browser, selector, *keys):
    from selenium.webdriver.common.by import By

    browser.driver.find_element(By.CSS_SELECTOR, selector).send_keys(*keys)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [1400, 400])
def test_nothing_sticks_out(browser, pages, name, width):
    browser.open(pages[name], width=width)
    for state in ("closed", "open"):
        assert browser.run("return document.documentElement.scrollWidth") <= width, state
        assert browser.run(OVERFLOWING) == [], state
        browser.run("document.querySelectorAll('details').forEach(each => { each.open = true; });")


def test_what_sticks_out_is_noticed(browser, pages):
    browser.open(pages["crossroads"], width=400)
    browser.run(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=\"width:600px\">x</p>')"
    )
    assert browser.run(OVERFLOWING)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_asked_of_the_network(browser, pages, name):
    browser.open(pages[name])
    browser.run("window.scrollTo(0, document.body.scrollHeight)")
    assert browser.requests() == []


def test_a_request_is_noticed(browser, pages, tmp_path):
    text = pages["crossroads"].read_text(encoding="utf-8")
    path = tmp_path / "asking.html"
    path.write_text(text.replace("</main>", '<img src="https://example.org/x.png" alt=""></main>'), "utf-8")
    assert browser.open(path).requests() == ["https://example.org/x.png"]


@pytest.mark.parametrize("name", NAMES)
def test_no_address_is_loaded(pages, name):
    """The same, by the text: addresses stand in links that people click, and nowhere else."""
    text = pages[name].read_text(encoding="utf-8")
    loaded = r"<(?:script|link|img|iframe|image|use|object|embed|source|video|audio)\b[^>]*\b(?:src|href|data|srcset)\s*="
    assert re.findall(loaded, text) == []
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {"#hatch"}
    assert re.findall(loaded, text + '<script src="https://example.org/x.js">')


@pytest.mark.parametrize("name", NAMES)
def test_no_message_of_an_error(browser, pages, name):
    browser.driver.get_log("browser")
    browser.open(pages[name])
    assert [each["message"] for each in browser.driver.get_log("browser")] == []


def test_the_slider_works_by_keyboard(browser, pages):
    from selenium.webdriver.common.keys import Keys

    browser.open(pages["crossroads"])
    assert browser.run("return document.getElementById('map-when').textContent") == "30 April 2024"
    last = browser.run(RADII)
    assert max(last) > 0
    key(browser, "#map-day", Keys.HOME)
    assert browser.run("return document.getElementById('map-when').textContent") == "1 March 2024"
    assert max(browser.run(RADII)) == 0
    key(browser, "#map-day", *[Keys.ARROW_RIGHT] * 8)
    assert max(browser.run(RADII)) > 0
    assert browser.run(RADII) != last
    key(browser, "#map-day", Keys.END)
    assert browser.run(RADII) == last


def test_roads_show_no_flows_of_a_later_day(browser, pages):
    from selenium.webdriver.common.keys import Keys

    widths = "return [...document.querySelectorAll('path.flow')].map(each => Number(each.getAttribute('stroke-width')))"
    said = "return document.getElementById('map-said').textContent"
    browser.open(pages["idlib-2018"])
    last = browser.run(widths)
    assert max(last) > 0
    assert "up to 28 December 2018" in browser.run(said)
    key(browser, "#map-day", Keys.HOME, Keys.ARROW_RIGHT)
    assert browser.run("return document.getElementById('map-when').textContent") == "3 September 2018"
    assert max(browser.run(widths)) == 0
    assert "nobody before 29 September 2018" in browser.run(said)
    # Day 32, with the flows of day 30.
    key(browser, "#map-day", *[Keys.ARROW_RIGHT] * 7)
    assert browser.run("return document.getElementById('map-when').textContent") == "1 October 2018"
    assert "up to 29 September 2018" in browser.run(said)
    assert 0 < max(browser.run(widths)) < max(last)


def test_the_course_changes_circles_and_attacks(browser, pages):
    browser.open(pages["crossroads"])
    attacked = "return document.querySelectorAll('path.town.attacked').length"
    assert browser.run(attacked) == 1
    browser.run(
        "const c = document.getElementById('map-course'); c.value = 'calm'; c.dispatchEvent(new Event('change'));"
    )
    assert browser.run(attacked) == 0
    assert max(browser.run(RADII)) == 0


def test_everything_to_use_is_reached_by_the_tab_key(browser, pages):
    from selenium.webdriver.common.keys import Keys

    browser.open(pages["crossroads"])
    reached = set()
    for _ in range(80):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.add(browser.run("const e = document.activeElement; return e.id || e.tagName;"))
    assert {"map-course", "map-day", "SUMMARY", "A"} <= reached


@pytest.mark.parametrize("name", ["crossroads", "idlib-2018"])
def test_labels_can_be_read_on_a_phone(browser, pages, name):
    """Letters on the map are at least 10 pixels high where the map is 368 pixels wide."""
    browser.open(pages[name], width=400)
    sizes = browser.run(
        "return [...document.querySelectorAll('.map text')].filter(each => each.getBoundingClientRect().width)"
        ".map(each => parseFloat(getComputedStyle(each).fontSize)"
        " * each.ownerSVGElement.getBoundingClientRect().width / each.ownerSVGElement.viewBox.baseVal.width);"
    )
    assert sizes
    assert min(sizes) >= 10


def words_of(page):
    """Text of a printed page; some fonts join letters, as in the one sign for "ff"."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", page.extract_text()))


@pytest.mark.parametrize("name", ["crossroads", "uncertain", "idlib-2018", "idlib-2019"])
def test_paper(browser, pages, name):
    browser.open(pages[name])
    printed = PdfReader(io.BytesIO(browser.print())).pages
    assert 2 <= len(printed) <= MOST_PAGES
    assert {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in printed} <= {
        (595, 842), (594, 841), (595, 841), (594, 842),
    }  # fmt: skip
    first = words_of(printed[0])
    assert "In short" in first
    assert "is an assumption" in first
    assert "Planning figures" in first
    text = " ".join(words_of(page) for page in printed)
    assert "Limits and responsible use" in text
    assert "By sex and age" not in text
    assert "Day by day at each of them" not in text


def test_what_a_reader_opens_is_printed(browser, pages):
    """And more pages are counted."""
    browser.open(pages["idlib-2018"])
    browser.run("document.querySelectorAll('details').forEach(each => { each.open = true; });")
    printed = PdfReader(io.BytesIO(browser.print())).pages
    assert "By sex and age" in " ".join(page.extract_text() for page in printed)
    assert len(printed) > MOST_PAGES


def test_sections(browser, pages):
    browser.open(pages["uncertain"])
    titles = browser.run("return [...document.querySelectorAll('h2')].map(each => each.textContent)")
    assert titles[:6] == [
        "In short",
        "Planning figures",
        "Where",
        "Where people go",
        "What they need",
        "What moves the result most",
    ]
    ends = browser.run(
        "return [...document.querySelectorAll('nav a')].map(each => document.querySelector(each.hash) !== null)"
    )
    assert all(ends)
