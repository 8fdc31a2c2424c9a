"""What a person typed, read aloud or copied, brought to one plain form before it is checked."""

from __future__ import annotations

import unicodedata

_MINUS = "\u2212"
_IGNORED = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})


def sound(text: str) -> str:
    """The text as every store can keep it: without NUL, half characters (lone surrogates) shown as U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def fold(text: str) -> str:
    """Full width to half width, upper case, no spaces, dashes or invisible signs: ``"７k3m - 9q"`` to ``"7K3M9Q"``."""
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKC", text).upper()
        if sign != _MINUS and unicodedata.category(sign) not in _IGNORED
    )


def fold_look_alikes(text: str) -> str:
    """`fold`, and the letters that are misread for digits read as those digits: O as 0, I and L as 1."""
    return fold(text).translate(str.maketrans("OIL", "011"))
