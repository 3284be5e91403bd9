"""Which claim of somebody else a denial answers: the same proposition, another voice, the opposite sign.

How far two statements speak of one thing is counted: words that they share, each by how rare it is in the
document, topics (`data/reading/topics.csv`), whether the claim names the one who denies, how near it stands.
A denial that only points back ("denied it", "neither was true") takes the nearest claim that fits.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from forewarn.facts import Statement
from forewarn.reading.text.lexicon import read_rows, word_set

CLAIMS = frozenset({"accusation", "report", "warning", "estimate", "fear", "assessment"})
# What somebody else may deny; a denial may itself be denied.
DENIABLE = CLAIMS | {"denial", "threat", "commitment", "description", "position", "condemnation", "demand"}
# An answer stands near what it answers: statements back, and back if they share no word (assumptions).
_BACK, _NEAR = 12, 4
# Points that make one proposition of two statements, and if a word of denying says so (set on corpus/build).
_ENOUGH, _ENOUGH_SAID = 2.0, 1.75
# Statements around in which a word may stand and still be rare (assumption).
_RARE = 4
_ACCUSED = re.compile(r"\b(?:accusations?|allegations?|charges?)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:figures?|numbers?|counts?|tolls?|estimates?)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"^(?:that |as )?(?:this|these|those|neither|any such|such|the (?:opposite|contrary))\b|"
    r"^(?:it|that|them)$|"
    r"\b(?:no|any|nothing of) (?:such|the kind|the sort)\b|"
    r"\b(?:claims?|accusations?|allegations?|charges?|reports?|story|stories|rumou?rs?|figures?|numbers?|"
    r"wrong|untrue|false|lies?|invented|fabricat\w+|exaggerat\w+|nonsense|propaganda|fantasy|baseless)\b",
    re.IGNORECASE,
)
# "Denied the claim that …" tells what is denied; what is denied stands nowhere else.
_TELLS_ITSELF = re.compile(
    r"^(?:an?|the|any|as \S+ an?)\s(?:\w+\s)?(?:claims?|reports?|rumou?rs?|allegations?|accusations?|"
    r"suggestions?)\b"
    r".{0,60}?\bthat\b",
    re.IGNORECASE,
)
_PRONOUNS = word_set("he she they it him her them his its their who")
# Who speaks for whom, by the word that names him (general knowledge).
_SIDES = (
    frozenset(["army", "military", "soldiers", "troops", "armed"]),
    word_set("government ministry minister president state authorities"),
    frozenset(["police", "policemen", "officers"]),
    frozenset(["rebels", "rebel", "insurgents", "fighters", "militants"]),
)
# Words that two statements may share by chance.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
    about after against also area because been before being city could days even families from have hours
    households hundred into just last many million month months more most never nobody none nothing
    number only other over people persons said says should since some such than that their them there
    these they this those thousand town until upon very week weeks were what when where which while will
    with would years your anyone anybody anything
        """,
    )
)


@cache
def load_topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Load (topic, pattern) of `data/reading/topics.csv`: what two statements must share to be compared."""
    return tuple(
        (row["topic"], re.compile(rf"\b(?:{row['pattern']})\b", re.IGNORECASE))
        for row in read_rows("topics.csv")
    )


def topics_of(statement: Statement) -> frozenset[str]:
    """Tell what a statement is about.

    Parameters
    ----------
    statement
        Its content counts, with its target.
    """
    return _topics(content_of(statement))


@lru_cache(maxsize=512)
def _topics(words: str) -> frozenset[str]:
    return frozenset(topic for topic, pattern in load_topics() if pattern.search(words))


def content_of(statement: Statement) -> str:
    """Join the words of the content and of its target."""
    target = [statement.target.text] if statement.target else []
    return " ".join(" ".join([*target, *(span.text for span in statement.content)]).split())


@lru_cache(maxsize=512)
def stems_of(words: str) -> frozenset[str]:
    """Take the first five letters of the words of content, so that "burned" meets "burning" (assumption).

    Examples
    --------
    >>> sorted(stems_of("that rebels had burned the houses"))
    ['burne', 'house', 'rebel']
    """
    long = re.findall(r"[^\W\d_]{4,}", words.lower())
    return frozenset(word[:5] for word in long if word not in _EMPTY)


def same_voice(first: Statement, second: Statement) -> bool:
    """Whether two statements come from one mouth, or one speaks for the other.

    Parameters
    ----------
    first, second
        Of one document.
    """
    if first.actor and first.actor == second.actor:
        return True
    words = [one.source.text.lower() if one.source else "" for one in (first, second)]
    if words[0] and words[0] == words[1]:
        return True
    # "The Russian ambassador" speaks for the actor `russia`, whatever key the ambassador has.
    pairs = ((first.actor, words[1]), (second.actor, words[0]))
    return any(len(key) > 4 and re.search(rf"\b{re.escape(key[:4])}", said) for key, said in pairs)


def passes_on(statements: Sequence[Statement], index: int) -> bool:
    """Whether a statement only passes on what another source says: that makes up most of it.

    Parameters
    ----------
    statements
        Of one document, in its order.
    index
        Of the statement.
    """
    holder = statements[index]
    half = 0.5 * len(content_of(holder))  # assumption
    near = statements[max(0, index - _BACK) : index + 2 * _BACK]
    return any(
        one.inside == index
        and one.kind in CLAIMS | {"denial"}
        and len(content_of(one)) > half
        and not same_voice(one, holder)
        for one in near
    )


def find_denied(statements: Sequence[Statement], k: int) -> int | None:
    """Find the claim of somebody else that a statement most likely answers.

    Parameters
    ----------
    statements
        Of one document, in its order.
    k
        Index of the statement that denies, or that may.

    Returns
    -------
    int or None
        Index of the claim: one that stands in the denial itself ("denied the claim that …"), else the one
        near it that shares most with it, if that is enough; else, if the denial only points back ("denied
        it", "called the allegation …"), the last claim of another voice before it.
    """
    denial = statements[k]
    inner = _claim_inside(statements, k)
    if inner is not None:
        return inner
    near = [
        j
        for j in range(max(0, k - _BACK), min(len(statements), k + 2))
        if _may_be_denied(statements, j, k) and not passes_on(statements, j)
    ]
    rarity = _rarity(statements, k)
    words = content_of(denial)
    enough = _ENOUGH_SAID if denial.kind == "denial" else _ENOUGH
    if _TELLS_ITSELF.search(words):
        enough += 1.0
    scored = [(score, j) for j in near if (score := _likeness(statements, j, k, rarity)) >= enough]
    if scored:
        return max(scored)[1]
    if not _POINTS_BACK.search(words) or _TELLS_ITSELF.search(words):
        return None
    return _pointed_at(statements, [j for j in near if k - _NEAR <= j < k], words)


def _claim_inside(statements: Sequence[Statement], k: int) -> int | None:
    for j in range(k + 1, min(len(statements), k + 4)):
        claim = statements[j]
        if claim.inside == k and claim.kind in DENIABLE and not same_voice(claim, statements[k]):
            return j
    return None


def _may_be_denied(statements: Sequence[Statement], j: int, k: int) -> bool:
    claim, denial = statements[j], statements[k]
    if j == k or claim.kind not in DENIABLE or denial.inside == j or claim.inside == k:
        return False
    if claim.kind == "demand" and claim.inside is not None:
        return False
    return not (claim.content[0].start >= denial.content[0].start or _is_voice_of(statements, j, k))


def _is_voice_of(statements: Sequence[Statement], j: int, k: int) -> bool:
    """Whether both statements have one voice, a pronoun taken for the source right before it."""
    if same_voice(statements[j], statements[k]):
        return True
    at = k
    while at > 0 and _is_pronoun(statements[at]):
        at -= 1
    other = j
    while other > 0 and _is_pronoun(statements[other]):
        other -= 1
    return at == other or (at != k or other != j) and same_voice(statements[at], statements[other])


def _is_pronoun(one: Statement) -> bool:
    return one.source is not None and one.source.text.lower() in _PRONOUNS


def _rarity(statements: Sequence[Statement], k: int) -> Counter[str]:
    """Count in how many statements around a denial each stem stands."""
    counts: Counter[str] = Counter()
    for one in statements[max(0, k - 3 * _BACK) : k + _BACK]:
        counts.update(stems_of(content_of(one)))
    return counts


def _likeness(statements: Sequence[Statement], j: int, k: int, rarity: Counter[str]) -> float:
    """Points for one proposition: words and topics in common, who is named, how near (assumptions)."""
    claim, denial = statements[j], statements[k]
    shared = stems_of(content_of(claim)) & stems_of(content_of(denial))
    points = sum(1.0 if rarity[stem] <= _RARE else 0.5 for stem in shared)
    points += 0.5 * len(topics_of(claim) & topics_of(denial))
    if points < 1.0:
        return 0.0
    named = names(claim, denial)
    points += 0.5 * (claim.kind == "accusation") + 1.0 * named
    if claim.kind == "accusation" and claim.target is not None and not named:
        points -= 1.0
    gap = k - j
    return points + (1.0 if gap <= 1 else 0.5 if gap <= 3 else 0.0 if gap <= 6 else -0.5)


def names(claim: Statement, other: Statement) -> bool:
    """Whether a claim is about who speaks in another statement: "accused the army", "the military said".

    Parameters
    ----------
    claim, other
        Of one document.
    """
    if other.source is None:
        return False
    said = set(re.findall(r"[^\W\d_]{4,}", content_of(claim).lower()))
    speaker = set(re.findall(r"[^\W\d_]{4,}", other.source.text.lower())) - {
        "spokesman",
        "spokeswoman",
        "said",
    }
    if {word[:5] for word in said} & {word[:5] for word in speaker}:
        return True
    return any(said & side and speaker & side for side in _SIDES)


def _pointed_at(statements: Sequence[Statement], near: Sequence[int], words: str) -> int | None:
    """Choose what "the accusation", "this figure", "it" goes back to."""
    accused = [j for j in near if statements[j].kind == "accusation"]
    if accused and _ACCUSED.search(words):
        return accused[-1]
    near = [j for j in near if statements[j].kind in CLAIMS] or near
    near = [j for j in near if statements[j].kind != "assessment"] or near
    counted = [j for j in near if re.search(r"\d|\bthousand|\bhundred", content_of(statements[j]))]
    if counted and _COUNTED.search(words):
        return counted[-1]
    return near[-1] if near else None
