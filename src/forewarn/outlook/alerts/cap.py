"""Alerts of the triggers that hold, in the Common Alerting Protocol 1.2 (OASIS, 2010).

http://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html. An alert says that the forecast meets a rule
which planners set; it is for them, so its scope is Restricted, and its status Test unless somebody says
otherwise.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from forewarn.errors import ForewarnError, Problem
from forewarn.intake import read_file
from forewarn.outlook.alerts.record_of_rules import rates_in_words, rule_like
from forewarn.outlook.format.values import calendar_day, day, percent

if TYPE_CHECKING:
    from forewarn.outlook.triggers import TriggerEvaluation
    from forewarn.outlook.view import ForecastView
    from forewarn.record import TriggerRecord
    from forewarn.scenario import Scenario

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
SENDER: Final = "forewarn"
LIKELY: Final = 0.5
"""Certainty is Likely from here on: CAP says "p > ~50%"."""
POSSIBLE: Final = 0.05
"""Possible from here on, Unlikely below: CAP says only "p ~ 0"; assumption."""
IMMEDIATE_DAYS: Final = 1
"""Urgency is Immediate up to so many days ahead; CAP knows hours, displacement takes days: assumption."""
EXPECTED_DAYS: Final = 7
"""Expected up to so many days, Future beyond; assumption."""
HINDCAST: Final = "a statistical forecast from registrations in past conflicts, not this simulation"
MOST_BYTES: Final = 1_000_000
"""An older alert larger than this is not one of ours."""


@dataclass(frozen=True, slots=True)
class Former:
    """An alert written earlier for a trigger."""

    trigger: str
    reference: str
    kind: str


def write_alerts(
    view: ForecastView, folder: Path, *, actual: bool = False, former: Path | None = None
) -> None:
    """Write an alert for each trigger that holds, and a cancellation for each that did and does no longer.

    Parameters
    ----------
    folder
        Made if there is anything to write.
    actual
        Status Actual instead of Test.
    former
        Folder with the alerts of the outlook before this one: updates and cancellations refer to them.

    Raises
    ------
    ForewarnError
        A file in `former` is not an alert of Forewarn.
    """
    before = {alert.trigger: alert for alert in _read_former(former)}
    for evaluation in view.trigger_evaluations:
        old = before.get(evaluation.trigger.name)
        open_before = old if old is not None and old.kind != "Cancel" else None
        if not evaluation.holds and open_before is None:
            continue
        kind = "Cancel" if not evaluation.holds else "Alert" if open_before is None else "Update"
        alert = _alert(view, evaluation, kind, open_before, actual=actual)
        folder.mkdir(exist_ok=True)
        path = folder / f"{_slug(evaluation.trigger.name)}.xml"
        ET.ElementTree(alert).write(path, encoding="utf-8", xml_declaration=True)


def _alert(
    view: ForecastView,
    evaluation: TriggerEvaluation,
    kind: str,
    former: Former | None,
    *,
    actual: bool,
) -> ET.Element:
    ET.register_namespace("", NAMESPACE)
    dataset, scenario = view.dataset, view.scenario
    sent = str(dataset.attrs.get("created", f"{scenario.issued.isoformat()}T00:00:00+00:00"))
    mark = hashlib.sha256(
        f"{dataset.attrs.get('scenario_hash')}{dataset.attrs.get('seed')}{sent}".encode()
    ).hexdigest()
    alert = ET.Element(f"{{{NAMESPACE}}}alert")
    _add(
        alert,
        "identifier",
        f"{SENDER}.{scenario.name}.{_slug(evaluation.trigger.name)}.{scenario.issued}.{mark[:12]}",
    )
    _add(alert, "sender", SENDER)
    _add(alert, "sent", sent)
    _add(alert, "status", "Actual" if actual else "Test")
    _add(alert, "msgType", kind)
    _add(alert, "scope", "Restricted")
    _add(alert, "restriction", "Humanitarian planners; think before sharing figures by place")
    if kind == "Cancel":
        _add(alert, "note", f"The forecast meets this trigger no longer: {percent(evaluation.probability)}")
    if former is not None:
        _add(alert, "references", former.reference)
    _information(alert, view, evaluation)
    return alert


def _information(alert: ET.Element, view: ForecastView, evaluation: TriggerEvaluation) -> None:
    dataset, scenario = view.dataset, view.scenario
    rule, probability = evaluation.trigger.rule, evaluation.probability
    like = rule_like(scenario, evaluation)
    until = calendar_day(view.dates[rule.days])
    info = _add(alert, "info")
    _add(info, "language", "en")
    _add(info, "category", "Security")
    _add(info, "event", "Displacement of people")
    _add(info, "responseType", "Prepare")
    _add(info, "urgency", _urgency(rule.days))
    _add(info, "severity", "Severe")
    _add(info, "certainty", _certainty(probability))
    _add(info, "effective", f"{scenario.issued.isoformat()}T00:00:00+00:00")
    _add(info, "expires", f"{(until + timedelta(days=1)).isoformat()}T00:00:00+00:00")
    _add(info, "senderName", f"Forewarn {dataset.attrs.get('forewarn_version', '')}".strip())
    _add(
        info,
        "headline",
        f"{percent(probability)} that {_words(evaluation)} by {day(until)}"[:160],
    )
    _add(
        info,
        "description",
        f"A simulation of the scenario “{scenario.title}”, issued {day(scenario.issued)}, gives a "
        f"probability of {percent(probability)} that {_words(evaluation)} by {day(until)}; the "
        f"trigger asks for more than {rule.probability:g}. The chances of the courses are assumptions of "
        f"whoever wrote the scenario. {_rates_in_a_sentence(like)}",
    )
    if evaluation.trigger.action:
        _add(info, "instruction", evaluation.trigger.action)
    trigger = evaluation.trigger
    said = (("trigger", trigger.name), ("rule", trigger.when), ("probability", f"{probability:.3f}"))
    for name, value in (*said, *_rates(like)):
        parameter = _add(info, "parameter")
        _add(parameter, "valueName", name)
        _add(parameter, "value", value)
    _area(info, scenario, evaluation)


def _area(info: ET.Element, scenario: Scenario, evaluation: TriggerEvaluation) -> None:
    area = _add(info, "area")
    _add(area, "areaDesc", ", ".join(place.name for place in evaluation.places) or scenario.title)
    for code in dict.fromkeys(place.pcode for place in evaluation.places if place.pcode):
        geocode = _add(area, "geocode")
        _add(geocode, "valueName", "P-code")
        _add(geocode, "value", code)


def _rates_in_a_sentence(like: TriggerRecord | None) -> str:
    if like is None:
        return "No rule like this one has been tried on past conflicts."
    return f"A rule like it, tried with {HINDCAST}: {rates_in_words(like)} (in brackets 90 % intervals)."


def _rates(like: TriggerRecord | None) -> tuple[tuple[str, str], ...]:
    """Rates of the rule of the record that is most like this one, as names and numbers."""
    if like is None:
        return (("hindcast", "none"),)
    rates = (
        ("activation rate", like.activation),
        ("detection rate", like.detection),
        ("false alarm ratio", like.false_alarm_ratio),
    )
    known = [(name, found) for name, found in rates if found is not None]
    return (
        ("hindcast", f"{HINDCAST}, {like.horizon_days} days ahead, {like.forecasts:,} forecasts"),
        *(
            (f"hindcast {name}", f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})")
            for name, found in known
        ),
    )


def _words(evaluation: TriggerEvaluation) -> str:
    rule = evaluation.trigger.rule
    where = "in all places together" if not evaluation.places else f"in {evaluation.places[0].name}"
    verbs = {
        "arrivals": f"more than {rule.people:,} newly displaced people arrive {where}",
        "departures": f"more than {rule.people:,} people leave home {where}",
        "present": f"more than {rule.people:,} newly displaced people are {where}",
    }
    return verbs[rule.measure]


def _urgency(days: int) -> str:
    return "Immediate" if days <= IMMEDIATE_DAYS else "Expected" if days <= EXPECTED_DAYS else "Future"


def _certainty(probability: float) -> str:
    return "Likely" if probability >= LIKELY else "Possible" if probability >= POSSIBLE else "Unlikely"


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = text
    return child


def _slug(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    # Names that differ only in signs must not share a file.
    return f"{plain or 'trigger'}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _read_former(folder: Path | None) -> list[Former]:
    if folder is None or not folder.is_dir():
        return []
    return [_former(path) for path in sorted(folder.glob("*.xml"))]


def _former(path: Path) -> Former:
    """Read what an update refers to; a file that declares entities or is not an alert is refused."""
    raw = read_file(path, most_bytes=MOST_BYTES)
    problem = Problem(
        str(path), "not an alert of Forewarn", remedy="Move it away, or write to another folder"
    )
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise ForewarnError(problem)
    try:
        alert = ET.fromstring(raw)  # noqa: S314  (no entities: checked above)
    except ET.ParseError as error:
        raise ForewarnError(problem) from error
    found = {
        name: alert.findtext(f"{{{NAMESPACE}}}{name}") for name in ("sender", "identifier", "sent", "msgType")
    }
    trigger = _parameter(alert, "trigger")
    if alert.tag != f"{{{NAMESPACE}}}alert" or not all(found.values()) or not trigger:
        raise ForewarnError(problem)
    reference = ",".join(str(found[name]) for name in ("sender", "identifier", "sent"))
    return Former(trigger, reference, str(found["msgType"]))


def _parameter(alert: ET.Element, name: str) -> str:
    for parameter in alert.iter(f"{{{NAMESPACE}}}parameter"):
        if parameter.findtext(f"{{{NAMESPACE}}}valueName") == name:
            return parameter.findtext(f"{{{NAMESPACE}}}value") or ""
    return ""
