"""Flee's rules person by person, from FLEE.md 1.2 to 1.7: slow, and with each person's own memory."""

from __future__ import annotations

import random


class Person:
    def __init__(self, place):
        self.place, self.link, self.route = place, None, []
        self.on_link = self.today = self.recent = 0.0
        self.arrived = 0


class Twin:
    """Awareness 1 to 3, no markers; conflict in the first place; camps unlimited or with capacity."""

    def __init__(self, directory, settings, seed):
        self.s, self.rng = settings, random.Random(seed)
        self.kind = {p.name: p.kind for p in directory.locations}
        self.capacity = {p.name: p.people for p in directory.locations}
        self.roads = {}
        for route in directory.routes:
            self.roads[route.start, route.end] = self.roads[route.end, route.start] = route
        self.persons, self.plans = [], {name: self._paths(name) for name in self.kind}
        self.here = dict.fromkeys(self.kind, 0)

    def _paths(self, start):
        found, pending = [], [([start], 0.0)]
        while pending:
            path, km = pending.pop()
            for (one, other), road in self.roads.items():
                if one == path[-1] and other not in path:
                    found.append(([*path, other][1:], km + road.km))
                    if len(path) < self.s.awareness_level:
                        pending.append(([*path, other], km + road.km))
        return found

    def room(self, place):
        cap = self.capacity[place] * self.s.capacity_scaling if self.kind[place] == "camp" else 0
        low = self.s.capacity_buffer * cap
        return 1.0 if cap < 1 or self.here[place] <= low else max(0.0, (cap - self.here[place]) / (cap - low))

    def weight(self, path, km):
        s, goal = self.s, path[-1]
        score = {"camp": s.camp_weight, "conflict_zone": s.conflict_weight}.get(self.kind[goal], 1.0)
        near = (s.softening + km) ** -s.distance_power
        return ((s.weight_softening + score) * near * self.room(goal)) ** s.weight_power

    def decide(self, who, forced=False):
        s, kind = self.s, self.kind[who.place]
        chance = {"camp": s.camp_movechance, "conflict_zone": s.conflict_movechance}.get(
            kind, s.default_movechance
        )
        if who.route or (forced and kind == "town"):
            chance = 1.0
        if self.rng.random() >= chance:
            return
        if not who.route:
            weights = [self.weight(*plan) for plan in self.plans[who.place]]
            if not sum(weights):
                return
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

    def day(self, new):
        for place, people in new.items():
            self.persons += [Person(place) for _ in range(people)]
            self.here[place] += people
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
