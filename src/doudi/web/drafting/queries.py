"""What a replay found, for anyone who looks: only matters that exist for them are counted and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from doudi.web.areas.queries import areas
from doudi.web.drafting.models import Replay, ReplayChange
from doudi.web.matters.queries import visible
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook, rulebook_of

#: what may be asked of a replay's changes, each a figure with its list
FIGURES: Mapping[str, Q] = {
    "hands": ~Q(before=F("after")),
    "leave_backstop": ~Q(was="rule") & Q(becomes="rule"),
    "fall_to_backstop": Q(was="rule") & ~Q(becomes="rule"),
}


def last_replay(version: Version) -> Replay | None:
    return Replay.objects.filter(version=version).select_related("against", "by_person").first()


def changes_seen(actor: Actor, replay: Replay, asked: Mapping[str, str] | None = None) -> QuerySet[ReplayChange]:
    """The changes whose matters exist for the actor; ``asked`` narrows by figure, kind, area, from and to."""
    asked = asked or {}
    rows = ReplayChange.objects.filter(replay=replay, matter__in=visible(actor))
    if asked.get("figure") in FIGURES:
        rows = rows.filter(FIGURES[asked["figure"]])
    if kind := asked.get("kind"):
        rows = rows.filter(matter__kind__in=_kinds_below(rulebook_of(replay.version_id), kind))
    if area := asked.get("area"):
        rows = rows.filter(matter__area__in=areas().below([area]))
    if post := asked.get("from"):
        rows = rows.filter(before=post)
    if post := asked.get("to"):
        rows = rows.filter(after=post)
    return rows.select_related("matter__area", "matter__unit", "before", "after").order_by("-matter__accepted_at", "id")


def _kinds_below(book: Rulebook, kind: str) -> Sequence[str]:
    return book.catalogue.tree.leaves(kind) if kind in book.catalogue.tree else (kind,)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a breakdown: ``code`` filters the list behind it."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class PostBalance:
    """How many matters a post would lose and gain."""

    code: str
    name: str
    loses: int
    gains: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a replay as this actor may see them."""

    changed: int
    figures: Mapping[str, int]
    kinds: Sequence[Line]
    areas: Sequence[Line]
    posts: Sequence[PostBalance]


def summary(actor: Actor, replay: Replay, most: int = 12) -> Summary:
    rows = ReplayChange.objects.filter(replay=replay, matter__in=visible(actor))
    counted = rows.aggregate(
        changed=Count("pk"), **{name: Count("pk", filter=which) for name, which in FIGURES.items()}
    )
    names = rulebook_of(replay.version_id).catalogue.names()
    kinds = rows.values_list("matter__kind").annotate(n=Count("pk")).order_by("-n", "matter__kind")
    hands = rows.filter(FIGURES["hands"])
    loses = dict(hands.values_list("before").annotate(n=Count("pk")).order_by())
    gains = dict(hands.values_list("after").annotate(n=Count("pk")).order_by())
    posts = dict(Post.objects.filter(pk__in={*loses, *gains}).values_list("code", "name"))
    balances = [
        PostBalance(code, posts.get(code, code), loses.get(code, 0), gains.get(code, 0)) for code in {*loses, *gains}
    ]
    return Summary(
        counted.pop("changed"),
        counted,
        [Line(kind, names.get(kind, kind), n) for kind, n in kinds[:most]],
        _by_village(rows, most),
        sorted(balances, key=lambda one: (-(one.gains + one.loses), one.name))[:most],
    )


def _by_village(rows: QuerySet[ReplayChange], most: int) -> list[Line]:
    """By village or neighbourhood; what lies nowhere is called so by the page."""
    places = areas()
    found: Counter[str] = Counter()
    for area, n in rows.values_list("matter__area").annotate(n=Count("pk")).order_by():
        path = places.tree.upward(area) if area in places.tree else ()
        found[path[-2] if len(path) > 1 else area or ""] += n
    return [Line(code, places.name(code), n) for code, n in found.most_common(most)]
