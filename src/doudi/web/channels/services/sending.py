"""Messages leave: leased first, sent outside any transaction, then noted. Who falls in between is told on as "may come twice"."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from itertools import groupby
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models import F

from doudi.engine.channels.vocabulary import PERSONAL, ChannelJob, ChannelKind, DeliveryState
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.channels.errors import SendError
from doudi.web.channels.models import Channel, Delivery
from doudi.web.channels.senders import Sender, opened
from doudi.web.channels.wording import message, trial
from doudi.web.design.wording import say
from doudi.web.jobs.services import plan_all
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import Actor

LEASE = timedelta(minutes=2)
#: the timers have other things to do than to wait for a slow server
SECONDS_PER_JOB = 5.0
MOST_PER_JOB = 400
#: how often a job goes on by itself after its seconds, and how long it lets others go first
GOES_ON = 5
BETWEEN = timedelta(seconds=1)
#: how long after each failed try the next one is made; after the last it is given up
PATIENCE = tuple(timedelta(minutes=one) for one in (1, 2, 5, 15, 30, 60, 120))
#: a robot that was asked too fast says nothing for ten minutes
AWAY = {ChannelKind.DINGTALK: timedelta(minutes=10)}
_AWAY = timedelta(minutes=1)
_LONGEST_AWAY = timedelta(minutes=15)


def send(payload: Mapping[str, Any]) -> None:
    """Send what is due on a channel, for some seconds and within what it takes in a minute.

    Where its seconds are over and more is due it goes on soon by itself (``goes_on``: how often it still may), so that many
    mails need not wait for the next look; then the timers look at all else first.
    """
    channel = Channel.objects.filter(pk=payload["channel"], is_on=True).first()
    now = clock.now()
    if channel is None or (channel.retry_at is not None and channel.retry_at > now):
        return None
    room = channel.per_minute - _sent_lately(channel)
    until = monotonic() + SECONDS_PER_JOB
    with opened(channel) as sender:
        for group in _groups(channel, room):
            if monotonic() > until:
                return _go_on(channel, int(payload.get("goes_on", GOES_ON)))
            if not _go(channel, sender, group):
                return None
    if channel.failures:
        Channel.objects.filter(pk=channel.pk).update(failures=0, retry_at=None, last_error="")
    return None


def _go_on(channel: Channel, often: int) -> None:
    if often > 0:
        told = {"channel": str(channel.pk), "goes_on": often - 1}
        key = f"send:{channel.pk.hex}:{clock.new_id().hex}"
        plan_all([(ChannelJob.SEND, key, clock.now() + BETWEEN, told)])


def _sent_lately(channel: Channel) -> int:
    recent = Delivery.objects.filter(channel=channel, sent_at__gt=clock.now() - timedelta(minutes=1))
    return recent.values("batch").distinct().count()


def _groups(channel: Channel, room: int) -> list[list[Delivery]]:
    """What is due, as messages: a person is told each thing by itself, a group all that waits for it at once."""
    if room <= 0:
        return []
    due = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING, due_at__lte=clock.now())
    rows = due.select_related("way__person", "way__channel", "notice", "digest").order_by("due_at", "pk")[:MOST_PER_JOB]
    if channel.kind in PERSONAL:
        return [[one] for one in rows[:room]]
    by_way = sorted(rows, key=lambda one: (one.way_id.hex, one.due_at, one.pk.hex))
    return [list(group) for _way, group in groupby(by_way, key=lambda one: one.way_id)][:room]


def _go(channel: Channel, sender: Sender, group: Sequence[Delivery]) -> bool:
    """Send one message; False where the channel is away and nothing more is tried."""
    batch = clock.new_id()
    token = secrets.token_urlsafe(24) if channel.kind in PERSONAL and group[0].notice_id else ""
    taken = [one for one in group if _is_wanted(one) and _lease(one, batch, token)]
    if not taken:
        return True
    try:
        sender.send(message(taken, taken[0].pk.hex, token))
    except SendError as error:
        _put_back(channel, taken, error)
        return not error.all_wait
    mine = Delivery.objects.filter(pk__in=[one.pk for one in taken], state=DeliveryState.SENDING, batch=batch)
    mine.update(state=DeliveryState.SENT, sent_at=clock.now(), leased_until=None, error="")
    return True


def _is_wanted(delivery: Delivery) -> bool:
    """Whether somebody still has to be told; what was read meanwhile is dropped."""
    notice = delivery.notice
    if notice is None or (notice.read_at is None and notice.lapsed_at is None):
        return True
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(state=DeliveryState.DROPPED)
    return False


def _lease(delivery: Delivery, batch: UUID, token: str) -> bool:
    free = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts)
    taken = free.update(
        state=DeliveryState.SENDING,
        attempts=F("attempts") + 1,
        leased_until=clock.now() + LEASE,
        batch=batch,
        token_digest=digest_of(token) if token else "",
    )
    delivery.attempts += taken
    return bool(taken)


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _put_back(channel: Channel, taken: Sequence[Delivery], error: SendError) -> None:
    now, said = clock.now(), say(error)[:200]
    for one in taken:
        mine = Delivery.objects.filter(pk=one.pk, state=DeliveryState.SENDING, attempts=one.attempts)
        if error.again and one.attempts <= len(PATIENCE):
            later = now + PATIENCE[one.attempts - 1]
            mine.update(state=DeliveryState.WAITING, due_at=later, leased_until=None, error=said)
        else:
            mine.update(state=DeliveryState.FAILED, leased_until=None, error=said)
    if error.all_wait:
        least = AWAY.get(ChannelKind(channel.kind), _AWAY)
        away = max(least, min(_AWAY * 2 ** min(channel.failures, 6), _LONGEST_AWAY))
        Channel.objects.filter(pk=channel.pk).update(retry_at=now + away, failures=F("failures") + 1, last_error=said)


@unit_of_work()
def try_again(actor: Actor, channel: Channel) -> int:
    """What was given up is tried once more, from the beginning; returns how many."""
    actor.require(Power.TEND_JOBS)
    failed = Delivery.objects.filter(channel=channel, state=DeliveryState.FAILED)
    done = failed.update(state=DeliveryState.WAITING, attempts=0, due_at=clock.now(), error="")
    Channel.objects.filter(pk=channel.pk).update(retry_at=None, failures=0)
    append(Fact.new("channel_retried", channel.journal_name, {"n": done}, by=actor))
    return done


def try_out(actor: Actor, channel: Channel, to: str = "") -> None:
    """Send a test now. Raises SendError with what the other side says."""
    actor.require(Power.TEND_JOBS)
    with unit_of_work():
        append(Fact.new("channel_tried", channel.journal_name, {}, by=actor))
    with opened(channel) as sender:
        sender.send(trial(to, clock.new_id().hex))
    Channel.objects.filter(pk=channel.pk).update(retry_at=None, failures=0, last_error="")
