"""What the numbers of a draft rest on: a sentence of a report, or an assumption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Basis", "Explanation", "SourcedFact", "explanations_of"]


@dataclass(frozen=True, slots=True)
class SourcedFact:
    """A fact with the sentence that it was read in, and which report it came from."""

    report: int
    sentence: str


class Basis(NamedTuple):
    """What a part of a draft rests on.

    Parameters
    ----------
    path
        Of the part in the document, such as ``places.residents``.
    rests_on
        A fact of a report, or the words of an assumption or source.
    """

    path: str
    rests_on: SourcedFact | str


class Explanation(NamedTuple):
    """A basis as the document holds it.

    Parameters
    ----------
    path
        Of the part in the document.
    words
        The sentence or assumption.
    report
        Key of the report in ``sources``; empty for an assumption.
    """

    path: str
    words: str
    report: str


def explanations_of(basis: Iterable[Basis], keys: Sequence[str]) -> list[Explanation]:
    """Write what parts rest on with the keys of the reports.

    Examples
    --------
    >>> explanations_of([Basis("courses.deal", SourcedFact(0, "They talk."))], ["report-1"])
    [Explanation(path='courses.deal', words='They talk.', report='report-1')]
    """
    return [
        Explanation(path, said, "")
        if isinstance(said, str)
        else Explanation(path, said.sentence, keys[said.report])
        for path, said in basis
    ]
