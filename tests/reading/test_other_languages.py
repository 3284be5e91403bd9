"""Of other languages figures in digits are read: with their scale, bound, unit and term, or not at all."""

from __future__ import annotations

import pytest

from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

CASES = [
    pytest.param(
        "ar",
        "نزح أكثر من 3 آلاف شخص من مدينة إدلب يوم الاثنين بعد القصف، بحسب الدفاع المدني في المدينة.",
        [(3000.0, "at-least", "people", "displaced")],
        id="Arabic",
    ),
    pytest.param(
        "ar",
        "نزح ٣٠٠٠ شخص من مدينة إدلب يوم الاثنين بعد القصف، بحسب الدفاع المدني في المدينة.",
        [(3000.0, "exact", "people", "displaced")],
        id="Arabic digits",
    ),
    pytest.param(
        "ru",
        "Из города бежали около 3,5 тыс. человек. Об этом сообщил мэр, который выступал на совещании.",
        [(3500.0, "approximate", "people", "forced-to-flee")],
        id="Russian, abbreviated",
    ),
    pytest.param(
        "uk",
        "Понад 12 тисяч людей виїхали з Харкова, повідомив мер міста під час наради у понеділок.",
        [(12000.0, "at-least", "people", "forced-to-flee")],
        id="Ukrainian",
    ),
    pytest.param(
        "tr",
        "Pazartesi günü yaklaşık 3 bin kişi şehirden kaçtı, belediye başkanı söyledi. Yol kapalı.",
        [(3000.0, "approximate", "people", "forced-to-flee")],
        id="Turkish",
    ),
    pytest.param(
        "de",
        "Rund 40 Familien flohen am Montag aus der Stadt, sagte der Bürgermeister. Die Straße ist seit 2019 zu.",
        [(40.0, "approximate", "households", "forced-to-flee")],
        id="German, a year is none",
    ),
    pytest.param(
        "es",
        "Más de 12 mil personas huyeron de la ciudad el lunes, según la alcaldía de la ciudad.",
        [(12000.0, "at-least", "people", "forced-to-flee")],
        id="Spanish",
    ),
    pytest.param(
        "ru",
        "Мэр города сообщил, что на ремонт дороги потрачено 12 тыс. рублей, работы займут 3 недели.",
        [],
        id="money and weeks are none",
    ),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_figures(language, text, expected):
    reading = read(from_text(text, name="note", issued=None))
    assert reading.document.language == language
    assert [(f.quantity.value, f.quantity.bound, f.unit, f.term) for f in reading.figures] == expected
    assert any("not English" in note for note in reading.notes)
    assert reading.statements == ()


def test_words_of_scale_of_other_languages_do_not_disturb_english():
    text = (
        "5 bin Laden followers fled. 12 thousand people were displaced on Monday, the mayor of the town said."
    )
    reading = read(from_text(text, name="note", issued=None))
    assert 5000.0 not in [figure.quantity.value for figure in reading.figures]


def test_a_scale_behind_a_range_holds_for_both_ends():
    text = "Entre 2-3 millones de personas huyeron de la ciudad el lunes, según la alcaldía de la ciudad."
    (figure,) = read(from_text(text, name="note", issued=None)).figures
    assert (figure.quantity.low, figure.quantity.high) == (2e6, 3e6)
