"""The one guard against texts that a spreadsheet program would run as a formula."""

from __future__ import annotations

import unicodedata

#: what begins a formula, after NFKC (full width, small and raised forms become these); the minus sign of mathematics
_BEGINS = frozenset("=+-@−")
#: letters that show nothing
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: signs that begin a new cell or line where a text is pasted
_BREAKS = frozenset("\t\r\n\x0b\x0c\x85\u2028\u2029")


def is_formula(text: str) -> bool:
    """Might a program take ``text`` for a formula: at once, behind apostrophes, or behind what shows nothing?

    What shows nothing is told by its category: separators, control and format signs, marks without a letter.
    """
    for sign in text:
        if sign in _BREAKS:
            return True
        if sign == "'" or sign in _BLANK_LETTERS or unicodedata.category(sign)[0] in "ZCM":
            continue
        return unicodedata.normalize("NFKC", sign)[0] in _BEGINS
    return False


def guarded(text: str) -> str:
    """``text`` for a CSV: one apostrophe before what might run."""
    return f"'{text}" if is_formula(text) else text


def unguarded(text: str) -> str:
    """Take off the one apostrophe that `guarded` put there."""
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text
