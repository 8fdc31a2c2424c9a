"""Things that are made for one question and go with its answer: handovers, packs, channels and what goes out by them."""

from __future__ import annotations

from hashlib import sha256

from doudi.engine.people.vocabulary import Power
from doudi.engine.shifts.slips import slip_number
from doudi.engine.upstream.systems import VERBS, Signing, System, Verb
from doudi.web import clock
from doudi.web.channels.models import Channel, Delivery, Way
from doudi.web.mandatory.services import listen_to
from doudi.web.notices.models import Notice
from doudi.web.orders.services import Description, describe
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.models import Person, Post
from doudi.web.reports import services as reports
from doudi.web.shifts.models import Handover, HandoverItem, Pack, Slip
from doudi.web.triage.services import Incoming, receive
from tests.matrix.ground import AREAS, Ground
from tests.web.town import TUESDAY

SLIP = slip_number(TUESDAY.date(), 1)


def desk_of(ground: Ground, person: Person | None) -> Post:
    """The desk at which this person sits, if the power comes with a seat."""
    return (Actor.of(person).post_for(Power.DISPATCH) if person else None) or ground.town.posts["uoc.duty"]


def handover(ground: Ground, person: Person | None, address: str) -> object:
    """One of this person's desk, as far as the address needs it; somebody else began it, save what is to be cancelled."""
    by = person if address.endswith("/cancel") else None
    left = address.endswith("/take")
    made = Handover.objects.create(
        post=desk_of(ground, person),
        by_person=by or ground.town.people.desk,
        state="part" if left else "open",
        begun_at=clock.now(),
    )
    leader = ground.town.posts["uoc.shift_leader"] if left else None
    HandoverItem.objects.create(handover=made, position=1, state="left" if left else "open", leader=leader)
    return made.pk


def pack(ground: Ground, person: Person | None) -> object:
    made = Pack.objects.create(post=desk_of(ground, person), by_person=ground.town.people.desk, made_at=clock.now())
    Slip.objects.create(number=SLIP, pack=made)
    return made.pk


def duty(ground: Ground) -> object:
    """What must be told of a report that lies nowhere yet."""
    report = ground.things["无处", "新"].report
    return listen_to(report, "爸爸又把孩子打了")[0].pk


def channel(kind: str = "wecom") -> Channel:
    """One that leads nowhere: what it sends is refused at once."""
    return Channel.objects.create(kind=kind, name="群", address="http://127.0.0.1:9/", made_at=clock.now())


def way(ground: Ground, person: Person | None) -> Way:
    """This person's own way, or somebody's."""
    person = person or ground.town.people.desk
    told = {"to": "a@example.cn", "since": clock.now()}
    return Way.objects.create(channel=channel("smtp"), person=person, **told)


def message(ground: Ground) -> str:
    """The link of a message that was sent to somebody."""
    notice = Notice.objects.create(
        post=ground.town.posts["uoc.duty"], kind="assigned", key="matrix", template="有事", sent_at=clock.now()
    )
    sent = way(ground, None)
    Delivery.objects.create(
        way=sent,
        channel=sent.channel,
        notice=notice,
        key="matrix",
        state="sent",
        due_at=clock.now(),
        made_at=clock.now(),
        sent_at=clock.now(),
        token_digest=sha256(b"matrix").hexdigest(),
    )
    return "matrix"


def order(ground: Ground, position: str, address: str) -> str:
    """The number of a report that came as an order from above; answered where the address is about its answer."""
    system = System("区热线", signing=Signing.ALWAYS, signer="as.leader", verbs={one: Verb(one) for one in VERBS})
    describe(SYSTEM, [Description(system, "口径")])
    incoming = Incoming(
        "hotline",
        f"晚上噪声扰民，工单{position}",
        area_code=AREAS[position],
        system="区热线",
        external_id=f"W-{position}",
    )
    report = receive([incoming], auto_dispatch=True)[0].report
    if address.endswith(("/check", "/sign")):
        reports.reply(SYSTEM, report, "已劝阻")
    return str(report.number)
