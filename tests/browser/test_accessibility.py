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


def test_a_fault_is_noticed(browser, pages, axe):
    browser.open(pages["crossroads"])
    browser.run(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        ' \'<p style="color:#ccc;background:#fff">pale</p><input type="text">\')'
    )
    assert {each[0] for each in faults(browser, axe)} >= {"color-contrast", "label"}
