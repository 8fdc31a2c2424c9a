"""An OpenAPI description of every address, drawn from the addresses and forms themselves, for the thrower of requests.

Each parameter is either something that is really there (a matter, a place, a link) or anything at all; each form offers
every field that the forms of its slice know, so that fields are also sent where nobody asked for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from inspect import getmembers, isclass
from typing import Any

from django import forms
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver

from tests.hostile.words import NASTY

_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_SENDABLE = [text for text in NASTY if text.isprintable() or text in ("\t", "\n", "\r\n", "\x00")]
_SAID = {"anyOf": [{"type": "string", "maxLength": 60}, {"type": "string", "enum": [one[:200] for one in _SENDABLE]}]}
_SORTS: Mapping[str, dict[str, Any]] = {
    "int": {"type": "integer", "minimum": 0, "maximum": 2**40},
    "uuid": {"type": "string", "format": "uuid"},
    "slug": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,30}$"},
}
_ASKED = (
    "q",
    "tab",
    "kind",
    "area",
    "after",
    "before",
    "week",
    "post",
    "view",
    "since",
    "until",
    "next",
    "photos",
    "form",
)


def description(known: Mapping[str, list[str]]) -> dict[str, Any]:
    """``known``: for the name of a parameter, values that lead somewhere."""
    paths: dict[str, Any] = {}
    for route, view in _routes(get_resolver()):
        parameters = [_parameter(sort or "str", name, known) for sort, name in _PARAMETER.findall(route)]
        asked = [{"name": name, "in": "query", "required": False, "schema": _SAID} for name in _ASKED]
        answers = {"default": {"description": "any"}}
        body = {"content": {"multipart/form-data": {"schema": _fields(view.__module__, known)}}, "required": False}
        paths["/" + _PARAMETER.sub(r"{\2}", route)] = {
            "get": {"parameters": parameters + asked, "responses": answers},
            "post": {"parameters": parameters, "requestBody": body, "responses": answers},
        }
    return {"openapi": "3.0.2", "info": {"title": "doudi", "version": "1"}, "paths": paths}


def _routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one.callback
        else:
            yield from _routes(one, route)


def _parameter(sort: str, name: str, known: Mapping[str, list[str]]) -> dict[str, Any]:
    anything = _SORTS.get(sort, {"type": "string", "minLength": 1, "maxLength": 80})
    there = [int(one) if sort == "int" else one for one in known.get(name, [])]
    schema = {"anyOf": [anything, {"enum": there, "type": anything["type"]}]} if there else anything
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _fields(module: str, known: Mapping[str, list[str]]) -> dict[str, Any]:
    """Every field of every form of the slice in which the view stands, and the marks that pages send along."""
    room = ".".join(module.split(".")[:3])
    fields: dict[str, Any] = dict.fromkeys(
        ("row", "notice", "version", "kept", "nonce", "all", "go", "action", "job", "next"), _SAID
    )
    if find_spec(f"{room}.forms"):
        for _, form in getmembers(import_module(f"{room}.forms"), isclass):
            if issubclass(form, forms.BaseForm):
                fields |= {name: _schema(field) for name, field in getattr(form, "base_fields", {}).items()}
    for name, values in known.items():
        if name in fields:
            fields[name] = {"anyOf": [fields[name], {"type": "string", "enum": values}]}
    return {"type": "object", "properties": fields}


def _schema(field: forms.Field) -> dict[str, Any]:
    match field:
        case forms.FileField():
            return {"type": "string", "format": "binary", "maxLength": 200}
        case forms.BooleanField():
            return {"type": "string", "enum": ["on", "", "1", "no"]}
        case forms.DateField():
            return {"anyOf": [{"type": "string", "format": "date"}, _SAID]}
        case forms.IntegerField() | forms.FloatField() | forms.DecimalField():
            return {"anyOf": [{"type": "integer"}, {"type": "number"}, _SAID]}
        case forms.ChoiceField() if choices := [
            str(value) for value, _ in list(field.choices)[:40] if isinstance(value, str | int)
        ]:
            return {"anyOf": [{"type": "string", "enum": choices}, _SAID]}
    return _SAID
