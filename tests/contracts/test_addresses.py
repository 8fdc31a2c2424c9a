"""An address is known by its name: no page, template, script or service types one, so that one can be changed in one place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import Resolver404, resolve

WEB = Path(__file__).parents[2] / "src" / "doudi" / "web"
#: which answers are kept from whoever looks over a shoulder, also where no page is found
BEGINNINGS = {"config/middleware.py"}
#: the first sign of any path
ROOT = "/"


def leads_somewhere(address: str) -> bool:
    """Whether it is one of our addresses: as it stands, or with a word, a number or an id in its gaps."""
    path = re.split(r"[?#]", address)[0]
    for gap in ("0", "x", "0190a1b2-0000-7000-8000-000000000000"):
        try:
            resolve(path.replace("\x00", gap))
        except Resolver404:
            continue
        return True
    return False


def typed_in_templates() -> Iterator[str]:
    attribute = re.compile(r"""\b(?:href|action|src|value|hx-get|hx-post|data-\w+)=["'](/[^"']*)["']""")
    for file in WEB.rglob("templates/**/*.html"):
        for found in attribute.findall(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "\x00", file.read_text(encoding="utf-8"))):
            if found != ROOT and leads_somewhere(found):
                yield f"{file.relative_to(WEB)}: {found}"


def typed_in_scripts() -> Iterator[str]:
    for file in WEB.rglob("static/**/*.js"):
        if "vendor" not in file.parts:
            for found in re.findall(r"""["'`](/[a-zA-Z][^"'`]*)["'`]""", file.read_text(encoding="utf-8")):
                if leads_somewhere(found):
                    yield f"{file.relative_to(WEB)}: {found}"


def typed_in_python() -> Iterator[str]:
    for file in WEB.rglob("*.py"):
        name = str(file.relative_to(WEB))
        if name in BEGINNINGS or file.name == "urls.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = _text(node)
            if text.startswith(ROOT) and text != ROOT and leads_somewhere(text):
                yield f"{name}:{node.lineno}: {text}"  # type: ignore[attr-defined]


def _text(node: ast.AST) -> str:
    """The words of a string, a gap for each of its facts."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(one.value) if isinstance(one, ast.Constant) else "\x00" for one in parts)
    return ""


def test_an_address_that_somebody_types_is_found() -> None:
    assert (
        leads_somewhere("/desk?tab=all")
        and leads_somewhere("/matters/\x00#note")
        and leads_somewhere("/roster/\x00/off")
    )
    assert leads_somewhere("/import/\x00/columns") and not leads_somewhere("/usr/share/fonts")


def test_no_address_is_typed() -> None:
    found = [*typed_in_templates(), *typed_in_scripts(), *typed_in_python()]
    assert found == [], "\n".join(found)
