"""Danger first: a crew is sent, arrives, is done; what is unclear is written down; an owner is looked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.matters.ambiguity import AMBIGUITIES, DOUBTS
from doudi.engine.matters.vocabulary import TracesKept
from doudi.engine.people.vocabulary import Power
from doudi.engine.resources.works import work_kind
from doudi.web.actions.action import Action, Fields, Given
from doudi.web.actions.fields import PhotosField, words_field
from doudi.web.backstop import services as backstop
from doudi.web.backstop.models import CrewPrice, MakeSafeOrder
from doudi.web.backstop.queries import orders_of
from doudi.web.backstop.services.owners import OUTCOMES
from doudi.web.backstop.services.spots import spot_types
from doudi.web.desk.actions.applying import SAY, SAY_IF
from doudi.web.desk.actions.context import MatterContext
from doudi.web.desk.actions.fields import one_of
from doudi.web.desk.wording import TRACES
from doudi.web.matters import services
from doudi.web.matters.models import Matter, Task
from doudi.web.matters.queries import traces_asked


def _quantity(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=8, decimal_places=2, min_value=Decimal("0.01"), **options)


def _send_fields(at: MatterContext) -> Fields:
    """Which crew for what. The crews that serve the place stand first in their groups, each with its prices."""
    groups = []
    for one in at.crews:
        lines = [
            (
                str(price.pk),
                f"{price.name} · {price.price} {_now('元')}/{price.unit}"
                + (" ※" if work_kind(price.work).needs else ""),
            )
            for price in one.prices
        ]
        if lines:
            groups.append((one.crew.name, lines))
    return {
        "price": forms.ChoiceField(label=_("派哪支队伍、做什么"), choices=[("", _now("请选择")), *groups]),
        "quantity": _quantity(
            _("数量"), initial=1, widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"})
        ),
        "authority": forms.CharField(
            label=_("哪家同意、哪份代履行决定"),
            max_length=120,
            required=False,
            help_text=_("拖车、剪线、填井、拆除才要填；没有的先围挡。"),
        ),
        "words": words_field(_("交代"), required=False, rows=2),
    }


def _send(at: MatterContext, given: Given) -> None:
    price = CrewPrice.objects.select_related("crew__post", "crew__office").get(pk=given["price"])
    backstop.send_crew(
        at.actor,
        at.record,
        price=price,
        quantity=given["quantity"],
        text=given["words"],
        authority=given["authority"],
    )


def _crew_hand(at: MatterContext) -> bool:
    own = at.row.crew.post_id in at.actor.posts or at.holds or at.may(Power.ORDER_CREW)
    return own and at.row.state in MakeSafeOrder.UNDER_WAY


def _done_fields(at: MatterContext) -> Fields:
    told = ""
    if at.row is not None:
        told = _now("派工时是 {quantity} {unit}；不填就按它算。").format(
            quantity=at.row.quantity.normalize(), unit=at.row.unit
        )
    return {
        **_traces_fields(at),
        "photos": PhotosField(label=_("做完后的照片"), required=False),
        "quantity": _quantity(_("实际数量"), required=False, help_text=told),
        "words": words_field(_("做了什么、现在是否安全"), rows=2),
    }


def _describe_fields(at: MatterContext) -> Fields:
    def several(label: Any, table: Any, initial: Any) -> forms.MultipleChoiceField:
        offered = [(str(code), f"{_now(said.label)}（{_now(said.words)}）") for code, said in table.items()]
        return forms.MultipleChoiceField(
            label=label, choices=offered, widget=forms.CheckboxSelectMultiple, required=False, initial=initial
        )

    return {
        "codes": several(_("哪一种不清楚"), AMBIGUITIES, at.record.ambiguity),
        "doubts": several(_("哪一点不清楚"), DOUBTS, at.record.doubts),
        "words": words_field(_("说明"), required=False, rows=2),
    }


def owner_tasks(matter: Matter) -> list[Task]:
    """The steps of the search for an owner, in their order."""
    return list(Task.objects.filter(matter=matter, module__in=OUTCOMES).order_by("opened_at", "pk"))


def _may_search(at: MatterContext) -> bool:
    if not at.holds_or(Power.DISPATCH) or "ownerless" not in at.record.ambiguity:
        return False
    return not Task.objects.filter(matter=at.record, module__in=OUTCOMES).exists()


def _settle_fields(at: MatterContext) -> Fields:
    module = at.row.module if isinstance(at.row, Task) else ""
    return {
        "outcome": one_of(_("结果"), [(one, _now(one)) for one in OUTCOMES.get(module, ())], _("请选一项。")),
        "words": words_field(_("怎么办的、各家怎么说"), rows=2),
        "photos": PhotosField(label=_("照片"), required=False),
    }


def _may_make_unit(at: MatterContext) -> bool:
    placed = at.record.unit_id is None and at.record.area_id is not None
    return at.is_open and placed and at.may(Power.DISPATCH)


def _unit_fields(at: MatterContext) -> Fields:
    return {
        "name": forms.CharField(label=_("给这个地方起个名字"), max_length=80),
        "type": forms.ChoiceField(label=_("是点还是线"), choices=list(spot_types(at.book.unit_types))),
    }


SEND_CREW: Action[MatterContext] = Action(
    "send-crew",
    _("派队伍"),
    "traffic-cone",
    lambda at: at.holds_or(Power.ORDER_CREW),
    _send,
    _("已派出。请按电话通知到人。"),
    _send_fields,
    main=True,
)


def _traces_fields(at: MatterContext) -> Fields:
    """What vanishes is asked for where a danger stands. Without an answer the step is taken all the same."""
    if at.record.lane == Matter.Lane.NORMAL:
        return {}
    return {
        "traces": one_of(
            _("清除之前，会消失的怎么留下的"),
            list(TRACES.items()),
            _("请选一项。"),
            required=False,
            help_text=at.traces,
        )
    }


def _traces(given: Given) -> TracesKept | None:
    return TracesKept(given["traces"]) if given.get("traces") else None


def _safe_fields(at: MatterContext) -> Fields:
    return {
        "nothing": one_of(
            _("现场情况"),
            [("no", _("已做安全处置")), ("yes", _("没有需要处置的险情"))],
            _("请选一项。"),
        ),
        "words": words_field(_("到场看到什么、做了什么"), rows=2),
        **_traces_fields(at),
        "photos": PhotosField(label=_("照片"), required=False),
    }


KEEP_TRACES: Action[MatterContext] = Action(
    "keep-traces",
    _("补记会消失的怎么留的"),
    "search",
    lambda at: at.holds_or(Power.DISPATCH) and traces_asked(at.record),
    lambda at, given: services.keep_traces(
        at.actor, at.record, TracesKept(given["traces"]), given["words"], given.photos
    ),
    _("已补记。"),
    lambda at: {
        "traces": one_of(_("清除之前，会消失的怎么留下的"), list(TRACES.items()), _("请选一项。"), help_text=at.traces),
        "photos": PhotosField(label=_("清除前的照片"), required=False),
        "words": words_field(_("样品在哪里、数是多少，或为什么没有留"), required=False, rows=2),
    },
    hint=_("已经做了安全处置，还没有说会消失的（水、烟、痕迹、货物）怎么留下的。"),
    main=True,
)
MADE_SAFE: Action[MatterContext] = Action(
    "made-safe",
    _("记录先期处置"),
    "shield-check",
    lambda at: at.holds_or(Power.DISPATCH),
    lambda at, given: services.make_safe(
        at.actor,
        at.record,
        given["words"],
        given.photos,
        nothing=given["nothing"] == "yes",
        traces=_traces(given),
    ),
    _("已记录，先期处置的时限到此为止。"),
    _safe_fields,
)

CREWS: tuple[Action[MatterContext], ...] = (
    Action(
        "crew-arrived",
        _("已到场"),
        "map-pin",
        lambda at: _crew_hand(at) and at.row.state == MakeSafeOrder.State.ORDERED,
        lambda at, given: backstop.arrive(at.actor, at.record, at.row, given.photos, given["words"]),
        _("已记录到场。"),
        lambda at: {
            "photos": PhotosField(label=_("到场时的照片"), required=False, help_text=at.traces),
            "words": words_field(_("现场情况"), required=False, rows=2),
        },
        rows=lambda at: orders_of(at.record),
        main=True,
    ),
    Action(
        "crew-done",
        _("已完成"),
        "check",
        _crew_hand,
        lambda at, given: backstop.finish(
            at.actor,
            at.record,
            at.row,
            given["words"],
            given.photos,
            quantity=given["quantity"],
            traces=_traces(given),
        ),
        _("已记录完成。"),
        _done_fields,
        rows=lambda at: orders_of(at.record),
        main=True,
    ),
    Action(
        "crew-off",
        _("不用去了"),
        "x",
        lambda at: at.row.state in MakeSafeOrder.UNDER_WAY and (at.holds or at.may(Power.ORDER_CREW)),
        lambda at, given: backstop.call_off(at.actor, at.record, at.row, given["words"]),
        _("已取消派工。"),
        SAY,
        rows=lambda at: orders_of(at.record),
    ),
)

CLEARING: tuple[Action[MatterContext], ...] = (
    Action(
        "describe",
        _("写明哪里不清楚"),
        "help-circle",
        lambda at: at.is_open and at.may(Power.DISPATCH),
        lambda at, given: services.describe_ambiguity(
            at.actor, at.record, given["codes"], given["doubts"], given["words"]
        ),
        _("已记下。"),
        _describe_fields,
    ),
    Action(
        "search-owner",
        _("开始找权属"),
        "search",
        _may_search,
        lambda at, given: backstop.search_owner(at.actor, at.record, given["words"]),
        _("已开始：先看守、问询，无人认领再公告 15 天。"),
        SAY_IF,
        hint=_("先看守、问询，无人认领再公告 15 天，期满依法处置。"),
    ),
    Action(
        "settle-task",
        _("填结果"),
        "checks",
        lambda at: at.row.state == Task.State.OPEN and at.holds_or(Power.DISPATCH),
        lambda at, given: backstop.settle_task(
            at.actor, at.record, at.row, given["outcome"], given["words"], given.photos
        ),
        _("已记下结果。"),
        _settle_fields,
        rows=lambda at: owner_tasks(at.record),
        main=True,
    ),
    Action(
        "make-unit",
        _("把这里建为场所"),
        "map-pin",
        _may_make_unit,
        lambda at, given: backstop.make_unit(at.actor, at.record, given["name"], given["type"]),
        _("已建为场所，有了自己的编码，以后这里的事都归在一处。"),
        _unit_fields,
        hint=_("没有主的地方、两家之间的线有了编码，历史才会积累。"),
    ),
)
