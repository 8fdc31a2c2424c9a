"""Templates keep the floors too, and nothing reaches a page unescaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import pytest

from tests.contracts.house import SOURCE, WEB, Code, dotted, python_files, stands_above

USES = re.compile(r"\{%\s*(extends|include)\s+(\S+)")
UNSAFE_IN_TEMPLATE = re.compile(r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)
MARKS_SAFE = {"mark_safe", "SafeString", "SafeText"}

#: Places that may call text safe, each with its reason: ``file:function``.
TRUSTED: dict[str, str] = {}


def templates() -> dict[str, str]:
    """Every template by its path under ``web``: ``desk/templates/desk/list.html``."""
    return {
        path.relative_to(WEB).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(WEB.glob("*/templates/**/*.*"))
    }


def misplaced(found: Mapping[str, str]) -> list[str]:
    """Each template outside its slice's own folder, or that extends or includes one of a slice that does not stand below."""
    wrong = []
    for path, text in found.items():
        room, _, folder, *_ = PurePosixPath(path).parts
        # Django itself looks for 404.html and its like at the top.
        if folder != room and not re.fullmatch(r"\d{3}\.html", folder):
            wrong.append(f"{path} lies outside templates/{room}/")
        for verb, asked in USES.findall(text):
            if asked[0] not in "\"'":
                wrong.append(f"{path} {verb}s by a variable, which nobody can follow: {asked}")
            elif not stands_above(room, there := asked.strip("\"'").split("/")[0]):
                wrong.append(f"{path} {verb}s {asked}, but {there} does not stand below {room}")
    return wrong


def unescaped(found: Mapping[str, str]) -> list[str]:
    """Each template that turns escaping off."""
    return [
        f"{path}: {hit.group().strip()}" for path, text in found.items() for hit in UNSAFE_IN_TEMPLATE.finditer(text)
    ]


def inline(found: Mapping[str, str]) -> list[str]:
    """Each script or style in the page itself, which the content policy would refuse."""
    return [f"{path}: {hit.group().strip()}" for path, text in found.items() for hit in INLINE.finditer(text)]


def marked_safe(files: Iterable[Code]) -> list[str]:
    """Each call outside ``TRUSTED`` that declares text safe; ``format_html`` escapes its facts and is free."""
    return [
        f"{file.path}:{call.lineno} {dotted(call.func)}"
        for file in files
        if file.path not in TRUSTED
        for call in file.calls()
        if dotted(call.func).split(".")[-1] in MARKS_SAFE
    ]


def test_templates_stand_in_their_room_and_use_what_is_below() -> None:
    assert templates() != {}
    assert misplaced(templates()) == []


def test_nothing_reaches_a_page_unescaped() -> None:
    assert unescaped(templates()) == []
    assert marked_safe(python_files()) == []
    assert set(TRUSTED) <= {file.path for file in python_files()}


def test_no_script_or_style_stands_in_a_page() -> None:
    assert inline(templates()) == []


def test_every_picture_that_is_named_is_in_the_sprite() -> None:
    sprite = (WEB / "design/static/doudi/vendor/tabler-icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    asked = {name for text in templates().values() for name in re.findall(r"\{%\s*icon\s+[\"']([^\"']+)", text)}
    rulebook = [path.read_text(encoding="utf-8") for path in (SOURCE / "rulebook").rglob("*.yaml")]
    asked |= {name for text in rulebook for name in re.findall(r"^\s*icon:\s*([a-z0-9-]+)\s*$", text, re.MULTILINE)}
    assert asked
    assert asked - drawn == set()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("reports/templates/reports/page.html", '{% include "matters/row.html" %}'),
        ("design/templates/design/base.html", '{% extends "desk/base.html" %}'),
        ("units/templates/units/page.html", "{% include 'notices/bell.html' %}"),
        ("desk/templates/desk/page.html", "{% include part %}"),
        ("desk/templates/desk/page.html", '{% include "nowhere/part.html" %}'),
        ("desk/templates/matters/page.html", ""),
    ],
)
def test_a_template_that_reaches_up_is_found(path: str, text: str) -> None:
    assert len(misplaced({path: text})) == 1


def test_a_template_may_use_its_own_room_and_those_below() -> None:
    text = '{% extends "design/base_desk.html" %}{% include "desk/row.html" %}{% include "matters/state.html" %}'
    assert misplaced({"desk/templates/desk/page.html": text, "config/templates/404.html": ""}) == []


@pytest.mark.parametrize(
    "text", ["{{ words|safe }}", "{{ words | safe }}", "{% autoescape off %}", "{{ rows|safeseq }}"]
)
def test_an_unescaped_word_is_found(text: str) -> None:
    assert len(unescaped({"page.html": text})) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        '<p style="color:red">',
        "<style>p{}</style>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_an_inline_script_or_style_is_found(text: str) -> None:
    assert len(inline({"page.html": text})) == 1
    assert inline({"page.html": '<script src="/static/x.js" defer></script><template x-on:click="open">'}) == []


@pytest.mark.parametrize("line", ["mark_safe(words)", "django.utils.safestring.SafeString(words)"])
def test_text_that_is_declared_safe_is_found(line: str) -> None:
    assert len(marked_safe([Code("web/desk/pages.py", line)])) == 1
