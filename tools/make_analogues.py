"""Make the package's tables of past offensives and warnings from the shared pack.

Reads ``../shared/data/analogues`` and writes ``events.csv``, ``counts.csv`` and ``warnings.csv`` to
``src/forewarn/data/analogues``. Adds to the pack: the area and the cluster of every row, and the day on which
every figure was published, with its basis: ``dated`` if the source names a day, month or year (the last day
of it counts), ``event end`` if it names none. ``held`` marks the twelve events that were kept apart until the
structure of the fit had been chosen on the others. The same pack gives the same bytes.
Run from anywhere: ``python tools/make_analogues.py``.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACK = REPOSITORY.parent / "shared" / "data" / "analogues"
TABLES = REPOSITORY / "src" / "forewarn" / "data" / "analogues"

# The last day that the pack covers.
PACK_ENDS = date(2026, 3, 31)

# Rows about the same people: an area inside another one, or stages of one campaign.
CLUSTERS = {
    "irq_mosul_2016": "mosul-2016",
    "irq_westmosul_2017": "mosul-2016",
    "syr_raqqa_2017": "raqqa-2017",
    "syr_raqqacity_2017": "raqqa-2017",
    "ukr_invasion_2022": "ukraine-2022",
    "ukr_severodonetsk_2022": "ukraine-2022",
    "ukr_luhansk_2022": "ukraine-2022",
    "ukr_mariupol_2022": "ukraine-2022",
    "sdn_national_2023": "sudan-2023",
    "sdn_khartoum_2023": "sudan-2023",
    "sdn_elfasher_siege": "sudan-2023",
    "sdn_elgeneina_2023": "sudan-2023",
    "sdn_wadmadani_2023": "sudan-2023",
    "sdn_elfasher_2025": "sudan-2023",
    "sdn_zamzam_2025": "sudan-2023",
    "pse_gaza_2023": "gaza-2023",
    "pse_rafah_2024": "gaza-2023",
    "pse_northgaza_2024": "gaza-2023",
    "pse_gazacity_2025": "gaza-2023",
    "syr_idlib_hama_2019": "idlib-2019",
    "syr_idlib_2019_20": "idlib-2019",
    "syr_aleppo_2026": "syria-2026",
    "syr_northeast_2026": "syria-2026",
    "w_marib_2021a": "marib-2021",
    "w_marib_2021b": "marib-2021",
    "yem_marib_2021": "marib-2021",
    "w_hodeidah_2017": "hodeidah-2017",
    "w_hodeidah_2018": "hodeidah-2017",
    "yem_hodeidah_2018": "hodeidah-2017",
    "w_tigray_sudan_2020": "tigray-2020",
    "w_mekelle_2020": "tigray-2020",
    "eth_tigray_2020": "tigray-2020",
    "w_ukr_invasion_2022": "ukraine-2022",
    "w_pse_rafah_2024": "gaza-2023",
    "w_yem_hodeidah_2018": "hodeidah-2017",
    "w_lbn_escalation_2024": "w-lebanon-2023",
}

# Names under which a row is left out, where the words before the first comma of its name do not do.
AREAS = {
    "geo_southossetia_2008": "Georgia; South Ossetia",
    "phl_zamboanga_2013": "Zamboanga City",
    "irq_mosul_2014": "Mosul; Ninewa",
    "irq_sinjar_2014": "Sinjar; Ninewa",
    "syr_kobane_2014": "Kobane; Ayn al-Arab",
    "irq_fallujah_2016": "Fallujah",
    "ssd_juba_2016": "Juba",
    "irq_mosul_2016": "Mosul; Ninewa",
    "irq_westmosul_2017": "Western Mosul; Mosul; Ninewa",
    "phl_marawi_2017": "Marawi",
    "syr_eastaleppo_2016": "Eastern Aleppo; Aleppo city",
    "syr_raqqa_2017": "Ar-Raqqa",
    "irq_telafar_2017": "Tal Afar; Ninewa",
    "syr_raqqacity_2017": "Ar-Raqqa; Ar-Raqqa city",
    "mmr_rakhine_2017": "Northern Rakhine",
    "irq_hawija_2017": "Hawija",
    "irq_disputed_2017": "Kirkuk",
    "syr_afrin_2018": "Afrin",
    "syr_eghouta_2018": "Eastern Ghouta",
    "syr_southwest_2018": "South-west Syria; Dar'a; Quneitra",
    "syr_idlib_hama_2019": "Idlib; Idleb; Hama; North-west Syria",
    "syr_northeast_2019": "North-east Syria",
    "syr_idlib_2019_20": "Idlib; Idleb; North-west Syria",
    "afg_lashkargah_2020": "Lashkar Gah",
    "moz_palma_2021": "Palma",
    "mmr_loikaw_2022": "Loikaw",
    "syr_hasakeh_2022": "Al-Hasakeh city",
    "ukr_luhansk_2022": "Luhansk oblast",
    "som_laascaanood_2023": "Laascaanood",
    "sdn_khartoum_2023": "Khartoum",
    "sdn_elfasher_siege": "El Fasher; Al Fasher",
    "sdn_elfasher_2025": "El Fasher; Al Fasher",
    "sdn_elgeneina_2023": "El Geneina; West Darfur",
    "sdn_zamzam_2025": "Zamzam; El Fasher; Al Fasher",
    "pse_gaza_2014": "Gaza Strip",
    "pse_gaza_2023": "Gaza Strip",
    "pse_rafah_2024": "Rafah; Gaza Strip",
    "pse_northgaza_2024": "North Gaza; Gaza Strip",
    "pse_gazacity_2025": "Gaza city; Gaza Strip",
    "mmr_nshan_2023": "Northern Shan",
    "sdn_wadmadani_2023": "Wad Madani; Aj Jazirah",
    "pse_wbcamps_2025": "Jenin; Tulkarm; West Bank",
    "syr_sweida_2025": "As-Sweida",
    "syr_northeast_2026": "North-east Syria",
    "w_westanbar_2017": "Western Anbar",
    "w_talrifaat_2018": "Tal Rifaat; North-west Syria",
    "w_idlib_2018": "Idlib; Idleb; North-west Syria",
    "w_hodeidah_2018": "Hodeidah",
    "w_sirte_2020": "Sirte",
    "w_mekelle_2020": "Mekelle; Tigray",
    "w_marib_2021a": "Marib",
    "w_marib_2021b": "Marib",
    "w_afghanistan_2021": "Afghanistan",
    "w_northsyria_2022": "Northern Syria; Tal Rifaat; Manbij; Kobane",
    "w_jonglei_2026": "Jonglei",
    "w_ukr_invasion_2022": "Ukraine",
    "w_pse_rafah_2024": "Rafah; Gaza Strip",
    "w_yem_hodeidah_2018": "Hodeidah",
    "w_syr_northeast_2019": "North-east Syria",
    "w_lbn_escalation_2024": "Lebanon",
}

# The pack interpolates to the total of 28 September 2013, which was published in 2019 only. Half of what
# had been counted by 25 September 2013 was reached on day 8 instead of day 9.
DAYS_AS_FIRST_PUBLISHED = {"phl_zamboanga_2013": ("8", date(2013, 9, 25))}

# Border figures that were published after the total (notes of the rows).
BORDER_FIGURE_PUBLISHED = {"irq_mosul_2016": "2017-10-07"}

# OCHA's central figure, between the bounds that the pack gives (note of the row).
CENTRAL_WARNING = {"w_idlib_2018": "800000"}

# What became of each warning: came / not yet / open / after the start (it speaks of an attack under way).
OUTCOMES = {
    "offensive came": "came",
    "offensive came, exodus smaller": "came",
    "offensive came, exodus did not": "came",
    "city taken, mass flight from it not reported": "came",
    "postponed": "came later",
    "averted": "did not come",
    "averted or postponed": "did not come",
    "city not attacked": "did not come",
    "open at the last stored report": "open",
    "offensive came, border flow smaller": "after the start",
    "takeover came, exodus not seen at the date": "after the start",
}
# Latest day on which the attack may have begun, for warnings whose attack came on a day not known.
CAME_BY = {"w_westanbar_2017": date(2017, 11, 30)}
# Known to be without attack until then; other warnings that did not come true until the pack's end.
NO_ATTACK_UNTIL = {"w_northsyria_2022": date(2023, 12, 31)}

# Offensives whose warning is dated before their start: day (the last of a month) and publisher, from
# `warning_source`. Those of 29 August 2018 (Idlib) and autumn 2023 (Lebanon) are in the pack's warnings
# already; warnings of the first day or later are none.
WARNED_BEFORE = {
    "yem_hodeidah_2018": (date(2018, 5, 31), "Humanitarian partners (UNFPA)"),
    "syr_northeast_2019": (date(2019, 10, 8), "International Rescue Committee"),
    "ukr_invasion_2022": (date(2022, 2, 5), "US officials"),
    "pse_rafah_2024": (date(2024, 2, 29), "UN"),
    "lbn_escalation_2024": (date(2024, 8, 31), "Government of Lebanon"),
}

EVENT_COLUMNS = (
    *("id", "name", "areas", "cluster", "iso3", "start_date", "end_date", "scope"),
    *("attack_kind", "exits_open", "population_exposed", "population_published", "population_basis"),
    *("population_source", "displaced_total", "displaced_published", "displaced_basis", "displaced_source"),
    *("displaced_low", "displaced_high", "share_usable", "quality", "days_to_half", "days_published"),
    *("days_bracket", "crossed_border", "crossed_published", "fatalities", "warning_figure"),
    *("warning_source", "note", "url1", "url2", "held"),
)
COUNT_COLUMNS = ("event", "date", "displaced", "published", "basis", "source", "url")
WARNING_COLUMNS = (
    *("id", "name", "areas", "cluster", "iso3", "collected_as", "warned", "publisher", "warned_low"),
    "warned_high",
    *("warned_central", "population_exposed", "outcome", "outcome_detail", "attack_after_days"),
    *("no_attack_until", "displaced_without_attack", "displaced_published", "displaced_basis"),
    *("displaced_source", "verified", "note", "url1", "url2"),
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DAY = re.compile(rf"\b(\d{{1,2}}) {_WORD} (\d{{4}})\b")
_MONTH = re.compile(rf"\b{_WORD} (\d{{4}})\b")
_MID_YEAR = re.compile(r"\bmid (\d{4})\b")
_YEAR = re.compile(r"(?<![\d,])((?:19|20)\d\d)(?![\d,])")

Row = Mapping[str, str]


def main() -> None:
    """Write the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--to", type=Path, default=TABLES)
    arguments = parser.parse_args()
    held = [row | {"held": "yes"} for row in read(arguments.pack / "offensives_former_blind.csv")]
    offensives = sorted(read(arguments.pack / "offensives.csv") + held, key=lambda row: row["start_date"])
    timelines = [read(arguments.pack / f"timelines{name}.csv") for name in ("", "_former_blind")]
    counts = sorted((count_row(row) for rows in timelines for row in rows), key=lambda row: row["event"])
    warnings = [warning_row(row) for row in read(arguments.pack / "warnings_without_offensive.csv")]
    warnings += [warned_row(row) for row in offensives if row["id"] in WARNED_BEFORE]
    arguments.to.mkdir(parents=True, exist_ok=True)
    write(arguments.to / "events.csv", EVENT_COLUMNS, (event_row(row, counts) for row in offensives))
    write(arguments.to / "counts.csv", COUNT_COLUMNS, counts)
    write(arguments.to / "warnings.csv", WARNING_COLUMNS, warnings)


def read(path: Path) -> list[dict[str, str]]:
    """Read a table of the pack."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table with Unix line ends."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def last_of_month(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def dated(source: str) -> date | None:
    """Latest day that the words of a source name; a month counts as its last day.

    A bare year counts as its last day where nothing more exact is named.
    """
    found = []
    rest = source
    for day, month, year in _DAY.findall(source):
        found.append(date(int(year), _MONTHS.index(month.lower()) + 1, int(day)))
    rest = _DAY.sub(" ", rest)
    for month, year in _MONTH.findall(rest):
        found.append(last_of_month(int(year), _MONTHS.index(month.lower()) + 1))
    rest = _MONTH.sub(" ", rest)
    found.extend(date(int(year), 6, 30) for year in _MID_YEAR.findall(rest))
    rest = _MID_YEAR.sub(" ", rest)
    if not found:
        found = [date(int(year), 12, 31) for year in _YEAR.findall(rest)]
    return max(found, default=None)


def published(source: str, otherwise: str, basis: str = "event end") -> tuple[str, str]:
    """Day of publication and what it rests on."""
    day = dated(source)
    return (day.isoformat(), "dated") if day else (otherwise, basis)


def count_row(row: Row) -> dict[str, str]:
    """Take over a dated count."""
    day, basis = published(row["source"], row["date"], "day of the count")
    return {
        "event": row["id"],
        "date": row["date"],
        "displaced": row["cumulative_displaced"],
        "published": max(day, row["date"]),
        "basis": basis,
        "source": row["source"],
        "url": row["url"],
    }


def event_row(row: Row, counts: Sequence[Row]) -> dict[str, str]:
    """Take over an offensive."""
    identifier, end = row["id"], row["end_date"]
    population = published(row["population_source"], end) if row["population_exposed"] else ("", "")
    displaced = published(row["displaced_source"], end)
    days, days_published = days_to_half(row, counts, displaced[0])
    crossed = max(displaced[0], BORDER_FIGURE_PUBLISHED.get(identifier, displaced[0]))
    return {
        **{column: row[column] for column in EVENT_COLUMNS if column in row},
        "areas": area(row),
        "cluster": CLUSTERS.get(identifier, identifier.replace("_", "-")),
        "iso3": row["country_iso3"],
        "population_published": population[0],
        "population_basis": population[1],
        "displaced_published": displaced[0],
        "displaced_basis": displaced[1],
        "share_usable": row["fraction_usable"],
        "days_to_half": days,
        "days_published": days_published,
        "days_bracket": row["days_to_50pct_bracket"],
        "crossed_published": crossed if row["crossed_border"] else "",
    }


def days_to_half(row: Row, counts: Sequence[Row], displaced_published: str) -> tuple[str, str]:
    """Days until half were displaced, and the day on which the last count that it needs was published."""
    if row["id"] in DAYS_AS_FIRST_PUBLISHED:
        days, day = DAYS_AS_FIRST_PUBLISHED[row["id"]]
        return days, day.isoformat()
    if not row["days_to_50pct"]:
        return "", ""
    used = [
        count["published"]
        for count in counts
        if count["event"] == row["id"] and row["start_date"] <= count["date"] <= row["end_date"]
    ]
    return row["days_to_50pct"], max([*used, displaced_published])


def area(row: Row) -> str:
    """Names of the area, separated by semicolons."""
    return AREAS.get(row["id"], row["name"].split(",")[0])


def warning_row(row: Row) -> dict[str, str]:
    """Take over a warning."""
    outcome = OUTCOMES[row["outcome"]]
    without_attack = outcome in ("came later", "did not come") and row["displaced_after_warning"]
    displaced = published(row["displaced_source"], row["warning_date"], "day of the warning")
    return {
        **{column: row[column] for column in WARNING_COLUMNS if column in row},
        "areas": area(row),
        "cluster": CLUSTERS.get(row["id"], row["id"].replace("_", "-")),
        "iso3": row["country_iso3"],
        "collected_as": "false alarm",
        "warned": row["warning_date"],
        "warned_central": CENTRAL_WARNING.get(row["id"], row["warned_high"]),
        "outcome": outcome,
        "attack_after_days": attack_after_days(row, outcome),
        "no_attack_until": no_attack_until(row, outcome),
        "displaced_without_attack": row["displaced_after_warning"] if without_attack else "",
        "displaced_published": displaced[0] if without_attack else "",
        "displaced_basis": displaced[1] if without_attack else "",
    }


def warned_row(row: Row) -> dict[str, str]:
    """Take over the warning of an offensive that came."""
    identifier = f"w_{row['id']}"
    warned, publisher = WARNED_BEFORE[row["id"]]
    return {
        "id": identifier,
        "name": row["name"],
        "areas": AREAS[identifier],
        "cluster": CLUSTERS.get(identifier, identifier.replace("_", "-")),
        "iso3": row["country_iso3"],
        "collected_as": "warned offensive",
        "warned": warned.isoformat(),
        "publisher": publisher,
        **dict.fromkeys(("warned_low", "warned_high", "warned_central"), row["warning_figure"]),
        "population_exposed": row["population_exposed"],
        "outcome": "came",
        "outcome_detail": f"Offensive from {row['start_date']}: {row['displaced_total']} displaced",
        "attack_after_days": str((date.fromisoformat(row["start_date"]) - warned).days),
        "verified": "no" if "not verified" in row["warning_source"] else "partly",
        "note": row["warning_source"],
        "url1": row["url1"],
        "url2": row["url2"],
    }


def attack_after_days(row: Row, outcome: str) -> str:
    """Days from the warning to the attack; for an attack on a day not known, the most it can be."""
    if row["id"] in CAME_BY:
        return str((CAME_BY[row["id"]] - date.fromisoformat(row["warning_date"])).days)
    return row["lag_days_to_offensive"] if outcome in ("came", "came later") else ""


def no_attack_until(row: Row, outcome: str) -> str:
    """Last day on which it is known that no attack had come, for warnings without one."""
    if outcome == "did not come":
        return NO_ATTACK_UNTIL.get(row["id"], PACK_ENDS).isoformat()
    return row["warning_date"] if outcome == "open" else ""


if __name__ == "__main__":
    main()
