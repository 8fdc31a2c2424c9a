"""The catalogue of a version as a tree: what the town handles, when it files it, and within what time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from doudi.engine.kinds.catalogue import Filing, MatterKind
from doudi.engine.messages import Message
from doudi.web.rulebook import wording
from doudi.web.rulebook.contents.looking_up import holds
from doudi.web.rulebook.queries import Rulebook

_INDENT = "\u3000"


@dataclass(frozen=True, slots=True)
class KindRow:
    """A line of the catalogue: a group (``kind`` is None) or a kind. ``rules``: how many duty rules reach it by name."""

    code: str
    name: str
    depth: int
    kind: MatterKind | None = None
    filing: Sequence[tuple[Filing, Sequence[tuple[str, Message]]]] = ()
    evidence: Sequence[object] = ()
    verification: object = ""
    module: str = ""
    rules: int = 0

    @property
    def lane(self) -> str:
        return str(self.kind.lane) if self.kind else ""

    def get_lane_display(self) -> object:
        return wording.LANES[self.lane]


def kind_rows(book: Rulebook, asked: Mapping[str, str]) -> list[KindRow]:
    """The catalogue as a tree, cut to what passes: ``q`` (name, words, code, body, source), ``group``, ``lane``."""
    tree, names = book.catalogue.tree, book.catalogue.names()
    below = set(tree.downward(asked["group"])) if asked.get("group") in tree else None
    kept = {
        kind.code: kind
        for kind in book.catalogue.leaves()
        if (below is None or kind.code in below)
        and (not asked.get("lane") or kind.lane == asked["lane"])
        and holds(asked.get("q", ""), _said_of(kind))
    }
    above = {code for kind in kept for code in tree.upward(kind)}
    counted = Counter(leaf for rule in book.rules for code in rule.kinds if code in tree for leaf in tree.leaves(code))
    modules = {str(one["code"]): str(one["name"]) for one in book.modules}
    return [
        _kind_row(kept[code], tree.depth(code), modules, counted[code])
        if code in kept
        else KindRow(code, names[code], tree.depth(code))
        for code in tree
        if code in above
    ]


def _kind_row(kind: MatterKind, depth: int, modules: Mapping[str, str], rules: int) -> KindRow:
    return KindRow(
        kind.code,
        kind.name,
        depth,
        kind,
        filing=[(one, [(limit.name, limit.term.in_words()) for limit in one.limits]) for one in kind.filing],
        evidence=[wording.EVIDENCE.get(one, one) for one in kind.evidence],
        verification=wording.VERIFICATIONS.get(str(kind.verification), kind.verification),
        module=modules.get(kind.module, kind.module),
        rules=rules,
    )


def _said_of(kind: MatterKind) -> Iterator[str]:
    yield from (kind.name, kind.code, kind.source, kind.standard, *kind.words)
    if kind.competent:
        yield from (kind.competent.body, kind.competent.basis)


def group_choices(book: Rulebook) -> tuple[tuple[str, str], ...]:
    """The groups of kinds, indented as the tree is."""
    tree, names = book.catalogue.tree, book.catalogue.names()
    return tuple((code, _INDENT * tree.depth(code) + names[code]) for code in tree if tree.children(code))
