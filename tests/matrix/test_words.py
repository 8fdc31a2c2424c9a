"""Every page as every seat, in both languages: each link opens, and no sentence bears a code, a name of a power or an id.

All that links reach is read, by each route and sort of question a few pages (``DOUDI_MATRIX=whole`` reads all).
"""

from __future__ import annotations

import html
import os
import re
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from doudi.web.people.models import Person, Post
from tests.matrix.ground import ASKERS, NOBODY, lay
from tests.matrix.requests import Asker

WHOLE = os.environ.get("DOUDI_MATRIX") == "whole"
MOST_OF_A_SORT = 10_000 if WHOLE else 1
#: in English those three are asked who see most of what is for the public, for the work and for the desk
IN_ENGLISH = ASKERS if WHOLE else (NOBODY, "承办人员", "值班长")
BEGIN = (
    "/",
    "/me",
    "/work",
    "/notices",
    "/report",
    "/rulebook?view=figures",
    "/search?q=噪声",
    "/desk?tab=all",
    "/reports?tab=all",
)

#: read aloud or shown by the browser, beside what stands between the tags
_SPOKEN = re.compile(r'\b(?:title|alt|aria-label|placeholder)="([^"]*)"')
_UNSEEN = re.compile(r"<(script|style|template)\b.*?</\1>|<!--.*?-->|<textarea\b.*?</textarea>", re.DOTALL)
#: what people gave a name of its own: login names, codes on plaques, keys of the keyboard, names of files
_OWN_NAMES = re.compile(r'<(kbd|code)\b[^>]*>.*?</\1>|<(\w+)[^>]*class="[^"]*\bcode\b[^"]*"[^>]*>.*?</\2>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")

_RAW = {
    "a dotted name": re.compile(r"(?<![\w@/.-])[a-z][a-z_]*(?:\.[a-z][a-z_]*)+(?![\w@/-])"),
    "a name with underscores": re.compile(r"(?<![\w./-])[a-z]+(?:_[a-z0-9]+)+(?![\w/])"),
    "an id": re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
    "an empty place": re.compile(r"\{[a-z_]+\}"),
    "a value of the program": re.compile(r"\w+\([a-z_]+=|<\w+ object|Decimal\("),
    "a moment of the program": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d"),
}
#: in a Chinese sentence a word in small letters is a code, unless it is one of these; English has its own None
_LATIN = re.compile(r"(?<![\w./@-])(?:[a-z]{3,}|None|True|False)(?![\w./@-])")
_KNOWN_LATIN = {"doudi"}
#: what has to be typed at the machine
_COMMAND = re.compile(r"doudi(?: [a-z-]+)+")


def said(page: str) -> Iterator[str]:
    """What a reader sees or hears of a page, piece by piece; names that people gave stand for themselves."""
    bare = _OWN_NAMES.sub("<i>", _UNSEEN.sub("", page))
    pieces = [*_SPOKEN.findall(bare), *_TAG.split(bare)]
    yield from (_COMMAND.sub("doudi", html.unescape(one)).strip() for one in pieces)


def raw_in(page: str, *, chinese: bool, given: frozenset[str] = frozenset()) -> list[str]:
    """What should not be read on the page, each with where it stands. ``given``: names of somebody's own choosing."""
    found = []
    for text in said(page):
        for what, form in _RAW.items():
            found += [f"{what}: {hit} in “{text[:60]}”" for hit in form.findall(text) if hit not in given]
        if chinese:
            hits = set(_LATIN.findall(text)) - _KNOWN_LATIN - given
            found += [f"a word in small letters: {hit} in “{text[:60]}”" for hit in sorted(hits)]
    return found


def links(path: str, page: str) -> Iterator[str]:
    for link in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', _UNSEEN.sub("", page)):
        parts = urlsplit(urljoin(path, html.unescape(link)))
        if not parts.scheme and not parts.netloc and not parts.path.startswith("/static/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def sort_of(path: str) -> tuple[str, ...]:
    """The route of an address with the names of its questions, and which tab or box it opens."""
    parts = urlsplit(path)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        name = parts.path
    asked = parse_qsl(parts.query, keep_blank_values=True)
    return name, *sorted(f"{key}={value}" if key in ("tab", "do", "view") else key for key, value in asked)


def crawl(asker: Asker, language: str, begin: tuple[str, ...] = BEGIN) -> tuple[list[str], int]:
    """All faults on the pages that links reach, and how many pages were read."""
    chinese, given = language == "zh-hans", own_names()
    asker.client.cookies["django_language"] = language
    ahead, seen, sorts, faults, read = [(one, "") for one in begin], set(begin), Counter[tuple[str, ...]](), [], 0
    while ahead:
        path, before = ahead.pop(0)
        answer = asker.client.get(path, headers={"accept-language": language})
        if answer.status_code in (301, 302):
            onward: list[str] = list(links(path, f'<a href="{answer["Location"]}">'))
        elif answer.status_code != 200:
            faults += [f"{asker.who} {before} → {path}: {answer.status_code}"] if before else []
            continue
        elif not answer["Content-Type"].startswith("text/html"):
            answer.getvalue()
            continue
        else:
            page = answer.getvalue().decode()
            read += 1
            faults += [f"{asker.who} {path}: {one}" for one in raw_in(page, chinese=chinese, given=given)]
            onward = list(links(path, page))
        for link in onward:
            if link not in seen and sorts[sort_of(link)] < MOST_OF_A_SORT:
                seen.add(link)
                sorts[sort_of(link)] += 1
                ahead.append((link, path))
    return faults, read


def own_names() -> frozenset[str]:
    """What somebody chose as it stands: the names to sign in with, and the work of a version that is not here any more."""
    return frozenset({*Person.objects.values_list("username", flat=True), "greet"})


@pytest.mark.slow
@pytest.mark.only("sqlite", "thousands of pages; what they ask of the store is asked by the lists on both")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_of_anybody_shows_a_code_and_every_link_opens(town: SimpleNamespace, language: str) -> None:
    ground = lay(town)
    faults, pages = [], 0
    for who in ASKERS if language == "zh-hans" else IN_ENGLISH:
        found, read = crawl(Asker(ground, who), language)
        faults += found
        pages += read
    assert not faults, "\n".join(dict.fromkeys(faults))
    assert pages > 100, pages


def test_a_planted_code_is_found(town: SimpleNamespace) -> None:
    ground = lay(town)
    Post.objects.filter(code="market.food").update(name="see_desk")
    faults, _ = crawl(Asker(ground, "派遣员"), "zh-hans", ("/me", "/work"))
    assert any("see_desk" in one for one in faults)
