"""A body was told, or a shift leader says why it need not be."""

from __future__ import annotations

from datetime import datetime

from doudi.engine.mandatory.vocabulary import MandatoryEventKind, MandatoryState
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.mandatory.errors import MandatoryError
from doudi.web.mandatory.models import MandatoryReport, MandatoryReportEvent
from doudi.web.mandatory.queries import may_on
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.records.services import change


@unit_of_work()
def tell(actor: Actor, duty: MandatoryReport, text: str, *, number: str = "", told_at: datetime | None = None) -> None:
    """The body was told: ``text`` says who there was told and what they answered, ``number`` is the receipt's."""
    post = _require(actor, duty, Power.NOTE)
    if not text.strip():
        raise MandatoryError("请写明报告给了谁、对方怎么答复。")
    now = clock.now()
    if told_at is not None and told_at > now:
        raise MandatoryError("报告的时间在以后，请核对。")
    changes = {"state": MandatoryState.TOLD, "told_at": told_at or now, "number": number.strip()[:60]}
    _settle(actor, duty, post, MandatoryEventKind.TOLD, changes, text)


@unit_of_work()
def lift(actor: Actor, duty: MandatoryReport, text: str) -> None:
    """It is none: the shift leader says why. What is said later may make it one again."""
    post = _require(actor, duty, Power.SUPERVISE)
    if not text.strip():
        raise MandatoryError("请写明为什么不属于强制报告：向谁核实、情况怎样。")
    _settle(actor, duty, post, MandatoryEventKind.LIFTED, {"state": MandatoryState.LIFTED}, text)


def _require(actor: Actor, duty: MandatoryReport, power: Power) -> Post | None:
    if not may_on(actor, power, duty):
        raise NotAllowedError("这项强制报告不在您的权限范围内。如确需办理，请联系值班长。", power=power)
    if duty.state != MandatoryState.OPEN:
        raise MandatoryError("这项强制报告已经有了结果。")
    return actor.post_for(power)


def _settle(
    actor: Actor,
    duty: MandatoryReport,
    post: Post | None,
    kind: MandatoryEventKind,
    changes: dict[str, object],
    text: str,
) -> None:
    kept = keep_text(text)
    event = MandatoryReportEvent.by(actor, duty, kind, {}, kept, post=post)
    who = {"receipt": kept, "settled_by": actor.person, "settled_post": post}
    change(duty, {**changes, "settled_at": clock.now()}, event, untold=who)
