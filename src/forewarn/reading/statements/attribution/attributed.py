"""One attribution: who, by which word, said what, as ranges of characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forewarn.reading.statements.attribution.phrases import Range
    from forewarn.reading.text.lexicon import Cue


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution; ranges are characters of the document, half open.

    Parameters
    ----------
    frame
        Construction: clause, quote, remark, object, infinitive, as, name, of, for, about, at, noun,
        according, label or loose.
    cue_word
        What is known of its cue; nothing for "according to", for labels and for quotes that stand alone.
    anchor
        Index of the cue's token; of the first token of a quote that stands alone.
    source, cue, content
        Ranges; a source is nothing where nobody is named.
    target, addressee
        Ranges of whom it is about, and to whom it is said.
    through
        Ranges of those who only pass it on: who cites, who heard it.
    negated
        Whether the text says that somebody did *not* say so.
    passive
        Whether the cue is in the passive.
    """

    frame: str
    cue_word: Cue | None
    anchor: int
    source: Range | None
    cue: Range | None
    content: tuple[Range, ...]
    target: Range | None = None
    addressee: Range | None = None
    through: tuple[Range, ...] = ()
    negated: bool = False
    passive: bool = False
