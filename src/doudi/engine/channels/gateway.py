"""The message of an SMS gateway: a JSON text of the town's own, in whose strings names in braces are filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from doudi.engine.errors import DoudiError

FACTS = ("phone", "id", "number", "kind", "place", "due", "link")
_NAME = re.compile(r"\{([a-z]+)\}")


class GatewayTemplateError(DoudiError):
    """The text is no JSON object, names nothing that is known, or has no place for the telephone."""


def parsed(template: str) -> object:
    """The template as JSON. Raises GatewayTemplateError."""
    try:
        found = json.loads(template)
    except ValueError as error:
        raise GatewayTemplateError("报文模板不是 JSON，请对照网关的说明检查引号和逗号。") from error
    if not isinstance(found, dict):
        raise GatewayTemplateError("报文模板应是一个 JSON 对象，外面是花括号。")
    names = set(_NAME.findall(template))
    if unknown := sorted(names - set(FACTS)):
        raise GatewayTemplateError("报文模板里有不认识的 {names}。", names="、".join(unknown))
    if "phone" not in names:
        raise GatewayTemplateError("报文模板里要有 {phone}，写手机号的地方。", phone="{phone}")
    return found


def filled(template: str, facts: Mapping[str, str]) -> object:
    """The message with its facts; a fact that is not known here is empty. Values never become JSON of their own."""
    return _fill(parsed(template), facts)


def _fill(value: object, facts: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return {key: _fill(one, facts) for key, one in value.items()}
    if isinstance(value, list):
        return [_fill(one, facts) for one in value]
    return _NAME.sub(lambda name: facts.get(name[1], ""), value) if isinstance(value, str) else value
