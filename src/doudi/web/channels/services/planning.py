"""Which notice goes which way, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q

from doudi.engine.channels.quiet import not_before
from doudi.engine.channels.vocabulary import ChannelJob, DeliveryState
from doudi.web import clock
from doudi.web.channels.models import Channel, Delivery, Way
from doudi.web.channels.wording import matter_of
from doudi.web.jobs.models import Job
from doudi.web.jobs.services import plan_all
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Digest, Notice
from doudi.web.people.queries import appointments_on

#: what is older was told otherwise by now, or waits on its page
FRESH = timedelta(hours=24)
MOST_AT_ONCE = 500
#: when the digest of a day goes
DIGEST_AT = time(16, 30)
#: how often a channel is looked after
SECONDS = 15


def plan_deliveries() -> int:
    """Each urgent notice that nobody has read, on each way to its post, once. Returns how many are new."""
    ways = _ways_by_post()
    if not ways:
        return 0
    now = clock.now()
    fresh = Notice.objects.filter(
        urgent=True, read_at=None, lapsed_at=None, sent_at__gte=now - FRESH, post__in=list(ways)
    )
    # The ways of one post are planned together, so one that is there says that all are.
    planned = Delivery.objects.filter(notice=OuterRef("pk"))
    notices = list(fresh.filter(~Exists(planned)).order_by("-sent_at", "-pk")[:MOST_AT_ONCE])
    about = matter_of(notices)
    rows = []
    for notice in notices:
        matter = about.get(notice.path)
        life = matter is not None and matter.lane == Matter.Lane.LIFE
        for way in ways[notice.post_id]:
            if notice.sent_at >= way.since:
                rows.append(_delivery(way, f"n:{notice.pk.hex}:{way.pk.hex}", now, life=life, notice=notice))
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def plan_digests() -> int:
    """From the hour of the digest on: one for each way that wants all, where something of the day is unread."""
    now = clock.now()
    day = clock.day_of(now)
    if now < datetime.combine(day, DIGEST_AT, clock.TOWN_ZONE):
        return 0
    ways = {post: [one for one in each if one.what == Way.What.ALL] for post, each in _ways_by_post().items()}
    unread = Notice.objects.filter(digest=OuterRef("pk"), read_at=None)
    digests = Digest.objects.filter(day=day, post__in=list(ways)).filter(Exists(unread)).order_by("pk")
    due = [
        _delivery(way, f"d:{digest.pk.hex}:{way.pk.hex}", now, digest=digest)
        for digest in digests
        for way in ways[digest.post_id]
    ]
    there = set(Delivery.objects.filter(key__in=[one.key for one in due]).values_list("key", flat=True))
    rows = [one for one in due if one.key not in there]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def plan_sending() -> int:
    """A job for each channel on which something is due. What a fallen worker had in hand comes back. Returns how many of both."""
    now = clock.now()
    fallen = Delivery.objects.filter(state=DeliveryState.SENDING, leased_until__lte=now)
    back = fallen.update(state=DeliveryState.WAITING, twice=True, leased_until=None)
    due = Delivery.objects.filter(channel=OuterRef("pk"), state=DeliveryState.WAITING, due_at__lte=now)
    ready = Channel.objects.filter(Q(retry_at=None) | Q(retry_at__lte=now), Exists(due), is_on=True)
    turn = int(now.timestamp()) // SECONDS
    keys = {f"send:{pk.hex}:{turn}": str(pk) for pk in ready.order_by("pk").values_list("pk", flat=True)}
    new = keys.keys() - set(Job.objects.filter(key__in=keys).values_list("key", flat=True))
    plan_all([(ChannelJob.SEND, key, now, {"channel": keys[key]}) for key in sorted(new)])
    return back + len(new)


def _ways_by_post() -> dict[str, list[Way]]:
    """The ways that stand, by the posts whose notices they carry: a person's are those of all posts held today."""
    standing = list(Way.objects.filter(until=None).select_related("channel").order_by("pk"))
    found: dict[str, list[Way]] = defaultdict(list)
    if not standing:
        return found
    seats: dict[object, list[str]] = defaultdict(list)
    for seat in appointments_on(clock.today()).filter(person__in=[one.person_id for one in standing if one.person_id]):
        seats[seat.person_id].append(seat.post_id)
    for way in standing:
        posts: Iterable[str] = seats[way.person_id] if way.person_id else [way.post_id] if way.post_id else []
        for post in posts:
            found[post].append(way)
    return found


def _delivery(
    way: Way,
    key: str,
    now: datetime,
    *,
    life: bool = False,
    notice: Notice | None = None,
    digest: Digest | None = None,
) -> Delivery:
    local = now.astimezone(clock.TOWN_ZONE)
    due = now if life else not_before(local, way.quiet_since, way.quiet_until)
    return Delivery(way=way, channel=way.channel, notice=notice, digest=digest, key=key, due_at=due, made_at=now)
