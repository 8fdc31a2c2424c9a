"""A phrase is a text with fields in braces; filled with what is known it is the beginning of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from doudi.engine.errors import DoudiError

#: each field by the name that English readers write, and by the one that Chinese readers do
FIELDS: Mapping[str, str] = {
    "place": "地点",
    "kind": "事项",
    "done": "处置情况",
    "office": "单位",
    "date": "日期",
    "number": "编号",
}
_NAMES = {**{name: name for name in FIELDS}, **{label: name for name, label in FIELDS.items()}}
_FIELD = re.compile(r"\{([^{}]*)\}")
#: what stands where nothing is known
GAP = re.compile(r"〔请填：[^〕]*〕")


class PhraseError(DoudiError):
    """This phrase cannot be kept so."""


def require_fields(text: str) -> None:
    """Raises PhraseError for a field that nobody can fill, and for a brace that stands alone."""
    if strange := [one for one in _FIELD.findall(text) if one.strip() not in _NAMES]:
        raise PhraseError(
            "没有“{field}”这一栏，可用的是：{fields}。", field=strange[0], fields="、".join(FIELDS.values())
        )
    if any(brace in _FIELD.sub("", text) for brace in "{}"):
        raise PhraseError("大括号没有成对，请检查“{text}”。", text=text[:40])


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The phrase with its fields filled; of what is not known a gap is left that says what belongs there."""

    def fact(field: re.Match[str]) -> str:
        name = _NAMES[field[1].strip()]
        return facts.get(name, "").strip() or f"〔请填：{FIELDS[name]}〕"

    text = _FIELD.sub(fact, text)
    # What fills a gap may end as a sentence does, and the phrase goes on behind it.
    return re.sub(r"[。；，]+(?=[。；，])", "", text)


def one_by_one(done: Iterable[str]) -> str:
    """What was done, counted where it was more than one thing: 一是…；二是…"""
    parts = [one.strip().rstrip("。；，,;") for one in done if one.strip()]
    if len(parts) < 2:
        return "".join(parts)
    return "；".join(f"{_COUNTED[place]}是{part}" for place, part in enumerate(parts[: len(_COUNTED)]))


_COUNTED = "一二三四五六七八九十"


def fits(kind: str, asked: str) -> bool:
    """Whether what is kept for ``kind`` is for the kind ``asked``: itself, one below it, or any where none is named."""
    return not kind or asked == kind or asked.startswith(f"{kind}.")
