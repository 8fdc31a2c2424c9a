"""The roles that rules name, and which posts take them today."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from doudi.web.people.queries import active_posts
from doudi.web.rulebook import wording
from doudi.web.rulebook.queries import Rulebook


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A position that rules name; ``posts`` are those that take it today, ``holds`` counts the rules that make it the holder."""

    role: str
    name: str
    level: object
    may_hold: bool
    note: str
    posts: Sequence[str]
    holds: int
    supports: int


def role_rows(book: Rulebook) -> list[RoleRow]:
    posts: dict[str, list[str]] = defaultdict(list)
    for role, name in active_posts().order_by("name").values_list("role", "name"):
        posts[role].append(name)
    holds = Counter(rule.holder for rule in book.rules)
    supports = Counter(one.role for rule in book.rules for one in rule.supports)
    return [
        RoleRow(
            one["role"],
            one["name"],
            wording.LEVELS.get(one.get("level", ""), ""),
            bool(one.get("may_hold")),
            one.get("note", ""),
            posts[one["role"]],
            holds[one["role"]],
            supports[one["role"]],
        )
        for one in book.version.documents["roles"]
    ]
