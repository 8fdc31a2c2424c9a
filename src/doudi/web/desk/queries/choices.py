"""What filters and forms offer to choose from, kept for as long as the town's version stands."""

from __future__ import annotations

from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.edition_cache import by_edition
from doudi.web.people.models import Post
from doudi.web.people.queries import active_posts, posts_that_may_hold
from doudi.web.rulebook.queries import Rulebook, rulebook_on

Choices = tuple[tuple[str, str], ...]

_INDENT = "\u3000"


def area_choices(version: int, chosen: str = "") -> Choices:
    """Villages and neighbourhoods; below the chosen one, or the one that holds it, its grids."""
    places = areas(version)
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


def offered_kinds(book: Rulebook) -> dict[str, str]:
    """What a matter under ``book`` may be called: the kinds of its own version, and those that the one in force brings."""
    own, newer = kind_labels(book), rulebook_on()
    if newer.version.number == book.version.number:
        return own
    brought = {label: code for label, code in kind_labels(newer).items() if code not in book.catalogue}
    return {(label if label not in own else f"{label} {code}"): code for label, code in brought.items()} | own


@by_edition(4, key=lambda version, *, holding: (version, holding))
def posts(version: int, *, holding: bool) -> tuple[Post, ...]:
    """The posts that may hold, or all."""
    return tuple(posts_that_may_hold() if holding else active_posts().order_by("office__name", "name"))


def post_choices(version: int, *, holding: bool) -> Choices:
    return tuple((post.code, f"{post.office.name} · {post.name}") for post in posts(version, holding=holding))


def office_choices(version: int) -> Choices:
    """The offices that hold matters."""
    found: dict[str, str] = {post.office_id: post.office.name for post in posts(version, holding=True)}
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))


def post_names(version: int) -> dict[str, str]:
    """Names of all posts, also of those that stand no more: events of days gone name them."""
    return dict(_post_names(version))


@by_edition(2)
def _post_names(version: int) -> tuple[tuple[str, str], ...]:
    return tuple(Post.objects.values_list("code", "name"))
