"""What Chinese characters sound like, so that 和丰路 is heard as 禾丰路.

Source of the readings: pypinyin's table (one reading a character, the first). Tones are dropped, and so are the
differences that speakers around Shanghai and in the south do not make: zh/z, ch/c, sh/s, n/l, in/ing, en/eng.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_SAME = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


@cache
def readings() -> dict[int, str]:
    """The readings of each character by its number, with tones, parted by commas, the usual one first."""
    # The table is 40,000 lines long; anyone who asks for no sound does not pay for it.
    from pypinyin.constants import PINYIN_DICT

    return dict(PINYIN_DICT)


@cache
def sound_of(sign: str) -> str:
    """The sound of one character without its tone; a character without a reading sounds like itself."""
    reading = readings().get(ord(sign))
    if reading is None:
        return sign
    bare = "".join(one for one in unicodedata.normalize("NFD", reading.split(",")[0]) if one.isascii())
    for spoken, heard in _SAME:
        if bare.startswith(spoken):
            bare = heard + bare[len(spoken) :]
            break
    return bare[:-1] if bare.endswith("ng") and bare[-3] in "ie" else bare


def sounds_of(text: str) -> tuple[str, ...]:
    """The sounds of ``text``, one for each character."""
    return tuple(map(sound_of, text))
