"""The only writer of rosters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.services import bump_version
from doudi.web.journal.services import Fact, append, plain, unit_of_work
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.resources.models import Roster
from doudi.web.resources.queries import left_shifts


class RosterError(DoudiError):
    """This shift cannot be changed."""


_ROSTERING = (Power.DISPATCH, Power.MANAGE_PEOPLE)


def may_roster(actor: Actor, post: Post | None = None) -> bool:
    """Anyone who dispatches or manages people says who stands where, within the areas of that seat.

    A post for the whole town is rostered by a seat for the whole town. Without ``post``: whether there may be any.
    """
    able = [power for power in _ROSTERING if actor.may(power)]
    if post is None or not able:
        return bool(able)
    served = list(post.areas.values_list("pk", flat=True))
    if not served:
        return any(actor.scope(power) is None for power in able)
    return any(all(actor.may_in(power, area) for area in served) for power in able)


def _require(by: Actor, posts: Iterable[Post]) -> None:
    for post in posts:
        if not may_roster(by, post):
            by.require(Power.DISPATCH)
            raise NotAllowedError(
                "“{post}”不只在您岗位的区域内，请由它那里的值班长排班。", post=post.name, power=Power.DISPATCH
            )


@unit_of_work()
def add_roster(rows: Iterable[Roster], *, by: Actor = SYSTEM) -> int:
    """Say who stands where and when."""
    rows = list(rows)
    _require(by, {row.post_id: row.post for row in rows}.values())
    if any(row.ends_at <= row.starts_at for row in rows):
        raise RosterError("下班时间必须晚于上班时间。")
    made = Roster.objects.bulk_create(rows)
    bump_version()
    shifts: dict[str, list[str]] = defaultdict(list)
    for row in made:
        shifts[row.post_id].append(f"{plain(row.starts_at)}/{plain(row.ends_at)}")
    append(*[Fact.new("roster_added", post, {"shifts": spans}, by=by) for post, spans in shifts.items()])
    return len(made)


def call_off_left() -> int:
    """Take the shifts of those off the roster who left their post; called by the timers. Returns how many."""
    left = list(left_shifts(clock.now()))
    for row in left:
        remove_roster(SYSTEM, row)
    return len(left)


@unit_of_work()
def remove_roster(by: Actor, row: Roster) -> None:
    """Take a shift off the roster; one that has begun ends now, so that what was stood stays on record."""
    _require(by, [row.post])
    now = clock.now()
    fact = Fact.new(
        "roster_removed", row.post_id, {"starts_at": plain(row.starts_at), "ends_at": plain(row.ends_at)}, by=by
    )
    coming, running = (
        Roster.objects.filter(pk=row.pk, starts_at__gte=now),
        Roster.objects.filter(pk=row.pk, starts_at__lt=now),
    )
    if not (coming.delete()[0] or running.filter(ends_at__gt=now).update(ends_at=now)):
        raise RosterError("这一班已经值完或已取消，不能再改。")
    bump_version()
    append(fact)
