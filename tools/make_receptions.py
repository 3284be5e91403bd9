"""Make the package's tables of receptions from the shared packs.

Reads ``../shared/data/receptions`` and ``../shared/data/north-west-syria`` and writes ``receptions.csv``, ``places.csv``,
``origins.csv`` and ``events.csv`` to ``src/forewarn/data/receptions``. The tables of receptions are taken as they are; those of
north-west Syria are put into their columns. ``events.csv`` adds what the notes of the pack say of each event: the quality of
its counts and what kind of movement it was. The same packs give the same bytes.
Run from anywhere: ``python tools/make_receptions.py``.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
TABLES = ROOT / "src" / "forewarn" / "data" / "receptions"
EVENTS = ("event", "name", "start_date", "quality", "movement")
CHECK = "syr_nw_2019_20"  # a check of whole forecasts, never fitted on

# Quality of the counts (A, B, C: the notes of the pack) and what kind of movement it was.
KNOWN = {
    "irq_mosul_2016": ("Mosul", "A", "screening and bussing to camps"),
    "irq_fallujah_2016": ("Fallujah", "A", "siege with late corridors, men screened apart"),
    "irq_ramadi_2015": ("Ramadi", "A", "free flight through one gate"),
    "irq_mosul_2014": ("Mosul and Tal Afar", "B", "free flight, two flights in one count"),
    "irq_sinjar_2014": ("Sinjar and the Ninewa plain", "A", "panic flight, corridor through Syria"),
    "irq_hawija_2016": ("Flight from the pocket of Hawija", "B", "slow flight at night, two exits"),
    "irq_hawija_2017": ("Hawija", "B", "fast offensive, quick return"),
    "irq_telafar_2017": ("Tal Afar", "C", "screening and bussing to camps"),
    "irq_disputed_2017": (
        "Kirkuk and disputed areas",
        "A",
        "flight by car into cities, half home in a month",
    ),
    "irq_westanbar_2017": ("Western Anbar", "A", "long flight, screening, half-empty camps"),
    "syr_afrin_2018": ("Afrin", "B", "flight from a pocket with one open side"),
    "syr_raqqa_2017": ("Ar-Raqqa governorate", "C", "flight behind the attacker's line"),
    "sdn_khartoum_2023": ("Khartoum", "B", "free flight to home villages and kin"),
    "sdn_jazirah_2024": ("East Aj Jazirah", "C", "expulsion by reprisals"),
    "sdn_zamzam_2025": ("Zamzam camp", "C", "expulsion of a camp"),
    "sdn_elfasher_2025": ("El Fasher", "C", "flight out of a siege without corridor"),
    "eth_tigray_2020": ("Western Tigray", "B", "ethnic expulsion and flight to towns"),
    "moz_chiure_2024": ("Chiure", "C", "free flight, short"),
    "cod_bunagana_2022": ("Bunagana", "C", "free flight"),
    "cod_rutshuru_2022": ("Rutshuru", "B", "free flight along a front cut in two"),
    "cod_sake_2024": ("Sake", "C", "free flight"),
    "cod_uvira_2025": ("Uvira and the Ruzizi plain", "C", "flight in two stages"),
    "caf_bangui_2013": ("Bangui", "C", "refuge inside the city"),
    "lby_sirte_2016": ("Sirte", "C", "free flight"),
    "som_mogadishu_2009": ("Mogadishu", "A", "free flight, clan areas and camp belt"),
    "som_laascaanood_2023": ("Laas Caanood", "C", "flight along clan lines"),
    "aze_karabakh_2023": ("Nagorno-Karabakh", "A", "near-total flight by one road"),
    "lbn_escalation_2024": ("South Lebanon", "B", "free flight under evacuation orders"),
    "phl_marawi_2017": ("Marawi", "B", "free flight in a day down one road"),
    "phl_zamboanga_2013": ("Zamboanga City", "C", "refuge inside the city"),
    "mmr_rakhine_2017": ("Northern Rakhine", "B", "expulsion across an open border, then settled"),
    "afg_kunduz_2015": ("Kunduz", "C", "free flight, most home in a month"),
    "xkx_kosovo_1999": ("Kosovo", "A", "expulsion to chosen borders"),
    "geo_southossetia_2008": ("South Ossetia and Georgia", "C", "two streams by ethnic group"),
    "hrv_krajina_1995": ("Krajina", "C", "ordered evacuation along one corridor"),
    "lka_vanni_2009": ("Vanni", "A", "taken to closed camps: no choice"),
    "hti_portauprince_2024": ("Port-au-Prince", "C", "flight from a city by bus"),
    "mmr_loikaw_2022": ("Loikaw", "B", "free flight"),
    CHECK: ("North-west Syria, 2019-20", "B", "flight along a closed border; a check, never fitted on"),
}
LEVELS = {"governorate": "region", "areas": "zone", "Aleppo": "zone", "camps": "zone"}


def rows(path: str) -> list[dict[str, str]]:
    """Read a table of the packs."""
    with (SHARED / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def unit(destination: str) -> str:
    """Say what kind of area a destination of north-west Syria is."""
    return next((level for word, level in LEVELS.items() if word in destination), "district")


def north_west(columns: list[str], place_columns: list[str]) -> tuple[list[dict], list[dict]]:
    """Put the counts of north-west Syria into the columns of receptions, and their places."""
    counted = []
    for row in rows("north-west-syria/arrivals_by_destination.csv"):
        counted.append(row | {"as_of": row["date"], "unit": unit(row["destination"])})
    for row in rows("north-west-syria/shares_check.csv"):
        counted.append(
            row | {"as_of": row["to_date"], "unit": unit(row["destination"]), "source": row["source_row"]}
        )
    receptions, places = [], {}
    for row in counted:
        row["destination"] = row["destination"].removesuffix(" sub-district")
        row |= {"event": CHECK, "complete": "partial"}
        receptions.append({name: row.get(name, "") for name in columns})
        places[row["destination"]] = {name: "" for name in place_columns} | {
            "event": CHECK, "place": row["destination"], "iso3": "SYR", "border": "same", "kind": row["unit"],
            "known": "sourced",
        }  # fmt: skip
    return receptions, list(places.values())


def main() -> None:
    """Write the tables."""
    receptions, places = rows("receptions/receptions.csv"), rows("receptions/places.csv")
    origins = rows("receptions/origins.csv")
    more, more_places = north_west(list(receptions[0]), list(places[0]))
    starts: dict[str, str] = {CHECK: "2019-04-29"}
    for row in origins:
        if row["attack_start"]:
            starts.setdefault(row["event"], row["attack_start"])
    events = [
        {
            "event": event,
            "name": name,
            "start_date": starts.get(event, ""),
            "quality": quality,
            "movement": kind,
        }
        for event, (name, quality, kind) in KNOWN.items()
    ]
    for name, table in (
        ("receptions.csv", receptions + more),
        ("places.csv", places + more_places),
        ("origins.csv", origins),
        ("events.csv", events),
    ):
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
        (TABLES / name).write_text(text.getvalue(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
