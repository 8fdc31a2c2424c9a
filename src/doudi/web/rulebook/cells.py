"""A rule as people write it: names instead of codes, cell by cell, and back again with every fault by its cell.

A cell may hold names or codes; several stand with ； between. Where two things bear the same name, the code stands
behind it in brackets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_noop

from doudi.engine.duties.bonds import Bond, Support
from doudi.engine.duties.rules import COLUMNS, LISTS, RULING_LAYERS, Fault, Rule, RuleFileError, read_rules
from doudi.engine.messages import Message, msg
from doudi.engine.rules.axes import UNKNOWN
from doudi.engine.trees import Tree
from doudi.web.areas.queries import AreaDirectory, areas
from doudi.web.rulebook.queries import Rulebook

HEADERS: Mapping[str, str] = {
    "id": gettext_noop("编号"),
    "layer": gettext_noop("层级"),
    "list": gettext_noop("清单"),
    "kinds": gettext_noop("事项"),
    "unit_types": gettext_noop("场所类型"),
    "areas": gettext_noop("区域"),
    "hours": gettext_noop("时段"),
    "facts": gettext_noop("情况"),
    "holder": gettext_noop("承办角色"),
    "supports": gettext_noop("协办角色"),
    "competent": gettext_noop("法定责任主体"),
    "basis": gettext_noop("依据"),
    "source": gettext_noop("来源"),
    "since": gettext_noop("生效日"),
    "until": gettext_noop("失效日"),
    "note": gettext_noop("备注"),
    "settles": gettext_noop("裁定的规则"),
}
#: columns in which a cell names things that are registered, and those in which it may name several
NAMED = ("layer", "list", "kinds", "unit_types", "areas", "hours", "facts", "holder", "supports")
SEVERAL = ("kinds", "unit_types", "areas", "facts", "supports", "settles")
NEEDED = ("id", "layer", "holder", "source", "since")
BETWEEN = "；"
_STRONG, _WEAK = re.compile(r"[|｜;；\n]"), re.compile(r"[、,，]")
_SLASHED = re.compile(r"^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?$")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a cell may name: its code, how it is written, and where it belongs."""

    code: str
    shown: str
    path: str = ""


class Cells:
    """The cells of one version: what each column may name, and how."""

    def __init__(self, book: Rulebook, places: AreaDirectory | None = None) -> None:
        self._book, self._places = book, places or areas()

    @cached_property
    def choices(self) -> dict[str, tuple[Choice, ...]]:
        """What may stand in each column that names things, in the order in which people look for it."""
        book = self._book
        kinds, types, places = book.catalogue.tree, book.unit_types.tree, self._places.tree
        kind_names, type_names = book.catalogue.names(), {one.code: one.name for one in book.unit_types}
        area_names = {code: area.name for code, area in self._places.areas.items()}

        def above(tree: Tree, names: Mapping[str, str], code: str) -> str:
            return " · ".join(names.get(one, one) for one in reversed(tree.upward(code)[1:]))

        return {
            "layer": tuple(Choice(str(one), one.label) for one in RULING_LAYERS),
            "list": tuple(Choice(one, one) for one in LISTS if one),
            "kinds": _written((code, kind_names[code], above(kinds, kind_names, code)) for code in kinds),
            "unit_types": _written(
                [
                    (UNKNOWN, "场所类型不明", ""),
                    *((code, type_names[code], above(types, type_names, code)) for code in types),
                ]
            ),
            "areas": _written((code, area_names[code], above(places, area_names, code)) for code in places),
            "hours": (Choice("work", "工作时间"), Choice("off", "非工作时间")),
            "facts": _written(
                (f"{row['fact']}={value}", str(name), str(row.get("label") or row["fact"]))
                for row in book.facts
                for value, name in row["values"].items()
            ),
            "holder": (held := _written((one["role"], one["name"], "") for one in self._roles if one.get("may_hold"))),
            "supports": _bound(
                held + _written((one["role"], one["name"], "") for one in self._roles if not one.get("may_hold"))
            ),
        }

    @property
    def _roles(self) -> list[dict[str, str]]:
        return list(self._book.version.documents["roles"])

    @cached_property
    def _shown(self) -> dict[str, dict[str, str]]:
        return {column: {one.code: one.shown for one in choices} for column, choices in self.choices.items()}

    @cached_property
    def _codes(self) -> dict[str, dict[str, str]]:
        """By column, every way of writing a thing, in small letters."""
        return {
            column: {
                _plain(text): one.code
                for one in reversed(choices)
                for text in (one.shown, f"{one.path}={one.shown}", one.code)
            }
            for column, choices in self.choices.items()
        }

    def texts(self, rule: Rule) -> dict[str, str]:
        """The rule as it is shown and as it may be written back."""
        row = rule.to_row()
        return {column: self._text(column, row[column]) for column in COLUMNS}

    def _text(self, column: str, cell: str) -> str:
        if column not in NAMED:
            return cell.replace("|", BETWEEN) if column in SEVERAL else cell
        parts = cell.split(";") if column == "facts" else cell.split("|")
        return BETWEEN.join(self._shown[column].get(part, part) for part in parts if part)

    def read(
        self, rows: Sequence[Mapping[str, str]], first_line: int = 1
    ) -> tuple[tuple[Rule, ...], tuple[Fault, ...]]:
        """Rules from rows of texts by column, and every fault; a row with a fault gives no rule. Empty rows are passed over."""
        faults: list[Fault] = []
        coded = []
        for line, row in enumerate(rows, first_line):
            if any(row.values()) and not row.get("layer", "").strip():
                listed = "、".join(one.shown for one in self.choices["layer"])
                faults.append(Fault(line, "layer", msg("请写明层级：{choices} 之一。", choices=listed)))
            coded.append({column: self._code(line, column, text, faults) for column, text in row.items()})
        wrong = {(one.line, one.column) for one in faults}
        try:
            rules = read_rules(coded, first_line)
        except RuleFileError as error:
            faults += [one for one in error.faults if (one.line, one.column) not in wrong]
            rules = ()
        if faults:
            rules = _sound_rows(coded, first_line, {one.line for one in faults})
        order = {column: place for place, column in enumerate(COLUMNS)}
        return rules, tuple(sorted(faults, key=lambda one: (one.line, order.get(one.column, 99))))

    def _code(self, line: int, column: str, text: str, faults: list[Fault]) -> str:
        """The cell in codes; what nobody registered stays as it was written and is a fault."""
        text = text.strip()
        if column in ("since", "until"):
            return _day(text)
        if not text or column not in NAMED + SEVERAL:
            return text
        found, unknown = self._parts(column, text)
        if column not in SEVERAL and len(found) > 1:
            faults.append(Fault(line, column, msg("这一栏只能写一个，现写了“{text}”。", text=text)))
        faults += [Fault(line, column, self._not_known(column, part)) for part in unknown]
        return (";" if column == "facts" else "|").join(found)

    def _parts(self, column: str, text: str) -> tuple[list[str], list[str]]:
        """The codes that the text names, and what in it names nothing. A name may itself hold a comma."""
        if column == "settles":
            return [part for part in re.split(r"[|｜;；、,，\s]", text) if part], []
        known = self._codes[column]
        found, unknown = [], []
        for part in (one.strip() for one in _STRONG.split(text)):
            if _plain(part) in known:
                found.append(known[_plain(part)])
                continue
            for piece in (one.strip() for one in _WEAK.split(part)):
                if _plain(piece) in known:
                    found.append(known[_plain(piece)])
                elif piece:
                    found.append(piece)
                    unknown.append(piece)
        return found, unknown

    def _not_known(self, column: str, part: str) -> Message:
        """What to do about a name that nobody registered; close ones are offered."""
        near = [one.shown for one in self.choices[column] if part in one.shown or one.shown in part][:3]
        if near:
            return msg("不认识“{text}”。是不是：{near}？", text=part, near="、".join(near))
        return msg("不认识“{text}”，请从下拉列表或“代码”表中选。", text=part)


def _written(rows: Iterable[tuple[str, object, str]]) -> tuple[Choice, ...]:
    named = [(code, str(name), path) for code, name, path in rows]
    times = Counter(name for _, name, _ in named)
    return tuple(Choice(code, name if times[name] == 1 else f"{name}（{code}）", path) for code, name, path in named)


def _bound(roles: Sequence[Choice]) -> tuple[Choice, ...]:
    """Each role with each bond, then the role alone, as versions say it that have no bonds yet."""
    return (
        *(Choice(str(Support(one.code, bond)), f"{one.shown}（{bond.label}）") for one in roles for bond in Bond),
        *roles,
    )


def _plain(text: str) -> str:
    """A way of writing a thing, without what no reader sees: case, and the width of brackets and colons."""
    return text.lower().replace("(", "（").replace(")", "）").replace("：", ":")


def _day(text: str) -> str:
    """A day as people write it, in the form that rules keep; what is none is left to the reader of rules."""
    if found := _SLASHED.match(text):
        year, month, day = map(int, found.groups())
        return f"{year:04d}-{month:02d}-{day:02d}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if re.fullmatch(r"\d{8}", text) else text


def _sound_rows(coded: Sequence[Mapping[str, str]], first_line: int, wrong: set[int]) -> tuple[Rule, ...]:
    """The rules of the rows without a fault, so that one wrong cell does not hide what else is wrong."""
    try:
        return read_rules([{} if line in wrong else row for line, row in enumerate(coded, first_line)], first_line)
    except RuleFileError:
        return ()
