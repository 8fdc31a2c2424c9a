"""What the town handles: each kind of matter with its filing conditions, limits, lane and evidence.

The catalogue is a tree: groups for the eye, kinds at the ends. One kind may have several filing
conditions, each with its own staged limits and its own closing condition. A catalogue never changes;
a new version is a new catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doudi.engine.kinds.document import read_entry, write_entry
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
from doudi.engine.trees import Tree, TreeError
from doudi.engine.workdays import StagedLimit

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Competent",
    "Emergency",
    "Filing",
    "KindGroup",
    "Lane",
    "MatterKind",
    "Verification",
    "handling_limits",
]


class Catalogue:
    """The tree of kinds. ``tree`` holds the codes of groups and kinds; children stand as they were given."""

    def __init__(self, entries: Iterable[MatterKind | KindGroup]) -> None:
        """Raises CatalogueError that names the entry which does not fit."""
        self._entries: dict[str, MatterKind | KindGroup] = {}
        for entry in entries:
            if entry.code in self._entries:
                raise CatalogueError("事项代码 {code} 用了两次，请改掉其中一个。", code=entry.code)
            self._entries[entry.code] = entry
        try:
            self.tree = Tree({code: entry.parent for code, entry in self._entries.items()})
        except TreeError as error:
            raise CatalogueError("事项目录的上下级不通：{why}", why=str(error)) from error
        for code, entry in self._entries.items():
            if isinstance(entry, MatterKind) == bool(self.tree.children(code)):
                raise CatalogueError(
                    "{code} 不合目录的样子：有下级的只写代码、名称和上级，没有下级的要写全事项各栏。", code=code
                )

    @classmethod
    def from_document(cls, entries: Iterable[Mapping[str, object]]) -> Catalogue:
        """Read what the YAML files of the rulebook hold; an entry of code, name and parent alone is a group.

        Raises CatalogueError that names the entry and the field and says what is expected there.
        """
        return cls([read_entry(fields) for fields in entries])

    def to_document(self) -> list[dict[str, object]]:
        """The entries as plain values, groups before what is below them; ``from_document`` reads them back."""
        return [write_entry(self._entries[code]) for code in self.tree]

    def __contains__(self, code: object) -> bool:
        """Whether ``code`` is a kind; groups are not."""
        return isinstance(code, str) and isinstance(self._entries.get(code), MatterKind)

    def kind(self, code: str) -> MatterKind:
        """The kind with this code. Raises CatalogueError for a group and for an unknown code."""
        entry = self._entries.get(code)
        if not isinstance(entry, MatterKind):
            raise CatalogueError("目录里没有事项 {code}，请从目录中选一个最末级的事项。", code=code)
        return entry

    def leaves(self) -> tuple[MatterKind, ...]:
        """All kinds, in the order of the tree."""
        return tuple(self.kind(code) for code in self.tree.leaves())

    @property
    def pickable(self) -> tuple[MatterKind, ...]:
        """The kinds that the scan page shows as pictures."""
        return tuple(kind for kind in self.leaves() if kind.pickable)

    def name(self, code: str) -> str:
        """The names from the root down: 事件 / 市容环境 / 油烟污染. Raises CatalogueError for an unknown code."""
        if code not in self._entries:
            raise CatalogueError("目录里没有 {code}，请改用目录里的代码。", code=code)
        return " / ".join(self._entries[step].name for step in reversed(self.tree.upward(code)))

    def names(self) -> dict[str, str]:
        """The short name of every group and kind, by code."""
        return {code: self._entries[code].name for code in self.tree}


def handling_limits(kind: MatterKind, condition_index: int = 0) -> tuple[StagedLimit, ...]:
    """The staged limits of one filing condition of ``kind``. Raises CatalogueError when it has no such condition."""
    if not 0 <= condition_index < len(kind.filing):
        raise CatalogueError(
            "{kind}只有 {count} 个立案条件，没有第 {number} 个。",
            kind=kind.name,
            count=len(kind.filing),
            number=condition_index + 1,
        )
    return kind.filing[condition_index].limits
