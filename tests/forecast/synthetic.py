"""Forecasts that look like real ones, without a simulation behind them."""

import numpy as np
import xarray as xr

from forewarn.forecast.variables import CAUSES, COORDINATES, DIRECTIONS, VARIABLES, table_days


def coordinates(scenario, *, members, horizon_days, route_names=True):
    courses = scenario.courses
    member = np.arange(members)
    course = np.array([courses[k % len(courses)].name for k in member])
    chances = {item.name: item.probability.typical() for item in courses}
    places = scenario.places
    issued = np.datetime64(scenario.issued, "ns")
    values = {
        "member": member,
        "course": course,
        "draw": member // len(courses),
        "weight": np.array([chances[name] / (course == name).sum() for name in course]),
        "day": np.arange(horizon_days + 1),
        "date": issued + np.arange(horizon_days + 1) * np.timedelta64(1, "D"),
        "place": [place.name for place in places],
        "place_pcode": [place.pcode for place in places],
        "place_admin1": [place.admin1 for place in places],
        "place_country": [place.country for place in places],
        "place_kind": [place.kind for place in places],
        "place_zone": [place.zone for place in places],
        "latitude": [float(place.lat) for place in places],
        "longitude": [float(place.lon) for place in places],
        "origin": [place.name for place in places],
        "cause": list(CAUSES),
        "crossing": [crossing.name for crossing in scenario.crossings],
        "route": [f"{route.from_} – {route.to}" for route in scenario.routes],
        "route_from": [route.from_ for route in scenario.routes],
        "route_to": [route.to for route in scenario.routes],
        "direction": list(DIRECTIONS),
        "table_day": list(table_days(horizon_days)),
    }
    arrays = {}
    for variable in COORDINATES:
        data = np.asarray(values[variable.name])
        if data.size == 0 and variable.dtype == "text":
            data = data.astype("<U1")
        arrays[variable.name] = (variable.dims, data, variable.attributes)
    return arrays


def empty(scenario, *, members, horizon_days=None):
    """A forecast in which nobody moves."""
    coords = coordinates(scenario, members=members, horizon_days=horizon_days or scenario.horizon_days)
    sizes = {name: len(coords[name][1]) for variable in VARIABLES for name in variable.dims}
    arrays = {
        variable.name: (
            variable.dims,
            np.zeros([sizes[name] for name in variable.dims], dtype=variable.dtype),
            variable.attributes,
        )
        for variable in VARIABLES
    }
    attributes = {
        "forewarn_version": "0.1.0",
        "scenario": scenario.name,
        "scenario_hash": "0" * 64,
        "seed": 7,
        "members": members,
        "issued": scenario.issued.isoformat(),
        "hindsight": scenario.hindsight,
        "created": "2018-08-30T12:00:00+00:00",
    }
    return xr.Dataset(arrays, coords=coords, attrs=attributes).set_xindex("date")


def forecast(scenario, *, members=40, seed=1):
    """A forecast with plausible sizes: logistic growth, random shares by place."""
    dataset = empty(scenario, members=members)
    generator = np.random.Generator(np.random.Philox(seed))
    days, places = dataset.sizes["day"], dataset.sizes["place"]
    staged = {course.name: len(course.stages) for course in scenario.courses}
    people = sum(place.residents + place.displaced for place in scenario.places)
    sources = np.array([place.residents + place.displaced for place in scenario.places], dtype=float)
    pulls = np.array([1.0 + place.attraction for place in scenario.places])
    day = np.arange(days)
    for k in range(members):
        stages = staged[str(dataset["course"].values[k])]
        size = people * (0.1 * stages * generator.lognormal(0.0, 0.4) if stages else 0.01)
        growth = (1 - 2.0 ** (-np.maximum(0, day - 8 * generator.random()) / 25)) * min(size, 0.8 * people)
        for at, share in enumerate((0.7, 0.2, 0.05, 0.05) if stages else (0.0, 0.0, 0.3, 0.7)):
            dataset["left_home"][k, :, at] = np.floor(growth * share).astype("int32")
        total = dataset["left_home"][k].sum("cause").values
        steps = np.diff(total, prepend=0)
        origin_shares = generator.dirichlet(sources / sources.sum() * 20 + 0.01)
        goal_shares = generator.dirichlet(pulls / pulls.sum() * 20 + 0.01)
        dataset["departures"][k] = np.floor(np.outer(steps, origin_shares)).astype("int32")
        dataset["arrivals"][k] = np.floor(np.outer(steps, goal_shares)).astype("int32")
        dataset["present"][k] = np.cumsum(dataset["arrivals"].values[k], axis=0)
        dataset["movements"][k] = (total * 1.3).astype("int32")
        dataset["waiting"][k, :, 0] = (total * 0.01).astype("int32")
        dataset["blocked"][k] = (steps * 0.03).astype("int32")
        dataset["returned"][k] = (total * 0.1).astype("int32")
        for at, number in enumerate(dataset["table_day"].values):
            table = np.outer(origin_shares, goal_shares) * total[number]
            dataset["origin_destination"][k, at] = table.astype("int32")
            routes = generator.dirichlet(np.full(dataset.sizes["route"] * 2, 0.3)) * total[number]
            dataset["flows"][k, at] = routes.reshape(-1, 2).astype("int32")
    assert places == len(sources)
    return dataset
