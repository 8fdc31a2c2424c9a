"""Read an entry of the catalogue from the plain values of a YAML file, and write it back.

Anyone who edits the file is told the entry, the field and what is expected there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from doudi.engine.kinds.entries import (
    CatalogueError,
    Competent,
    Emergency,
    Filing,
    KindGroup,
    Lane,
    MatterKind,
    Verification,
)
from doudi.engine.workdays import StagedLimit, Term, TermError

_GROUP_FIELDS = {"code", "name", "parent"}
_KIND_FIELDS = _GROUP_FIELDS | {
    "words",
    "examples",
    "lane",
    "verification",
    "module",
    "filing",
    "evidence",
    "competent",
    "emergency",
    "source",
    "pickable",
    "icon",
    "standard",
}

_Choice = TypeVar("_Choice", bound=StrEnum)
_Instead = TypeVar("_Instead", str, None)


def read_entry(values: Mapping[str, object]) -> MatterKind | KindGroup:
    """A group if the entry has code, name and parent alone, else a kind. Raises CatalogueError."""
    fields = _Fields(str(values.get("code") or values.get("name") or "?"), values)
    if set(values) <= _GROUP_FIELDS:
        return KindGroup(fields.text("code"), fields.text("name"), fields.text_or("parent", None))
    fields.refuse_others(_KIND_FIELDS)
    kind = MatterKind(
        code=fields.text("code"),
        name=fields.text("name"),
        parent=fields.text_or("parent", None),
        words=fields.texts("words"),
        lane=fields.one_of("lane", Lane),
        verification=fields.one_of("verification", Verification),
        module=fields.text("module"),
        filing=tuple(_read_filing(part) for part in fields.parts("filing")),
        evidence=fields.texts("evidence"),
        competent=_read_competent(fields.part_or_none("competent")),
        emergency=_read_emergency(fields.part_or_none("emergency")),
        source=fields.text("source"),
        pickable=fields.flag("pickable"),
        icon=fields.text_or("icon", ""),
        standard=fields.text_or("standard", ""),
        examples=fields.texts("examples"),
    )
    if not kind.words:
        raise fields.fault("words", "请写上居民常用的说法，至少一个")
    if kind.lane is Lane.LIFE and kind.emergency is None:
        raise fields.fault("emergency", "危及生命的事项必须写明先打哪个电话、怎么说")
    if kind.pickable and not kind.icon:
        raise fields.fault("icon", "扫码页上可选的事项必须有图标")
    return kind


def _read_filing(fields: _Fields) -> Filing:
    fields.refuse_others({"condition", "limits", "closes_when"})
    return Filing(
        fields.text("condition"),
        tuple(_read_limit(part) for part in fields.parts("limits")),
        fields.text("closes_when"),
    )


def _read_limit(fields: _Fields) -> StagedLimit:
    fields.refuse_others({"stage", "amount", "unit"})
    try:
        term = Term.read(fields.given("amount"), fields.given("unit"))
    except TermError as error:
        raise fields.fault("amount", str(error)) from error
    return StagedLimit(fields.text("stage"), term)


def _read_competent(fields: _Fields | None) -> Competent | None:
    if fields is None:
        return None
    fields.refuse_others({"body", "basis"})
    return Competent(fields.text("body"), fields.text("basis"))


def _read_emergency(fields: _Fields | None) -> Emergency | None:
    if fields is None:
        return None
    fields.refuse_others({"call", "say"})
    return Emergency(fields.text("call"), fields.text("say"))


def write_entry(entry: MatterKind | KindGroup) -> dict[str, object]:
    """The plain values of an entry, as a clerk would write them: what is empty is left out."""
    written: dict[str, object] = {"code": entry.code, "name": entry.name, "parent": entry.parent}
    if isinstance(entry, MatterKind):
        written |= {
            "words": list(entry.words),
            "examples": list(entry.examples),
            "lane": entry.lane.value,
            "verification": entry.verification.value,
            "module": entry.module,
            "filing": [_write_filing(filing) for filing in entry.filing],
            "evidence": list(entry.evidence),
            "competent": entry.competent and {"body": entry.competent.body, "basis": entry.competent.basis},
            "emergency": entry.emergency and {"call": entry.emergency.call, "say": entry.emergency.say},
            "source": entry.source,
            "pickable": entry.pickable,
            "icon": entry.icon,
            "standard": entry.standard,
        }
    return {name: value for name, value in written.items() if value}


def _write_filing(filing: Filing) -> dict[str, object]:
    return {
        "condition": filing.condition,
        "limits": [
            {"stage": limit.name, "amount": _plain(limit.term), "unit": limit.term.unit.value}
            for limit in filing.limits
        ],
        "closes_when": filing.closes_when,
    }


def _plain(term: Term) -> int | str:
    """A whole amount as a number, a part as text: the journal knows no floats."""
    return int(term.amount) if term.amount == int(term.amount) else f"{term.amount:f}"


class _Fields:
    """The fields of one entry, or of a part of it; ``path`` says which, in every fault."""

    def __init__(self, path: str, values: Mapping[str, object]) -> None:
        self._path = path
        self._values = values

    def fault(self, name: str, expected: str) -> CatalogueError:
        return CatalogueError(
            "事项 {entry} 的 {field} 栏：{expected}。", entry=self._path, field=name, expected=expected
        )

    def refuse_others(self, known: Iterable[str]) -> None:
        for name in sorted(set(map(str, self._values)) - set(known)):
            raise self.fault(name, "不认识这一栏，请改名或删去")

    def given(self, name: str) -> object:
        if self._values.get(name) in (None, "", [], {}):
            raise self.fault(name, "不能空着")
        return self._values[name]

    def text(self, name: str) -> str:
        value = self.given(name)
        if not isinstance(value, str):
            raise self.fault(name, "应为文字（数字请加引号）")
        return value.strip()

    def text_or(self, name: str, instead: _Instead) -> str | _Instead:
        return instead if self._values.get(name) in (None, "") else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._values.get(name) or []
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.fault(name, "应为一列文字")
        return tuple(value.strip() for value in values)

    def flag(self, name: str) -> bool:
        value = self._values.get(name, False)
        if not isinstance(value, bool):
            raise self.fault(name, "应为 true 或 false")
        return value

    def one_of(self, name: str, choices: type[_Choice]) -> _Choice:
        value = self.given(name)
        for choice in choices:
            if choice.value == value:
                return choice
        raise self.fault(name, f"不认识“{value}”，请从 {'、'.join(choices)} 中选一个")

    def parts(self, name: str) -> Iterator[_Fields]:
        """The numbered parts of a list that must not be empty."""
        values = self.given(name)
        if not isinstance(values, list):
            raise self.fault(name, "应为一列条目")
        for number, value in enumerate(values, 1):
            yield self._part(f"{name} 第 {number} 条", value)

    def part_or_none(self, name: str) -> _Fields | None:
        return self._part(name, self._values[name]) if self._values.get(name) else None

    def _part(self, step: str, value: object) -> _Fields:
        if not isinstance(value, Mapping):
            raise self.fault(step, "应写成“栏名: 内容”的样子")
        return _Fields(f"{self._path} 的 {step}", value)
