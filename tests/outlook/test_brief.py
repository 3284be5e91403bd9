import io
import re

import pytest
from pypdf import PdfReader

from forewarn.errors import ForewarnError
from forewarn.outlook.brief.document import write_brief
from forewarn.outlook.format.latin import latin
from forewarn.outlook.page.model import build_page_model
from forewarn.outlook.view import ForecastView
from forewarn.scenario import explicit, resolve
from forewarn.scenario.model.models import DraftNote
from forewarn.sources import Source

HOSTILE = "<b>Idleb</b> & <script>alert(1)</script> <img src=x> {0} &amp;"
LATIN = frozenset(range(32, 127)) | frozenset(map(ord, "éžşİ’–…“”"))


def texts(path):
    return [page.extract_text() for page in PdfReader(path).pages]


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def brief(dataset, scenario, tmp_path_factory):
    path = tmp_path_factory.mktemp("brief") / "brief.pdf"
    write_brief(dataset, scenario, path)
    return path


def test_two_pages_of_a4(brief):
    pages = PdfReader(brief).pages
    assert len(pages) == 2
    assert [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages] == [(595, 842)] * 2


def test_the_answer_stands_first(brief, dataset, scenario):
    first, _ = texts(brief)
    model = build_page_model(ForecastView(dataset, scenario))
    places = [squeezed(first).index(squeezed(text)) for text in (model.title, *model.answer, "Key figures")]
    assert places == sorted(places)
    assert f"Issued {model.issued}" in first


def test_drafts_and_hindsight_are_said_first(dataset, scenario, brief, tmp_path):
    plain = texts(brief)[0]
    assert "Draft" not in plain
    assert "hindsight" not in plain
    note = DraftNote(reports=("a report",), notes=(), evidence=())
    late = scenario.model_copy(update={"hindsight": True, "draft": note})
    write_brief(dataset, late, tmp_path / "brief.pdf")
    text = re.sub(r"\s+", " ", texts(tmp_path / "brief.pdf")[0])
    answer = text.index("If there is an offensive")
    assert text.index("Draft, made from a report. Nobody has corrected it.") < answer
    assert text.index("Made in hindsight") < answer


def test_the_brief_refers_to_what_is_doubted(dataset, scenario, brief, tmp_path):
    assert "Numbers of the scenario are doubtful" in re.sub(r"\s+", " ", texts(brief)[0])
    document = explicit(scenario)
    del document["model"]
    write_brief(dataset, resolve(document), tmp_path / "brief.pdf")
    assert "doubtful" not in texts(tmp_path / "brief.pdf")[0]


def numbers_of(model):
    """Every cell with a number that the brief shows, from the page's tables."""
    for row in model.planning.rows:
        yield from row[1:4]
    for course in model.courses:
        for row in course.destinations.rows:
            yield from (row[1], row[3])
    for course in model.needs.courses:
        for row in course.needs.rows:
            yield from row[1:]
    for row in model.needs.courses[0].people.rows:
        yield from row[1:]


def test_its_numbers_are_the_pages(brief, dataset, scenario):
    written = squeezed("".join(texts(brief)))
    wanted = list(numbers_of(build_page_model(ForecastView(dataset, scenario))))
    assert len(wanted) > 60
    assert [number for number in wanted if squeezed(number) not in written] == []


def test_other_numbers_would_be_noticed(brief, synthetic, scenario):
    written = squeezed("".join(texts(brief)))
    other = build_page_model(ForecastView(synthetic.forecast(scenario, members=24, seed=2), scenario))
    assert [number for number in numbers_of(other) if squeezed(number) not in written]


def test_worst_case_is_nine_in_ten(synthetic, scenario, tmp_path):
    dataset = synthetic.empty(scenario, members=20)
    # Ten members of the course under attack: 1,000 to 10,000 people; the ninth in order is the worst case.
    dataset["left_home"][::2, -1, 0] = [1000 * (k + 1) for k in range(10)]
    write_brief(dataset, scenario, tmp_path / "brief.pdf")
    first, second = texts(tmp_path / "brief.pdf")
    assert re.search(r"75 %\s+5,000\s+9,000", first)
    # The same people need 15 litres of water a person and day, and a toilet for 20.
    assert re.search(r"people who leave\s+5,000\s+9,000\s+0\s+0", second)
    assert re.search(r"litres per day\s+75,000\s+135,000", second)
    assert re.search(r"latrines\s+250\s+450", second)


def test_same_forecast_same_bytes(brief, dataset, scenario, synthetic, tmp_path):
    write_brief(dataset, scenario, tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == brief.read_bytes()
    write_brief(synthetic.forecast(scenario, members=24, seed=2), scenario, tmp_path / "other.pdf")
    assert (tmp_path / "other.pdf").read_bytes() != brief.read_bytes()


def test_markup_in_names_is_text(dataset, scenario, tmp_path):
    hostile = scenario.model_copy(
        update={
            "title": HOSTILE,
            "courses": tuple(
                course.model_copy(update={"title": HOSTILE, "summary": HOSTILE})
                for course in scenario.courses
            ),
            "sources": {"report": Source(title=HOSTILE, published="2018", kind="report")},
        }
    )
    names = [f"{HOSTILE} {number}" for number in range(dataset.sizes["place"])]
    named = dataset.assign_coords(place=("place", names, dataset["place"].attrs))
    write_brief(named, hostile, tmp_path / "brief.pdf")
    pages = texts(tmp_path / "brief.pdf")
    assert len(pages) == 2
    assert squeezed("".join(pages)).count(squeezed("<script>alert(1)</script>")) > 8
    assert b"/JavaScript" not in (tmp_path / "brief.pdf").read_bytes()


@pytest.mark.parametrize("length", [20, 400])
def test_too_much_of_everything_still_fits_two_pages(dataset, scenario, tmp_path, length):
    long = ("A very long name that does not end " * 20)[:length]
    crowded = scenario.model_copy(
        update={
            "title": long,
            "courses": tuple(
                course.model_copy(update={"title": long, "summary": long * 5}) for course in scenario.courses
            ),
            "sources": {f"s{k}": Source(title=long, published="2018", kind="report") for k in range(60)},
        }
    )
    names = [f"{long}{number}" for number in range(dataset.sizes["place"])]
    named = dataset.assign_coords(place=("place", names, dataset["place"].attrs))
    write_brief(named, crowded, tmp_path / "brief.pdf")
    pages = texts(tmp_path / "brief.pdf")
    assert len(pages) == 2
    assert "and 50 more in index.html" in re.sub(r"\s+", " ", pages[1])
    assert "Page 1 of 2" in pages[0]


def test_small_numbers_are_not_told(synthetic, scenario, tmp_path):
    dataset = synthetic.empty(scenario, members=2)
    dataset["left_home"][0, -1, 0] = 7
    write_brief(dataset, scenario, tmp_path / "brief.pdf")
    text = re.sub(r"\s+", " ", " ".join(texts(tmp_path / "brief.pdf")))
    assert "people who leave under 10 under 10" in text
    # 7 people need 105 litres.
    assert "105" not in text
    assert "suppressed" in text


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Méry – Žatec – Şırnak", "Méry – Žatec – Şırnak"),
        ("Ḥalab, Dayr az-Zūr", "Halab, Dayr az-Zur"),
        ("Харків", "Kharkiv"),
        ("إدلب", "idlb"),
        ("東京 city", "[…] city"),
        ("na\x00me\u202egnp", "namegnp"),
    ],
)
def test_names_in_other_scripts(dataset, scenario, tmp_path, name, written):
    write_brief(dataset, scenario.model_copy(update={"title": name}), tmp_path / "brief.pdf")
    data = (tmp_path / "brief.pdf").read_bytes()
    assert PdfReader(io.BytesIO(data)).metadata.title == f"Displacement outlook: {written}"
    assert written in texts(tmp_path / "brief.pdf")[0]


def test_letters_without_a_counterpart_are_marked():
    assert latin("a 東京 都 b", LATIN) == "a […] b"
    assert latin("Щука", LATIN) == "Shchuka"
    assert latin("abc", frozenset()) == "[...]"


def test_only_forecasts(dataset, scenario, tmp_path):
    with pytest.raises(ForewarnError, match="left_home: missing"):
        write_brief(dataset.drop_vars("left_home"), scenario, tmp_path / "brief.pdf")
    assert not (tmp_path / "brief.pdf").exists()


def test_many_courses_are_cut_with_a_count(synthetic, scenario, tmp_path):
    chance = scenario.courses[0].probability.model_copy(update={"value": 1 / 12})
    courses = tuple(
        scenario.courses[k % 2].model_copy(
            update={
                "name": f"c{k}",
                "title": f"Course {k}.",
                "summary": "It happens. " * 30,
                "probability": chance,
            }
        )
        for k in range(12)
    )
    many = scenario.model_copy(update={"courses": courses, "claims": ()})
    write_brief(synthetic.forecast(many, members=24), many, tmp_path / "brief.pdf")
    first, second = (re.sub(r"\s+", " ", text) for text in texts(tmp_path / "brief.pdf"))
    # Six of the twelve hold an offensive; they come first.
    assert all(f"Course {k}." in first for k in (0, 2, 4, 6, 8, 10))
    assert "And 5 more courses in index.html" in first
    # Those of an offensive in any course and of three courses are shown.
    assert "And 9 more courses in index.html" in second
    assert "Courses that events may take" in second


def test_own_boundaries_are_drawn_and_named(brief, dataset, scenario, tmp_path):
    from forewarn.scenario.model.boundaries import Area, Boundaries

    areas = (Area(name="West", wkt="POLYGON ((39 9, 40 9, 40 11, 39 11, 39 9))"),)
    drawn = scenario.model_copy(update={"boundaries": Boundaries(source="assumption: made up", areas=areas)})
    write_brief(dataset, drawn, tmp_path / "brief.pdf")
    dashes = b"[12 4 3 4] 0 d"
    assert dashes in PdfReader(tmp_path / "brief.pdf").pages[0].get_contents().get_data()
    assert dashes not in PdfReader(brief).pages[0].get_contents().get_data()
    assert "Boundaries within: Assumption: made up" in re.sub(r"\s+", " ", texts(tmp_path / "brief.pdf")[0])
