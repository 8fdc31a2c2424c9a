"""A holder asks for a change and is answered. Until then the holder stays, and every clock runs."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from doudi.engine.matters.applications import ApplicationType, application_step, application_type
from doudi.engine.matters.vocabulary import ApplicationKind, ApplicationStep, AskedOf, MatterEventKind, MatterNotice
from doudi.engine.messages import msg as sentence
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.duties.queries import duty_desk
from doudi.web.journal.models import FreeText
from doudi.web.journal.services import keep_text, text_payload, unit_of_work
from doudi.web.matters.errors import ApplicationError, SecondTransferError
from doudi.web.matters.models import Application, Demand, Matter
from doudi.web.matters.reach import require_on, seat_on
from doudi.web.matters.services import granting, locking, notifying, requirements, transitions
from doudi.web.people.access import Access
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.people.queries import posts_with
from doudi.web.records.services import snapshot
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_of


@locking.step
def apply(
    actor: Actor,
    matter: Matter,
    kind: str,
    *,
    reason: str,
    basis: str = "",
    asked_of: str = AskedOf.DESK,
    proposed_holder: Post | None = None,
    proposed_until: datetime | None = None,
    report: Report | None = None,
) -> Application:
    """Ask the desk, or through the desk the upstream, for a change; says why, and what else this sort of application needs.

    Raises SecondTransferError when a transfer was asked for before: then somebody has to rule.
    """
    sort = application_type(kind)
    post = _in_whose_name(actor, matter, asked_of, sort)
    upward = asked_of == Application.AskedOf.UPSTREAM and asked_of in sort.asked_of
    order = _order_of(matter, report) if upward else None
    _require_fit(matter, sort, reason, basis, asked_of, proposed_holder, proposed_until, order)
    now, rulebook = clock.now(), rulebook_of(matter.rulebook_id)
    limit = rulebook.term_if_set("answer_by", "desk_decision") if asked_of == Application.AskedOf.DESK else None
    kept, kept_basis = keep_text(reason), keep_text(basis)
    application = Application(
        matter=matter,
        report=order,
        kind=kind,
        asked_of=asked_of,
        by_post=post,
        by_person=actor.person,
        reason=kept,
        basis=kept_basis,
        proposed_holder=proposed_holder if "holder" in sort.needs else None,
        proposed_until=proposed_until if "until" in sort.needs else None,
        applied_at=now,
        due_at=rulebook.calendar.due(now, limit).at if limit else None,
    )
    try:
        with unit_of_work():
            application.save(force_insert=True)
    except IntegrityError:
        raise ApplicationError("这件事已经有一份改派申请在等答复，不必再申请。") from None
    payload = {"application": snapshot(application), **_committed(kept_basis)}
    transitions.transition(actor, matter, MatterEventKind.APPLIED, {}, payload, kept, post=post)
    if asked_of == Application.AskedOf.DESK:
        for whom in _who_answers(sort):
            notifying.notify_post(matter, whom, MatterNotice.APPLIED)
    return application


@locking.step
def answer(
    actor: Actor,
    matter: Matter,
    application: Application,
    granted: bool,
    text: str = "",
    *,
    holder: Post | None = None,
    until: datetime | None = None,
) -> None:
    """The desk grants or refuses; for what went up it writes down what the upstream answered.

    ``holder``: another post than the one proposed. ``until``: another moment. Nobody answers their own application.
    """
    sort = application_type(application.kind)
    upstream = application.asked_of == Application.AskedOf.UPSTREAM
    desk = require_on(actor, Power.DISPATCH if upstream else sort.power, matter)
    if not upstream and actor.person and application.by_person_id == actor.person.pk:
        raise ApplicationError("自己的申请不能自己答复，请由另一位同事答复。")
    _require_unanswered(application, ApplicationStep.GRANT if granted else ApplicationStep.REFUSE, text)
    if application.state == Application.State.DISPUTED:
        raise ApplicationError("这份申请已经提请裁定，由裁定答复。")
    application.state = application_step(
        ApplicationStep.GRANT if granted else ApplicationStep.REFUSE, application.state, text=text
    )
    application.granted_until = (until or application.proposed_until) if granted else None
    kept = keep_text(text)
    _settle(actor, application, kept)
    payload = {"application": snapshot(application)}
    event = MatterEventKind.APPLICATION_GRANTED if granted else MatterEventKind.APPLICATION_REFUSED
    if granted and not upstream:
        granting.grant(actor, matter, application, event, payload, kept, desk, holder)
    else:
        transitions.transition(actor, matter, event, {}, payload, kept, post=desk)
    if matter.holder_id == application.by_post_id or not granted:
        named = granted and sort.kind is ApplicationKind.TRANSFER
        notifying.notify_post(
            matter, application.by_post_id, MatterNotice.TRANSFER_GRANTED if named else MatterNotice(event)
        )


@locking.step
def withdraw(actor: Actor, matter: Matter, application: Application, text: str = "") -> None:
    """The post that asked withdraws it."""
    if application.by_post_id not in actor.posts:
        raise ApplicationError("只有申请的岗位自己能撤回。")
    _require_unanswered(application, ApplicationStep.WITHDRAW, text)
    application.state = application_step(ApplicationStep.WITHDRAW, application.state)
    kept = keep_text(text)
    _settle(actor, application, kept)
    transitions.transition(
        actor,
        matter,
        MatterEventKind.APPLICATION_WITHDRAWN,
        {},
        {"application": snapshot(application)},
        kept,
        post=application.by_post,
    )


def refer(actor: Actor, matter: Matter, application: Application, text: str) -> None:
    """The application waits for a ruling. The caller (disputes) holds the lock, has asked for the power, and tells it."""
    _require_unanswered(application, ApplicationStep.REFER, text)
    application.state = application_step(ApplicationStep.REFER, application.state, text=text)
    _settle(actor, application, None)


def settle_by_ruling(actor: Actor, application: Application, granted: bool) -> dict[str, object]:
    """What was referred is decided with the ruling; returns what the ruling's event says of it under ``application``."""
    application.state = application_step(
        ApplicationStep.GRANT if granted else ApplicationStep.REFUSE, application.state, text="裁定"
    )
    _settle(actor, application, None)
    return {"application": snapshot(application)}


def _settle(actor: Actor, application: Application, kept: FreeText | None) -> None:
    """Write the new state, if nobody else has meanwhile."""
    decided = application.state not in Application.UNDECIDED
    application.answered_at = clock.now() if decided else None
    application.answered_by = actor.person if decided else None
    application.answer = kept
    same = Application.objects.filter(pk=application.pk, state__in=Application.UNDECIDED)
    columns = {
        "state": application.state,
        "granted_until": application.granted_until,
        "answered_at": application.answered_at,
        "answered_by": application.answered_by,
        "answer": kept,
    }
    if not same.update(**columns):
        raise application.stale()


def _require_unanswered(application: Application, step: ApplicationStep, text: str) -> None:
    """As it stands now, and not as the page showed it."""
    application.state = Application.objects.filter(pk=application.pk).values_list("state", flat=True)[0]
    application_step(step, application.state, text=text)


def _who_answers(sort: ApplicationType) -> list[str]:
    """Whom an application reaches: the duty desk, or its shift leaders where the desk itself asks."""
    return posts_with(Access.SHIFT_LEADER) if sort.by_desk else [duty_desk()]


def _in_whose_name(actor: Actor, matter: Matter, asked_of: str, sort: ApplicationType) -> Post:
    """The holder asks; to the upstream the desk may ask too, since the order came to it. What ``by_desk`` asks is the desk's."""
    if sort.by_desk:
        post = require_on(actor, Power.DISPATCH, matter)
        assert post is not None
        return post
    if matter.holder_id in actor.posts:
        return next(seat.post for seat in actor.seats if seat.post.code == matter.holder_id)
    if asked_of == Application.AskedOf.UPSTREAM and (seat := seat_on(actor, Power.DISPATCH, matter)):
        return seat.post
    raise ApplicationError("这件事由{holder}承办，请由承办岗申请。", holder=matter.holder.name)


def _require_fit(
    matter: Matter,
    sort: ApplicationType,
    reason: str,
    basis: str,
    asked_of: str,
    holder: Post | None,
    until: datetime | None,
    order: Report | None,
) -> None:
    if asked_of not in sort.asked_of:
        whom = sentence(str(Application.ASKED_OF_LABELS[Application.AskedOf(asked_of)]))
        raise ApplicationError("“{kind}”不能向{whom}申请。", kind=sentence(sort.label), whom=whom)
    at_work = matter.status in (Matter.Status.ACCEPTED, Matter.Status.TAKEN)
    if not at_work and not (sort.after_end and matter.status != Matter.Status.MERGED):
        raise ApplicationError(
            "事项 {number} 现在不能申请“{kind}”：已经处置完毕或已经结束。",
            number=matter.number,
            kind=sentence(sort.label),
        )
    if not reason.strip():
        raise ApplicationError(
            "请写明申请“{kind}”的理由：{hint}。", kind=sentence(sort.label), hint=sentence(sort.hint)
        )
    if "basis" in sort.needs and not basis.strip():
        raise ApplicationError("请写明依据，如哪部法规、哪份清单、哪次会议：“不归我管”不是依据。")
    if "holder" in sort.needs:
        if holder is None:
            raise ApplicationError("请写明建议由哪个岗位承办：没有去处的改派等于推出门外。")
        requirements.require_may_hold(holder)
        if holder.code == matter.holder_id:
            raise ApplicationError("建议的承办岗就是现在的承办岗，请另选。")
    if "until" in sort.needs and (until is None or until <= clock.now()):
        raise ApplicationError("请写明到哪一天，须在今天以后。")
    earlier = Application.objects.filter(matter=matter, kind=sort.kind).exclude(state=Application.State.WITHDRAWN)
    if sort.kind is ApplicationKind.TRANSFER and earlier.exclude(state__in=Application.UNDECIDED).exists():
        raise SecondTransferError(
            "这件事已经申请过一次改派并有了答复；还有不同意见的，请提请会商裁定，裁定之前承办岗不变。"
        )
    if sort.kind is ApplicationKind.RETURN and (refused := _refused_above(matter, order)):
        raise ApplicationError(
            "上级已于{on}答复不同意退单，这张工单就是本镇的，不能再申请。上级重新派单之后才可以再提。",
            on=clock.day_of(refused).isoformat(),
        )
    if earlier.filter(state__in=Application.UNDECIDED, asked_of=asked_of).exists():
        raise ApplicationError("这件事已经有一份“{kind}”申请在等答复，不必再申请。", kind=sentence(sort.label))


def _refused_above(matter: Matter, order: Report | None) -> datetime | None:
    """When the system above last refused to take back the order, since it sent it down last."""
    asked = Application.objects.filter(matter=matter, report=order, kind=ApplicationKind.RETURN)
    refused = asked.filter(state=Application.State.REFUSED).order_by("answered_at").last()
    if order is None or refused is None or refused.answered_at is None:
        return None
    return refused.answered_at if refused.applied_at >= reports.last_dispatch(order) else None


def _order_of(matter: Matter, report: Report | None) -> Report:
    """The order of the upstream that the application is about."""
    asked = Demand.objects.filter(matter=matter).values("report")
    orders = list(Report.objects.filter(pk__in=asked).exclude(system="").order_by("received_at", "pk"))
    if report is not None:
        orders = [one for one in orders if one.pk == report.pk]
    if not orders:
        raise ApplicationError("这件事里没有上级交来的工单，没有上级可以申请。")
    return orders[0]


def _committed(basis: FreeText | None) -> dict[str, object]:
    return {"basis": text_payload(basis)["words"]} if basis else {}
