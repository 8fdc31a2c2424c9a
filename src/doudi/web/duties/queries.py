"""Who answers for what: the engine's book of duties, filled from the town's tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from doudi.engine.duties.book import BackstopDuty, DutyBook, DutyBookError, Seat
from doudi.engine.duties.pruning import prune
from doudi.engine.messages import Message, msg
from doudi.web import clock
from doudi.web.areas.queries import areas, town_settings
from doudi.web.duties.models import Backstop
from doudi.web.duties.services import BackstopError
from doudi.web.edition_cache import by_edition
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import Rulebook, rulebook_of, rulebook_on


def book(number: int | None = None) -> DutyBook:
    """The book of duties under rulebook version ``number`` (default: the one in force today)."""
    rulebook = rulebook_of(number) if number is not None else rulebook_on()
    return book_under(rulebook)


def book_under(rulebook: Rulebook, town_version: int | None = None) -> DutyBook:
    """The book of duties under a rulebook; a caller that has just read the town settings passes their version."""
    return _ready(rulebook, town_version).book


def book_faults(rulebook: Rulebook | None = None) -> tuple[Message, ...]:
    """What is wrong in the duties that are in force: they are answered all the same, and somebody must mend it."""
    try:
        return _ready(rulebook or rulebook_on(), None).faults
    except BackstopError as error:
        return (msg(error.template, **error.facts),)


@dataclass(frozen=True, slots=True)
class _Ready:
    book: DutyBook
    faults: tuple[Message, ...]


def _ready(rulebook: Rulebook, town_version: int | None) -> _Ready:
    town_version = town_settings().version if town_version is None else town_version
    return _ready_on(rulebook.version.number, rulebook.version.digest, town_version, clock.today())


@by_edition(4)
def _ready_on(number: int, digest: str, town_version: int, day: date) -> _Ready:
    """The duties as they stand. Never an error: a report that comes in must find a holder (law 7).

    Rules that cannot be read at all send everything to the duty desk until they are mended.
    """
    rulebook = rulebook_of(number)
    places = areas(town_version)
    posts = Post.objects.filter(until__isnull=True).prefetch_related("areas")
    names = {post.code: post.name for post in posts} | rulebook.role_names
    now = prune(
        places.tree,
        rulebook.rules,
        [
            Seat(
                post=post.code,
                role=post.role,
                areas=frozenset(area.code for area in post.areas.all()),
                may_hold=post.may_hold,
            )
            for post in posts
        ],
        [
            BackstopDuty(area=row.area_id, post=row.post_id, since=row.since, until=row.until)
            for row in Backstop.objects.exclude(until__lte=day)
        ],
        desk := duty_desk(day),
    )
    names |= {code: area.name for code, area in places.areas.items()} | rulebook.catalogue.names()
    names |= {one.code: one.name for one in rulebook.unit_types}
    drawn = partial(
        DutyBook,
        kinds=rulebook.catalogue.tree,
        unit_types=rulebook.unit_types.tree,
        areas=places.tree,
        seats=now.seats,
        duty_desk=desk,
        facts={row["fact"]: list(row["values"]) for row in rulebook.facts},
        names=names,
    )
    try:
        return _Ready(drawn(rules=now.rules, backstops=now.backstops), now.faults)
    except DutyBookError as error:
        return _Ready(drawn(rules=(), backstops=()), (*now.faults, *error.faults))


@dataclass(frozen=True, slots=True)
class Catcher:
    """Who catches in ``area``: its own row, or the one of the nearest area above (``inherited``); None where nobody does."""

    area: str
    row: Backstop | None
    inherited: bool


def catchers(day: date | None = None) -> list[Catcher]:
    """For every area, in the order of the tree, the backstop that holds there on the day."""
    day, tree = day or clock.today(), areas().tree
    standing = Backstop.objects.filter(since__lte=day).exclude(until__lte=day).select_related("post__office")
    own = {row.area_id: row for row in standing}
    found: dict[str, Backstop | None] = {}
    for area in tree:
        above = tree.parent(area)
        found[area] = own.get(area) or (found[above] if above is not None else None)
    return [Catcher(area, found[area], inherited=area not in own) for area in tree]


def duty_desk(day: date | None = None) -> str:
    """The code of the town's duty desk on the day (default: today): the backstop of the whole town."""
    root, day = areas().root, day or clock.today()
    row = Backstop.objects.filter(area_id=root, since__lte=day).exclude(until__lte=day).first() if root else None
    if row is None:
        raise BackstopError("全镇还没有兜底岗：请先用 doudi init 或 doudi load offices 指定城运值班岗。")
    return row.post_id
