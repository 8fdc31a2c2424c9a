"""What filters and forms offer to choose from, kept for as long as the directory's edition stands."""

from __future__ import annotations

from functools import lru_cache

from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.people.models import Post
from doudi.web.people.queries import posts_that_may_hold, standing_posts
from doudi.web.rulebook.queries import Rulebook

Choices = tuple[tuple[str, str], ...]

_INDENT = "\u3000"


def area_choices(edition: int, chosen: str = "") -> Choices:
    """Villages and neighbourhoods; below the chosen one, or the one that holds it, its grids."""
    places = areas(edition)
    opened = set(places.tree.upward(chosen)) if chosen in places.areas else set()
    rows = []
    for code, area in places.areas.items():
        if area.kind in (Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD):
            rows.append((code, area.name))
            if code in opened:
                rows += [(grid, _INDENT + places.name(grid)) for grid in places.tree.children(code)]
    return tuple(rows)


def type_choices(book: Rulebook) -> Choices:
    """All unit types, indented as their tree is."""
    tree = book.unit_types.tree
    return tuple((code, _INDENT * tree.depth(code) + book.unit_types[code].name) for code in tree)


def kind_labels(book: Rulebook) -> dict[str, str]:
    """Each kind's label in a completion list -> its code. The class stands behind the name where names repeat."""
    names = book.catalogue.names()
    found: dict[str, str] = {}
    for kind in book.catalogue.leaves():
        label = kind.name if kind.name not in found else f"{kind.name}（{names.get(kind.parent or '', kind.code)}）"
        found[label if label not in found else f"{label} {kind.code}"] = kind.code
    return found


@lru_cache(maxsize=4)
def _posts(edition: int, holding: bool) -> tuple[Post, ...]:
    return tuple(posts_that_may_hold() if holding else standing_posts().order_by("office__name", "name"))


def posts(edition: int, *, holding: bool) -> tuple[Post, ...]:
    """The posts that may hold, or all."""
    return _posts(edition, holding)


def post_choices(edition: int, *, holding: bool) -> Choices:
    return tuple((post.code, f"{post.office.name} · {post.name}") for post in posts(edition, holding=holding))


def office_choices(edition: int) -> Choices:
    """The offices that hold matters."""
    found: dict[str, str] = {post.office_id: post.office.name for post in posts(edition, holding=True)}
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))


def post_names(edition: int) -> dict[str, str]:
    """Names of the posts that stand; events of days gone may name others, which are called by their code."""
    return {post.code: post.name for post in posts(edition, holding=False)}
