"""What was sent says when, and nothing is in hand for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from doudi.engine.channels.vocabulary import DeliveryState
from doudi.web import clock
from doudi.web.channels.models import Delivery
from doudi.web.registry.proof import Fault, Walk, fault


def deliveries(walk: Walk) -> Iterator[Fault]:
    """The state of a message follows from what happened to it."""
    long_ago = clock.now() - timedelta(hours=1)
    for rows in walk.over(Delivery.objects.all()):
        for one in rows:
            about = f"delivery/{one.pk}"
            if (one.state == DeliveryState.SENT) != (one.sent_at is not None):
                yield fault("delivery.sent_at", about, "消息是否发出与时间不符。")
            if one.state == DeliveryState.SENDING and (one.leased_until is None or one.leased_until < long_ago):
                yield fault("delivery.in_hand", about, "消息一直停在“正在发”。")
