"""The panels of a matter in which the town catches, asks and reminds: each step with its form, by the rows it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.engine.matters.applications import ASKINGS, ApplicationKind, Asking
from doudi.engine.words import words
from doudi.web.backstop import services as backstop
from doudi.web.backstop.models import MakeSafeOrder
from doudi.web.backstop.queries import Sendable, orders_of
from doudi.web.backstop.services.owners import OUTCOMES
from doudi.web.design.wording import say
from doudi.web.desk import panel_forms as shapes
from doudi.web.desk.pages.acting import Offer, Step
from doudi.web.desk.panel_forms import Context
from doudi.web.files.models import Upload
from doudi.web.matters import services
from doudi.web.matters.errors import ApplicationError
from doudi.web.matters.models import Application, Matter, MatterClock, Task, Urge
from doudi.web.matters.queries import applications_of, may_answer, urges_of
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post

Uploads = Sequence[Upload]
#: whether an actor is offered a step about a row of a matter
May = Callable[[Actor, Matter, Any], bool]
Run = Callable[[Actor, Matter, Any, Any, Uploads], object]


@dataclass(frozen=True, slots=True)
class PanelStep:
    """A step about a row of ``rows`` (None: about the matter itself). It becomes a ``Step`` for one actor and row."""

    name: str
    label: str | Promise
    icon: str
    form: Callable[..., forms.Form]
    may: May
    run: Run
    done: str | Promise
    rows: Callable[[Matter], Any] | None = None
    hint: str | Promise = ""
    tone: str = ""
    main: bool = False
    asked_for: bool = False
    sort: Asking | None = None

    def find(self, matter: Matter, key: str) -> Any:
        """The row that a form names, if it is one of this matter's."""
        if self.rows is None:
            return None
        row = next((one for one in self.rows(matter) if str(one.pk) == key), None)
        if row is None:
            raise ApplicationError("这一条已经不在了，请刷新后再试。")
        return row

    def step(self, row: Any = None) -> Step:
        """As the page and ``take_step`` know it."""
        return Step(
            self.name, self.label, self.icon, self.form, lambda actor, matter: self.may(actor, matter, row),
            lambda actor, matter, form, uploads: self.run(actor, matter, row, form, uploads), self.done, self.hint, self.tone, self.main,
            self.asked_for,
        )  # fmt: skip


def _open(matter: Matter) -> bool:
    return matter.status in Matter.OPEN


def _holds_or(power: str) -> May:
    return lambda actor, matter, row: _open(matter) and (matter.holder_id in actor.posts or actor.may(power))


def _crew_hand(actor: Actor, matter: Matter, order: MakeSafeOrder) -> bool:
    own = order.crew.post_id in actor.posts or matter.holder_id in actor.posts or actor.may("order_crew")
    return own and order.state in MakeSafeOrder.UNDER_WAY


def _apply(sort: Asking) -> PanelStep:
    """Asking for one sort of change."""

    def form(*args: Any, context: Context, **options: Any) -> forms.Form:
        return shapes.ApplyForm(*args, context=context, sort=sort, whom=context.askable.get(sort, ()), **options)

    def run(actor: Actor, matter: Matter, row: Any, form: Any, uploads: Uploads) -> object:
        return services.apply(actor, matter, str(sort.kind), **form.given())

    return PanelStep(
        f"apply-{sort.kind}", _(sort.label), "message-circle", form,
        lambda actor, matter, row: True, run, _("申请已提交，答复之前仍由现在的岗位承办。"),
        hint=_(sort.hint), asked_for="holder" in sort.needs, sort=sort,
    )  # fmt: skip


def _answer(actor: Actor, matter: Matter, row: Any, form: Any, uploads: Uploads) -> None:
    found = form.cleaned_data
    services.answer(actor, matter, row, found["granted"] == "yes", found["words"], **form.given())


def _urge(actor: Actor, matter: Matter, row: Any, form: Any, uploads: Uploads) -> None:
    found = form.cleaned_data
    services.urge(actor, matter, found["kind"], found["words"], due_at=found["due"])


def _support(actor: Actor, matter: Matter, row: Any, form: Any, uploads: Uploads) -> None:
    found = form.cleaned_data
    services.add_support(actor, matter, Post.objects.get(code=found["post"]), found["words"], due_at=found["due"])


def _describe(actor: Actor, matter: Matter, row: Any, form: Any, uploads: Uploads) -> None:
    found = form.cleaned_data
    services.describe_ambiguity(actor, matter, found["codes"], found["doubts"], found["words"])


STEPS: tuple[PanelStep, ...] = (
    # A transfer has a door of its own: a second one for the same matter is no application but a dispute.
    *(_apply(sort) for sort in ASKINGS if sort.kind is not ApplicationKind.TRANSFER),
    PanelStep(
        "answer", _("答复申请"), "check", shapes.AnswerForm, lambda actor, matter, row: may_answer(actor, row), _answer,
        _("已答复，申请的岗位会收到通知。"), rows=applications_of, main=True,
    ),
    PanelStep(
        "withdraw", _("撤回申请"), "x", shapes.SayIfForm,
        lambda actor, matter, row: row.state == Application.State.OPEN and row.by_post_id in actor.posts,
        lambda actor, matter, row, form, uploads: services.withdraw(actor, matter, row, form.cleaned_data["words"]), _("已撤回。"),
        rows=applications_of,
    ),
    PanelStep(
        "urge", _("催办、督办"), "alarm", shapes.UrgeForm,
        lambda actor, matter, row: _open(matter) and (actor.may("urge") or actor.may("supervise")), _urge, _("已催办，承办岗会收到通知。"),
    ),
    PanelStep(
        "answer-urge", _("答复催办"), "message-circle", shapes.SayForm,
        lambda actor, matter, row: row.state == Urge.State.OPEN and matter.holder_id in actor.posts,
        lambda actor, matter, row, form, uploads: services.answer_urge(actor, matter, row, form.cleaned_data["words"]), _("已答复。"),
        rows=urges_of, main=True,
    ),
    PanelStep(
        "support", _("请求协办"), "heart-handshake", shapes.SupportForm, _holds_or("dispatch"), _support, _("已请求协办。"), asked_for=True
    ),
    PanelStep(
        "send-crew", _("派队伍"), "traffic-cone", shapes.SendForm, _holds_or("order_crew"),
        lambda actor, matter, row, form, uploads: backstop.send_crew(actor, matter, **form.given()), _("已派出。请按电话通知到人。"),
        main=True,
    ),
    PanelStep(
        "made-safe", _("记录先期处置"), "shield-check", shapes.SafeForm, _holds_or("dispatch"),
        lambda actor, matter, row, form, uploads: services.make_safe(
            actor, matter, form.cleaned_data["words"], uploads, nothing=form.cleaned_data["nothing"] == "yes"
        ),
        _("已记录，先期处置的时限到此为止。"),
    ),
    PanelStep(
        "crew-arrived", _("已到场"), "map-pin", shapes.ArriveForm,
        lambda actor, matter, row: _crew_hand(actor, matter, row) and row.state == MakeSafeOrder.State.ORDERED,
        lambda actor, matter, row, form, uploads: backstop.arrive(actor, matter, row, uploads, form.cleaned_data["words"]),
        _("已记录到场。"), rows=orders_of, main=True,
    ),
    PanelStep(
        "crew-done", _("已完成"), "check", shapes.DoneForm, _crew_hand,
        lambda actor, matter, row, form, uploads: backstop.finish(
            actor, matter, row, form.cleaned_data["words"], uploads, quantity=form.cleaned_data["quantity"]
        ),
        _("已记录完成。"), rows=orders_of, main=True,
    ),
    PanelStep(
        "crew-off", _("不用去了"), "x", shapes.SayForm,
        lambda actor, matter, row: row.state in MakeSafeOrder.UNDER_WAY
        and (matter.holder_id in actor.posts or actor.may("order_crew")),
        lambda actor, matter, row, form, uploads: backstop.call_off(actor, matter, row, form.cleaned_data["words"]), _("已取消派工。"),
        rows=orders_of,
    ),
    PanelStep(
        "describe", _("写明哪里不清楚"), "help-circle", shapes.DescribeForm,
        lambda actor, matter, row: _open(matter) and actor.may("dispatch"), _describe, _("已记下。"),
    ),
    PanelStep(
        "search-owner", _("开始找权属"), "search", shapes.SayIfForm,
        lambda actor, matter, row: _holds_or("dispatch")(actor, matter, row)
        and "ownerless" in matter.ambiguity
        and not Task.objects.filter(matter=matter, module__in=OUTCOMES).exists(),
        lambda actor, matter, row, form, uploads: backstop.search_owner(actor, matter, form.cleaned_data["words"]),
        _("已开始：先看守、问询，无人认领再公告 15 天。"), hint=_("先看守、问询，无人认领再公告 15 天，期满依法处置。"),
    ),
    PanelStep(
        "settle-task", _("填结果"), "checks", shapes.SettleForm,
        lambda actor, matter, row: row.state == Task.State.OPEN and _holds_or("dispatch")(actor, matter, row),
        lambda actor, matter, row, form, uploads: backstop.settle_task(
            actor, matter, row, form.cleaned_data["outcome"], form.cleaned_data["words"], uploads
        ),
        _("已记下结果。"), rows=lambda matter: owner_tasks(matter), main=True,
    ),
    PanelStep(
        "make-unit", _("把这里建为场所"), "map-pin", shapes.UnitForm,
        lambda actor, matter, row: _open(matter) and matter.unit_id is None and matter.area_id is not None and actor.may("dispatch"),
        lambda actor, matter, row, form, uploads: backstop.make_unit(
            actor, matter, form.cleaned_data["name"], form.cleaned_data["type"]
        ),
        _("已建为场所，有了自己的编码，以后这里的事都归在一处。"), hint=_("没有主的地方、两家之间的线有了编码，历史才会积累。"),
    ),
)  # fmt: skip
BY_NAME: Mapping[str, PanelStep] = {step.name: step for step in STEPS}


def owner_tasks(matter: Matter) -> list[Task]:
    """The steps of the search for an owner, in their order."""
    return list(Task.objects.filter(matter=matter, module__in=OUTCOMES).order_by("opened_at", "pk"))


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a panel with what this person may do about it."""

    row: Any
    offers: Sequence[Offer]


@dataclass(frozen=True)
class Panels:
    """All panels of one matter for one person."""

    applications: Sequence[Line]
    urges: Sequence[Line]
    orders: Sequence[Line]
    tasks: Sequence[Line]
    crews: Sequence[Sendable]
    make_safe: MatterClock | None
    offers: Mapping[str, Offer] = field(repr=False)

    @property
    def applying(self) -> list[Offer]:
        return [offer for name, offer in self.offers.items() if name.startswith("apply-")]

    @property
    def opened(self) -> bool:
        """Whether a form stands open, so that its panel must too."""
        return any(offer.opened for offer in self.offers.values())


#: the event without which a list has no row, so that a quiet matter asks the database for none of them
_BEGUN = {"answer": "applied", "answer-urge": "urged", "crew-done": "crew_sent", "settle-task": "task_opened"}


def panels(
    context: Context, safe: MatterClock | None, happened: frozenset[str], tried: Offer | None = None, asked: str = ""
) -> Panels:
    """What the matter's panels show. ``safe``: its clock of making safe; ``happened``: the kinds of its events;
    ``tried`` was refused and keeps its words; the one ``asked`` for is open."""
    actor, matter = context.actor, context.matter
    offered: dict[str, Offer] = {}
    by_row: dict[str, list[Offer]] = {}
    lists: dict[str, list[Any]] = {
        name: list(rows(matter)) if (rows := BY_NAME[name].rows) and begun in happened else [] for name, begun in _BEGUN.items()
    }
    catching = _open(matter) and ((safe is not None and safe.running) or bool(lists["crew-done"]))
    rows_of = {"withdraw": "answer", "crew-arrived": "crew-done", "crew-off": "crew-done"}
    for step in STEPS:
        if step.name == "send-crew" and not (catching or asked == step.name or (tried is not None and tried.step.name == step.name)):
            continue
        if step.rows is None:
            if tried is not None and tried.step.name == step.name:
                offered[step.name] = tried
            elif step.may(actor, matter, None) and (step.sort is None or step.sort in context.askable):
                offered[step.name] = _offer(step, context, None, asked)
            continue
        for row in lists[rows_of.get(step.name, step.name)]:
            key = str(row.pk)
            if tried is not None and tried.step.name == step.name and tried.about == key:
                by_row.setdefault(key, []).append(tried)
            elif step.may(actor, matter, row):
                by_row.setdefault(key, []).append(_offer(step, context, row, asked))
    names = {str(one["code"]): str(one["name"]) for one in context.book.modules}
    for task in lists["settle-task"]:
        task.module_name = names.get(task.module, task.module)
        task.outcome_words = say(words(task.outcome)) if task.outcome else ""
    lines = {name: [Line(row, by_row.get(str(row.pk), ())) for row in rows] for name, rows in lists.items()}
    return Panels(
        lines["answer"], lines["answer-urge"], lines["crew-done"], lines["settle-task"],
        context.crews if catching and "made-safe" in offered else (), safe, offered,
    )


def _offer(step: PanelStep, context: Context, row: Any, asked: str) -> Offer:
    opened = step.name == asked
    if step.asked_for and not opened:
        return Offer(step.step(row), None)
    key = str(row.pk) if row is not None else ""
    at = f"{step.name}-{key[-6:]}" if key else step.name
    return Offer(step.step(row), form_of(step, replace(context, row=row), at=at, initial={"row": key}), opened=opened, about=key)


def form_of(step: PanelStep, context: Context, *args: Any, **options: Any) -> forms.Form:
    return step.form(*args, context=context, step=options.pop("at", step.name), **options)
