"""A person says by the link in a message that it came."""

from __future__ import annotations

from doudi.engine.channels.vocabulary import DeliveryState
from doudi.web import clock
from doudi.web.channels.models import Delivery
from doudi.web.channels.queries import delivery_of
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.notices import services as notices
from doudi.web.people.actor import PARTY, Actor


@unit_of_work()
def acknowledge(token: str) -> bool:
    """The person whom the message was sent to has it: once, and for the post that was told. False: the link is over."""
    delivery = delivery_of(token)
    if delivery is None or delivery.notice is None or delivery.way.person is None:
        return False
    fresh = Delivery.objects.filter(pk=delivery.pk, acknowledged_at=None, state=DeliveryState.SENT)
    if not fresh.update(acknowledged_at=clock.now()):
        return False
    person = delivery.way.person
    notices.acknowledge(Actor.of(person), [delivery.notice_id])
    # Whoever holds the link says so, and nobody signed in: it was sent to this person alone.
    told = {"delivery": str(delivery.pk), "notice": str(delivery.notice_id), "sent_to": str(person.pk)}
    append(Fact.new("message_acknowledged", delivery.channel.journal_name, told, by=PARTY))
    return True
