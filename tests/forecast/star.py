"""A town under attack in the middle of others: where its people go is the law of choice and nothing else."""

from datetime import date

from forewarn.scenario import change, resolve

KM = (10.0, 20.0, 40.0, 80.0, 120.0, 150.0)
RESIDENTS = (5_000, 80_000, 20_000, 200_000, 20_000, 60_000)
NAMES = tuple(f"Refuge {number}" for number in range(1, 7))
MADE_UP = "assumption: made up"
ALONE = (
    "model.churn.monthly_rate=0",
    "model.warning.figure=0",
    "model.fear.intensity=0",
    "model.posts.effect=0",
    "model.destination.area_spread=0",
    "model.destination.softening_km=10",
    "model.returns.half_life_days=1000000000",
    "model.flight.share_leaving=0.8",
    "model.flight.share_leaving_spread=0",
    "model.flight.days_to_half=8",
    "model.flight.days_to_half_spread=0",
    "model.flight.share_at_once=0",
)


def scenario(*changes, days=60):
    """A town of 100,000 that nobody may stay in, attacked throughout, with six refuges around it."""
    town = {"name": "Town", "lat": 10.0, "lon": 40.0, "kind": "town", "zone": "land", "residents": 100_000,
            "displaced": 0, "local": False, "source": MADE_UP}  # fmt: skip
    refuges = [
        {"name": name, "lat": 10.0, "lon": 40.0 + km / 109, "kind": "town", "zone": "land",
         "residents": people, "displaced": 0, "source": MADE_UP}
        for name, km, people in zip(NAMES, KM, RESIDENTS, strict=True)
    ]  # fmt: skip
    stage = {"name": "assault", "places": ["Town"], "kind": "ground-attack", "start": 1, "duration_days": days,
             "source": MADE_UP}  # fmt: skip
    document = {
        "format": 1,
        "name": "star",
        "title": "One place under attack among others",
        "issued": date(2024, 1, 1),
        "horizon_days": days,
        "zones": {"land": {"title": "Land"}},
        "places": [town, *refuges],
        "routes": [
            {"from": "Town", "to": name, "km": km, "source": MADE_UP}
            for name, km in zip(NAMES, KM, strict=True)
        ],
        "courses": [{"name": "attack", "probability": 1.0, "source": MADE_UP, "stages": [stage]}],
    }
    return change(resolve(document), [*ALONE, *changes])
