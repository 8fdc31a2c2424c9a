"""What sorts of place the town cares for: a tree of unit types, from shops to red lines and spots without owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from doudi.engine.errors import DoudiError
from doudi.engine.trees import Tree, TreeError


class UnitTypesError(DoudiError):
    """A document of unit types cannot be read, or a type was asked for that is not in it."""


@dataclass(frozen=True, slots=True)
class UnitType:
    """One sort of place. An edge (红线, 蓝线, 围墙线) is a line between two duties, drawn as a line, not a spot."""

    code: str
    name: str
    parent: str | None = None
    is_edge: bool = False


class UnitTypes:
    """All unit types and the tree they form; iterating gives them in the tree's order."""

    __slots__ = ("_types", "tree")

    def __init__(self, types: Iterable[UnitType]) -> None:
        self._types: dict[str, UnitType] = {}
        for unit_type in types:
            if unit_type.code in self._types:
                raise UnitTypesError("单元类型“{code}”登记了两次，请删去其中一条。", code=unit_type.code)
            self._types[unit_type.code] = unit_type
        try:
            self.tree = Tree({code: unit_type.parent for code, unit_type in self._types.items()})
        except TreeError as error:
            raise UnitTypesError("单元类型不成一棵树：{reason}", reason=str(error)) from error

    def __iter__(self) -> Iterator[UnitType]:
        return (self._types[code] for code in self.tree)

    def __len__(self) -> int:
        return len(self._types)

    def __contains__(self, code: object) -> bool:
        return code in self._types

    def __getitem__(self, code: str) -> UnitType:
        try:
            return self._types[code]
        except KeyError:
            raise UnitTypesError("没有单元类型“{code}”，请先在单元类型表中登记。", code=code) from None

    @classmethod
    def from_document(cls, entries: object) -> UnitTypes:
        """Read a list of mappings ``code, name, parent?, is_edge?``; `UnitTypesError` names the entry at fault."""
        if not isinstance(entries, list):
            raise UnitTypesError("单元类型表应是一个列表，每条写明 code、name 和 parent。")
        return cls(_read(number, entry) for number, entry in enumerate(entries, 1))

    def to_document(self) -> list[dict[str, object]]:
        """The list `from_document` reads, without the fields that say nothing."""
        return [
            {"code": each.code, "name": each.name}
            | ({"parent": each.parent} if each.parent is not None else {})
            | ({"is_edge": True} if each.is_edge else {})
            for each in self
        ]


def _read(number: int, entry: object) -> UnitType:
    if not isinstance(entry, Mapping):
        raise UnitTypesError("单元类型表第 {number} 条应写明 code 和 name。", number=number)
    if unknown := sorted(str(field) for field in entry.keys() - {"code", "name", "parent", "is_edge"}):
        raise UnitTypesError(
            "单元类型表第 {number} 条有不认识的字段“{field}”，请删去或改正。", number=number, field=unknown[0]
        )
    code, name, parent, is_edge = (entry.get(field) for field in ("code", "name", "parent", "is_edge"))
    if not (isinstance(code, str) and code and isinstance(name, str) and name):
        raise UnitTypesError("单元类型表第 {number} 条缺少 code 或 name，请补上文字。", number=number)
    if not (parent is None or isinstance(parent, str)):
        raise UnitTypesError("单元类型“{code}”的 parent 应是另一个类型的 code。", code=code)
    if not (is_edge is None or isinstance(is_edge, bool)):
        raise UnitTypesError("单元类型“{code}”的 is_edge 只能是 true 或 false。", code=code)
    return UnitType(code, name, parent, bool(is_edge))
