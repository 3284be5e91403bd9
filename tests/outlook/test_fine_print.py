from pathlib import Path

import pytest

from forewarn.outlook.contents.fine_print import fine_print
from forewarn.outlook.page.render import render_page

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "src" / "forewarn" / "data" / "outlook"


@pytest.mark.parametrize(
    ("own", "shipped"), [("docs/responsible-use.md", "responsible-use.md"), ("NOTICE", "NOTICE")]
)
def test_what_is_shipped_is_what_the_project_says(own, shipped):
    assert (SHIPPED / shipped).read_text("utf-8") == (ROOT / own).read_text("utf-8"), (
        f"copy {own} to {SHIPPED}"
    )


def test_the_page_carries_both_without_marks(dataset, scenario):
    text = render_page(dataset, scenario)
    assert "choosing targets, or planning or timing attacks" in text
    assert "GeoNames" in text
    assert "**" not in fine_print().responsible_use
