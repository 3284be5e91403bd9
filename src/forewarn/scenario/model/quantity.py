"""Numbers of a scenario: known exactly, or as a distribution, and always with a source."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from statistics import NormalDist
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Number = Annotated[float, Field(strict=True)]
"""A finite number; text and yes/no are refused."""

QuantityKind = Literal["exact", "pert", "uniform", "lognormal", "quantiles"]

FORMS: dict[frozenset[str], QuantityKind] = {
    frozenset({"value"}): "exact",
    frozenset({"low", "mode", "high"}): "pert",
    frozenset({"low", "high"}): "uniform",
    frozenset({"median", "p90"}): "lognormal",
    frozenset({"quantiles"}): "quantiles",
}

FORMS_IN_WORDS = (
    "a number, {value}, {low, mode, high}, {low, high}, {median, p90} or {quantiles: {0.1: …, 0.9: …}}"
)

SMALLEST_POSITIVE = 1e-6
LARGEST_NUMBER = 1e10
"""Of a single number; assumption: more people than live, and beyond it sums lose whole people."""
_MIDPOINTS = tuple((i + 0.5) / 40 for i in range(40))

LARGEST_DAYS = 36_525
"""Of a time in days; assumption: a hundred years."""


class Block(BaseModel):
    """What all parts of a scenario have in common: closed, frozen, finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def wrong(what: str, allowed: str = "", remedy: str = "") -> PydanticCustomError:
    """Make an error that keeps the parts of a `Problem` apart."""
    context = {"what": what, "allowed": allowed, "remedy": remedy}
    return PydanticCustomError("forewarn", "{what}", context)


class Quantity(Block):
    """A number with its uncertainty and its source.

    Exactly one of five forms is filled: `value`; `low`, `mode`, `high` (PERT); `low`, `high` (uniform);
    `median`, `p90` (log-normal); `quantiles`.
    """

    permitted: ClassVar[tuple[float, float]] = (-inf, inf)
    """Smallest and largest value that makes sense; subclasses narrow it."""
    permitted_in_words: ClassVar[str] = "any number"
    plain_only: ClassVar[bool] = False
    """Whether it has to be known exactly."""
    largest_number: ClassVar[float] = LARGEST_NUMBER
    """Largest number that may be written; the end of a distribution may lie beyond."""

    value: Number | None = Field(None, description="The number, known exactly.")
    low: Number | None = Field(None, description="Smallest value that is possible.")
    mode: Number | None = Field(None, description="Most likely value.")
    high: Number | None = Field(None, description="Largest value that is possible.")
    median: Number | None = Field(None, description="Median of a log-normal distribution.")
    p90: Number | None = Field(None, description="90th percentile of a log-normal distribution.")
    quantiles: tuple[tuple[Number, Number], ...] | None = Field(
        None, description="Pairs of probability and value, joined by straight lines."
    )
    source: str = Field(min_length=1, description="Key of an entry in sources, or 'assumption: why'.")
    note: str = Field("", description="Anything a reader should know about the number.")

    @model_validator(mode="before")
    @classmethod
    def _pairs_from_mapping(cls, raw: Any) -> Any:  # noqa: ANN401
        if isinstance(raw, dict) and isinstance(raw.get("quantiles"), dict):
            return raw | {"quantiles": tuple(raw["quantiles"].items())}
        return raw

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.form not in FORMS:
            found = ", ".join(sorted(self.form)) or "no number"
            raise wrong(f"found {found}", FORMS_IN_WORDS, "Write exactly one of these forms")
        self._check_order()
        self._check_permitted()
        return self

    @property
    def form(self) -> frozenset[str]:
        """Names of the fields that are filled."""
        names = ("value", "low", "mode", "high", "median", "p90", "quantiles")
        return frozenset(name for name in names if getattr(self, name) is not None)

    @property
    def kind(self) -> QuantityKind:
        """Which of the five forms it has."""
        return FORMS[self.form]

    def bounds(self) -> tuple[float, float]:
        """Smallest and largest value it can take; a log-normal has no upper end (infinity).

        Quantiles go on beyond their outermost pairs as `docs/scenario.md` says.
        """
        if self.value is not None:
            return self.value, self.value
        if self.low is not None and self.high is not None:
            return self.low, self.high
        if self.quantiles is not None:
            return self._ends(self.quantiles)
        return 0.0, inf

    def _ends(self, pairs: tuple[tuple[float, float], ...]) -> tuple[float, float]:
        (p_first, v_first), (p_second, v_second) = pairs[0], pairs[1]
        (p_before, v_before), (p_last, v_last) = pairs[-2], pairs[-1]
        lowest = v_first - (v_second - v_first) / (p_second - p_first) * p_first / 2
        highest = v_last + (v_last - v_before) / (p_last - p_before) * (1 - p_last) / 2
        return max(lowest, self.permitted[0]), min(highest, self.permitted[1])

    def typical(self) -> float:
        """Value to name when only one can be named.

        The value itself, the mode (PERT), the middle (uniform), or the median (log-normal, quantiles).
        """
        if self.value is not None:
            return self.value
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2 if self.mode is None else self.mode
        if self.quantiles is not None:
            return _interpolated(self.quantiles, 0.5)
        return self.median if self.median is not None else 0.0

    def equally_likely(self) -> tuple[float, ...]:
        """Few values, each as likely as the others, that stand for the whole: a PERT's have its mean."""
        if self.value is not None:
            return (self.value,)
        if self.low is not None and self.high is not None:
            middle = (self.low + self.high) / 2 if self.mode is None else self.mode
            return (self.low, *(middle,) * 4, self.high)
        if self.quantiles is not None:
            low, high = self.bounds()
            pairs = ((0.0, low), *self.quantiles, (1.0, high))
            return tuple(_interpolated(pairs, probability) for probability in _MIDPOINTS)
        median, p90 = self.median or 0.0, self.p90 or 0.0
        power = NormalDist(0, 1 / NormalDist().inv_cdf(0.9))
        return tuple(median * (p90 / median) ** power.inv_cdf(probability) for probability in _MIDPOINTS)

    def numbers(self) -> tuple[float, ...]:
        """Every number it is written with, without the probabilities of quantiles."""
        plain = (self.value, self.low, self.mode, self.high, self.median, self.p90)
        return tuple(number for number in plain if number is not None) + tuple(
            value for _, value in self.quantiles or ()
        )

    def _check_order(self) -> None:
        if self.low is not None and self.high is not None:
            mode = self.low if self.mode is None else self.mode
            if self.low == self.high:
                raise wrong(f"low and high are both {self.low:g}", remedy="Write it as a plain number")
            if not self.low <= mode <= self.high:
                middle = "" if self.mode is None else f", mode {self.mode:g}"
                raise wrong(
                    f"low {self.low:g}{middle}, high {self.high:g} are out of order",
                    "low, mode and high that do not fall" if middle else "low below high",
                )
        if self.median is not None and self.p90 is not None and not 0 < self.median <= self.p90:
            raise wrong(
                f"median {self.median:g}, p90 {self.p90:g}", "a median above 0 and a p90 that is not below it"
            )
        if self.quantiles is not None:
            self._check_quantiles(self.quantiles)

    @staticmethod
    def _check_quantiles(pairs: tuple[tuple[float, float], ...]) -> None:
        if len(pairs) < 2:
            raise wrong(f"{len(pairs)} quantiles", "two or more pairs of probability and value")
        if not all(0 <= probability <= 1 for probability, _ in pairs):
            raise wrong("a quantile's probability is outside 0 to 1", "probabilities from 0 to 1")
        if not all(first[0] < second[0] for first, second in pairwise(pairs)):
            raise wrong("the probabilities of the quantiles do not rise", "probabilities in rising order")
        if not all(first[1] <= second[1] for first, second in pairwise(pairs)):
            raise wrong("the values of the quantiles fall", "values that do not fall as probability rises")

    def _check_permitted(self) -> None:
        if self.plain_only and self.kind != "exact":
            raise wrong("a distribution stands here", "a plain number")
        lowest, highest = self.permitted
        for number in self.numbers():
            if abs(number) > self.largest_number:
                raise wrong(f"{number:g} is out of range", f"at most {self.largest_number:,.0f}")
            if not lowest <= number <= highest:
                raise wrong(f"{number:g} is out of range", self.permitted_in_words)
        if self.kind == "lognormal" and highest < inf:
            raise wrong(
                "a log-normal distribution has no upper end",
                self.permitted_in_words,
                "Write low, mode and high, or quantiles",
            )


def _interpolated(pairs: tuple[tuple[float, float], ...], probability: float) -> float:
    if probability <= pairs[0][0]:
        return pairs[0][1]
    for (p_left, v_left), (p_right, v_right) in pairwise(pairs):
        if probability <= p_right:
            return v_left + (v_right - v_left) * (probability - p_left) / (p_right - p_left)
    return pairs[-1][1]


class Share(Quantity):
    """A share, 0 to 1."""

    permitted: ClassVar[tuple[float, float]] = (0.0, 1.0)
    permitted_in_words: ClassVar[str] = "0 to 1"


class Probability(Share):
    """A probability, 0 to 1, known exactly."""

    plain_only: ClassVar[bool] = True


class Amount(Quantity):
    """People, kilometres, exponents, ratios or standard deviations; 0 or more."""

    permitted: ClassVar[tuple[float, float]] = (0.0, inf)
    permitted_in_words: ClassVar[str] = "0 or more"


class Days(Amount):
    """A number of days, 0 or more."""

    largest_number: ClassVar[float] = LARGEST_DAYS


class Day(Days):
    """A day, as days after the issue day; dates may be written for it."""

    permitted_in_words: ClassVar[str] = "0 or more days after the issue day"
    largest_number: ClassVar[float] = LARGEST_NUMBER


class Positive(Quantity):
    """A rate, time or distance that must be above 0."""

    permitted: ClassVar[tuple[float, float]] = (SMALLEST_POSITIVE, inf)
    permitted_in_words: ClassVar[str] = f"above 0 ({SMALLEST_POSITIVE:g} or more)"


class PlainDistance(Positive):
    """A distance in km above 0, known exactly."""

    plain_only: ClassVar[bool] = True


class Pull(Quantity):
    """A pull on a log scale: 0 is neutral, 0.7 doubles the odds, -0.7 halves them."""

    permitted: ClassVar[tuple[float, float]] = (-30.0, 30.0)
    permitted_in_words: ClassVar[str] = "-30 to 30"
