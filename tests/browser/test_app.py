"""Five journeys through the app in a real browser; screenshots go to ``out/screenshots``."""

import json
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from forewarn.scenario import dump, load
from forewarn.web.service.levers import CampLever, Levers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE, NARROW = 1400, 400
SCREENSHOTS = Path(__file__).parents[2] / "out" / "screenshots"
SCRIPTS = (
    "<script>window.ran=1</script>",
    '"><img src=x onerror="window.ran=1">',
    "`${window.ran=1}`",
    "{{window.ran=1}}",
)
REPORT = (
    "OAKFORD, 1 March 2024. Government forces are preparing a staged offensive on the town of Idlib, a source close to "
    "the army said. The United Nations warned that an assault risks forcing another 700,000 people out of their homes. "
    "Three million people live in the enclave, half of them already displaced. The governor denied it."
)
COUNTS = "date,place,measure,people,error\n2024-03-14,Elm Camp,arrivals,300,0.1\n2024-03-14,anywhere,displaced,3000,0.1"
GRAVE = ("serious", "critical")
STICKS_OUT = """
const wide = document.documentElement.clientWidth;
return [...document.body.querySelectorAll('*')].filter(each =>
  !each.closest('.scroll, svg, .leaflet-container, nav, .skip, .q-notifications, .q-tooltip, [aria-hidden=true]')
  && each.getBoundingClientRect().width > 0 && each.getBoundingClientRect().right > wide + 1)
  .map(each => each.outerHTML.slice(0, 90));
"""


@pytest.fixture(scope="module")
def app(start_app, tmp_path_factory):
    return start_app(tmp_path_factory.mktemp("app") / "w", "--members", "100")


class Visit:
    """A browser at the app: waits, looks, keeps pictures, and watches the network."""

    def __init__(self, browser, app, axe):
        self.browser, self.app, self.axe = browser, app, axe
        # The address that was printed: its token becomes a cookie.
        browser.driver.get(app.entry)
        self.asked = []

    def open(self, path, *, width=WIDE):
        self.browser.driver.get_log("browser")
        self.browser.open(f"{self.app.address}{path}", width=width)
        return self

    def run(self, script, *arguments):
        return self.browser.run(script, *arguments)

    def until(self, script, *arguments, seconds=45):
        end = time.monotonic() + seconds
        while not (found := self.run(script, *arguments)):
            assert time.monotonic() < end, f"never: {script} {arguments}\n{self.text()[:2000]}"
            time.sleep(0.1)
        return found

    def text(self):
        return self.run("return document.body ? document.body.innerText : ''")

    def sees(self, words):
        self.until("return document.body && document.body.innerText.includes(arguments[0])", words)
        return self

    def element(self, selector):
        from selenium.webdriver.common.by import By

        self.until("return document.querySelector(arguments[0])", selector)
        return self.browser.driver.find_element(By.CSS_SELECTOR, selector)

    def named(self, words, tag="button"):
        from selenium.webdriver.common.by import By

        path = f"//{tag}[contains(normalize-space(.), {json.dumps(words)})]"
        end = time.monotonic() + 20
        while not (found := self.browser.driver.find_elements(By.XPATH, path)):
            assert time.monotonic() < end, words
            time.sleep(0.1)
        return found[0]

    def click(self, element):
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        time.sleep(0.2)
        element.click()

    def press(self, selector, *keys):
        """Give keys to what has the focus, as somebody without a mouse does."""
        from selenium.webdriver.common.action_chains import ActionChains

        self.element(selector)
        self.run("document.querySelector(arguments[0]).focus()", selector)
        ActionChains(self.browser.driver).send_keys(*keys).perform()

    def picture(self, name, width):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        high = self.run("return Math.max(document.documentElement.scrollHeight, 900)")
        size = {"width": width, "height": min(high, 5000), "deviceScaleFactor": 1, "mobile": width < 600}
        self.browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        time.sleep(0.5)
        self.browser.driver.save_screenshot(str(SCREENSHOTS / f"{name}-{width}.png"))

    def check(self, name, width=WIDE):
        """What holds for every view."""
        self.picture(name, width)
        assert self.run("return window.ran") is None
        assert self.run("return document.documentElement.scrollWidth") <= width
        assert self.run(STICKS_OUT) == []
        assert self.faults() == []
        assert self.browser.unreachable() == []
        self.check_network()
        grave = [each for each in self.browser.driver.get_log("browser") if each["level"] == "SEVERE"]
        assert grave == []

    def check_network(self):
        time.sleep(0.3)
        messages = [
            json.loads(each["message"])["message"] for each in self.browser.driver.get_log("performance")
        ]
        asked = [
            each["params"]["request"]["url"]
            for each in messages
            if each["method"] == "Network.requestWillBeSent"
        ]
        asked += [each["params"]["url"] for each in messages if each["method"] == "Network.webSocketCreated"]
        here = urlsplit(self.app.address).netloc
        elsewhere = [
            url
            for url in asked
            if urlsplit(url).scheme not in ("data", "blob", "about") and urlsplit(url).netloc != here
        ]
        assert elsewhere == []
        self.asked += asked

    def faults(self):
        self.run(self.axe)
        found = self.browser.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations), e => done(String(e)));"
        )
        assert isinstance(found, list), found
        return [
            (each["id"], [node["html"][:140] for node in each["nodes"][:3]])
            for each in found
            if each["impact"] in GRAVE
        ]


@pytest.fixture
def visit(browser, app, axe):
    return Visit(browser, app, axe)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_open_and_read(visit, width):
    from selenium.webdriver.common.keys import Keys

    visit.open("/", width=width).sees("The crossroads (teaching example)")
    visit.check("scenarios", width)
    visit.click(visit.named("Open the forecast", "a"))
    visit.sees("The chance of one is an assumption: 75 %.")
    visit.sees("100 futures")
    visit.until(
        "return [...document.querySelectorAll('path.people')].some(each => each.getBoundingClientRect().width > 20)"
    )
    visit.check("forecast", width)
    # The day, by keyboard: nobody is anywhere before the attack.
    visit.press(".day .q-slider [tabindex]", Keys.PAGE_DOWN)
    visit.sees("20 April 2024 · day 50")
    visit.press(".day .q-slider [tabindex]", Keys.HOME)
    visit.sees("1 March 2024 · day 0")
    visit.until(
        "return [...document.querySelectorAll('path.people')].every(each => each.getBoundingClientRect().width < 6)"
    )
    says = "return document.querySelector('.day .q-slider').getAttribute('aria-valuetext') === arguments[0]"
    visit.until(says, "1 March 2024, day 0")
    # Roads: nothing before the first day that has flows; on day 50 those of day 30.
    widths = "return [...document.querySelectorAll('path.flow')].map(each => Number(each.getAttribute('stroke-width')))"
    said = "return document.querySelector('.roads-said').textContent.includes(arguments[0])"
    visit.press(".day .q-slider [tabindex]", Keys.ARROW_RIGHT)
    visit.until(said, "nobody before 31 March 2024")
    assert max(visit.run(widths)) == 0
    visit.press(".day .q-slider [tabindex]", *[Keys.PAGE_UP] * 5)
    visit.until(said, "up to 31 March 2024")
    assert max(visit.run(widths)) > 0
    visit.press(".day .q-slider [tabindex]", Keys.END)
    visit.sees("30 April 2024 · day 60")
    visit.until(says, "30 April 2024, day 60")
    visit.until(
        "return [...document.querySelectorAll('path.people')].some(each => each.getBoundingClientRect().width > 20)"
    )
    # A place on the map.
    visit.run(
        "document.querySelectorAll('path.town')[1].dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    visit.sees("Where they came from, 30 April 2024")
    assert "place=Oakford" in visit.run("return location.search")
    visit.check("place", width)
    # The link brings it back.
    visit.open(visit.run("return location.pathname + location.search"), width=width)
    visit.sees("Where they came from, 30 April 2024")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_what_if(visit, width):
    from selenium.webdriver.common.keys import Keys

    visit.open("/what-if?scenario=crossroads", width=width).sees("Nothing is changed yet.")
    visit.sees("Starts")
    visit.press("[role=slider][aria-label^='Days later'] [tabindex]", *[Keys.ARROW_RIGHT] * 20)
    visit.sees("20 days later, about ")
    visit.press("[role=slider][aria-label^='Pace'] [tabindex]", Keys.END)
    visit.sees("4 × as fast")
    visit.press("[role=slider][aria-label^='Pace'] [tabindex]", *[Keys.PAGE_DOWN, Keys.ARROW_RIGHT])
    visit.sees("0.5 × as fast")
    visit.sees("fewer people are displaced")
    visit.sees("people are then elsewhere than without the change")
    visit.sees("each with and without the change")
    assert "levers=" in visit.run("return location.search")
    visit.check("what-if", width)
    visit.click(
        visit.named(
            "Camps",
            "*[contains(@class,'q-item') and contains(@class,'q-expansion-item__') or contains(@class,'q-item--clickable')]",
        )
    )
    visit.click(visit.named("Place a new camp on the map"))
    visit.until("return document.querySelector('.map-canvas.placing')")
    visit.click(visit.element(".map-canvas"))
    visit.sees("A new camp")
    visit.click(visit.named("Add it"))
    visit.sees("New camp 1: 20,000 people")
    visit.until("return document.querySelector('.camp-icon')")
    visit.check("what-if-camp", width)


def test_sliders_of_chances_follow_each_other(visit):
    """What a screen reader is told, and what is drawn, is what the model uses."""
    from selenium.webdriver.common.keys import Keys

    link = "/what-if?scenario=idlib-2018&levers=" + quote(Levers(chances={"deal": 0.32}).to_text())
    visit.open(link).sees("Chances of the courses")
    slider = "[role=slider][aria-label^='Chance: "
    sliders = "[...document.querySelectorAll(\"[role=slider][aria-label^='Chance: ']\")]"
    said = f"return {sliders}.map(each => each.getAttribute('aria-valuetext')).join()"
    wide = f"return {sliders}.map(each => parseFloat(each.querySelector('.q-slider__selection').style.width))"
    visit.until(f"return {sliders}.length === 4")
    for press, keys, stand_at in (
        ("Staged", [Keys.PAGE_UP] * 3, [32, 7.5, 56, 4.5]),
        ("Talks", [Keys.ARROW_RIGHT], [33, 6.875, 56, 4.125]),
        ("Staged", [Keys.HOME], [33, 41.875, 0, 25.125]),
        ("First", [Keys.END], [0, 100, 0, 0]),
    ):
        visit.press(f"{slider}{press}'] [tabindex]", *keys)
        words = ",".join(f"{round(each, 1):g} %" for each in stand_at)
        visit.until(f"{said} === arguments[0]", words)
        assert visit.run(wide) == pytest.approx(stand_at)
        visit.sees(f"probability {round(stand_at[-1], 1):g} %")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_draft_from_a_report(visit, width):
    visit.open("/", width=width).sees("Draft a scenario")
    visit.element("textarea").send_keys(REPORT + SCRIPTS[0])
    visit.element("input[aria-label^='Published']").send_keys("2024-03-01")
    time.sleep(1)  # nobody presses a button within a millisecond of the last letter
    visit.click(visit.named("Draft a scenario"))
    visit.sees("A draft: correct it before anybody relies on it.")
    marked = visit.until(
        "return [...document.querySelectorAll('.report .figure')].map(each => each.textContent).join('|')"
    )
    assert "700,000" in marked
    text = visit.run("return document.querySelector('.report').textContent")
    assert text == REPORT + SCRIPTS[0]
    assert visit.run("return document.querySelectorAll('.report script').length") == 0
    visit.sees(SCRIPTS[0])
    visit.check("draft", width)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_update(visit, width):
    visit.open("/observations?scenario=crossroads", width=width).sees("What was counted since")
    visit.check("observations", width)
    visit.element("textarea").send_keys(COUNTS)
    time.sleep(0.5)
    visit.click(visit.named("Update the forecast"))
    visit.sees("What the counts have changed")
    visit.until("return document.querySelectorAll('path.before').length")
    visit.sees("which learnt from 2 counts")
    visit.check("updated", width)
    # The other pages take it up.
    visit.click(visit.named("Forecast", "nav//a"))
    visit.sees("With counts up to 14 March 2024: it starts from them")
    visit.sees("probability over 99 %, was 75 %")
    visit.check("forecast-with-counts", width)
    visit.click(visit.named("Show it without them", "a"))
    visit.sees("Without the counts of your update.")
    visit.sees("The chance of one is an assumption: 75 %.")
    visit.click(visit.named("Show it with them", "a"))
    visit.sees("With counts up to 14 March 2024")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_download(visit, width, tmp_path):
    visit.browser.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    visit.open("/downloads?scenario=crossroads", width=width).sees("Write the outlook")
    visit.click(visit.named("Write the outlook"))
    visit.sees("All files (.zip)")
    visit.check("downloads", width)
    visit.click(visit.named("brief.pdf", "a"))
    end = time.monotonic() + 20
    while not (files := [path for path in tmp_path.iterdir() if path.suffix == ".pdf"]):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert files[0].read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_evidence(visit, width):
    visit.app.ask(
        "/api/ledger/reports",
        method="POST",
        body={"text": REPORT, "issued": "2024-03-01", "name": SCRIPTS[1]},
    )
    visit.open("/evidence?entry=2", width=width).sees("Entry 2: reading")
    visit.click(visit.named("Verify the chain"))
    visit.sees("nothing was changed, removed, inserted or reordered.")
    visit.check("evidence", width)


def test_the_description_and_the_page_for_the_password(visit, start_app, tmp_path, browser, axe):
    from forewarn.web.service.passwords import make_file

    visit.open("/docs").sees("/api/scenarios/{name}/what-if")
    visit.check("docs")
    visit.open("/access").sees("Who is signed in")
    visit.check("access")
    make_file(tmp_path / "password", "correct horse battery")
    locked = Visit(browser, start_app(tmp_path / "w", "--password-file", str(tmp_path / "password")), axe)
    locked.open("/forecast").sees("Password of this server")
    locked.check("sign-in", WIDE)
    locked.element("input").send_keys("correct horse battery")
    locked.click(locked.named("Sign in"))
    locked.sees("The crossroads (teaching example)")
    locked.sees("Sign out")
    locked.click(locked.named("Sign out"))
    locked.sees("Password of this server")


def hostile(script):
    """The crossroads with a script in every text that people write."""
    scenario = load("crossroads")
    names = {place.name: f"{script} {place.name}" for place in scenario.places}

    def mark(item, *fields):
        return item.model_copy(
            update={field: f"{script}{getattr(item, field) or ''}"[:190] for field in fields}
        )

    courses = tuple(
        mark(course, "title", "summary").model_copy(
            update={
                "stages": tuple(
                    stage.model_copy(update={"places": tuple(names[name] for name in stage.places)})
                    for stage in course.stages
                )
            }
        )
        for course in scenario.courses
    )
    return scenario.model_copy(
        update={
            "title": script,
            "summary": script,
            "zones": {name: mark(zone, "title") for name, zone in scenario.zones.items()},
            "places": tuple(
                mark(place, "admin1").model_copy(update={"name": names[place.name]})
                for place in scenario.places
            ),
            "routes": tuple(
                route.model_copy(update={"from_": names[route.from_], "to": names[route.to], "road": script})
                for route in scenario.routes
            ),
            "crossings": tuple(mark(crossing, "title") for crossing in scenario.crossings),
            "courses": courses,
            "claims": tuple(mark(claim, "wording", "by", "about") for claim in scenario.claims),
        }
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_text_of_a_scenario_is_text(visit, script):
    name = visit.app.ask("/api/scenarios", method="POST", body={"document": dump(hostile(script))})["id"]
    levers = Levers(camps=(CampLever(name=script, lat=10.02, lon=40.02, capacity=900),)).to_text()
    pages = {
        "/": script,
        f"/forecast?scenario={name}": "100 futures",
        f"/forecast?scenario={name}&place={quote(script + ' Oakford')}": "Where they came from",
        f"/what-if?scenario={name}&levers={quote(levers)}": "each with and without the change",
        f"/downloads?scenario={name}": script,
        f"/observations?scenario={name}": script,
    }
    for path, words in pages.items():
        visit.open(path).sees(words)
        visit.sees(script)
        assert visit.run("return window.ran") is None, path
        assert (
            visit.run("return document.querySelectorAll('main img, main iframe, [onerror], [onload]').length")
            == 0
        )
        visit.check_network()
    # The names on the map and in its labels.
    visit.open(f"/forecast?scenario={name}").sees("100 futures")
    visit.until(
        "return [...document.querySelectorAll('.place-name')].some(each => each.textContent.includes(arguments[0]))",
        script,
    )
    assert visit.run("return window.ran") is None


def test_a_request_elsewhere_is_noticed_and_stopped(visit):
    visit.open("/").sees("Scenarios")
    visit.check_network()
    visit.run("document.body.insertAdjacentHTML('beforeend', '<img src=\"http://127.0.0.1:9/x.png\">')")
    visit.run("fetch('http://127.0.0.1:9/y').catch(() => {})")
    time.sleep(0.5)
    stopped = [each["message"] for each in visit.browser.driver.get_log("browser")]
    assert any("Content Security Policy" in each for each in stopped)
