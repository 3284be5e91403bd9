"""Flee's rules person by person, from FLEE.md 1.2 to 1.7: slow, and with each person's own memory.

`FloodTwin` adds floods and their forecaster from FLEE-2.md 2, as Flee has them or mended.
"""

from __future__ import annotations

import random


class Person:
    def __init__(self, place):
        self.place, self.link, self.route = place, None, []
        self.on_link = self.today = self.recent = 0.0
        self.arrived = 0
        self.attention = 0.0  # weight of this person's class of awareness


class Twin:
    """Awareness 1 to 3, no markers; conflict in the first place; camps unlimited or with capacity.

    People decide and travel in an order drawn each day, or, `in_order`, oldest first as in Flee. With
    `faults` they choose at random where nowhere has a weight.
    """

    def __init__(self, directory, settings, seed, *, faults=False, in_order=False):
        self.s, self.rng = settings, random.Random(seed)
        self.faults, self.in_order = faults, in_order
        self.kind = {p.name: p.kind for p in directory.locations}
        self.capacity = {p.name: p.people for p in directory.locations}
        self.roads, self.onward = {}, {name: [] for name in self.kind}
        for route in directory.routes:
            for one, other in ((route.start, route.end), (route.end, route.start)):
                self.roads[one, other] = route
                self.onward[one].append(other)
        self.persons, self.plans = [], {name: self._paths(name) for name in self.kind}
        self.here = dict.fromkeys(self.kind, 0)

    def _paths(self, start):
        found, pending = [], [([start], 0.0)]
        while pending:
            path, km = pending.pop()
            for other in self.onward[path[-1]]:
                road = self.roads[path[-1], other]
                if other not in path:
                    found.append(([*path, other][1:], km + road.km))
                    if len(path) < self.s.awareness_level:
                        pending.append(([*path, other], km + road.km))
        return found

    def room(self, place):
        cap = self.capacity[place] * self.s.capacity_scaling if self.kind[place] == "camp" else 0
        low = self.s.capacity_buffer * cap
        return 1.0 if cap < 1 or self.here[place] <= low else max(0.0, (cap - self.here[place]) / (cap - low))

    def score(self, who, goal):
        s = self.s
        return {"camp": s.camp_weight, "conflict_zone": s.conflict_weight}.get(self.kind[goal], 1.0)

    def chance(self, who):
        s, kind = self.s, self.kind[who.place]
        return {"camp": s.camp_movechance, "conflict_zone": s.conflict_movechance}.get(
            kind, s.default_movechance
        )

    def weight(self, who, path, km):
        s, goal = self.s, path[-1]
        near = (s.softening + km) ** -s.distance_power
        return ((s.weight_softening + self.score(who, goal)) * near * self.room(goal)) ** s.weight_power

    def decide(self, who, forced=False):
        is_sure = who.route or (forced and self.kind[who.place] == "town")
        if self.rng.random() >= (1.0 if is_sure else self.chance(who)):
            return
        if not who.route:
            weights = [self.weight(who, *plan) for plan in self.plans[who.place]]
            if not sum(weights):
                if not (self.faults and weights):
                    return
                weights = None
            who.route = list(self.rng.choices(self.plans[who.place], weights)[0][0])
        goal = who.route[-1]
        if self.kind[goal] == "camp" and self.room(goal) < 0.5:
            who.route = []
            return
        who.link, who.on_link = (who.place, who.route.pop(0)), 0.0
        self.here[who.place] -= 1

    def travel(self, who):
        s = self.s
        while who.link is not None:
            road = self.roads[who.link]
            speed = road.numbers.get("max_move_speed", s.max_move_speed)
            if s.start_on_foot and who.arrived == 0:
                speed = s.max_walk_speed
            if self.rng.random() < road.numbers.get("walk_probability", 0.0):
                speed = s.max_walk_speed
            who.on_link += speed
            who.today += speed
            if who.on_link <= road.km:
                return
            who.today += road.km - who.on_link
            who.place, who.link = who.link[1], None
            who.arrived += 1
            self.here[who.place] += 1
            if who.today < speed:
                short = s.avoid_short_stints and (who.recent + who.today / s.max_move_speed) / 2 < 0.5
                self.decide(who, short)

    def settle(self, new):
        """Add people to places."""
        for place, people in new.items():
            self.persons += [Person(place) for _ in range(people)]
            self.here[place] += people

    def day(self, new):
        self.settle(new)
        if not self.in_order:
            self.rng.shuffle(self.persons)
        for who in self.persons:
            if who.link is None:
                self.decide(who)
        for who in self.persons:
            self.travel(who)
        for who in self.persons:
            who.recent = (who.recent + who.today / self.s.max_move_speed) / 2
            who.today = 0.0
        return dict(self.here)


def by_level(numbers, level):
    """Linear between levels; the last number above."""
    low = min(int(level), len(numbers) - 1)
    high = min(low + 1, len(numbers) - 1)
    return numbers[low] + (level - low) * (numbers[high] - numbers[low])


class FloodTwin(Twin):
    """Floods by day and place, taken from the population; the forecaster if the settings have it."""

    def __init__(self, directory, settings, seed, **options):
        super().__init__(directory, settings, seed, **options)
        self.levels = [dict(zip(directory.names, row, strict=True)) for row in directory.floods.tolist()]
        self.left = {
            p.name: 0 if "camp" in p.kind else p.people for p in directory.locations
        }  # people still at home
        self.classes = next((d for d in directory.demographics if d.attribute == "floodawareness"), None)
        self.now = 0
        self.of_today = {}  # scores by place and attention, and chances: the same for all of a class

    def settle(self, new):
        before = len(self.persons)
        super().settle(new)
        if self.s.flood_forecaster:
            for who in self.persons[before:]:
                columns = self.classes.weights
                chances = columns.get(who.place, columns["Default"])
                value = self.rng.choices(self.classes.values, chances)[0]
                who.attention = self.s.flood_awareness_weights[int(value)]

    def flood(self):
        """One more day: whoever is driven out by today's levels, then everybody."""
        new = {}
        for place, level in self.levels[self.now].items():
            if level > 0:
                number = by_level(self.s.displaced_per_flood_day, level)
                share = self.s.flood_driven == "pop_ratio"
                new[place] = int(number * self.left[place]) if share else int(number)
                self.left[place] = max(0, self.left[place] - new[place])
        there = self.day(new)
        self.now += 1
        self.of_today = {}
        return there

    def window(self):
        """Days that are forecast today, each with its weight; none: no forecast."""
        s, t = self.s, self.now
        until = s.flood_forecaster_end_time
        if not s.flood_forecaster or s.flood_forecaster_timescale <= 1 or t > until:
            return []
        days = [d for d in range(t + 1, t + 1 + s.flood_forecaster_timescale) if d <= until]
        if self.faults:
            return [(d, s.flood_forecaster_weights[d]) for d in days or [until]]
        weights = [s.flood_forecaster_weights[d - t] for d in days]
        return [(d, v / sum(weights)) for d, v in zip(days, weights, strict=True) if sum(weights) > 0]

    def chance(self, who):
        key = who.place, who.attention
        if key not in self.of_today:
            self.of_today[key] = self.chance_today(who)
        return self.of_today[key]

    def score(self, who, goal):
        key = "to", goal, who.attention
        if key not in self.of_today:
            self.of_today[key] = self.score_today(who, goal)
        return self.of_today[key]

    def chance_today(self, who):
        s, level = self.s, self.levels[self.now][who.place]
        chance = by_level(s.flood_movechances, level) if level > 0 else super().chance(who)
        window = [(self.levels[d][who.place], v) for d, v in self.window()]
        if window and self.faults:
            foreseen = sum(by_level(s.flood_loc_weights, level) * v for level, v in window if level > 0)
            return chance * who.attention * foreseen / s.flood_forecaster_timescale
        foreseen = sum(by_level(s.flood_movechances, level) * v for level, v in window if level > 0)
        return chance + who.attention * max(0.0, foreseen - chance)

    def score_today(self, who, goal):
        s, level = self.s, self.levels[self.now][goal]
        weight = by_level(s.flood_loc_weights, level)
        score = super().score(who, goal) * (weight if level > 0 else 1.0)
        if self.kind[goal] == "flood_zone":
            score *= weight
        window = [(self.levels[d][goal], v) for d, v in self.window()]
        if not window:
            return score
        if self.faults:
            seen = sum(weight * v for level, v in window if level > 0)
            is_zone = self.kind[goal] == "flood_zone"
            return 0.0 if is_zone else score * who.attention * seen**2 / s.flood_forecaster_timescale
        kept = sum(v * (by_level(s.flood_loc_weights, level) if level > 0 else 1.0) for level, v in window)
        return score * max(0.0, 1.0 - who.attention * (1.0 - kept))
