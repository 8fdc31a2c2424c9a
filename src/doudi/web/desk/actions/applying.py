"""What a holder asks the desk for, what the desk and those above ask the holder, and the help of others."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.duties.bonds import waited_for
from doudi.engine.matters.applications import APPLICATION_TYPES, ApplicationType
from doudi.engine.matters.vocabulary import ApplicationKind, AskedOf, MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.actions.action import Action, Fields, Given
from doudi.web.actions.fields import BondField, PostField, words_field
from doudi.web.design.fields import DayField, MomentField
from doudi.web.design.wording import full_moment
from doudi.web.desk.actions.context import MatterContext
from doudi.web.desk.actions.fields import evening_of, one_of
from doudi.web.desk.queries import choices
from doudi.web.matters import services
from doudi.web.matters.models import Application, Urge
from doudi.web.matters.queries import applications_of, may_answer, reminded_again_at, supports_of, urges_of
from doudi.web.orders.services import answer_above, apply_above

SAY = {"words": words_field(_("说明"))}
SAY_IF = {"words": words_field(_("说明"), required=False, rows=2)}


def _apply(sort: ApplicationType) -> Action[MatterContext]:
    """Asking for one sort of change: only what this sort needs is asked."""

    def fields(at: MatterContext) -> Fields:
        whom = at.available_applications.get(sort, ())
        found: dict[str, forms.Field] = {}
        if len(whom) > 1:
            offered = [(one.value, Application.ASKED_OF_LABELS[one]) for one in whom]
            found["asked_of"] = one_of(_("向谁申请"), offered, initial=str(whom[0]))
        if "holder" in sort.needs:
            posts = choices.post_choices(at.places.version, holding=True)
            others = [one for one in posts if one[0] != at.record.holder_id]
            found["holder"] = PostField(others, _now("请选择"), label=_("建议由谁承办"))
        if "until" in sort.needs:
            found["until"] = DayField(label=_("到哪一天"))
        if (above := at.askings.get(sort.kind)) and above.verb.codes:
            only_above = whom == (AskedOf.UPSTREAM,)
            offered = [(code, f"{code} {words}") for code, words in above.verb.codes.items()]
            found["code"] = forms.ChoiceField(
                label=_("上级规定的理由"), choices=[("", _now("请选择")), *offered], required=only_above
            )
        found["reason"] = words_field(_("理由"))
        if "basis" in sort.needs:
            example = _("哪部法规、哪份清单、哪次会议；“不归我管”不是依据")
            found["basis"] = words_field(_("依据"), rows=2, example=example)
        return found

    def run(at: MatterContext, given: Given) -> None:
        whom = at.available_applications.get(sort, ())
        asked_of = given.get("asked_of") or (str(whom[0]) if whom else "desk")
        until = evening_of(given.get("until"))
        said = {"reason": given["reason"], "basis": given.get("basis", ""), "proposed_until": until}
        if asked_of == AskedOf.UPSTREAM:
            apply_above(at.actor, at.record, str(sort.kind), code=given.get("code", ""), **said)
        else:
            services.apply(at.actor, at.record, str(sort.kind), proposed_holder=given.get("holder"), **said)

    return Action(
        f"apply-{sort.kind}",
        _(sort.label),
        "message-circle",
        lambda at: sort in at.available_applications,
        run,
        _("申请已提交，答复之前仍由现在的岗位承办。"),
        fields,
        hint=lambda at: _hint(at, sort),
        on_demand="holder" in sort.needs,
    )


def _hint(at: MatterContext, sort: ApplicationType) -> str:
    """What the application is for; where it goes up, what is left of the quarter's quota and until when it may be asked."""
    above = at.askings.get(sort.kind)
    parts = [_now(sort.hint)]
    if above is not None and above.left is not None:
        parts.append(_now("上级额度：本季还剩 {n} 次").format(n=above.left))
    if above is not None and above.until is not None:
        parts.append(_now("上级最晚收到 {at}").format(at=full_moment(above.until)))
    return _now("；").join(parts)


def _answer_fields(at: MatterContext) -> Fields:
    """Yes or no; where the desk was asked for another holder or a later day, it may choose its own."""
    row = at.row
    kind = row.kind if isinstance(row, Application) and row.asked_of == "desk" else ""
    found: dict[str, forms.Field] = {
        "granted": one_of(_("答复"), [("yes", _("同意")), ("no", _("不同意"))], _("请选“同意”或“不同意”。"))
    }
    if kind == "transfer":
        asked = _now("按申请：{post}").format(post=row.proposed_holder.name if row.proposed_holder else "")
        posts = choices.post_choices(at.places.version, holding=True)
        found["holder"] = PostField(posts, asked, label=_("由谁承办"), required=False)
    if kind in ("extend", "suspend"):
        found["until"] = DayField(label=_("到哪一天"), required=False)
    if isinstance(row, Application) and row.asked_of == AskedOf.UPSTREAM and row.kind == ApplicationKind.EXTEND:
        example = _now("照上级原文，例如 2026-12-20；写明的从此是这张工单的上级时限。")
        found["due"] = forms.CharField(label=_("上级给的新时限"), max_length=60, required=False, help_text=example)
    found["words"] = words_field(_("答复的话"), required=False, rows=2, example=_("不同意时必须写明理由"))
    return found


def _answer(at: MatterContext, given: Given) -> None:
    if at.row.asked_of == AskedOf.UPSTREAM:
        granted, due = given["granted"] == "yes", given.get("due", "")
        answer_above(at.actor, at.record, at.row, granted, given["words"], due=due)
        return
    services.answer(
        at.actor,
        at.record,
        at.row,
        given["granted"] == "yes",
        given["words"],
        holder=given.get("holder"),
        until=evening_of(given.get("until")),
    )


def _may_withdraw(at: MatterContext) -> bool:
    return bool(at.row.state == Application.State.OPEN and at.row.by_post_id in at.actor.posts)


def _urge_fields(at: MatterContext) -> Fields:
    may = {Urge.Kind.REMIND: at.may(Power.URGE), Urge.Kind.ORDER: at.may(Power.SUPERVISE)}
    offered = [(kind.value, kind.label) for kind, allowed in may.items() if allowed]
    return {
        "kind": one_of(_("方式"), offered, initial="remind" if may[Urge.Kind.REMIND] else "order"),
        "due": MomentField(label=_("什么时候前答复"), required=False),
        "words": words_field(_("催什么、要求怎么办"), rows=2),
    }


def _support_fields(at: MatterContext) -> Fields:
    posts = choices.post_choices(at.places.version, holding=False)
    return {
        "post": PostField(posts, _now("请选择"), label=_("协办岗位")),
        "bond": BondField(),
        "due": MomentField(label=_("什么时候前办完"), required=False, help_text=_("不填就按镇里定的协办时限。")),
        "words": words_field(_("请它做什么"), required=False, rows=2),
    }


def _waited_for(at: MatterContext) -> bool:
    return at.is_open and at.row.until is None and waited_for(at.row.bond)


def _may_remind(at: MatterContext, kind: MatterEventKind) -> bool:
    again = reminded_again_at(at.record, at.row, kind)
    return again is None or again <= clock.now()


def _finish(at: MatterContext, given: Given, *, excused: bool = False) -> None:
    services.finish_support(at.actor, at.record, at.row.post, given["words"], excused=excused)


#: A transfer has a door of its own: a second one for the same matter is no application but a dispute.
APPLYING = tuple(_apply(sort) for sort in APPLICATION_TYPES if sort.kind is not ApplicationKind.TRANSFER)

ANSWERING: tuple[Action[MatterContext], ...] = (
    Action(
        "answer",
        _("答复申请"),
        "check",
        lambda at: may_answer(at.actor, at.row),
        _answer,
        _("已答复，申请的岗位会收到通知。"),
        _answer_fields,
        rows=lambda at: applications_of(at.record),
        main=True,
    ),
    Action(
        "withdraw",
        _("撤回申请"),
        "x",
        _may_withdraw,
        lambda at, given: services.withdraw(at.actor, at.record, at.row, given["words"]),
        _("已撤回。"),
        SAY_IF,
        rows=lambda at: applications_of(at.record),
    ),
)

URGING: tuple[Action[MatterContext], ...] = (
    Action(
        "urge",
        _("催办、督办"),
        "alarm",
        lambda at: at.is_open and (at.may(Power.URGE) or at.may(Power.SUPERVISE)),
        lambda at, given: services.urge(at.actor, at.record, given["kind"], given["words"], due_at=given["due"]),
        _("已催办，承办岗会收到通知。"),
        _urge_fields,
    ),
    Action(
        "answer-urge",
        _("答复催办"),
        "message-circle",
        lambda at: at.row.state == Urge.State.OPEN and at.holds,
        lambda at, given: services.answer_urge(at.actor, at.record, at.row, given["words"]),
        _("已答复。"),
        SAY,
        rows=lambda at: urges_of(at.record),
        main=True,
    ),
)

SUPPORTING: tuple[Action[MatterContext], ...] = (
    Action(
        "support",
        _("请求协办"),
        "heart-handshake",
        lambda at: at.holds_or(Power.DISPATCH),
        lambda at, given: services.add_support(
            at.actor, at.record, given["post"], given["words"], bond=given["bond"], due_at=given["due"]
        ),
        _("已请求协办。"),
        _support_fields,
        on_demand=True,
    ),
    Action(
        "support-done",
        _("填协办结果"),
        "check",
        lambda at: at.row.post_id in at.actor.posts and waited_for(at.row.bond),
        _finish,
        _("协办结果已记录。"),
        {"words": words_field(_("协办结果"))},
        rows=lambda at: supports_of(at.record),
        key=lambda row: row.post_id,
        main=True,
    ),
    Action(
        "support-urge",
        _("提醒协办"),
        "alarm",
        lambda at: (
            _waited_for(at) and (at.holds or at.may(Power.URGE)) and _may_remind(at, MatterEventKind.SUPPORT_URGED)
        ),
        lambda at, given: services.urge_support(at.actor, at.record, at.row.post, given["words"]),
        _("已提醒，它会收到通知。"),
        {"words": words_field(_("想说的话"), required=False, rows=2)},
        rows=lambda at: supports_of(at.record),
        key=lambda row: row.post_id,
        hint=_("一个协办时限内提醒一次。"),
    ),
    Action(
        "support-ask-excuse",
        _("请值班岗免除"),
        "message-circle",
        lambda at: (
            _waited_for(at)
            and at.holds
            and not at.may(Power.DISPATCH)
            and _may_remind(at, MatterEventKind.EXCUSE_ASKED)
        ),
        lambda at, given: services.ask_to_excuse(at.actor, at.record, at.row.post, given["words"]),
        _("已请值班岗免除，免除之前仍要等它。"),
        {"words": words_field(_("为什么不用等它了"), rows=2)},
        rows=lambda at: supports_of(at.record),
        key=lambda row: row.post_id,
    ),
    Action(
        "support-excuse",
        _("免除协办"),
        "x",
        lambda at: at.may(Power.DISPATCH) and waited_for(at.row.bond),
        lambda at, given: _finish(at, given, excused=True),
        _("已免除这项协办。"),
        {"words": words_field(_("免除协办的理由"))},
        rows=lambda at: supports_of(at.record),
        key=lambda row: row.post_id,
    ),
)
