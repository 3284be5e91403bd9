"""Fit the models of where people go, score them on what they were not fitted on, and write both down.

Reads the shipped receptions and the tables of movements in ``../shared/data/movements`` (which are not part of the project),
and writes to ``src/forewarn/data/receptions``: ``fitted.json`` (numbers of the models, with credit), ``scores.csv`` (the
record of scores), ``coverage.csv`` (by crisis) and ``candidates.csv`` (what each candidate did to left-out cases). The cases are
those of ``cases.csv``: another list stops the script. The same packs give the same bytes. Some five minutes on one core, and
fifteen more for ``candidates.csv``, with ``--candidates``; linear
algebra on several threads is slower here, so say OMP_NUM_THREADS=1. Run from anywhere:
``python tools/fit_destinations.py``.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields, replace
from datetime import date
from pathlib import Path

import numpy as np

from forewarn.receptions import baselines, models, scoring
from forewarn.receptions import simulated_choice as choice
from forewarn.receptions.choices import DestinationCase, hierarchical_mean
from forewarn.receptions.dressing import Dressing
from forewarn.receptions.flows import Flow, FlowPlace, FlowTable, flow_cases, known_of_places, periods
from forewarn.receptions.listing import reception_cases
from forewarn.receptions.logit import DestinationLogit
from forewarn.receptions.scoring import DestinationScores, PointForecast
from forewarn.receptions.tables import load_receptions

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
TABLES = ROOT / "src" / "forewarn" / "data" / "receptions"
CREDIT = (
    "Coefficients fitted by the Forewarn project on UNHCR/NRC Protection and Return Monitoring Network (Somalia, January 2016 "
    "to June 2021), OCHA Afghanistan (conflict-induced displacement 2021) and the receptions of this folder; scores also on IOM "
    "DTM (Sudan, Nigeria, Iraq). None of their tables is part of Forewarn, and none of the publishers has reviewed it."
)
FEWEST_HOME = 20_000  # people in a district without a figure, at least
SEATS = frozenset(
    [
        "Borama",
        "Hargeysa",
        "Burco",
        "Ceerigaabo",
        "Laas Caanood",
        "Bossaso",
        "Garoowe",
        "Gaalkacyo",
        "Dhuusamarreeb",
        "Belet Weyne",
        "Jowhar",
        "Banadir",
        "Marka",
        "Baidoa",
        "Xudur",
        "Garbahaarey",
        "Bu'aale",
        "Kismayo",
    ]
)  # chief towns of Somalia's regions, general knowledge
EVERY_AREA = ("log_displaced", "left_before", "own_people")
EVERY_EVENT = (
    *(
        "log_displaced",
        "attacked",
        "closed",
        "limited",
        "border",
        "other_side",
        "third_side",
        "camp",
        "no_road",
    ),
)


def rows(path: str) -> list[dict[str, str]]:
    """Read a table of the packs, compressed or not."""
    file = SHARED / path
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))


def somalia() -> Iterator[DestinationCase]:
    """Make the cases of Somalia: people who fled conflict, by month."""
    places = [
        FlowPlace(
            row["prmn_name"], float(row["lat"]), float(row["lon"]), float(row["population_unpess_2014"]),
            row["region"], row["prmn_name"] in SEATS,
        )
        for row in rows("movements/somalia-prmn/districts.csv")
    ]  # fmt: skip
    names = {place.name for place in places}
    flows = [
        Flow(date.fromisoformat(row["month_end"]), row["departure_district"], row["arrival_district"], float(row["individuals"]))
        for row in rows("movements/somalia-prmn/displacement.csv.gz")
        if row["reason"].startswith("Conflict") and {row["departure_district"], row["arrival_district"]} <= names
    ]  # fmt: skip
    yield from flow_cases(FlowTable(flows, places), dataset="somalia")


def afghanistan() -> Iterator[DestinationCase]:
    """Make the cases of Afghanistan, by week; districts without a point stand at that of their province."""
    provinces = {row["province"]: row for row in rows("movements/afghanistan-ocha-2021/provinces.csv")}
    districts = rows("movements/afghanistan-ocha-2021/districts.csv")
    known, unknown = defaultdict(float), defaultdict(int)
    for row in districts:
        known[row["province"]] += float(row["population_2015"] or 0)
        unknown[row["province"]] += not row["population_2015"]
    places = []
    for row in districts:
        province, code = provinces[row["province"]], row["ocha_district_code"]
        seat = code.endswith("01")
        lat, lon = ("centre_lat", "centre_lon") if seat else ("lat", "lon")
        rest = (float(province["population_2015"]) - known[row["province"]]) / max(
            1, unknown[row["province"]]
        )
        places.append(
            FlowPlace(
                code,
                float(row["lat"] or province[lat]),
                float(row["lon"] or province[lon]),
                float(row["population_2015"] or max(FEWEST_HOME, rest)),
                row["province"],
                seat,
            )
        )
    flows = [
        Flow(date.fromisoformat(row["date"]), row["origin_district_code"], row["dest_district_code"], float(row["individuals"]))
        for row in rows("movements/afghanistan-ocha-2021/displacement.csv")
        if row["origin_district_code"]
    ]  # fmt: skip
    table = FlowTable(flows, places)
    folds = {
        (place.name, start): f"{place.region} {start}"
        for place in places
        for start, _ in periods(table, "week")
    }
    for case in flow_cases(table, dataset="afghanistan", period="week", folds=folds):
        if case.stage == "cold":  # a history within one year is not on the list
            yield case


def stock(
    dataset: str, places: Sequence[FlowPlace], origin: FlowPlace, day: str, present: dict[str, float]
) -> DestinationCase:
    """Make a case of people present by origin, of whose way nothing is known."""
    own = next((index for index, place in enumerate(places) if place.name == origin.name), len(places))
    table = FlowTable([], [*places, origin] if own == len(places) else places)
    known = known_of_places(table, own, date.fromisoformat(day))
    came = np.array([present.get(place.name, 0.0) for place in places])
    return DestinationCase(
        dataset, "cold", dataset, origin.name, day, dataset, tuple(place.name for place in places),
        came / came.sum(), float(came.sum()), {name: values[: len(places)] for name, values in known.items()},
    )  # fmt: skip


def sudan() -> Iterator[DestinationCase]:
    """Make the cases of Sudan, states to states; populations are not known."""
    seats = {row["state"]: row for row in rows("movements/sudan-dtm-2024/states.csv")}
    places = [
        FlowPlace(name, float(row["capital_lat"]), float(row["capital_lon"])) for name, row in seats.items()
    ]
    present: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows("movements/sudan-dtm-2024/origin_state_by_locality.csv"):
        present[row["origin_state"]][row["dest_state"]] += float(row["individuals"])
    for origin, came in sorted(present.items()):
        if sum(came.values()) >= 1000:
            home = next(place for place in places if place.name == origin)
            yield stock("sudan", places, home, "2024-03-25", came)


def nigeria() -> Iterator[DestinationCase]:
    """Make the cases of Nigeria, LGA to the LGAs that a round reached."""
    ends = {row["round"]: row["period_to"] for row in rows("movements/nigeria-dtm-rounds/rounds_meta.csv")}
    areas = {
        row["pcode"]: FlowPlace(row["pcode"], float(row["lat"]), float(row["lon"]), float(row["population_2016"]), row["state"])
        for row in rows("movements/nigeria-dtm-rounds/lga.csv")
    }  # fmt: skip
    present: dict[tuple[int, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    reached: dict[int, set[str]] = defaultdict(set)
    for row in rows("movements/nigeria-dtm-rounds/rounds.csv.gz"):
        reached[int(row["round"])].add(row["lga_pcode"])
        if row["origin_lga_pcode"]:
            people = float(row["individuals"] or 0)
            present[int(row["round"]), row["origin_lga_pcode"]][row["lga_pcode"]] += people
    for (number, origin), came in sorted(present.items()):
        if number % 5 == 2 and sum(came.values()) >= 5000:
            places = [areas[code] for code in sorted(reached[number] - {""})]
            day = (ends[str(number)] + "-28")[:10]
            yield stock("nigeria", places, areas[origin], day, came)


def iraq() -> Iterator[DestinationCase]:
    """Make the cases of Iraq, governorates to districts."""
    table = rows("receptions/dtm_iraq_districts.csv.gz")
    last: dict[str, str] = {}
    for row in table:
        last[row["date"][:4]] = max(row["date"], last.get(row["date"][:4], ""))
    for day in sorted(last.values()):
        here = [row for row in table if row["date"] == day]
        places = [
            FlowPlace(f"{row['governorate']}: {row['district']}", float(row["lat"]), float(row["lon"]), region=row["governorate"])
            for row in here
        ]  # fmt: skip
        for column in (name for name in table[0] if name.startswith("from ")):
            came = {place.name: float(row[column] or 0) for place, row in zip(places, here, strict=True)}
            if sum(came.values()) < 1000:
                continue
            name = column.removeprefix("from ")
            inside = [place for place in places if place.region == name] or places
            home = FlowPlace(
                name, float(np.mean([place.lat for place in inside])),
                float(np.mean([place.lon for place in inside])), region=name,
            )  # fmt: skip
            yield stock("iraq", places, home, day, came)


def check_list(cases: Sequence[DestinationCase]) -> None:
    """Stop if the cases are not those of the list that was written first."""
    with (TABLES / "cases.csv").open(encoding="utf-8") as file:
        listed = [
            (row["dataset"], row["stage"], row["event"], row["as_of"][:7], row["places"])
            for row in csv.DictReader(file)
        ]
    made = [(case.dataset, case.stage, case.event, case.as_of[:7], str(len(case.places))) for case in cases]
    if sorted(listed) != sorted(made):
        missing, more = set(listed) - set(made), set(made) - set(listed)
        sys.exit(
            f"the cases are not those of cases.csv: missing {sorted(missing)[:5]}, more {sorted(more)[:5]}"
        )


def score_set(
    cases: Sequence[DestinationCase], fitted: PointForecast
) -> tuple[list[DestinationScores], list[list], list[list], dict[str, dict[str, float]]]:
    """Score a forecast and every baseline, all dressed from the other folds.

    Gives rows of the record, coverage and means by crisis, and dressings from all cases, for use.
    """
    naive = models.forecast_baselines(cases, models.stays_left_out(cases))
    scores, dressings = [], {}
    for forecast in (fitted, *naive):
        tried = scoring.score_dressings(cases, forecast)
        left_out = scoring.dress_left_out(cases, forecast, tried)
        scores.append(scoring.score_cases(cases, forecast, left_out))
        dressings[forecast.name] = scoring.choose_dressing(cases, tried, forecast)._asdict()
    lines = scoring.summarise_scores(cases, scores, [one.name for one in naive])
    key = [cases[0].dataset, cases[0].stage]
    covered = [
        [*key, fitted.name, crisis, f"{part:.4f}", cells]
        for crisis, (part, cells) in scoring.coverage_by_crisis(cases, scores[0]).items()
    ]
    by_crisis = [
        [*key, one.name, crisis, f"{mean_of(cases, one.s, crisis):.4f}"]
        for one in scores
        if one.name in (fitted.name, lines[0].rival)
        for crisis in sorted({case.crisis for case in cases})
    ]
    return lines, covered, by_crisis, dressings


def mean_of(cases: Sequence[DestinationCase], values: np.ndarray, crisis: str) -> float:
    """Mean of one crisis."""
    inside = [index for index, case in enumerate(cases) if case.crisis == crisis]
    return hierarchical_mean([cases[index] for index in inside], values[inside])


def plain_s(cases: Sequence[DestinationCase], forecast: PointForecast) -> float:
    """S without draws, dressed from the other folds."""
    tried = scoring.score_dressings(cases, forecast)
    chosen = scoring.dress_left_out(cases, forecast, tried)
    return hierarchical_mean(
        cases, [row[forecast.dressings.index(one)] for row, one in zip(tried, chosen, strict=True)]
    )


def candidates(cases: Sequence[DestinationCase], more: Sequence[str]) -> Iterator[list]:
    """Tell what each covariate does to left-out cases: taken away, or added."""
    recipe = models.recipe_of(cases[0].dataset, cases[0].stage)
    kept = plain_s(cases, models.forecast_left_out(cases, recipe))
    yield [cases[0].dataset, cases[0].stage, "kept", "", f"{kept:.4f}"]
    for name in recipe.covariates:
        rest = replace(recipe, covariates=tuple(other for other in recipe.covariates if other != name))
        without = plain_s(cases, models.forecast_left_out(cases, rest))
        yield [cases[0].dataset, cases[0].stage, "without", name, f"{without:.4f}"]
    for name in more:
        fuller = replace(recipe, covariates=(*recipe.covariates, name))
        added = plain_s(cases, models.forecast_left_out(cases, fuller))
        yield [cases[0].dataset, cases[0].stage, "with", name, f"{added:.4f}"]
    if recipe.penalties.place:
        bare = replace(recipe, penalties=replace(recipe.penalties, place=0.0))
        without = plain_s(cases, models.forecast_left_out(cases, bare))
        yield [cases[0].dataset, cases[0].stage, "without", "effects of places", f"{without:.4f}"]


def dressed_on_all(cases: Sequence[DestinationCase], forecast: PointForecast) -> dict[str, float]:
    """Choose a dressing for use: from left-out forecasts of all cases."""
    return scoring.choose_dressing(cases, scoring.score_dressings(cases, forecast), forecast)._asdict()


def written(fitted: DestinationLogit) -> dict:
    """Put a logit into JSON."""
    return {
        "covariates": {
            name: round(float(value), 4)
            for name, value in zip(fitted.names, fitted.coefficients, strict=True)
        },
        "places": {place: round(value, 3) for (_, place), value in fitted.effects.items()},
    }


def write(name: str, head: Sequence[str], lines: Sequence[Sequence]) -> None:
    """Write a table."""
    with (TABLES / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *lines])


def main() -> None:
    """Fit, score, write; with --candidates only try what each covariate does (--quick: to receptions)."""
    flows = [*somalia(), *afghanistan()]
    stocks = [*sudan(), *nigeria(), *iraq()]
    receptions = [*reception_cases(load_receptions())]
    check_list([*receptions, *flows, *stocks])
    sets: dict[tuple[str, str], list[DestinationCase]] = defaultdict(list)
    for case in [*receptions, *flows]:
        sets[case.dataset, case.stage].append(case)
    if "--candidates" in sys.argv:
        try_candidates(sets)
        return
    record, fitted_out, naive_out = score_known(sets)
    general = replace_effects(
        models.fit_recipe([case for case in flows if case.stage == "cold"], models.ANYWHERE)
    )
    fitted_out["anywhere cold"] = written(general) | {"dressing": abroad_dressing(sets)}
    dressing = Dressing(**fitted_out["anywhere cold"]["dressing"])
    for cases in group(stocks).values():
        shares = [general.shares(case) for case in cases]
        forecast = PointForecast("fitted elsewhere", shares, np.ones(len(cases)))
        record += score_elsewhere(cases, forecast, dressing, naive_out)
    record += across(sets, fitted_out, naive_out)
    simulation = fit_simulation(sets)
    write("trends.csv", ("what", "over", "triples", "slope"), list(trends(sets["somalia", "cold"])))
    names = [field.name for field in fields(DestinationScores)]
    write("scores.csv", names, [rounded(line) for line in record])
    numbers = {"credit": CREDIT, "models": fitted_out, "baselines": naive_out, "simulation": simulation}
    text = json.dumps(numbers, indent=1, ensure_ascii=False, sort_keys=False)
    (TABLES / "fitted.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def fit_simulation(sets: dict) -> dict:
    """Fit the numbers of `model.destination`; score them where a crisis is left out, and on later crises."""
    away = {
        dataset: choice.leavers(sets[dataset, "cold"]) for dataset in ("receptions", *models.FLOW_DATASETS)
    }
    known = {name: [case for case in cases if case.as_of <= AS_OF] for name, cases in away.items()}
    every, then = fit_crises(away), fit_crises(known)
    scored = []
    for dataset, cases in away.items():
        laws = {crisis: law_without(crisis, dataset, away) for crisis in {case.crisis for case in cases}}
        scored += scored_laws(dataset, cases, [laws[case.crisis] for case in cases])
    later = [case for cases in away.values() for case in cases if case.crisis not in then]
    scored += scored_laws(f"crises after {AS_OF}", later, [choice.choice_law(then)] * len(later))
    write("simulation.csv", ("cases_of", "forecast", "cases", "crises", "s", "coverage", "cells"), scored)
    return {
        "as_of": AS_OF,
        "percentiles": list(choice.PERCENTILES),
        **{
            name: {
                **{key: [round(float(value), 2) for value in getattr(law, key)] for key in law.__slots__},
                "crises": {crisis: [round(value, 2) for value in one] for crisis, one in found.items()},
            }
            for name, found, law in (
                ("then", then, choice.choice_law(then)),
                ("now", every, choice.choice_law(every)),
            )
        },
    }


def fit_crises(away: dict[str, list[DestinationCase]]) -> dict[str, choice.CrisisChoice]:
    """Fit the choices of all crises, data set by data set."""
    return {name: one for cases in away.values() if cases for name, one in choice.fit_choices(cases).items()}


def law_without(crisis: str, dataset: str, away: dict[str, list[DestinationCase]]) -> choice.ChoiceLaw:
    """Make the law from all crises but one."""
    others = [case for case in away[dataset] if case.crisis != crisis]
    return choice.choice_law(fit_crises(away | {dataset: others}))


def scored_laws(of: str, cases: Sequence[DestinationCase], laws: Sequence[choice.ChoiceLaw]) -> list[list]:
    """Score a law for each case beside that of 0.1.0 and equal pulls."""
    rows_out = []
    plain = [baselines.equal(case) for case in cases]
    for name, of_cases in (
        (choice.NAME, laws), ("simulation of 0.1.0", [choice.FORMER] * len(cases)), ("equal", [choice.EQUAL] * len(cases)),
    ):  # fmt: skip
        drawn = [law.draw(case) for law, case in zip(of_cases, cases, strict=True)]
        found = scoring.score_drawn(cases, name, plain, drawn)
        cells = int(found.cells.sum())
        crises = len({case.crisis for case in cases})
        s = hierarchical_mean(cases, found.s)
        rows_out.append(
            [of, name, len(cases), crises, f"{s:.4f}", f"{found.held.sum() / max(1, cells):.4f}", cells]
        )
        print(*rows_out[-1], flush=True)
    return rows_out


AS_OF = (
    "2018-08-30"  # issue day of the oldest scenario that is bundled: later counts may not be in the defaults
)


def trends(somali: Sequence[DestinationCase]) -> Iterator[list]:
    """Tell how far the change of log shares goes on: slope of the next change on the last, through the origin.

    Stocks: districts of Iraq by governorate of origin, 2014 to June 2017, changes over so many days. Flows: shares of one
    origin in Somalia, from one month of the list to the next.
    """
    counted = rows("receptions/dtm_iraq_districts.csv.gz")
    days = [date.fromisoformat(day) for day in sorted({row["date"] for row in counted})]
    districts = sorted({(row["governorate"], row["district"]) for row in counted})
    for lag in (45, 90, 180):
        pairs = []
        for origin in (name for name in counted[0] if name.startswith("from ")):
            people = np.zeros((len(days), len(districts)))
            for row in counted:
                at = districts.index((row["governorate"], row["district"]))
                people[days.index(date.fromisoformat(row["date"])), at] += float(row[origin] or 0)
            for first, day in enumerate(days):
                later = [
                    next((i for i, other in enumerate(days) if (other - day).days >= n * lag), 0)
                    for n in (1, 2)
                ]
                three = people[[first, *later]]
                if day <= LAST_DAY_OF_GROWTH and all(later) and three.sum(axis=1).min() >= FEWEST_OF_TREND:
                    pairs.append(three / three.sum(axis=1, keepdims=True))
        yield ["iraq, stocks", f"{lag} days", len(pairs), f"{slope(pairs):.2f}"]
    months = defaultdict(list)
    for case in somali:
        months[case.event].append(case)
    pairs = []
    for found in months.values():
        ordered = [case.truth for case in sorted(found, key=lambda case: case.as_of)]
        pairs += [np.stack(three) for three in zip(ordered, ordered[1:], ordered[2:], strict=False)]
    yield ["somalia, flows", "from month to month", len(pairs), f"{slope(pairs):.2f}"]


def slope(triples: Sequence[np.ndarray]) -> float:
    """Slope of the second change of log shares on the first; places above 2 % at one of the first two times."""
    product, square = 0.0, 0.0
    for three in triples:
        seen = three[:2].max(axis=0) > 0.02
        first, second = np.diff(np.log(three[:, seen] + 0.005), axis=0)
        product, square = product + float(first @ second), square + float(first @ first)
    return product / square


LAST_DAY_OF_GROWTH = date(2017, 6, 1)  # before returns to Mosul
FEWEST_OF_TREND = 5000  # people of an origin


def laws_left_out(cases: Sequence[DestinationCase], choices: dict) -> dict[str, choice.ChoiceLaw]:
    """Make the law for every crisis from the others; of a data set of one crisis nothing is left."""
    dataset, laws = cases[0].dataset, {}
    for crisis in sorted({case.crisis for case in cases}):
        others = [case for case in cases if case.crisis != crisis]
        known = {name: found for name, found in choices.items() if name != dataset}
        laws[crisis] = choice.choice_law(known | ({dataset: choice.fit_choices(others)} if others else {}))
    return laws


def score_known(sets: dict) -> tuple[list[DestinationScores], dict[str, dict], dict[str, dict]]:
    """Score and fit every kind of case; writes what is told by crisis."""
    record, covered, by_crisis = [], [], []
    fitted_out: dict[str, dict] = {}
    naive_out: dict[str, dict] = {}
    for (dataset, stage), cases in sets.items():
        recipe = models.recipe_of(dataset, stage)
        if recipe is None:
            forecast = models.forecast_carried(cases)
        else:
            forecast = models.forecast_left_out(cases, recipe)
        lines, held, means, dressings = score_set(cases, forecast)
        record += lines
        covered += held
        by_crisis += means
        out = {"dressing": dressings.pop(models.FITTED)}
        if recipe is not None:
            out |= written(models.fit_recipe(cases, recipe))
        fitted_out[f"{dataset} {stage}"] = out
        stays = {} if dataset == "receptions" else {"stay": models.stay_share(cases)}
        naive_out[f"{dataset} {stage}"] = dressings | stays
        one = lines[0]
        print(
            f"{dataset} {stage}: S {one.s:.4f}, {one.ratio:.3f} of {one.rival}, held {one.coverage:.2f}",
            flush=True,
        )
    write("coverage.csv", ("dataset", "stage", "forecast", "crisis", "coverage", "cells"), covered)
    write("by_crisis.csv", ("dataset", "stage", "forecast", "crisis", "s"), by_crisis)
    return record, fitted_out, naive_out


def try_candidates(sets: dict) -> None:
    """Write what each candidate does to left-out cases."""
    tried: list[list] = []
    for key, more in (
        (("receptions", "cold"), EVERY_EVENT),
        (("somalia", "history"), ("log_people", "log_near")),
        (("somalia", "cold"), EVERY_AREA),
        (("afghanistan", "cold"), EVERY_AREA),
    ):
        if "--quick" in sys.argv and key[0] != "receptions":
            continue
        for line in candidates(sets[key], more):
            tried.append(line)
            print(*line, flush=True)
            write("candidates.csv", ("dataset", "stage", "change", "candidate", "s"), tried)


def replace_effects(fitted: DestinationLogit) -> DestinationLogit:
    """Forget the deviations of crises and the effects of places."""
    return DestinationLogit(fitted.names, fitted.coefficients, {}, {})


def abroad_dressing(sets: dict) -> dict[str, float]:
    """Dress a forecast elsewhere as Somalia by Afghanistan's fit, and Afghanistan by Somalia's, ask for."""
    both, shares = [], []
    for cases, fitted in swapped(sets):
        both += cases
        shares += [fitted.shares(case) for case in cases]
    return dressed_on_all(both, PointForecast("", shares, np.ones(len(both))))


def swapped(sets: dict) -> Iterator[tuple[list[DestinationCase], DestinationLogit]]:
    """Fit each country with flows on the other alone."""
    for here, there in (("somalia", "afghanistan"), ("afghanistan", "somalia")):
        yield sets[here, "cold"], replace_effects(models.fit_recipe(sets[there, "cold"], models.AREAS))


def across(sets: dict, fitted_out: dict, naive_out: dict) -> Iterator[DestinationScores]:
    """Score each country with the fit of the other: what a country that nobody fitted may expect."""
    for (cases, fitted), other in zip(swapped(sets), ("afghanistan", "somalia"), strict=True):
        dressing = Dressing(**fitted_out[f"{other} cold"]["dressing"])
        shares = [fitted.shares(case) for case in cases]
        forecast = PointForecast(f"fitted on {other}", shares, np.ones(len(cases)))
        yield score_elsewhere(cases, forecast, dressing, naive_out)[0]


def score_elsewhere(
    cases: Sequence[DestinationCase], fitted: PointForecast, dressing: Dressing, naive_out: dict
) -> list[DestinationScores]:
    """Score a fit of other crises; baselines are dressed and, if they stay, stay as in Somalia and Afghanistan."""
    known = [
        naive_out[f"{country} cold"] for country in ("somalia", "afghanistan") if country != cases[0].dataset
    ]
    stays = [known[0]["stay"]] * len(cases) if models.stays_left_out(cases) else None
    naive = models.forecast_baselines(cases, stays)
    scores = [scoring.score_cases(cases, fitted, [dressing] * len(cases))]
    scores += [
        scoring.score_cases(cases, one, [Dressing(**known[0][one.name])] * len(cases)) for one in naive
    ]
    return scoring.summarise_scores(cases, scores, [one.name for one in naive])


def group(cases: Sequence[DestinationCase]) -> dict[str, list[DestinationCase]]:
    """Sort cases by data set."""
    found: dict[str, list[DestinationCase]] = defaultdict(list)
    for case in cases:
        found[case.dataset].append(case)
    return found


def rounded(line: DestinationScores) -> list:
    """Round a row of the record."""
    cells = []
    for value in astuple(line):
        if isinstance(value, tuple):
            cells.append(" ".join(f"{part:.3f}" for part in value))
        else:
            cells.append(f"{value:.4f}" if isinstance(value, float) else value)
    return cells


if __name__ == "__main__":
    main()
