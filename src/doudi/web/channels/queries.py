"""Channels, ways and deliveries as pages show them."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.db.models import Count, Q, QuerySet

from doudi.engine.channels.vocabulary import PERSONAL, DeliveryState
from doudi.web import clock
from doudi.web.channels.models import Channel, Delivery, Way
from doudi.web.people.models import Person

#: how long the link in a message says that it came
LINK_FOR = timedelta(days=3)


def channels() -> QuerySet[Channel]:
    """All of them, each with how many messages wait and how many were given up."""
    waiting = Count("ways__deliveries", filter=Q(ways__deliveries__state=DeliveryState.WAITING))
    failed = Count("ways__deliveries", filter=Q(ways__deliveries__state=DeliveryState.FAILED))
    return Channel.objects.annotate(waiting=waiting, failed=failed).order_by("name", "pk")


def personal_channels() -> QuerySet[Channel]:
    """Those by which a person may be reached."""
    return Channel.objects.filter(kind__in=PERSONAL, is_on=True).order_by("name", "pk")


def ways_of(channel: Channel) -> QuerySet[Way]:
    return channel.ways.filter(until=None).select_related("person", "post__office").order_by("since", "pk")


def own_ways(person: Person) -> QuerySet[Way]:
    return Way.objects.filter(person=person, until=None).select_related("channel").order_by("since", "pk")


def failed_on(channel: Channel) -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=channel, state=DeliveryState.FAILED).order_by("-made_at", "pk")


def latest_on(channel: Channel) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(channel=channel).select_related("way__person", "way__post", "notice")
    return rows.order_by("-made_at", "pk")


def delivery_of(token: str) -> Delivery | None:
    """The message that bears the link, while it is fresh and its person still holds an account."""
    if not token:
        return None
    digest = sha256(token.encode()).hexdigest()
    rows = Delivery.objects.filter(token_digest=digest, sent_at__gt=clock.now() - LINK_FOR, way__person__is_active=True)
    return rows.select_related("way__person", "notice", "channel").first()
