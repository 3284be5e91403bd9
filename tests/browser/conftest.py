"""A headless Chromium without a network, and pages to open in it."""

import importlib.util
import json
import os
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from forewarn.outlook.page.render import render_page
from forewarn.scenario import change, explicit, load, resolve
from forewarn.scenario.model.models import DraftNote, Evidence

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE = "4.10.3"
WIDE, NARROW = 1400, 400
# Boxes that may scroll on their own, whatever the fonts of the machine make of them, but cannot be reached by
# keyboard: neither do they take the focus under a name, nor does anything in them take it.
UNREACHABLE = """
const takes = each => each.tabIndex >= 0 && !each.disabled;
return [...document.body.querySelectorAll('*')].filter(each => {
  const style = getComputedStyle(each);
  return /auto|scroll/.test(style.overflowX + style.overflowY) && each.getClientRects().length
    && !(takes(each) && (each.getAttribute('aria-label') || each.labels))
    && ![...each.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')].some(takes);
}).map(each => each.outerHTML.slice(0, 120));
"""


class Browser:
    """What the tests ask of a browser."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, path, *, width=WIDE):
        """Open a file or an address and forget what was asked of the network before."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get("about:blank")
        self.driver.get_log("performance")
        self.driver.get(path if "://" in str(path) else Path(path).as_uri())
        return self

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def unreachable(self):
        """Boxes that scroll and cannot be reached by keyboard."""
        return self.run(UNREACHABLE)

    def requests(self):
        """Addresses asked for since the page was opened, but for the page itself."""
        time.sleep(0.3)
        messages = [json.loads(each["message"])["message"] for each in self.driver.get_log("performance")]
        asked = [
            each["params"]["request"]["url"]
            for each in messages
            if each["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in asked if url != self.driver.current_url]

    def print(self):
        """Print as it would be from the menu; bytes of a PDF file."""
        import base64

        settings = {"preferCSSPageSize": True, "printBackground": True}
        return base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", settings)["data"])


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    chromium = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("needs chromium and chromedriver (Debian: chromium, chromium-driver)")
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(argument)
    try:
        driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    except WebDriverException as problem:
        pytest.skip(f"chromium does not start here: {problem.msg}")
    yield Browser(driver)
    driver.quit()


@pytest.fixture(scope="session")
def synthetic():
    path = Path(__file__).parents[1] / "forecast" / "synthetic.py"
    specification = importlib.util.spec_from_file_location("synthetic", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _write(folder, name, scenario, members):
    from forewarn.forecast import run

    path = folder / f"{name}.html"
    path.write_text(render_page(run(scenario, members=members, seed=1), scenario), encoding="utf-8")
    return path


def with_long_names(scenario):
    """The same with a place and a course of long names, in Latin and Arabic letters."""
    names = {
        "Oakford": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch and the communities around it",
        "Elm Camp": "مخيم الدردار والمناطق المحيطة به من الجنوب والشرق",
    }
    text = json.dumps(explicit(scenario), default=str)
    for old, new in names.items():
        text = text.replace(json.dumps(old), json.dumps(new))
    document = json.loads(text) | {"issued": scenario.issued}
    document["courses"][0]["title"] = "هجوم بري على المدينة القديمة من الجنوب والشرق مع قصف متواصل"
    return resolve(document)


def drafted():
    """The crossroads as if a report had been drafted."""
    words = "The army is said to have massed about 30,000 men round the town, according to an officer."
    rests = (
        Evidence(path="courses.attack.stages.assault.falls_after_days", words=words, report="dispatch"),
        Evidence(path="model.flight.share_leaving", words="assumption: nothing is known of it"),
    )
    note = DraftNote(reports=("a dispatch",), notes=("Correct the chances of the courses.",), evidence=rests)
    return load("crossroads").model_copy(update={"draft": note})


# Scenarios by the name of their page, most with members enough for what moves them.
SCENARIOS = {
    "long-names": (lambda: with_long_names(load("crossroads")), 8),
    "draft": (drafted, 8),
    "crossroads": (lambda: load("crossroads"), 8),
    "uncertain": (
        lambda: change(load("crossroads"), ["model.flight.share_leaving={low: 0.2, high: 0.8}"]),
        400,
    ),
    "idlib-2018": (lambda: load("idlib-2018"), 400),
    "idlib-2019": (lambda: load("idlib-2019"), 300),
}


class Pages(dict):
    """Pages by name, each written when it is first asked for."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def __missing__(self, name):
        make, members = SCENARIOS[name]
        self[name] = _write(self.folder, name, make(), members)
        return self[name]


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    return Pages(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="session")
def axe():
    """Source of axe-core, from npm, kept in a cache folder."""
    npm = shutil.which("npm")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "forewarn-tests"
    archive = folder / f"axe-core-{AXE}.tgz"
    if not archive.exists():
        if npm is None:
            pytest.skip("needs npm, to fetch axe-core")
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "pack", "--silent", f"axe-core@{AXE}"]
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
            )
        except subprocess.TimeoutExpired:
            pytest.skip("npm does not answer")
        if done.returncode or not archive.exists():
            pytest.skip(f"npm cannot fetch axe-core: {done.stderr.strip()[-200:]}")
    with tarfile.open(archive) as packed:
        return packed.extractfile("package/axe.min.js").read().decode("utf-8")
