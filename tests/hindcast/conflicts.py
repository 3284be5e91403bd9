"""Small conflicts written down by hand, as registrations and as Flee directories."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from forewarn.flee.registrations import Correction, Registrations, RegistrationSeries

START = date(2020, 1, 1)


def series(place, *rows):
    days, counts = zip(*rows, strict=True) if rows else ((), ())
    return RegistrationSeries(place, np.array(days, np.int64), np.array(counts, np.float64))


def conflict(*all_series, corrections=(), length_days=400, name="made-up"):
    found = tuple(Correction(*entry) for entry in corrections)
    return Registrations(name, START, length_days, tuple(all_series), found, None, ())


def drawn(seed, *, name="drawn", places=4, length_days=300):
    """A conflict whose camps fill at random; about one registration a fortnight."""
    draws = np.random.Generator(np.random.Philox(seed))
    all_series = []
    for place in range(places):
        days = np.sort(draws.choice(length_days, size=length_days // 14, replace=False))
        counts = np.cumsum(draws.gamma(0.5, 800.0 / (place + 1), size=len(days))).round()
        all_series.append(series(f"Camp {place}", *zip(days.tolist(), counts.tolist(), strict=True)))
    return conflict(*all_series, length_days=length_days, name=name)


def write(registrations, folder):
    """Write a conflict as a Flee directory."""
    (folder / "input_csv").mkdir(parents=True)
    (folder / "source_data").mkdir()
    inputs, data = folder / "input_csv", folder / "source_data"
    (inputs / "sim_period.csv").write_text(f"StartDate,{START}\nLength,{registrations.length_days}\n")
    locations = ["#name,region,country,latitude,longitude,location_type,conflict_date,population"]
    locations.append("Front,R,A,0,0,conflict_zone,10,1000")
    layout = []
    for number, one in enumerate(registrations.series):
        locations.append(f"{one.place},R,B,{number + 1},0,camp,,1000")
        layout.append(f"{one.place},camp{number}.csv")
        lines = [
            f"{START + timedelta(days=int(day))},{count:g}"
            for day, count in zip(one.days, one.counts, strict=True)
        ]
        (data / f"camp{number}.csv").write_text("\n".join(lines) + "\n")
    (inputs / "locations.csv").write_text("\n".join(locations) + "\n")
    (data / "data_layout.csv").write_text("\n".join(layout) + "\n")
    corrections = [f"{one.place},{START + timedelta(days=one.day)}" for one in registrations.corrections]
    (inputs / "registration_corrections.csv").write_text("\n".join(corrections) + "\n")
    return folder
