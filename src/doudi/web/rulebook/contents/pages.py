"""Long lists of the rulebook in pages: nobody scrolls through six hundred rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: rules are a line or three, kinds are many
RULES_AT_ONCE, KINDS_AT_ONCE = 40, 20


@dataclass(frozen=True, slots=True)
class Page:
    """``at`` of ``last`` pages, both from 1."""

    rows: Sequence[Any]
    at: int
    last: int

    @property
    def before(self) -> int:
        return self.at - 1

    @property
    def after(self) -> int:
        return self.at + 1 if self.at < self.last else 0


def page_of(rows: Sequence[Any], asked: str, size: int) -> Page:
    """The page that is asked for by number; one that is none is the first, one beyond the end the last."""
    last = max(1, -(-len(rows) // size))
    at = min(int(asked), last) if asked.isdecimal() and len(asked) < 6 and int(asked) else 1
    return Page(rows[(at - 1) * size : at * size], at, last)


def page_of_kinds(rows: Sequence[Any], asked: str) -> Page:
    """The same of a tree: kinds are counted, and each stands below its groups also where these began on an earlier page."""
    page = page_of([row for row in rows if row.kind is not None], asked, KINDS_AT_ONCE)
    codes = {row.code for row in page.rows}
    above: list[Any] = []
    found: list[Any] = []
    for row in rows:
        if row.kind is None:
            above = [*(one for one in above if one.depth < row.depth), row]
        elif row.code in codes:
            found += [*(one for one in above if one not in found), row]
    return Page(found, page.at, page.last)
