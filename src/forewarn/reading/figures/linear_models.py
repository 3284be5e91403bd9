"""Learned choices about figures: linear models over features that hold, `data/reading/figures.json.gz`."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from types import MappingProxyType

WEIGHTS = Path(__file__).resolve().parents[2] / "data" / "reading" / "figures.json.gz"


@dataclass(frozen=True, slots=True)
class Choice:
    """A multinomial logistic regression over features that hold or do not.

    Parameters
    ----------
    labels
        What is chosen from.
    weights
        By feature, one weight for each label.
    """

    labels: tuple[str, ...]
    weights: Mapping[str, Sequence[float]]

    def chances(self, features: Iterable[str]) -> tuple[float, ...]:
        """Tell how likely each label is, in the order of `labels`.

        Parameters
        ----------
        features
            Those that hold; unknown ones say nothing.

        Examples
        --------
        >>> choice = Choice(("no", "yes"), {"fled": (-1.0, 1.0)})
        >>> round(choice.chances(["fled", "unknown"])[1], 3)
        0.881
        """
        sums = [0.0] * len(self.labels)
        for name in features:
            for at, weight in enumerate(self.weights.get(name, ())):
                sums[at] += weight
        highest = max(sums)
        powers = [exp(each - highest) for each in sums]
        total = sum(powers)
        return tuple(each / total for each in powers)

    def chance(self, label: str, features: Iterable[str]) -> float:
        """Tell how likely a label is.

        Parameters
        ----------
        label
            One of `labels`.
        features
            Those that hold.
        """
        return self.chances(features)[self.labels.index(label)]

    def choose(self, features: Iterable[str]) -> str:
        """Choose the likeliest label.

        Parameters
        ----------
        features
            Those that hold.
        """
        chances = self.chances(features)
        return self.labels[chances.index(max(chances))]


@cache
def load_choices(path: Path = WEIGHTS) -> Mapping[str, Choice]:
    """Load the choices by name; `tools/train_reading_figures.py` makes them.

    Parameters
    ----------
    path
        Where the weights lie.
    """
    stored = json.loads(gzip.decompress(path.read_bytes()))
    return MappingProxyType(
        {name: Choice(tuple(one["labels"]), one["weights"]) for name, one in stored.items()}
    )
