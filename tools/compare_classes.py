"""Score what was tried for the share displaced, and the structure that was taken on the twelve that were blind.

    python tools/compare_classes.py

Prints the tables of docs/analogues.md. Every structure predicts each event of the 67 from the other clusters alone; the
twelve that were collected apart (`held` in events.csv) are not looked at until the structure in `forewarn.analogues` predicts
them from the 67. Two minutes on one core.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np

from forewarn.analogues import PastOffensive, ReferenceClass, score, select
from forewarn.analogues.pooling import ModelRow, predict
from forewarn.analogues.scoring import QUANTITIES, Scores, crps
from forewarn.arraytypes import Floats

PROBABILITIES: Final = (np.arange(200) + 0.5) / 200
WARNED_BEFORE: Final = frozenset(
    ("syr_raqqa_2017", "irq_mosul_2016", "irq_telafar_2017", "irq_hawija_2017", "sdn_elfasher_2025")
    + ("lbn_escalation_2026", "ukr_invasion_2022", "syr_idlib_2019_20", "pse_rafah_2024")
)
"""Events of the 67 whose warning was published before the start (`warning_source`)."""


class Structure(NamedTuple):
    """Attributes, and the scale on which they add up."""

    name: str
    factors: Sequence[str]
    covariates: Sequence[str] = ("people",)
    log_log: bool = True


STRUCTURES: Final = (
    Structure("scope, kind, exits, people (0.1.0)", ("scope", "kind of 0.1.0", "exits"), log_log=False),
    Structure("the same, order to evacuate a kind", ("scope", "kind", "exits"), log_log=False),
    Structure("kind, people", ("kind",), log_log=False),
    Structure("no attribute", (), ()),
    Structure("kind", ("kind",), ()),
    Structure("people", ()),
    Structure("kind as in 0.1.0, people", ("kind of 0.1.0",)),
    Structure("kind, people", ("kind",)),
    Structure("kind, driven out or told to leave, people", ("kind", "driven or told")),
    Structure("driven out or told to leave, people", ("driven or told",)),
    Structure("kind, scope, people", ("kind", "scope")),
    Structure("kind, exits, people", ("kind", "exits")),
    Structure("kind, closed or not, people", ("kind", "closed")),
    Structure("kind, siege told, people", ("kind", "siege")),
    Structure("siege told, people", ("siege",)),
    Structure("kind, bombardment told, people", ("kind", "bombardment")),
    Structure("kind, warned before the start, people", ("kind", "warned")),
    Structure("kind, people, warning ÷ people", ("kind",), ("people", "warning")),
    Structure("kind, people, length (known afterwards)", ("kind",), ("people", "length")),
    Structure("kind, country, people", ("kind", "country")),
    Structure("**kind, cluster, people**", ("kind", "cluster")),
)


def main() -> None:
    """Print both tables."""
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(_table()))}
    everything = select()
    learnt = ReferenceClass(tuple(event for event in everything.events if not rows[event.id]["held"]))
    held = [event for event in everything.events if rows[event.id]["held"]]
    strangers = [replace(event, cluster=f"held-{event.id}", areas=(event.id,)) for event in held]
    print(
        "| structure | scale | CRPS, 67 | ratio to same scope | CRPS, 79 | ratio |\n| --- | --- | --- | --- | --- | --- |"
    )
    for structure in STRUCTURES:
        cells = [structure.name, "log-log" if structure.log_log else "logit"]
        for chosen in (learnt, everything):
            found = left_out(structure, chosen, rows)
            cells += [f"{found:.4f}", f"{found / score(chosen).crps_pooled:.3f}"]
        print(f"| {' | '.join(cells)} |")
    for title, chosen, table in (
        ("the twelve from the 67, without events of their areas and clusters", learnt, held),
        ("the twelve from all of the 67", learnt, strangers),
        ("all, one cluster left out", everything, None),
    ):
        print(f"\n{title}\n")
        for quantity in QUANTITIES:
            print(line(score(chosen, quantity=quantity, table=table)))


def line(found: Scores) -> str:
    """Format scores as a row of the page's table."""
    cells = [
        found.quantity,
        str(found.events),
        str(found.clusters),
        *(f"{value:.3f}" for value in (found.crps_fit, found.crps_pooled, found.crps_all)),
        f"{found.ratio:.2f} ({found.ratio_low:.2f}–{found.ratio_high:.2f})",
        *(f"{part:.2f}" for part in found.coverage_fit),
    ]
    return f"| {' | '.join(cells)} |"


def left_out(structure: Structure, chosen: ReferenceClass, rows: Mapping[str, Mapping[str, str]]) -> float:
    """Mean CRPS of a structure, each cluster left out in turn."""
    pairs = chosen.shares()
    known = {event.id: attributes(event, rows[event.id]) for event, _ in pairs}
    quantiles = []
    for event, _ in pairs:
        rest = [(other, share) for other, share in pairs if other.cluster != event.cluster]
        count = len(rest)
        inside = (np.array([share for _, share in rest]) * (count - 1) + 0.5) / count
        forward, back = _log_log if structure.log_log else _logit
        learnt = [_row(structure, known[other.id]) for other, _ in rest]
        # Nothing is known of a cluster that was left out.
        new = _row(structure, known[event.id] | {"cluster": None})
        drawn = predict(learnt, list(forward(inside)), new).quantiles(PROBABILITIES)
        quantiles.append(np.clip((count * back(drawn) - 0.5) / (count - 1), 0, 1))
    return float(crps(np.array(quantiles), np.array([share for _, share in pairs])).mean())


def attributes(event: PastOffensive, row: Mapping[str, str]) -> dict[str, str | float | None]:
    """Say what a structure may use of an event: levels as words, covariates as numbers."""
    told = row["attack_kind"].lower()
    ordered = event.kind == "evacuation order"
    warning = float(row["warning_figure"]) if event.id in WARNED_BEFORE and row["warning_figure"] else None
    people = event.population or np.nan
    return {
        "scope": event.scope,
        "kind": event.kind,
        "kind of 0.1.0": "expulsion" if ordered else event.kind,
        "driven or told": str(ordered or event.kind == "expulsion"),
        "exits": event.exits or None,
        "closed": str(event.exits == "closed"),
        "siege": str("siege" in told or "encircl" in told),
        "bombardment": str("bombard" in told),
        "warned": str(event.id in WARNED_BEFORE),
        "country": row["iso3"],
        "cluster": event.cluster,
        "people": float(np.log10(people)),
        # Without a warning: the middle of those that were given.
        "warning": float(np.log10(warning / people)) if warning else -0.2,
        "length": float(np.log10(event.window_days)),
    }


def _row(structure: Structure, known: Mapping[str, str | float | None]) -> ModelRow:
    levels = tuple(None if known[name] is None else str(known[name]) for name in structure.factors)
    return ModelRow(levels, tuple(float(known[name] or 0.0) for name in structure.covariates))


def _table() -> str:
    return (files("forewarn") / "data" / "analogues" / "events.csv").read_text(encoding="utf-8")


Scale = tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]
_logit: Scale = (lambda share: np.log(share / (1 - share)), lambda value: 1 / (1 + np.exp(-value)))
_log_log: Scale = (lambda share: np.log(-np.log1p(-share)), lambda value: -np.expm1(-np.exp(value)))

if __name__ == "__main__":
    main()
