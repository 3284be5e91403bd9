"""Alerts: valid CAP 1.2, due when the rule holds, and referring to what was sent before."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from lxml import etree

import forewarn
from forewarn.errors import ForewarnError
from forewarn.outlook.alerts.cap import NAMESPACE, write_alerts
from forewarn.outlook.triggers import evaluate_triggers
from forewarn.outlook.view import ForecastView
from forewarn.scenario import explicit, resolve

SCHEMA = Path(__file__).parent / "schemas" / "CAP-v1.2.xsd"


def with_triggers(scenario, *rules, action=""):
    triggers = [{"name": f"rule {i}", "when": rule, "action": action} for i, rule in enumerate(rules)]
    return resolve(explicit(scenario) | {"triggers": triggers})


def text_of(path, name):
    return ET.parse(path).getroot().findtext(f".//{{{NAMESPACE}}}{name}")


@pytest.fixture
def place(scenario):
    return scenario.places[1]


def test_the_probability_is_the_weight_of_the_members_above(dataset, scenario, place):
    days = 20
    arrived = dataset["arrivals"].isel(day=slice(1, days + 1)).sum("day").sel(place=place.name).values
    people = int(np.median(arrived))
    told = with_triggers(
        scenario, f"arrivals in {place.name} > {people} within {days} days with probability > 0"
    )
    (found,) = evaluate_triggers(dataset, told)
    assert found.probability == pytest.approx(dataset["weight"].values[arrived > people].sum())
    assert found.holds == (found.probability > 0)


def test_present_counts_the_day_and_anywhere_all_places(dataset, scenario):
    there = dataset["present"].isel(day=10).sum("place").values
    told = with_triggers(
        scenario, f"present in anywhere > {there.min()} within 10 days with probability > 0.1"
    )
    (found,) = evaluate_triggers(dataset, told)
    assert found.probability == pytest.approx(dataset["weight"].values[there > there.min()].sum())


def test_a_rule_must_be_exceeded(dataset, scenario):
    told = with_triggers(scenario, "present in anywhere > 999999999 within 10 days with probability > 0")
    (found,) = evaluate_triggers(dataset, told)
    assert found.probability == 0
    assert not found.holds


@pytest.mark.parametrize("actual", [False, True])
def test_alerts_are_valid_and_say_test_unless_told(dataset, scenario, tmp_path, actual):
    told = with_triggers(
        scenario,
        "departures in anywhere > 0 within 30 days with probability > 0.01",
        "departures in anywhere > 999999999 within 30 days with probability > 0.01",
        action="Open the <reception> & centre",
    )
    write_alerts(ForecastView(dataset, told), tmp_path / "alerts", actual=actual)
    (path,) = (tmp_path / "alerts").iterdir()
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    schema.assertValid(etree.parse(str(path)))
    assert text_of(path, "status") == ("Actual" if actual else "Test")
    assert text_of(path, "msgType") == "Alert"
    assert text_of(path, "instruction") == "Open the <reception> & centre"


def test_the_schema_notices_an_invalid_alert(dataset, scenario, tmp_path):
    told = with_triggers(scenario, "departures in anywhere > 0 within 30 days with probability > 0.01")
    write_alerts(ForecastView(dataset, told), tmp_path / "alerts")
    (path,) = (tmp_path / "alerts").iterdir()
    path.write_text(path.read_text(encoding="utf-8").replace(">Restricted<", ">Everybody<"), encoding="utf-8")
    assert not etree.XMLSchema(etree.parse(str(SCHEMA))).validate(etree.parse(str(path)))


def test_updates_and_cancellations_refer_to_the_earlier_alert(dataset, scenario, tmp_path):
    rule = "departures in anywhere > {} within 30 days with probability > 0.01"
    first, second, third, fourth = (tmp_path / name for name in "abcd")
    low, high = with_triggers(scenario, rule.format(0)), with_triggers(scenario, rule.format(999999999))
    write_alerts(ForecastView(dataset, low), first)
    (sent,) = first.iterdir()
    write_alerts(ForecastView(dataset, low), second, former=first)
    (update,) = second.iterdir()
    assert text_of(update, "msgType") == "Update"
    assert text_of(update, "references").split(",")[1] == text_of(sent, "identifier")
    write_alerts(ForecastView(dataset, high), third, former=second)
    (cancelled,) = third.iterdir()
    assert text_of(cancelled, "msgType") == "Cancel"
    assert text_of(cancelled, "references").split(",")[1] == text_of(update, "identifier")
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(etree.parse(str(cancelled)))
    write_alerts(ForecastView(dataset, high), fourth, former=third)
    assert not fourth.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"<alert/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\x00\x01", b"<a>" * 10],
)
def test_files_that_are_no_alerts_are_refused(dataset, scenario, tmp_path, content):
    (tmp_path / "old.xml").write_bytes(content)
    with pytest.raises(ForewarnError, match="not an alert of Forewarn"):
        write_alerts(ForecastView(dataset, with_triggers(scenario)), tmp_path / "new", former=tmp_path)


def test_certainty_and_urgency_follow_probability_and_lead(dataset, scenario, tmp_path):
    likely = with_triggers(scenario, "departures in anywhere > 0 within 30 days with probability > 0.01")
    write_alerts(ForecastView(dataset, likely), tmp_path / "a")
    (path,) = (tmp_path / "a").iterdir()
    (found,) = evaluate_triggers(dataset, likely)
    assert text_of(path, "certainty") == ("Likely" if found.probability >= 0.5 else "Possible")
    assert text_of(path, "urgency") == "Future"


def record_of(days=30, people_of="place", part=0.25, above=0.5):
    """The line of the record about a rule, read from its file and not by our own reader."""
    table = Path(forewarn.__file__).parent / "data" / "skill" / "triggers.csv"
    (found,) = [
        row
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())
        if row["mode"] == "total-forecast" and row["forecaster"] == "forewarn"
        and (int(row["horizon_days"]), row["threshold_of"]) == (days, people_of)
        and (float(row["threshold_part"]), float(row["activates_above"])) == (part, above)
    ]  # fmt: skip
    return found


def crowded(scenario, place, *, displaced=10_000):
    """The scenario with people who were displaced to a place before."""
    places = tuple(
        each.model_copy(update={"displaced": displaced}) if each.name == place.name else each
        for each in scenario.places
    )
    return scenario.model_copy(update={"places": places})


def parameters(path):
    found = ET.parse(path).getroot().iter(f"{{{NAMESPACE}}}parameter")
    return {each[0].text: each[1].text for each in found}


def alert_for(dataset, scenario, rule, folder):
    write_alerts(ForecastView(dataset, with_triggers(scenario, rule)), folder)
    (path,) = folder.iterdir()
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(etree.parse(str(path)))
    return path


def test_an_alert_carries_the_rates_of_a_rule_like_it(synthetic, scenario, place, tmp_path):
    dataset = synthetic.empty(scenario, members=2)
    dataset["arrivals"][:, 5, dataset["place"].values.tolist().index(place.name)] = 9_999
    # 2,600 of 10,000 is near a quarter, 0.52 near 0.5.
    rule = f"arrivals in {place.name} > 2600 within 30 days with probability > 0.52"
    path = alert_for(dataset, crowded(scenario, place), rule, tmp_path / "alerts")
    line, said = record_of(), parameters(path)
    for name, column in (("detection rate", "detection"), ("false alarm ratio", "false_alarm_ratio")):
        numbers = [f"{float(line[f'{column}{end}']):.3f}" for end in ("", "_low", "_high")]
        assert said[f"hindcast {name}"] == "{} ({} to {})".format(*numbers)
    assert "not this simulation" in said["hindcast"]
    assert "30 days ahead" in said["hindcast"]
    assert f"warned of {float(line['detection']):.0%}".replace("%", " %") in text_of(path, "description")


@pytest.mark.parametrize(
    ("rule", "displaced"),
    [
        ("arrivals in {} > 2000 within 30 days with probability > 0.5", 90),  # too few were there
        ("arrivals in {} > 2000 within 7 days with probability > 0.5", 10_000),  # no such horizon
        ("present in {} > 2000 within 30 days with probability > 0.5", 10_000),  # not about arrivals
        ("arrivals in {} > 9900 within 30 days with probability > 0.5", 1_000),  # ten times as many
        ("arrivals in {} > 2000 within 30 days with probability > 0.05", 10_000),  # hardly probable
    ],
)
def test_without_a_rule_like_it_an_alert_says_so(synthetic, scenario, place, tmp_path, rule, displaced):
    dataset = synthetic.empty(scenario, members=2)
    at = dataset["place"].values.tolist().index(place.name)
    dataset["arrivals"][:, 5, at] = dataset["present"][:, :, at] = 9_999
    told = crowded(scenario, place, displaced=displaced)
    path = alert_for(dataset, told, rule.format(place.name), tmp_path / "alerts")
    assert parameters(path)["hindcast"] == "none"
    assert "No rule like this one has been tried" in text_of(path, "description")
