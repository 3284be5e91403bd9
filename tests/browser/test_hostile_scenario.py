"""Text of a scenario is text, wherever it came from."""

import pytest

from forewarn.outlook.page.render import render_page
from forewarn.scenario import Trigger, load
from forewarn.scenario.model.boundaries import Area, Boundaries
from forewarn.sources import Source

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPTS = (
    "<script>window.ran=1</script>",
    '"><img src=x onerror="window.ran=1">',
    "</script><script>window.ran=1</script>",
    "</title><svg onload=window.ran=1>",
    "</style><iframe srcdoc='<script>parent.ran=1</script>'>",
    "';window.ran=1;//",
    "<!--<script>window.ran=1//",
    "{{ 7*7 }}{% raw %}",
)


def hostile(script):
    """The crossroads with a script in every text that people write."""
    scenario = load("crossroads")

    def mark(item, *names):
        return item.model_copy(update={name: f"{script}{getattr(item, name) or ''}" for name in names})

    courses = []
    for course in scenario.courses:
        stages = tuple(
            stage.model_copy(update={"places": tuple(f"{script}{place}" for place in stage.places)})
            for stage in course.stages
        )
        courses.append(mark(course, "title", "summary").model_copy(update={"stages": stages}))
    return scenario.model_copy(
        update={
            "title": script,
            "summary": script,
            "zones": {name: mark(zone, "title") for name, zone in scenario.zones.items()},
            "places": tuple(mark(place, "name", "admin1") for place in scenario.places),
            "routes": tuple(mark(route, "from_", "to", "road") for route in scenario.routes),
            "crossings": tuple(mark(crossing, "title") for crossing in scenario.crossings),
            "courses": tuple(courses),
            "claims": tuple(mark(claim, "wording", "by", "about") for claim in scenario.claims),
            "triggers": (
                Trigger(name=script, when="arrivals in anywhere > 10 within 30 days with probability > 0.1"),
            ),
            "boundaries": Boundaries(
                source=f"assumption: {script}",
                areas=(Area(name=script, wkt="POLYGON ((39 9, 42 9, 42 12, 39 9))"),),
            ),
            "sources": {
                script: Source(
                    title=script,
                    publisher=script,
                    note=script,
                    url=f"https://{script}",
                    published="2018",
                    kind="report",
                )
            },
        }
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_runs_and_all_is_shown(browser, synthetic, tmp_path, script):
    scenario = hostile(script)
    path = tmp_path / "hostile.html"
    path.write_text(render_page(synthetic.forecast(scenario, members=8), scenario), encoding="utf-8")
    browser.open(path)
    browser.run("document.querySelectorAll('details').forEach(each => { each.open = true; });")
    assert browser.run("return window.ran") is None
    assert browser.requests() == []
    assert browser.run("return document.querySelectorAll('img, iframe, [onload], [onerror]').length") == 0
    assert browser.run("return document.querySelectorAll('script').length") == 1
    assert browser.run("return document.querySelector('h1').textContent") == script
    assert browser.run("return document.querySelector('#triggers + .scroll tbody th').textContent") == script
    assert browser.run("return document.title").endswith(script)
    assert browser.run("return document.body.innerText.split(arguments[0]).length - 1", script) > 20
    # The script of the page itself still works.
    assert browser.run("return document.getElementById('map-when').textContent") == "30 April 2024"


def test_a_script_that_runs_is_noticed(browser, tmp_path):
    path = tmp_path / "running.html"
    path.write_text(f"<!DOCTYPE html><title>x</title><p>{SCRIPTS[0]}</p>", encoding="utf-8")
    assert browser.open(path).run("return window.ran") == 1
