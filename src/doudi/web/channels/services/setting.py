"""Channels are named by the town, and ways by those whom they reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from django.db import IntegrityError

from doudi.engine.channels.gateway import parsed
from doudi.engine.channels.vocabulary import PERSONAL, ChannelKind, DeliveryState
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.channels.errors import ChannelError
from doudi.web.channels.models import Channel, Delivery, Way
from doudi.web.channels.senders.posting import checked_url
from doudi.web.channels.senders.smtp import checked_server
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.people.models import Person, Post

_MAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+")


@dataclass(frozen=True, slots=True)
class NewChannel:
    """As it was filled in; an empty ``secret`` leaves the one that stands."""

    kind: str
    name: str
    address: str
    account: str = ""
    sender: str = ""
    secret: str = ""
    template: str = ""
    per_minute: int = 20


@unit_of_work()
def save_channel(actor: Actor, new: NewChannel, channel: Channel | None = None) -> Channel:
    """Name a channel, or change one. Raises ChannelError, GatewayTemplateError."""
    actor.require(Power.TEND_JOBS)
    kind = ChannelKind(new.kind)
    if kind is ChannelKind.SMTP:
        checked_server(new.address)
        if not _MAIL.fullmatch(new.sender.strip()):
            raise ChannelError("请写发件人的邮箱，例如 notice@example.cn。")
    else:
        checked_url(new.address)
    if kind is ChannelKind.SMS:
        parsed(new.template)
    told = {"kind": new.kind, "per_minute": new.per_minute, "new": channel is None}
    row = channel or Channel(kind=new.kind, made_at=clock.now())
    row.name, row.address, row.account = new.name.strip(), new.address.strip(), new.account.strip()
    row.sender, row.template, row.per_minute = new.sender.strip(), new.template, new.per_minute
    row.retry_at, row.failures, row.last_error = None, 0, ""
    if new.secret:
        row.secret = new.secret
    row.save()
    append(Fact.new("channel_saved", row.journal_name, told, by=actor))
    return row


@unit_of_work()
def switch(actor: Actor, channel: Channel, on: bool) -> None:
    """Stop a channel, or let it go on; what waits on a stopped one waits."""
    actor.require(Power.TEND_JOBS)
    Channel.objects.filter(pk=channel.pk).update(is_on=on, retry_at=None, failures=0)
    append(Fact.new("channel_switched", channel.journal_name, {"on": on}, by=actor))


def add_way(
    actor: Actor,
    channel: Channel,
    *,
    person: Person | None = None,
    post: Post | None = None,
    to: str = "",
    what: str = Way.What.URGENT,
    quiet: tuple[time, time] | None = None,
) -> Way:
    """Let a channel reach oneself at an address, or a group of a post. Raises ChannelError, NotAllowedError."""
    if person is None or person != actor.person:
        actor.require(Power.TEND_JOBS)
    if (person is not None) != (channel.kind in PERSONAL):
        raise ChannelError("邮件和短信送到人，群机器人送到岗位的群。")
    way = Way(channel=channel, person=person, post=post, to=_checked_to(channel.kind, to), what=what)
    way.since = clock.now()
    way.quiet_since, way.quiet_until = quiet or (None, None)
    try:
        with unit_of_work():
            way.save(force_insert=True)
            whom = {"person": str(person.pk)} if person else {"post": post.code if post else ""}
            append(Fact.new("way_added", channel.journal_name, {"way": str(way.pk), "what": what, **whom}, by=actor))
    except IntegrityError as error:
        raise ChannelError("这个渠道已经有了，要改请先停掉原来的。") from error
    return way


@unit_of_work()
def end_way(actor: Actor, way: Way) -> None:
    """It reaches nobody any more; what waits is dropped."""
    if way.person is None or way.person != actor.person:
        actor.require(Power.TEND_JOBS)
    if not Way.objects.filter(pk=way.pk, until=None).update(until=clock.now()):
        return
    Delivery.objects.filter(way=way, state=DeliveryState.WAITING).update(state=DeliveryState.DROPPED)
    append(Fact.new("way_ended", way.channel.journal_name, {"way": str(way.pk)}, by=actor))


def _checked_to(kind: str, text: str) -> str:
    said = text.strip()
    if kind == ChannelKind.SMTP and not _MAIL.fullmatch(said):
        raise ChannelError("请写一个邮箱，例如 name@example.cn。")
    if kind == ChannelKind.SMS:
        said = re.sub(r"[\s-]", "", said)
        if not re.fullmatch(r"\+?[0-9]{8,15}", said):
            raise ChannelError("请写手机号，只有数字。")
    return said if kind in PERSONAL else ""
