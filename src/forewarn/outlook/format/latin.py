"""Text in the letters that the brief's font has: Latin; other scripts are written in Latin letters.

The font is Bitstream Vera, which comes with reportlab: Latin with the accents of Western and Central Europe
and of Turkish. Letters with other marks lose them; Cyrillic and Arabic letters are transliterated one by one,
roughly as in names on maps, without the vowels that Arabic does not write. Anything else becomes ``[…]``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

UNKNOWN: Final = "[…]"

# A letter, and what it becomes.
CYRILLIC: Final = """
аa бb вv гg ґg дd еe ёyo єye жzh зz иy іi їi йy кk лl мm нn оo пp рr сs тt уu ўu фf хkh цts чch шsh щshch
ъ’ ыy ь’ эe юyu яya ђdj јj љlj њnj ћc џdz ѓg ќk ѕdz
"""
ARABIC: Final = """
ء’ اa أa إi آa بb تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz ع’ غgh فf قq كk لl مm نn هh وw يy
ىa ةa ئ’ ؤ’ پp چch ژzh گg کk یy ںn
"""
_SIGNS: Final = {
    "ʿ": "’",
    "ʾ": "’",
    "ʼ": "’",
    "→": "–",
    "−": "-",
    "،": ",",
    "؛": ";",
    "؟": "?",
    "\u00a0": " ",
}
LETTERS: Final = {pair[0]: pair[1:] for pair in (CYRILLIC + ARABIC).split()} | _SIGNS


def latin(text: str, known: Collection[int]) -> str:
    """Write a text with the characters of a font.

    Parameters
    ----------
    known
        Code points that the font has.

    Examples
    --------
    >>> latin("Київ – إدلب", set(range(32, 127)) | {0x2013})
    'Kyiv – idlb'
    >>> latin("Ḥalab 東京", set(range(32, 127)))
    'Halab [...]'
    """
    unknown = UNKNOWN if ord("…") in known else "[...]"
    written = "".join(_character(each, known) for each in unicodedata.normalize("NFC", text))
    return re.sub("\ufffd[\ufffd ]*\ufffd|\ufffd", unknown, written).strip()


def _character(character: str, known: Collection[int]) -> str:
    if ord(character) in known and character.isprintable():
        return character
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me"):
        return ""  # controls, marks of direction, vowel signs
    lower = LETTERS.get(character.lower())
    if lower is not None:
        written = lower.capitalize() if character != character.lower() else lower
        return "".join(each if ord(each) in known else "'" for each in written)
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", character) if not unicodedata.combining(each)
    )
    if bare and bare != character:
        return "".join(_character(each, known) for each in bare)
    return "\ufffd"
