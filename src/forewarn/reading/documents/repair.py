"""Repair of text: entities broken or escaped twice, mojibake, joined words, hard line breaks."""

from __future__ import annotations

import html
import re
import unicodedata

from forewarn.reading.documents.joined_words import part

# Zero width, soft hyphen, direction marks and overrides: they hide or reorder what people see.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\v]")
_BROKEN_ENTITY = re.compile(r"&\s?(?:amp\s?;\s?)?(#\s?[xX]?\s?[0-9a-fA-F]{1,6}|[A-Za-z]{2,8})\s?;")
# UTF-8 read as Windows-1252: a lead byte, then bytes of a continuation.
_MOJIBAKE = re.compile(
    "(?:[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0153\u0160-\u0161\u0178\u017d-\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039-\u203a\u20ac\u2122]{1,3})+"
)
_JOINED_BEFORE = re.compile(
    r"(?<=[a-z]{2})(?=\d{1,3}(?:,\d{3})+\b)|"
    r"(?<=\bleast)(?=\d)|(?<=\bthan)(?=\d)|(?<=\babout)(?=\d)|(?<=\bsome)(?=\d)|(?<=\baround)(?=\d)|(?<=\bnearly)(?=\d)|"
    r"(?<=\bfrom)(?=\d\d)|(?<=\bamong)(?=\d\d)|(?<=\bas)(?=\d\d)|(?<=\bto)(?=\d\d)|(?<=\bof)(?=\d\d)|(?<=\bin)(?=\d\d)"
)
_JOINED_AFTER = re.compile(
    r"(?<=\d,\d{3})(?=[A-Za-z]{3}|to\s)|(?<=\b\d\d)(?=[a-z]{5})|(?<=\b\d{3})(?=[a-z]{5})|"
    r"(?<=\d)(?=(?:people|persons|individuals|families|households|homes|houses|civilians|IDPs|refugees|residents)\b)"
)
_SPLIT_THOUSANDS = re.compile(
    r"(?<=\b\d{1},)[ ]+(?=\d{3}\b)|(?<=\b\d{2},)[ ]+(?=\d{3}\b)|(?<=\b\d{3},)[ ]+(?=000\b)"
)
_JOINED_SENTENCES = re.compile(r"(?<=[a-z]{3}[.!?])(?=[A-Z][a-z]+[ ,])")
# No word of any language is longer; what is would be slow to cut into tokens.
_ENDLESS = re.compile(r"\S{300}(?=\S)")
_HYPHENATED = re.compile(r"(?<=[a-z]{2})-\n(?=[a-z]{2})")
_WRAPPED = re.compile(r"(?<=\S)[ ]*\n(?=[a-z(,;0-9])")
# A line that ends in the middle of a phrase, or is as long as a page is wide and has no stop (assumption: 55
# characters), goes on in the next even if that opens with a capital: "said on / Wednesday".
_WRAPPED_NAME = re.compile(
    r"(?:(?<=\b(?:on|in|of|by|to|at|an|as|or|is))|(?<=\b(?:the|and|for|was|had|has|are|its|his|her))|(?<=\b(?:from|with|that|near|said|were|have))|"
    r"(?<=[^\n]{55}[\w,'’)]))[ ]*\n(?=[A-Z\"“])"  # noqa: RUF001
)


def repair_text(text: str) -> str:
    r"""Repair a text as it came. Repaired text stays as it is.

    Parameters
    ----------
    text
        Any string, also a hostile one.

    Examples
    --------
    >>> repair_text("It\u00e2\u20ac\u2122s said that at least140,000people fled.The town is empty.")
    'It’s said that at least 140,000 people fled. The town is empty.'
    """
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    text = re.sub("[\u2028\u0085]", "\n", text).replace("\u2029", "\n\n")
    text = _MOJIBAKE.sub(_unscramble, text)
    text = _BROKEN_ENTITY.sub(_entity, _BROKEN_ENTITY.sub(_entity, text))
    text = _CONTROL.sub("", _INVISIBLE.sub("", _BLANKS.sub(" ", text)))
    text = unicodedata.normalize("NFC", text)
    text = _ENDLESS.sub(r"\g<0> ", text)
    for pattern in (_JOINED_BEFORE, _JOINED_AFTER, _JOINED_SENTENCES):
        text = pattern.sub(" ", text)
    text = part(text)
    text = _SPLIT_THOUSANDS.sub("", text)
    text = re.sub(r" +$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" {2,}", " ", text)).strip()


def unwrap(text: str) -> str:
    r"""Join lines that a page's width broke; paragraphs and headings stay.

    Examples
    --------
    >>> unwrap("The mayor said on\nWednesday that the road was open.")
    'The mayor said on Wednesday that the road was open.'
    >>> unwrap("Thousands of dis-\nplaced people left the\ncamp.\nNext")
    'Thousands of displaced people left the camp.\nNext'
    """
    return _WRAPPED_NAME.sub(" ", _WRAPPED.sub(" ", _HYPHENATED.sub("", text)))


def _entity(found: re.Match[str]) -> str:
    inside = re.sub(r"\s", "", found[1])
    character = html.unescape(f"&{inside};")
    # What html does not know stays as it came; a document's own entities are never expanded.
    return found[0] if character.startswith("&") and len(character) > 1 else character


def _unscramble(found: re.Match[str]) -> str:
    try:
        scrambled = b"".join(
            bytes([ord(letter)]) if ord(letter) < 256 else letter.encode("cp1252") for letter in found[0]
        )
        return scrambled.decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return found[0]
