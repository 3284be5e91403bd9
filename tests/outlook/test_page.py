import re
from html.parser import HTMLParser

import pytest

from forewarn.outlook import headline
from forewarn.outlook.page.render import render_page
from forewarn.scenario import explicit, resolve
from forewarn.sources import Source

SCRIPT = "<script>alert('x')</script>"
LOADING = ("src", "srcset", "poster", "data", "action", "formaction", "background", "xlink:href", "manifest")


class Reader(HTMLParser):
    """Collects tags, attributes and the text of tables."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.tables, self.headings = [], [], [], []
        self.cell = None

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.cell = tag
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data):
        if self.cell:
            self.tables[-1][-1][-1] += data


def read(text):
    reader = Reader()
    reader.feed(text)
    return reader


def loads(text):
    """Everything in the page that makes a browser fetch something."""
    reader = read(text)
    found = [item for item in reader.attributes if item[1] in LOADING or item[1].startswith("on")]
    found += [item for item in reader.attributes if item[1] == "href" and item[0] != "a"]
    found += [tag for tag in reader.tags if tag in ("link", "iframe", "img", "object", "embed", "base")]
    # One script moves the map's slider; it stands in the page and asks for nothing.
    found += ["script"] * (reader.tags.count("script") - 1)
    found += re.findall(r"fetch\(|XMLHttpRequest|import\(|new Image|url\((?!#)|@import|image-set\(", text)
    found += [item for item in reader.attributes if item[1] == "http-equiv"]
    return found


@pytest.fixture(scope="module")
def text(dataset, scenario):
    return render_page(dataset, scenario)


def test_loads_nothing(text):
    assert loads(text) == []


@pytest.mark.parametrize(
    "added",
    [
        '<img src="x.png">',
        '<link href="x.css">',
        "<style>@import 'x';</style>",
        "<p style='background:url(x)'>",
        "<script>fetch('x')</script>",
    ],
)
def test_loading_would_be_noticed(text, added):
    assert loads(text + added)


def test_links_of_sources_are_allowed(dataset, scenario):
    linked = _with_source(scenario, url="https://example.org/report")
    text = render_page(dataset, linked)
    assert ("a", "href", "https://example.org/report") in read(text).attributes
    assert loads(text) == []


def test_other_addresses_are_no_links(dataset, scenario):
    linked = _with_source(scenario, url="javascript:alert(1)")
    assert not [
        item for item in read(render_page(dataset, linked)).attributes if item[2].startswith("javascript")
    ]


def test_scripts_show_as_text(dataset, scenario):
    hostile = _with_source(scenario, title=SCRIPT, note=SCRIPT)
    courses = tuple(
        course.model_copy(update={"title": SCRIPT + course.name, "summary": SCRIPT})
        for course in scenario.courses
    )
    claim = scenario.claims[0].model_copy(update={"wording": SCRIPT, "by": SCRIPT, "about": SCRIPT})
    hostile = hostile.model_copy(
        update={"title": SCRIPT, "summary": SCRIPT, "courses": courses, "claims": (claim,)}
    )
    names = [SCRIPT + str(number) for number in range(dataset.sizes["place"])]
    places = ("place", names, dataset["place"].attrs)
    text = render_page(dataset.assign_coords(place=places).assign_attrs(created=SCRIPT), hostile)
    assert text.count("<script") == 1
    assert text.count("&lt;script&gt;") > 20


def test_numbers_of_the_largest_table(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=8)
    dataset["left_home"][::2, -1, 0] = [100_000, 212_345, 300_000, 400_000]
    dataset["left_home"][::2, -1, 3] = 57
    text = render_page(dataset, scenario)
    table = next(table for table in read(text).tables if len(table[-1]) == 6)
    assert table[-1][1:] == [
        "212,000",
        "100,000–300,000",
        "100,000–400,000",
        "60",
        "212,000 (100,000–400,000)",
    ]


def test_golden_answer(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=8)
    dataset["left_home"][::2, -1, 0] = [1000, 5000, 7000, 8000]
    text = re.sub(r"\s+", " ", render_page(dataset, scenario))
    assert (
        "If there is an offensive by 30 April 2024, 5,000 people leave their homes because of it (median; half "
        "of the futures lie between 1,000 and 7,000), and in one future out of ten more than 8,000. The chance "
        "of one is an assumption: 75 %." in text
    )
    # Two of the four members of a course of 75 % lie above the claim of 6,000.
    said = r"chance that more than 6,000 leave, [^.]*, is 50 %; over all courses, with their assumed chances, it is 38 %"
    assert re.search(said, text)


def test_claims_stand_in_the_distribution(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=8)
    dataset["left_home"][::2, -1, 0] = [1000, 5000, 7000, 8000]
    table = next(
        table
        for table in read(render_page(dataset, scenario)).tables
        if "Published figure and course" in table[0]
    )
    assert table[-1][1:] == ["50 %", "–", "50 %"]


def test_small_numbers_are_not_shown(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=2)
    dataset["present"][0, -1, 0] = 7
    assert "under 10" in render_page(dataset, scenario)
    assert "under 10<" not in render_page(dataset, scenario, suppress_below=0)


def test_medians_of_mixtures_are_not_shown(synthetic, scenario):
    dataset = synthetic.empty(scenario, members=6)
    # Over all members the weighted median is 111,000; by course it is 222,000 and 333.
    dataset["left_home"][:, -1, 0] = [111_000, 333, 222_000, 333, 444_000, 333]
    assert not re.search(
        r"(median|most likely)[^<;]{0,40}111,000", render_page(dataset, scenario), re.IGNORECASE
    )


def test_hindsight_is_said_first(dataset, scenario, text):
    assert "Made in hindsight" not in text
    late = render_page(dataset, scenario.model_copy(update={"hindsight": True}))
    assert late.index("Made in hindsight") < late.index("In short")


def test_what_is_doubted_in_the_scenario_is_said_before_the_answer(dataset, scenario, text):
    assert (
        text.index("Look at this first")
        < text.index("are those of the teaching example")
        < text.index("In short")
    )
    document = explicit(scenario)
    del document["model"]
    assert "Look at this first" not in render_page(dataset, resolve(document))
    document["routes"][0]["km"] = 0.1
    short = render_page(dataset, resolve(document))
    assert short.index("the road has 0.1 km, the straight line") < short.index("In short")


def test_headings_and_tables_are_marked_up(text):
    reader = read(text)
    assert reader.headings.count("h1") == 1
    assert reader.tags.count("caption") == reader.tags.count("table")
    assert all(
        any(name == "scope" for _, name, _ in [item])
        for item in reader.attributes
        if item[0] == "th" and item[1] not in ("class", "colspan", "rowspan")
    )
    svg = [item for item in reader.attributes if item[0] == "svg" and item[1] == "role"]
    # Five charts, and a small one for each of the places that people reach; signs in the key stand beside words.
    signs = [item for item in reader.attributes if item[0] == "svg" and item[1] == "aria-hidden"]
    assert len(svg) == reader.tags.count("svg") - len(signs) == 14


def test_headline(dataset, scenario):
    rows = headline(dataset, scenario)
    assert [(row.chance, row.day) for row in rows] == [("75 %", 30), ("75 %", 60), ("25 %", 30), ("25 %", 60)]


def test_a_course_without_members_of_note(synthetic, scenario):
    assert "Nobody, in this course." in render_page(synthetic.empty(scenario, members=2), scenario)


def test_scenario_without_claims(dataset, scenario):
    text = render_page(dataset, scenario.model_copy(update={"claims": ()}))
    assert "Where published figures stand" not in text


def _with_source(scenario, **changed):
    fields = {"title": "A report", "published": "2018", "kind": "report"} | changed
    return scenario.model_copy(update={"sources": {"report": Source(**fields)}})


def test_an_attack_that_moves_nobody_is_said_in_words(synthetic, scenario):
    text = render_page(synthetic.empty(scenario, members=8), scenario)
    assert "offensive by 30 April 2024, in nine futures out of ten it makes nobody leave home." in text
    assert "about 0 people" not in text


def test_numbers_stay_beside_names_written_from_right_to_left(synthetic, scenario):
    name = "مخيم الدردار"
    renamed = scenario.model_copy(
        update={
            "places": tuple(
                each.model_copy(update={"name": name}) if each.name == "Oakford" else each
                for each in scenario.places
            ),
            "routes": (),
            "courses": tuple(
                each.model_copy(update={"title": "هجوم"}) if each.stages else each
                for each in scenario.courses
            ),
        }
    )
    dataset = synthetic.empty(renamed, members=2)
    dataset["present"][0, -1, dataset["place"].values.tolist().index(name)] = 500
    text = render_page(dataset, renamed)
    assert f"\u2068{name}\u2069 (500)" in text
    assert "“\u2068هجوم\u2069”" in text
    assert "\u2068" not in render_page(synthetic.forecast(scenario, members=4), scenario)
