"""A named tree whose questions are answered by comparing numbers: areas, kinds and unit types are trees.

The nodes are numbered in pre-order when the tree is built, so "does the town contain this grid" is one
comparison and a subtree is a slice. Children stand in the order in which they were given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doudi.engine.errors import DoudiError


class TreeError(DoudiError):
    """The parents given do not form a tree, or a name was asked for that is not in it."""


class Tree:
    """One or several roots with everything below them; iterating walks it in pre-order.

    ``parents`` names each node's parent, ``None`` for a root. A tree that is empty, that names an unknown
    parent or that runs in a circle is refused with `TreeError`, and so is every question about a name
    that is not in it.
    """

    __slots__ = ("_children", "_depths", "_ends", "_leaves", "_numbers", "_order", "_parents", "roots")

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        if not parents:
            raise TreeError("这棵树里一个节点也没有，请至少给出一个根节点。")
        self._parents = dict(parents)
        self._children: dict[str, tuple[str, ...]] = _children_of(self._parents)
        self.roots: tuple[str, ...] = tuple(name for name, parent in self._parents.items() if parent is None)

        self._depths: dict[str, int] = {}
        for name in self._walk():
            above = self._parents[name]
            self._depths[name] = 0 if above is None else self._depths[above] + 1
        if len(self._depths) < len(self._parents):
            lost = next(name for name in self._parents if name not in self._depths)
            raise TreeError("“{name}”的上级绕成了一个圈，请改正其中一个节点的上级。", name=lost)

        self._order: tuple[str, ...] = tuple(self._depths)
        self._numbers = {name: number for number, name in enumerate(self._order)}
        self._ends = self._subtree_ends()
        self._leaves = self._leaf_counts()

    def _walk(self) -> Iterator[str]:
        waiting = list(reversed(self.roots))
        while waiting:
            name = waiting.pop()
            yield name
            waiting.extend(reversed(self._children[name]))

    def _subtree_ends(self) -> list[int]:
        """Per node, the number after the last node below it: children come later, so walk backwards."""
        ends = list(range(1, len(self._order) + 1))
        for number in range(len(ends) - 1, 0, -1):
            above = self._parents[self._order[number]]
            if above is not None:
                ends[self._numbers[above]] = max(ends[self._numbers[above]], ends[number])
        return ends

    def _leaf_counts(self) -> list[int]:
        """Per node, how many leaves come before it in pre-order; one entry more for the whole tree."""
        counts = [0]
        for name in self._order:
            counts.append(counts[-1] + (not self._children[name]))
        return counts

    def _number(self, name: str) -> int:
        try:
            return self._numbers[name]
        except KeyError:
            raise TreeError("树里没有“{name}”，请先登记它，或改用已登记的名称。", name=name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    def parent(self, name: str) -> str | None:
        """The node right above, ``None`` for a root."""
        return self._parents[self._order[self._number(name)]]

    def children(self, name: str) -> tuple[str, ...]:
        """The nodes right below, in the order in which they were given."""
        return self._children[self._order[self._number(name)]]

    def depth(self, name: str) -> int:
        """How many nodes stand above: 0 for a root."""
        return self._depths[self._order[self._number(name)]]

    def upward(self, name: str) -> tuple[str, ...]:
        """The node itself first, then each one above it, the root last."""
        path = [self._order[self._number(name)]]
        while (above := self._parents[path[-1]]) is not None:
            path.append(above)
        return tuple(path)

    def downward(self, name: str) -> tuple[str, ...]:
        """The node itself first, then everything below it, in pre-order."""
        number = self._number(name)
        return self._order[number : self._ends[number]]

    def leaves(self, name: str | None = None) -> tuple[str, ...]:
        """The nodes without children at or below ``name``, or of the whole tree, in pre-order."""
        nodes = self._order if name is None else self.downward(name)
        return tuple(node for node in nodes if not self._children[node])

    def interval(self, name: str) -> tuple[int, int]:
        """The numbers of the first and the last leaf at or below ``name``, both included.

        Leaves are numbered from 0 in pre-order, so ``a`` contains ``b`` exactly when its interval does,
        save that a node with one child has the interval of that child.
        """
        number = self._number(name)
        return self._leaves[number], self._leaves[self._ends[number]] - 1

    def contains(self, above: str, below: str) -> bool:
        """Whether ``below`` is ``above`` itself or stands somewhere under it."""
        number = self._number(above)
        return number <= self._number(below) < self._ends[number]


def _children_of(parents: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    children: dict[str, list[str]] = {name: [] for name in parents}
    for name, parent in parents.items():
        if parent is None:
            continue
        if parent not in children:
            raise TreeError("“{name}”的上级“{parent}”没有登记，请先登记上级。", name=name, parent=parent)
        children[parent].append(name)
    return {name: tuple(below) for name, below in children.items()}
