"""What axe-core finds: no serious or critical fault."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GRAVE = ("serious", "critical")


def faults(browser, axe):
    browser.run(axe)
    found = browser.driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations), e => done(String(e)));"
    )
    assert isinstance(found, list), found
    return [
        (each["id"], each["impact"], each["nodes"][0]["html"][:120])
        for each in found
        if each["impact"] in GRAVE
    ]


@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize("name", ["crossroads", "uncertain", "idlib-2018", "draft"])
def test_no_grave_fault(browser, pages, axe, name, width):
    browser.open(pages[name], width=width)
    assert faults(browser, axe) == []
    browser.run("document.querySelectorAll('details').forEach(each => { each.open = true; });")
    assert faults(browser, axe) == []


@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize(
    "name", ["crossroads", "uncertain", "idlib-2018", "idlib-2019", "draft", "long-names"]
)
def test_what_scrolls_can_be_reached_by_keyboard(browser, pages, name, width):
    browser.open(pages[name], width=width)
    browser.run("document.querySelectorAll('details').forEach(each => { each.open = true; });")
    assert browser.run("return document.querySelectorAll('.scroll').length") > 5
    assert browser.unreachable() == []


@pytest.mark.parametrize(
    ("box", "noticed"),
    [
        ('<div style="overflow-x:auto">a table</div>', True),
        ('<div style="overflow-y:scroll">a table</div>', True),
        ('<div style="overflow:auto" tabindex="0">without a name</div>', True),
        ('<div style="overflow:auto" tabindex="-1" aria-label="x">never reached</div>', True),
        ('<div style="overflow:auto" tabindex="0" role="region" aria-label="A table">a table</div>', False),
        ('<div style="overflow:auto"><a href="#x">a link</a></div>', False),
        ('<div style="overflow:hidden">a drawing</div>', False),
    ],
)
def test_what_cannot_be_reached_is_noticed(browser, pages, box, noticed):
    browser.open(pages["crossroads"])
    browser.run("document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0])", box)
    assert bool(browser.unreachable()) == noticed


def test_a_fault_is_noticed(browser, pages, axe):
    browser.open(pages["crossroads"])
    browser.run(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        ' \'<p style="color:#ccc;background:#fff">pale</p><input type="text">\')'
    )
    assert {each[0] for each in faults(browser, axe)} >= {"color-contrast", "label"}
