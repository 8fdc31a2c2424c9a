"""A holder asks for a change and is answered. Until then the holder stays, and every clock runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from doudi.engine.matters.applications import ApplicationKind, Asking, application_step, asking
from doudi.engine.words import words as sentence
from doudi.web import clock
from doudi.web.duties.queries import duty_desk
from doudi.web.journal.services import keep_words, plain, record, words_payload
from doudi.web.matters.errors import ApplicationError, SecondTransferError, StaleMatterError
from doudi.web.matters.events import APPLICATION_TOLD
from doudi.web.matters.models import Application, Demand, Matter
from doudi.web.matters.services import granting, writing
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_of


@writing.step
def apply(
    actor: Actor,
    matter: Matter,
    kind: str,
    *,
    reason: str,
    basis: str = "",
    asked_of: str = "desk",
    proposed_holder: Post | None = None,
    proposed_until: datetime | None = None,
    report: Report | None = None,
) -> Application:
    """Ask the desk, or through the desk the upstream, for a change; says why, and what else this sort of application needs.

    Raises SecondTransferError when a transfer was asked for before: then somebody has to rule.
    """
    sort = asking(kind)
    post = _in_whose_name(actor, matter, asked_of)
    _require_fit(matter, sort, reason, basis, asked_of, proposed_holder, proposed_until)
    order = _order_of(matter, report) if asked_of == Application.AskedOf.UPSTREAM else None
    now, rulebook = clock.now(), rulebook_of(matter.rulebook_id)
    limit = rulebook.term_if_set("answer_by", "desk_decision") if asked_of == Application.AskedOf.DESK else None
    kept, kept_basis = keep_words(reason), keep_words(basis)
    application = Application(
        matter=matter, report=order, kind=kind, asked_of=asked_of, by_post=post, by_person=actor.person, reason=kept, basis=kept_basis,
        proposed_holder=proposed_holder if "holder" in sort.needs else None,
        proposed_until=proposed_until if "until" in sort.needs else None,
        applied_at=now, due_at=rulebook.calendar.due(now, limit).at if limit else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError:
        raise ApplicationError("这件事已经有一份改派申请在等答复，不必再申请。") from None
    payload = {"application": told(application), **_committed(kept_basis)}
    fact = writing.tell(actor, matter, "applied", {}, payload, kept, post=post)
    if asked_of == Application.AskedOf.DESK:
        writing.notify_post(matter, duty_desk(), "applied", urgent=True)
    record([fact])
    return application


@writing.step
def answer(
    actor: Actor,
    matter: Matter,
    application: Application,
    granted: bool,
    words: str = "",
    *,
    holder: Post | None = None,
    until: datetime | None = None,
) -> None:
    """The desk grants or refuses; for what went up it writes down what the upstream answered.

    ``holder``: another post than the one proposed. ``until``: another moment. Nobody answers their own application.
    """
    sort = asking(application.kind)
    upstream = application.asked_of == Application.AskedOf.UPSTREAM
    actor.require("dispatch" if upstream else sort.power)
    if not upstream and actor.person and application.by_person_id == actor.person.pk:
        raise ApplicationError("自己的申请不能自己答复，请由另一位同事答复。")
    _require_unanswered(application, "grant" if granted else "refuse", words)
    if application.state == Application.State.DISPUTED:
        raise ApplicationError("这份申请已经提请裁定，由裁定答复。")
    application.state = application_step("grant" if granted else "refuse", application.state, words=words)
    application.granted_until = (until or application.proposed_until) if granted else None
    kept = keep_words(words)
    _settle(actor, application, kept)
    desk = actor.post_for("dispatch" if upstream else sort.power)
    payload = {"application": told(application)}
    event = "application_granted" if granted else "application_refused"
    if granted and not upstream:
        facts = granting.grant(actor, matter, application, event, payload, kept, desk, holder)
    else:
        facts = [writing.tell(actor, matter, event, {}, payload, kept, post=desk)]
    if matter.holder_id == application.by_post_id or not granted:
        writing.notify_post(matter, application.by_post_id, event)
    record(facts)


@writing.step
def withdraw(actor: Actor, matter: Matter, application: Application, words: str = "") -> None:
    """Whoever asked thinks better of it."""
    if application.by_post_id not in actor.posts:
        raise ApplicationError("只有申请的岗位自己能撤回。")
    _require_unanswered(application, "withdraw", words)
    application.state = application_step("withdraw", application.state)
    kept = keep_words(words)
    _settle(actor, application, kept)
    record([writing.tell(actor, matter, "application_withdrawn", {}, {"application": told(application)}, kept, post=application.by_post)])


def told(application: Application) -> dict[str, object]:
    """An application as an event tells it; fsck builds the row again from these."""
    return {column: plain(getattr(application, column)) for column in APPLICATION_TOLD}


def refer(actor: Actor, matter: Matter, application: Application, words: str) -> None:
    """The application waits for a ruling. The caller (disputes) holds the lock, has asked for the power, and tells it."""
    _require_unanswered(application, "refer", words)
    application.state = application_step("refer", application.state, words=words)
    _settle(actor, application, None)


def settle_by_ruling(actor: Actor, application: Application, granted: bool) -> dict[str, object]:
    """What was referred is decided with the ruling; returns what the ruling's event says of it under ``application``."""
    application.state = application_step("grant" if granted else "refuse", application.state, words="裁定")
    _settle(actor, application, None)
    return {"application": told(application)}


def _settle(actor: Actor, application: Application, kept: Any) -> None:
    """Write the new state, if nobody else has meanwhile."""
    decided = application.state not in Application.UNDECIDED
    application.answered_at = clock.now() if decided else None
    application.answered_by = actor.person if decided else None
    application.answer = kept
    same = Application.objects.filter(pk=application.pk, state__in=Application.UNDECIDED)
    columns = {
        "state": application.state, "granted_until": application.granted_until, "answered_at": application.answered_at,
        "answered_by": application.answered_by, "answer": kept,
    }  # fmt: skip
    if not same.update(**columns):
        raise StaleMatterError("这份申请刚刚已经有人答复，请刷新后再看。")


def _require_unanswered(application: Application, step: str, words: str) -> None:
    """As it stands now, and not as the page showed it."""
    application.state = Application.objects.filter(pk=application.pk).values_list("state", flat=True)[0]
    application_step(step, application.state, words=words)


def _in_whose_name(actor: Actor, matter: Matter, asked_of: str) -> Post:
    """The holder asks; to the upstream the desk may ask too, since the order came to it."""
    if matter.holder_id in actor.posts:
        return next(seat.post for seat in actor.seats if seat.post.code == matter.holder_id)
    if asked_of == Application.AskedOf.UPSTREAM and actor.may("dispatch"):
        post = actor.post_for("dispatch")
        assert post is not None
        return post
    raise ApplicationError("这件事由{holder}承办，请由承办岗申请。", holder=matter.holder.name)


def _require_fit(
    matter: Matter, sort: Asking, reason: str, basis: str, asked_of: str, holder: Post | None, until: datetime | None
) -> None:
    if asked_of not in sort.asked_of:
        whom = sentence(Application.AskedOf(asked_of).label)
        raise ApplicationError("“{kind}”不能向{whom}申请。", kind=sentence(sort.label), whom=whom)
    at_work = matter.status in (Matter.Status.ACCEPTED, Matter.Status.TAKEN)
    if not at_work and not (sort.after_end and matter.status != Matter.Status.MERGED):
        raise ApplicationError(
            "事项 {number} 现在不能申请“{kind}”：已经处置完毕或已经结束。", number=matter.number, kind=sentence(sort.label)
        )
    if not reason.strip():
        raise ApplicationError("请写明申请“{kind}”的理由：{hint}。", kind=sentence(sort.label), hint=sentence(sort.hint))
    if "basis" in sort.needs and not basis.strip():
        raise ApplicationError("请写明依据，如哪部法规、哪份清单、哪次会议：“不归我管”不是依据。")
    if "holder" in sort.needs:
        if holder is None:
            raise ApplicationError("请写明建议由哪个岗位承办：没有去处的改派等于推出门外。")
        writing.require_may_hold(holder)
        if holder.code == matter.holder_id:
            raise ApplicationError("建议的承办岗就是现在的承办岗，请另选。")
    if "until" in sort.needs and (until is None or until <= clock.now()):
        raise ApplicationError("请写明到哪一天，须在今天以后。")
    earlier = Application.objects.filter(matter=matter, kind=sort.kind).exclude(state=Application.State.WITHDRAWN)
    if sort.kind is ApplicationKind.TRANSFER and earlier.exclude(state__in=Application.UNDECIDED).exists():
        raise SecondTransferError("这件事已经申请过一次改派并有了答复；还有不同意见的，请提请会商裁定，裁定之前承办岗不变。")
    if earlier.filter(state__in=Application.UNDECIDED, asked_of=asked_of).exists():
        raise ApplicationError("这件事已经有一份“{kind}”申请在等答复，不必再申请。", kind=sentence(sort.label))


def _order_of(matter: Matter, report: Report | None) -> Report:
    """The order of the upstream that the application is about."""
    asked = Demand.objects.filter(matter=matter).values("report")
    orders = list(Report.objects.filter(pk__in=asked).exclude(system="").order_by("received_at", "pk"))
    if report is not None:
        orders = [one for one in orders if one.pk == report.pk]
    if not orders:
        raise ApplicationError("这件事里没有上级交来的工单，没有上级可以申请。")
    return orders[0]


def _committed(basis: Any) -> dict[str, object]:
    return {"basis": words_payload(basis)["words"]} if basis else {}
