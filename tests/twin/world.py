"""What one member knows before its first day: everything that section 2 of the model page draws."""

from dataclasses import dataclass, field

NEVER = 2**31 - 1
NONE = -1
CLOSED, OPEN, LEAKING, LIMITED = 0, 1, 2, 3


@dataclass(frozen=True)
class Place:
    """A place; people are whole numbers, distances km, times days.

    `days_to_half_of_followers` is t_p of the page, None for `days_to_half`. `local_pull` is the pull (as a
    logarithm) of staying within the place; None where nobody may.
    """

    name: str
    key: int
    zone0: int
    residents: int
    displaced: int
    share_leaving: float
    days_to_half: float
    origin_group: int
    capacity: float = float("inf")
    attraction: float = 0.0
    camp_foreign_pull: float = 0.0
    pull: float = 0.0
    churn: float = 0.0
    warning: float = 0.0
    covered: bool = False
    days_to_half_of_followers: float | None = None
    local_pull: float | None = None


@dataclass(frozen=True)
class Route:
    """A road that goes both ways; direction 0 is a to b."""

    a: int
    b: int
    km: float
    crossing: int = NONE

    def ends(self, direction: int) -> tuple[int, int]:
        """Near and far side in that direction."""
        return (self.a, self.b) if direction == 0 else (self.b, self.a)


@dataclass(frozen=True)
class Attack:
    """An attack row; `end` is the first day after it, `fall_day` the day on which the place falls."""

    place: int
    start: int
    end: int
    intensity: float
    fall_day: int = NEVER
    zone_after: int = NONE
    siege: bool = False


@dataclass(frozen=True)
class CrossingDay:
    """A crossing on one day."""

    mode: int
    rate: float = 0.0
    per_day: int = 0


@dataclass(frozen=True)
class Programme:
    """An organised return of `people` in all, on the days `first` to `last`."""

    origin: int
    destination: int
    first: int
    last: int
    people: int


@dataclass(frozen=True)
class World:
    """One member's inputs. `crossings[c][d]` is crossing c on day d = 0 … days; `table_days` get the horizon added.

    `history[i, j]` is history_ij of the page, 0 for other pairs.
    `liberators` are zones whose taking of a place keeps nobody away; `onward_rate` is a chance per day.
    """

    key: tuple[int, int]
    days: int
    places: list[Place]
    routes: list[Route]
    origin_group_keys: list[int]
    n_zones: int
    pair_crossing: dict[tuple[int, int], int] = field(default_factory=dict)
    crossings: list[list[CrossingDay]] = field(default_factory=list)
    attacks: list[Attack] = field(default_factory=list)
    ceasefires: list[tuple[int, int]] = field(default_factory=list)
    returns_programme: list[Programme] = field(default_factory=list)
    zone_pull: list[list[float]] | None = None
    fear_intensity: float = 0.0
    fear_decay_km: float = 10.0
    max_decay_km: float = 10.0
    post_effect: float = 0.0
    share_at_once: float = 0.0
    days_at_once: float = 1.0
    displaced_multiplier: float = 1.0
    newly_displaced_multiplier: float = 0.0
    warning_half_life: float = 10.0
    attraction_exponent: float = 1.0
    distance_exponent: float = 1.0
    softening_km: float = 10.0
    danger: float = 0.0
    shunned: float = 1.0
    memory_days: int = 0
    foresight_days: int = 0
    liberators: frozenset[int] = frozenset()
    onward_rate: float = 0.0
    history: dict[tuple[int, int], float] = field(default_factory=dict)
    radius_km: float = 300.0
    km_per_day: float = 40.0
    patience_days: float = 30.0
    return_half_life: float = 1e12
    calm_days: int = 30
    calm_exposure: float = 0.05
    table_days: tuple[int, ...] = (30, 60, 90)
