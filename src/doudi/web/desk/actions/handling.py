"""The way of a matter from hand to hand: taken, handled, checked, dispatched, merged, opened again, voided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.danger.assessment import Severity
from doudi.engine.kinds.evidence import BEFORE_PHOTO, Lack, is_photo, reasons_for
from doudi.engine.people.vocabulary import Power
from doudi.engine.secrecy.masking import masked
from doudi.web import clock
from doudi.web.actions.action import Action, Fields, Given
from doudi.web.actions.fields import BondField, PhotosField, PostField, PostsField, words_field
from doudi.web.design.fields import ClockField
from doudi.web.design.picking import picked
from doudi.web.desk.actions.context import MatterContext
from doudi.web.desk.actions.fields import KindField, StandingUnitField, one_of
from doudi.web.desk.queries import choices
from doudi.web.desk.queries.matter import alike, matter_page
from doudi.web.desk.wording import LACKS
from doudi.web.disputes import services as disputes
from doudi.web.matters import services
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Danger, Demand, Matter
from doudi.web.matters.queries import asked_evidence, danger_of, hindering, matter_by_number, not_told
from doudi.web.matters.steps_ahead import may_step
from doudi.web.rulebook.wording import EVIDENCE
from doudi.web.triage import services as triage

#: the choice that takes a wrong area off
NOWHERE = "-"


def _offered(*names: str) -> Callable[[MatterContext], bool]:
    """Whether the life and this actor's seats allow one of the steps now."""
    return lambda at: may_step(at.actor, at.record, *names)


def _may_handle(at: MatterContext) -> bool:
    """Not while help is still waited for: the page says so first, with the ways out."""
    return bool(at.record.kind) and _offered("handle")(at) and not hindering(at.record, at.book)


def _call_fields(at: MatterContext) -> Fields:
    """Who called is whoever writes it down; which number, whom of those who have to be told, and when."""
    number = at.emergency.call if at.emergency else ""
    waiting = [
        (one.code, f"{one.office.name} · {one.name}")
        for one in (not_told(at.record) if at.record.lane != Matter.Lane.NORMAL else ())
    ]
    fields: dict[str, forms.Field] = {
        "call": forms.CharField(
            label=_("打的哪个号码"),
            max_length=20,
            initial=number,
            widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        ),
        "called_at": ClockField(label=_("几点打的"), required=False, help_text=_("不填就是现在")),
        "words": words_field(_("谁打的、对方怎么说"), required=False, rows=2),
    }
    if waiting:
        told = forms.ChoiceField(label=_("通知的是"), required=False, choices=[("", _("都不是")), *waiting])
        fields = {"whom": told, **fields}
    return fields


def _log_call(at: MatterContext, given: Given) -> None:
    moment = datetime.combine(clock.today(), given["called_at"], clock.TOWN_ZONE) if given["called_at"] else None
    services.log_call(at.actor, at.record, given["call"], given["words"], whom=given.get("whom", ""), called_at=moment)


def _danger_fields(at: MatterContext) -> Fields:
    """Up or down from what stands: the answer, the reason, and whom to call if it is worse than was heard."""
    stands = danger_of(at.record)
    numbers = [(number, number) for number in dict.fromkeys(at.book.phones.values())]
    return {
        "answer": one_of(
            _("现在判定"),
            [(code, label) for code, label in Danger.ANSWER_LABELS.items() if code is not stands],
            _("请选一项。"),
        ),
        "words": words_field(_("为什么：现场什么情况、谁说的"), rows=2),
        "call": forms.ChoiceField(label=_("先打哪个电话"), required=False, choices=[("", _("不变")), *numbers]),
    }


def _handle_fields(at: MatterContext) -> Fields:
    """What was done, and each piece of evidence that the kind wants: it, or the reason why it is not there."""
    asked = asked_evidence(at.record, at.book)
    told = _("这类事项要有处置后的照片。") if any(map(_comes_with_it, asked)) else ""
    fields: dict[str, forms.Field] = {
        "photos": PhotosField(label=_("处置后的照片"), required=False, help_text=told),
        "words": words_field(_("怎么处置的，结果如何"), example=_("例如：已劝离摊贩并清扫路面，商户承诺不再外摆")),
    }
    for name in asked:
        what = str(EVIDENCE.get(name, name))
        if not is_photo(name):
            fields[f"text-{name}"] = words_field(what, required=False, rows=2)
        fields[f"lack-{name}"] = forms.ChoiceField(
            label=_now("没有{what}的原因").format(what=what),
            required=False,
            choices=[("", _("没有缺") if name != BEFORE_PHOTO else _("请选"))]
            + [(reason.value, LACKS[reason]) for reason in reasons_for(name)],
            help_text=_("有的话，先用“写备注”补上。") if name == BEFORE_PHOTO else "",
        )
    return fields


def _comes_with_it(name: str) -> bool:
    return is_photo(name) and name != BEFORE_PHOTO


def _handle(at: MatterContext, given: Given) -> None:
    def said(mark: str) -> dict[str, str]:
        return {name.removeprefix(mark): str(answer) for name, answer in given.answers.items() if name.startswith(mark)}

    services.handle(
        at.actor,
        at.record,
        given["words"],
        given.photos,
        texts=said("text-"),
        lacking={name: Lack(why) for name, why in said("lack-").items() if why},
    )


def _dispatch_fields(at: MatterContext) -> Fields:
    """What the matter is, where, and whose: the rules say the holder unless one is chosen against them."""
    version, places, kind = at.places.version, at.places, at.record.kind
    area = forms.ChoiceField(
        label=_("网格或村居"),
        required=False,
        widget=picked(forms.Select(), "places", among="areas"),
        choices=[
            ("", _("不变")),
            (NOWHERE, _("地点不明，去掉原来的")),
            *((code, places.path(code)) for code in places.tree),
        ],
    )
    return {
        "kind": KindField(at.book, initial=at.book.kind_name(kind) if kind else ""),
        "holder": PostField(
            choices.post_choices(version, holding=True),
            _now("按规则"),
            label=_("承办岗"),
            required=False,
            help_text=_("不选就按规则派；与规则不同要写理由。"),
        ),
        "unit": StandingUnitField(initial=at.record.unit_id or ""),
        "area": area,
        "supports": PostsField(
            choices.post_choices(version, holding=False),
            4,
            label=_("协办岗位"),
            help_text=_("不选就按规则。"),
        ),
        "bond": BondField(),
        "words": words_field(_("理由或交代"), required=False, rows=2),
    }


def _dispatch(at: MatterContext, given: Given) -> None:
    # The form shows the place as it stands: left alone it says nothing, cleared it says that it was wrong.
    unit, cleared = given["unit"]
    wrong = {name for name, is_so in (("unit", cleared), ("area", given["area"] == NOWHERE)) if is_so}
    services.dispatch(
        at.actor,
        at.record,
        kind=given["kind"],
        holder=given["holder"],
        unit=unit if unit is not None and unit.code != at.record.unit_id else None,
        area=at.places.areas.get(given["area"]),
        wrong=wrong,
        supports=given["supports"],
        bond=given["bond"],
        text=given["words"],
    )


def _merge(at: MatterContext, given: Given) -> None:
    try:
        into = matter_by_number(at.actor, given["into"])
    except Http404:
        raise MatterStepError("没有编号为“{number}”的事项，请核对后再填。", number=given["into"]) from None
    services.merge(at.actor, at.record, into, given["words"], covered=given["covered"])


def _like_fields(at: MatterContext) -> Fields:
    reason = words_field(_("理由"), rows=2)
    reason.initial = _now("同一地点的同一件事")
    return {"words": reason, **COVERED}


def _likes(at: MatterContext) -> list[Matter]:
    """The earlier matters that may be the same thing."""
    return [one.matter for one in alike(at.actor, matter_page(at.actor, at.record, at.places))]


REASON = {"words": words_field(_("理由"))}
#: what is asked about a merge into work that is done already
COVERED: Fields = {
    "covered": forms.BooleanField(
        label=_("接着办的一件已经处置完毕时：处置已经包括这一件（核查时一起看）"), required=False
    )
}

#: the same as ``merge``, from the list of what is like it
MERGE_INTO_LIKE: Action[MatterContext] = Action(
    "merge-like",
    _("并入这一件"),
    "arrow-merge",
    lambda at: _offered("merge")(at) and at.row.merged_into_id is None and at.row.closed_at is None,
    lambda at, given: services.merge(at.actor, at.record, at.row, given["words"], covered=given["covered"]),
    _("已并案。"),
    _like_fields,
    rows=_likes,
    key=lambda row: str(row.number),
    way_back=MatterContext.way_back,
)

#: the last step is taken back; the note of that step offers it, and no page
UNDO: Action[MatterContext] = Action(
    "undo",
    _("撤销"),
    "arrow-left",
    lambda at: False,
    lambda at, given: services.undo(at.actor, at.record),
    _("已撤销，一切照旧；经过里留有这一笔。"),
)


def _parted(matter: Matter) -> list[Demand]:
    """What is asked in a matter in which more than one thing is."""
    found = list(Demand.objects.filter(matter=matter).select_related("report__unit")[: MOST_PARTED + 1])
    return found if len(found) > 1 else []


MOST_PARTED = 2000
#: what was joined, or folded as the same danger, and is another thing after all
PART: Action[MatterContext] = Action(
    "part",
    _("分出另办"),
    "arrow-right",
    lambda at: at.is_open and at.may(Power.MERGE) and not at.record.restricted,
    lambda at, given: triage.part(at.actor, at.record, at.row, given["words"]),
    _("已分出，自成一件，按它自己的话研判。"),
    {"words": words_field(_("为什么分开"), rows=2)},
    rows=lambda at: _parted(at.record),
)


def _split_fields(at: MatterContext) -> Fields:
    """The things that the letter seems to ask, the first of which stays; each other one goes its own way if it is ticked."""
    first, *others = [masked(one) for one in at.pieces]
    offered = [(str(place), one) for place, one in enumerate(others, start=1)]
    return {
        "others": forms.MultipleChoiceField(
            label=_("另办的几件"),
            choices=offered,
            initial=[place for place, _one in offered],
            widget=forms.CheckboxSelectMultiple,
            help_text=_now("留在这一件的：{first}").format(first=first),
            error_messages={"required": _("请至少勾一件；都不是就不用拆。")},
        ),
        "words": words_field(_("说明"), required=False, rows=2),
    }


def _split(at: MatterContext, given: Given) -> None:
    [demand] = Demand.objects.filter(matter=at.record).select_related("report__unit")
    chosen, kept = {int(place) for place in given["others"]}, [at.pieces[0]]
    others: list[str] = []
    for place, piece in enumerate(at.pieces[1:], start=1):
        if place in chosen:
            others.append(piece)
        else:
            # What is not ticked belongs to what stands before it.
            (others or kept)[-1] += "\n" + piece
    triage.split(at.actor, at.record, demand, [kept[0], *others], given["words"] or _now("一张诉求单说了几件事"))


ACTIONS: tuple[Action[MatterContext], ...] = (
    Action(
        "split",
        _("拆成几件"),
        "list-check",
        lambda at: at.is_open and at.may(Power.MERGE) and not at.record.restricted and len(at.pieces) > 1,
        _split,
        _("已拆开，各按自己的话研判；诉求单还是一张，一起答复。"),
        _split_fields,
        hint=_("像是说了几件事。勾上要另办的，没勾的跟着前面那件。"),
    ),
    Action(
        "call",
        _("记录打过的电话"),
        "phone",
        lambda at: at.is_open and at.may(Power.NOTE),
        _log_call,
        _("已记录：谁打的、哪个号码、什么时候。"),
        _call_fields,
    ),
    Action(
        "danger",
        _("改判危险"),
        "alarm",
        lambda at: at.is_open and at.may(Power.DISPATCH),
        lambda at, given: services.judge_danger(
            at.actor, at.record, Severity(given["answer"]), given["words"], call=given["call"]
        ),
        _("已改判，通道和时限随之调整。"),
        _danger_fields,
        hint=_("判重了可以降，判轻了马上升；已经超时的记录不会因此消失。"),
        stroke="d",
    ),
    Action(
        "take",
        _("接单"),
        "user-check",
        _offered("take"),
        lambda at, given: services.take(at.actor, at.record),
        _("已接单。"),
        main=True,
    ),
    Action(
        "take-over",
        _("接手"),
        "user-check",
        lambda at: at.takes_over,
        lambda at, given: services.take_over(at.actor, at.record),
        _("已接手，现在由您的岗位承办。"),
        main=True,
    ),
    Action(
        "object",
        _("有异议"),
        "gavel",
        lambda at: at.takes_over,
        lambda at, given: disputes.object_to_taking(at.actor, at.record, given["reason"], given["basis"]),
        _("异议已提出，由各方陈述后裁定；裁定之前承办岗不变。"),
        {
            "reason": words_field(_("为什么不该由您这里接手"), rows=2),
            "basis": words_field(_("依据"), rows=2, example=_("哪部法规、哪份清单、哪次会议；“不归我管”不是依据")),
        },
        hint=_("不能退回：有依据的异议转入裁定；撤回异议，就接手。"),
    ),
    Action(
        "handle",
        _("处置完毕"),
        "check",
        _may_handle,
        _handle,
        _("处置结果已提交。"),
        _handle_fields,
        main=True,
    ),
    Action(
        "verify",
        _("核查"),
        "eye",
        _offered("pass_check", "fail_check"),
        lambda at, given: services.verify(at.actor, at.record, given["passed"] == "yes", given["words"], given.photos),
        _("核查结果已记录。"),
        {
            "passed": one_of(
                _("现场看到的"),
                [("yes", _("已解决，核查通过")), ("no", _("没解决，退回返工"))],
                _("请选“通过”或“退回”。"),
            ),
            "words": words_field(_("核查说明"), required=False, example=_("退回返工时必须写明哪里没有解决")),
            "photos": PhotosField(label=_("核查照片"), required=False),
        },
        hint=_("处置的人不核查自己，由另一人到现场确认。"),
        main=True,
        way_back=MatterContext.way_back,
    ),
    Action(
        "dispatch",
        _("派遣"),
        "send",
        _offered("dispatch"),
        _dispatch,
        _("已派遣。"),
        _dispatch_fields,
        on_demand=True,
        way_back=MatterContext.way_back,
    ),
    Action(
        "note",
        _("写备注"),
        "edit",
        lambda at: at.may(Power.NOTE),
        lambda at, given: services.note(at.actor, at.record, given["words"], given.photos),
        _("备注已保存。"),
        {
            "words": words_field(_("备注"), required=False),
            "photos": PhotosField(label=_("照片"), required=False),
        },
        way_back=MatterContext.way_back,
    ),
    Action(
        "merge",
        _("并案"),
        "arrow-merge",
        _offered("merge"),
        _merge,
        _("已并案。"),
        {
            "into": forms.CharField(
                label=_("并入哪一件"),
                max_length=30,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "placeholder": _("14 位事项编号"), "autocomplete": "off"}
                ),
            ),
            **REASON,
            **COVERED,
        },
        hint=_("工作合并到另一件；每张诉求单仍各自联系、各自答复。"),
        way_back=MatterContext.way_back,
    ),
    MERGE_INTO_LIKE,
    Action(
        "reopen",
        _("重新打开"),
        "refresh",
        _offered("reopen"),
        lambda at, given: services.reopen(at.actor, at.record, given["words"]),
        _("已重新打开。"),
        REASON,
    ),
    Action(
        "void",
        _("作废"),
        "x",
        _offered("void"),
        lambda at, given: services.void(at.actor, at.record, given["words"]),
        _("已作废。"),
        REASON,
        hint=_("只用于误报、重复录入；“不归我管”不是作废的理由。"),
        tone="danger",
        way_back=MatterContext.way_back,
    ),
    UNDO,
)
