"""One picker for posts, people, places and kinds: what is typed finds them by name, first letters, code or road.

Any select or box of a form becomes one by ``picked``. Without scripts it stays what it is; with them (``pick.js``) the
address of its sort answers what may be chosen, and a select takes nothing that is not among its own options.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import lazystr

from doudi.engine.places.initials import initials, may_be_sounds, spellings
from doudi.engine.search.folding import BETWEEN, folded, parts

Picker = TypeVar("Picker", bound=forms.Widget)


class _Address:
    """An address that is looked up when a page is drawn: fields are made before the addresses are known."""

    def __init__(self, sort: str, asked: dict[str, object]) -> None:
        self._sort, self._asked = sort, asked

    def __str__(self) -> str:
        query = f"?{urlencode(self._asked)}" if self._asked else ""
        return f"{reverse(f'pick_{self._sort}')}{query}"


def picked(widget: Picker, sort: str, **asked: object) -> Picker:
    """The widget as a picker of ``sort``: posts, people, places or kinds; ``asked`` narrows what its address answers."""
    widget.attrs["data-pick"] = lazystr(_Address(sort, asked))
    return widget


@dataclass(frozen=True)
class Pick:
    """What may be chosen: what the form sends for it, what people call it, and a word to tell it from its like.

    ``also``: by what else it is found.
    """

    value: str
    name: str
    note: str = ""
    also: tuple[str, ...] = ()

    @cached_property
    def _written(self) -> str:
        return BETWEEN.join(map(folded, (self.name, *self.also)))

    @cached_property
    def _sounds(self) -> str:
        names = (self.name, *self.also)
        return BETWEEN.join(one for name in names for one in (*initials(name), *spellings(name))).upper()

    def rank(self, part: str) -> int | None:
        """How well a folded part names it, 0 best; None: not at all."""
        for worse, said in ((0, self._written), (2, self._sounds if may_be_sounds(part) else "")):
            if part in said:
                return worse + (not f"{BETWEEN}{said}".count(BETWEEN + part))
        return None


def matching(offered: Iterable[Pick], typed: str) -> list[Pick]:
    """Those that every part of ``typed`` names, the best first and else in the order given; all when nothing was typed."""
    asked = parts(typed)
    found = []
    for one in offered:
        ranks = [one.rank(part) for part in asked]
        if None not in ranks:
            found.append((sum(rank or 0 for rank in ranks), one))
    return [one for _rank, one in sorted(found, key=lambda pair: pair[0])]


def offer_picks(request: HttpRequest, found: Sequence[Pick]) -> HttpResponse:
    """The answer of an address of a sort: options for the list under the box."""
    return render(request, "design/picks.html", {"picks": found})
