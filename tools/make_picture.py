"""Take the README's picture of the page: docs/page.png, from out/idlib-2018/index.html.

    make outlook
    python tools/make_picture.py [PAGE]

The head of the page and its map, side by side. Needs Chromium and chromedriver. 64 colours are enough for a page
and keep the picture small.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).resolve().parent.parent
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT, GAP = 860, 1060, 20  # pixels
COLOURS: Final = 64
MAP: Final = "return document.getElementById('map').getBoundingClientRect().top + scrollY - 16"


def screens(page: Path, browser: str, driver: str) -> list[Image.Image]:
    """Two parts of the page as a reader sees them, without a network."""
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                     "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"):  # fmt: skip
        options.add_argument(argument)
    with webdriver.Chrome(options=options, service=Service(driver)) as window:
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        window.get(page.resolve().as_uri())
        found = []
        for top in (0, window.execute_script(MAP)):
            window.execute_script("window.scrollTo({top: arguments[0], behavior: 'instant'})", top)
            found.append(Image.open(io.BytesIO(window.get_screenshot_as_png())).convert("RGB"))
        return found


def main(arguments: Sequence[str]) -> int:
    """Take both parts and put them side by side."""
    page = Path(arguments[0]) if arguments else ROOT / "out" / "idlib-2018" / "index.html"
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None or not page.exists():
        print(f"Needs chromium, chromedriver and {page} (make outlook)", file=sys.stderr)
        return 1
    whole = Image.new("RGB", (2 * WIDTH + GAP, HEIGHT), "#888888")
    for index, part in enumerate(screens(page, browser, driver)):
        whole.paste(part, (index * (WIDTH + GAP), 0))
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(ROOT / "docs" / "page.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
