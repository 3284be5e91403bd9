"""Of what kind a statement is: what its cue says, unless its content says something stronger.

Rules in `data/reading/kinds.csv`: the first pattern that fits the content and may override the cue's kind.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from forewarn.facts import StatementKind
from forewarn.reading.text.lexicon import read_rows

if TYPE_CHECKING:
    from forewarn.reading.statements.attribution.attributed import Attribution

_ESTIMATES = re.compile(r"\b(?:estimates?|projections?|forecasts?|figures|calculations?)\b", re.IGNORECASE)
# An accusation names somebody else's deed; a source that speaks for its own side reports.
_OF_DEEDS = re.compile(
    r"\b(?:chemical|attack|shell|bomb|strike|massacre|kill|tortur|loot|siege|weapons?|terror|civilians?|abus|"
    r"violat|provocation|false flag|ceasefire|expuls|ethnic|atrocit)\w*",
    re.IGNORECASE,
)
# "No doubt", "not only" and the like negate nothing.
PSEUDO_NEGATIONS = re.compile(
    r"\b(?:no doubt|not only|not just|no less than|no fewer than|no later than|not least|nothing but|"
    r"not yet the end|no matter|not surprisingly)\b",
    re.IGNORECASE,
)

# A main clause that says that something is not so, within its first words (assumption: eight).
_NEGATIVE = re.compile(
    r"^(?:that |as )?(?:[^\s,;]+ ){0,7}?"
    r"(?:no|not|never|nobody|none|neither|nothing|nowhere|no-one|\w+n[’']t)\b",  # noqa: RUF001
    re.IGNORECASE,
)
# Words that by themselves say of a claim made before that it is not so.
_RETORT = re.compile(
    r"\b(?:(?:is|are|was|were|as|been|and|simply|in) (?:\S+ ){0,2}?[\"“]?"
    r"(?:false|untrue|wrong|exaggerat\w+|baseless|groundless|fabricat\w+|lies?|lying|fake|invented|nonsense|fiction|fantasy|propaganda)|"
    r"(?:nothing|anything) of the (?:kind|sort)|(?:no|any) such|neither (?:is|was) true)\b",
    re.IGNORECASE,
)
_PROPOSED = re.compile(
    r"\b(?:deployment|note|proposal|plan|offer|deal|truce|ceasefire|talks|demand|request|appeal|agreement|"
    r"ultimatum|terms|conditions|mediation|operation|resolution|idea)s?\b",
    re.IGNORECASE,
)


@cache
def load_rules() -> tuple[tuple[StatementKind, frozenset[str], re.Pattern[str]], ...]:
    """Load (kind, kinds it overrides, pattern), in order of precedence."""
    return tuple(
        (
            cast("StatementKind", row["kind"]),
            frozenset(row["overrides"].split()),
            re.compile(row["pattern"], re.IGNORECASE),
        )
        for row in read_rows("kinds.csv")
    )


def tell_kind(attribution: Attribution, content: str, source: str) -> StatementKind:
    """Tell the kind of a statement.

    Parameters
    ----------
    attribution
        Its cue and construction.
    content
        Its words.
    source
        Words of who says it.
    """
    cue = attribution.cue_word
    kind: StatementKind = cue.kind if cue else "report"
    if cue is None and attribution.frame == "according" and _ESTIMATES.search(source):
        kind = "estimate"
    if cue and cue.word in ("reject", "dismiss") and _PROPOSED.search(content[:60]):
        kind = "position"
    if attribution.negated:
        kind = negate(kind)
    if attribution.frame == "name" and cue and cue.word == "call" and _names_claim(attribution, content):
        return "assessment"
    masked = PSEUDO_NEGATIONS.sub(lambda found: "_" * len(found[0]), " ".join(content.split()))
    for ruled, overrides, pattern in load_rules():
        if kind in overrides and pattern.search(masked):
            if ruled == "accusation" and not _OF_DEEDS.search(masked):
                continue
            return ruled
    return kind


def is_negative(content: str) -> bool:
    """Whether what is said negates something in its main clause.

    Parameters
    ----------
    content
        Its words.

    Examples
    --------
    >>> is_negative("that nobody had been told to leave"), is_negative("not only the town was hit")
    (True, False)
    """
    words = " ".join(content.split())
    masked = PSEUDO_NEGATIONS.sub(lambda found: "_" * len(found[0]), words)
    return bool(_NEGATIVE.search(masked)) or is_retort(masked)


def is_retort(content: str) -> bool:
    """Whether what is said calls something false, exaggerated, invented.

    Parameters
    ----------
    content
        Its words.
    """
    return bool(_RETORT.search(content))


def negate(kind: StatementKind) -> StatementKind:
    """Turn the kind of a cue that is negated: who "did not deny" reports, who "does not expect" assesses."""
    return {"denial": "report", "estimate": "assessment", "hope": "position", "fear": "position"}.get(  # type: ignore[return-value]
        kind, kind
    )


def _names_claim(attribution: Attribution, _content: str) -> bool:
    return attribution.target is not None
